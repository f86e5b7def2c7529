#include "server/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Folder of the running binary; "." where /proc does not tell. */
static void find_binary_folder(char *out, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", out, size - 1);
    if (length < 0) {
        snprintf(out, size, ".");
        return;
    }
    out[length] = '\0';
    char *slash = strrchr(out, '/');
    if (slash)
        *slash = '\0';
}

/* Paths too long to be opened are left out, like folders that do not exist. */
static bool join(char *out, const char *folder, const char *name)
{
    int length = snprintf(out, PATH_MAX, "%s/%s", folder, name);
    return length > 0 && length < PATH_MAX && access(out, R_OK | X_OK) == 0;
}

static void add_dataset_dir(struct paths *paths, const char *folder, const char *name)
{
    char *slot = paths->datasets[paths->dataset_dir_count];
    if (join(slot, folder, name))
        paths->dataset_dirs[paths->dataset_dir_count++] = slot;
}

void paths_init(struct paths *paths)
{
    char folder[PATH_MAX];
    find_binary_folder(folder, sizeof folder);
    paths->dataset_dir_count = 0;
    const char *chosen = getenv("SWEETSPOT_DATASETS");
    if (chosen && *chosen)
        add_dataset_dir(paths, chosen, "");
    add_dataset_dir(paths, folder, "datasets");
    add_dataset_dir(paths, folder, "../share/sweetspot/datasets");
    add_dataset_dir(paths, "/usr/share", "datasets");
    if (!join(paths->presets, folder, "presets") &&
        !join(paths->presets, folder, "../share/sweetspot/presets"))
        paths->presets[0] = '\0';
}
