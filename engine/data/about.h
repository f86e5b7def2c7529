/* What a folder of an uploaded dataset says of it, in about.csv: a row a fact. */
#ifndef ENGINE_DATA_ABOUT_H
#define ENGINE_DATA_ABOUT_H

#include "engine/data/dataset.h"

/* Writes FOLDER/about.csv, mode 0600, and has it on the disk. */
ENGINE_MUST_CHECK enum engine_status about_write(const struct dataset_info *info,
                                                 const char *folder,
                                                 struct engine_error *error);

/* Reads it: of the dataset that `name` is to be of. ENGINE_FORMAT: it was not written by
 * `about_write`; the text says where. Clear `out` with `dataset_info_clear`. */
ENGINE_MUST_CHECK enum engine_status about_read(const char *folder, const char *name,
                                                struct dataset_info *out,
                                                struct engine_error *error);

#endif
