/* A user's own datasets: a folder each, DATA/datasets/NAME, as the engine's import writes
 * it. One whose name begins with a dot is on its way in or out. */
#ifndef SERVER_OWN_DATASETS_H
#define SERVER_OWN_DATASETS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/status.h"

/* The folder above them: what dataset_open is to look in. */
void own_datasets_path(const char *data_dir, char path[PATH_MAX]);

/* Removes what was on its way when the last process ended; for the owner of the folder
 * only. */
void own_datasets_clean(const char *data_dir);

/* Makes them known. One that is damaged is left out, and stderr told. False: a system
 * call failed or memory ran out; the reason says so. */
bool own_datasets_load(const char *data_dir, char *reason, size_t reason_size);

/* A new, empty folder for something on its way in. False: errno. */
bool own_datasets_make_folder(const char *data_dir, char path[PATH_MAX]);

/* Gives an imported folder its name, for good, and makes it known; after a failure it is
 * gone. ENGINE_INVALID: there is one of this name, or too many. Any thread. */
ENGINE_MUST_CHECK enum engine_status own_datasets_install(const char *data_dir,
                                                          const char *folder,
                                                          const char *name,
                                                          struct engine_error *error);

/* Forgets it for good. ENGINE_NOT_FOUND: there is none of this name. Any thread. */
ENGINE_MUST_CHECK enum engine_status
own_datasets_remove(const char *data_dir, const char *name, struct engine_error *error);

#endif
