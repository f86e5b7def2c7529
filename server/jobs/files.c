/* Checkpoint files: DATA/runs/ID/checkpoint-STEP.safetensors. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/jobs/internal.h"

static bool run_folder(const struct jobs *jobs, int64_t run, char *path, size_t size)
{
    int length = snprintf(path, size, "%s/runs/%lld", jobs->data_dir, (long long)run);
    return length > 0 && (size_t)length < size;
}

bool files_checkpoint_path(const struct jobs *jobs, int64_t run, int64_t step, char *path,
                           size_t size)
{
    int length = snprintf(path, size, "%s/runs/%lld/checkpoint-%lld.safetensors",
                          jobs->data_dir, (long long)run, (long long)step);
    return length > 0 && (size_t)length < size;
}

static bool sync_parent(const char *path)
{
    char parent[PATH_MAX];
    snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(path, '/') - path), path);
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool synced = fsync(fd) == 0;
    int error = errno;
    close(fd);
    errno = error;
    return synced;
}

/* The entry of a folder must be as durable as the files that will lie in it. A folder
   that could not be synced goes again: a second fsync may say yes to what the first lost.
 */
static bool make_folder(const char *path)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return false;
    if (sync_parent(path))
        return true;
    int error = errno;
    rmdir(path);
    errno = error;
    return false;
}

bool files_make_folder(const struct jobs *jobs, int64_t run)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/runs", jobs->data_dir);
    return make_folder(path) && run_folder(jobs, run, path, sizeof path) &&
           make_folder(path);
}

/* Removes the files in a folder but the one named `keep` (NULL: none). */
static void remove_files(const char *folder, const char *keep)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        char path[PATH_MAX];
        bool special = entry->d_name[0] == '.';
        if (special || (keep && strcmp(entry->d_name, keep) == 0))
            continue;
        int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (length > 0 && (size_t)length < sizeof path)
            unlink(path);
    }
    if (dir)
        closedir(dir);
}

void files_remove_run(const struct jobs *jobs, int64_t run)
{
    char folder[PATH_MAX];
    if (!run_folder(jobs, run, folder, sizeof folder))
        return;
    remove_files(folder, NULL);
    rmdir(folder);
}

void files_remove_others(const struct jobs *jobs, int64_t run, int64_t step)
{
    char folder[PATH_MAX], keep[64];
    snprintf(keep, sizeof keep, "checkpoint-%lld.safetensors", (long long)step);
    if (run_folder(jobs, run, folder, sizeof folder))
        remove_files(folder, keep);
}

void files_each_run(struct jobs *jobs, void (*visit)(struct jobs *jobs, int64_t run))
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/runs", jobs->data_dir);
    DIR *dir = opendir(path);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        char *end;
        long long run = strtoll(entry->d_name, &end, 10);
        if (run > 0 && *end == '\0')
            visit(jobs, run);
    }
    if (dir)
        closedir(dir);
}
