/* Where the program finds what it ships with: datasets and presets stand beside the
 * binary in a build tree and under ../share/sweetspot once installed. */
#ifndef SERVER_PATHS_H
#define SERVER_PATHS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define PATHS_MAX_DATASET_DIRS 8

struct paths {
    char presets[PATH_MAX]; /* "" if there is none */
    char datasets[PATHS_MAX_DATASET_DIRS][PATH_MAX];
    const char *dataset_dirs[PATHS_MAX_DATASET_DIRS]; /* pointers to the above */
    size_t dataset_dir_count;
};

/* Searches, in this order: SWEETSPOT_DATASETS (environment), the binary's own folder,
 * ../share/sweetspot and Debian's /usr/share/datasets. */
void paths_init(struct paths *paths);

#endif
