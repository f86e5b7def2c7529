/* Checkpoint files: DATA/runs/ID/checkpoint-STEP.safetensors. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/file.h"
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

bool files_make_folder(const struct jobs *jobs, int64_t run)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/runs", jobs->data_dir);
    return file_make_folder(path) && run_folder(jobs, run, path, sizeof path) &&
           file_make_folder(path);
}

void files_remove_run(const struct jobs *jobs, int64_t run)
{
    char folder[PATH_MAX];
    if (run_folder(jobs, run, folder, sizeof folder))
        file_remove_folder(folder);
}

void files_remove_others(const struct jobs *jobs, int64_t run, int64_t step)
{
    char folder[PATH_MAX], keep[64];
    snprintf(keep, sizeof keep, "checkpoint-%lld.safetensors", (long long)step);
    if (run_folder(jobs, run, folder, sizeof folder))
        file_empty_folder(folder, keep);
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
