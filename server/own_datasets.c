#include "server/own_datasets.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/data/import.h"
#include "server/file.h"

/* A path that does not fit is "", which names nothing. */
static void path_in(const char *folder, const char *name, char path[PATH_MAX])
{
    int length = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    if (length < 0 || length >= PATH_MAX)
        *path = '\0';
}

void own_datasets_path(const char *data_dir, char path[PATH_MAX])
{
    path_in(data_dir, "datasets", path);
}

static bool is_on_its_way(const char *name)
{
    return name[0] == '.' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

void own_datasets_clean(const char *data_dir)
{
    char above[PATH_MAX], path[PATH_MAX];
    own_datasets_path(data_dir, above);
    DIR *dir = opendir(above);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        if (is_on_its_way(entry->d_name)) {
            path_in(above, entry->d_name, path);
            file_remove_folder(path);
        }
    if (dir)
        closedir(dir);
}

static bool add(const char *above, const char *name, char *reason, size_t reason_size)
{
    struct engine_error error = {""};
    enum engine_status status = dataset_add_folder(above, name, &error);
    if (status == ENGINE_NO_MEMORY || status == ENGINE_IO) {
        snprintf(reason, reason_size, "cannot load the dataset %s: %s", name, error.text);
        return false;
    }
    if (status != ENGINE_OK)
        fprintf(stderr, "sweetspot: the dataset %s is left out: %s\n", name, error.text);
    return true;
}

/* In the order of their names: a process's list is the same at each start. */
bool own_datasets_load(const char *data_dir, char *reason, size_t reason_size)
{
    char above[PATH_MAX];
    struct dirent **entries = NULL;
    own_datasets_path(data_dir, above);
    int count = scandir(above, &entries, NULL, alphasort);
    if (count < 0 && errno != ENOENT) {
        snprintf(reason, reason_size, "cannot list %s: %s", above, strerror(errno));
        return false;
    }
    bool loaded = true;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        if (dataset_name_is_valid(name))
            loaded = loaded && add(above, name, reason, reason_size);
        free(entries[i]);
    }
    free(entries);
    return loaded;
}

bool own_datasets_make_folder(const char *data_dir, char path[PATH_MAX])
{
    char above[PATH_MAX];
    own_datasets_path(data_dir, above);
    path_in(above, ".incoming-XXXXXX", path);
    return file_make_folder(above) && mkdtemp(path) != NULL;
}

static enum engine_status failure(struct engine_error *error, const char *what,
                                  const char *name)
{
    return engine_fail(error, engine_status_of(errno), "cannot %s the dataset %s: %s",
                       what, name, strerror(errno));
}

/* The entries of its files are on the disk before it has a name. */
static bool give_name(const char *folder, const char *path)
{
    char entry[PATH_MAX];
    path_in(folder, "about.csv", entry);
    return file_sync_parent(entry) && rename(folder, path) == 0;
}

enum engine_status own_datasets_install(const char *data_dir, const char *folder,
                                        const char *name, struct engine_error *error)
{
    char above[PATH_MAX], path[PATH_MAX];
    own_datasets_path(data_dir, above);
    path_in(above, name, path);
    if (!give_name(folder, path)) {
        bool taken = errno == ENOTEMPTY || errno == EEXIST;
        enum engine_status status =
            taken ? engine_fail(error, ENGINE_INVALID, "there is a dataset %s already",
                                name)
                  : failure(error, "keep", name);
        file_remove_folder(folder);
        return status;
    }
    enum engine_status status = file_sync_parent(path)
                                    ? dataset_add_folder(above, name, error)
                                    : failure(error, "keep", name);
    if (status != ENGINE_OK)
        file_remove_folder(path);
    return status;
}

/* Under a name of something on its way out, so that it goes whole or not at all. */
enum engine_status own_datasets_remove(const char *data_dir, const char *name,
                                       struct engine_error *error)
{
    char above[PATH_MAX], path[PATH_MAX], away[PATH_MAX];
    if (!own_datasets_make_folder(data_dir, away))
        return failure(error, "remove", name);
    own_datasets_path(data_dir, above);
    path_in(above, name, path);
    const struct dataset_info *info = dataset_find(name);
    enum engine_status status = ENGINE_OK;
    if (!info || !info->uploaded) {
        status = engine_fail(error, ENGINE_NOT_FOUND, "there is no such dataset");
    } else if (rename(path, away) != 0) {
        status = failure(error, "remove", name);
    } else if (!file_sync_parent(path)) {
        status = failure(error, "remove", name);
        rename(away, path);
    } else {
        dataset_remove(name);
    }
    file_remove_folder(away);
    return status;
}
