/* Bringing in a user's own data: CSV or IDX files become the files of a dataset. */
#ifndef ENGINE_DATA_IMPORT_H
#define ENGINE_DATA_IMPORT_H

#include "engine/data/dataset.h"
#include "engine/data/parts.h"

#define IMPORT_TITLE_MAX 80 /* bytes */
#define IMPORT_SHARE_MIN 0.05
#define IMPORT_SHARE_MAX 0.5
#define IMPORT_SHARE     0.2

struct import_source {
    const char *name, *title;
    /* Paths; NULL: not given. TRAIN_INPUTS is a table as a CSV file, with its classes, or
       an IDX file, plain or gzip, of pictures (bytes, 3 dimensions) or numbers (floats, 2
       dimensions), with its labels in another one. The test's is of the same kind. */
    const char *files[PART_COUNT];
    const char *label; /* the classes' column, as for table_read; NULL: the usual one */
    double test_share; /* of each class, held out where no test file is given */
};

/* Writes the files of a dataset and its about.csv to the empty `folder`, all of it on the
 * disk at the end. Rows that are split into training and test are shuffled first, always
 * in the same way. Columns are standardised by the training rows' mean and deviation.
 * ENGINE_FORMAT, ENGINE_INVALID: `*field` is the one of part_field(), "label" or
 * "test_share" that is to blame. After a failure the folder may hold some files. */
ENGINE_MUST_CHECK enum engine_status dataset_import(const struct import_source *source,
                                                    const char *folder,
                                                    const char **field,
                                                    struct engine_error *error);

/* Makes the dataset of FOLDER/NAME, written by `dataset_import`, known. */
ENGINE_MUST_CHECK enum engine_status
dataset_add_folder(const char *folder, const char *name, struct engine_error *error);

#endif
