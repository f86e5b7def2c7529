/* What the files of the import share: a dataset on its way in. */
#ifndef ENGINE_DATA_IMPORT_INTERNAL_H
#define ENGINE_DATA_IMPORT_INTERNAL_H

#include "engine/data/idx.h"
#include "engine/data/import.h"
#include "engine/data/table.h"

enum split { TRAIN, TEST, SPLIT_COUNT };

/* What is brought in: tables, or pictures in files. */
struct import {
    const struct import_source *source;
    const char **field;
    struct engine_error *error;
    struct table *tables[SPLIT_COUNT]; /* NULL: pictures, or not given */
    struct idx files[PART_COUNT];
    char **class_names;          /* of pictures */
    uint32_t *rows[SPLIT_COUNT]; /* which of the files' samples, in the order to write */
    double *means, *deviations;  /* of tables */
    struct dataset_info info;    /* borrows all of the above */
    bool split;                  /* no test file: some of the training's are held out */
};

/* Opens the source's files, all of what does not fit refused. */
ENGINE_MUST_CHECK enum engine_status import_read(struct import *import);

/* Once the rows are chosen: what the dataset is, and its files. */
ENGINE_MUST_CHECK enum engine_status import_describe(struct import *import);
ENGINE_MUST_CHECK enum engine_status import_write(const struct import *import,
                                                  const char *folder);

/* A file's labels. */
const uint8_t *import_labels(const struct import *import, enum split split);

/* Notes which part of the request a status is about; gives the status back. */
enum engine_status import_blame(struct import *import, const char *field,
                                enum engine_status status);

#endif
