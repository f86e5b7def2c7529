/* A table of samples from a CSV file: a row a sample, one column its class, all other
 * columns numbers. Columns are named by the first row, if that has no number in it. */
#ifndef ENGINE_DATA_TABLE_H
#define ENGINE_DATA_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/status.h"

#define TABLE_MAX_NUMBERS  ((size_t)32 << 20) /* 256 MiB of doubles */
#define TABLE_MAX_FEATURES 16384
#define TABLE_NAME_MAX     80 /* bytes of a class's or column's name */

struct table {
    size_t rows, columns, features, classes; /* features: columns without the class */
    double *values;                          /* (rows, features) */
    uint8_t *labels;                         /* (rows), below `classes` */
    char **column_names;                     /* `columns` */
    char **class_names; /* `classes`: by number if all are numbers, else by their bytes */
    size_t label_column;
};

/* Reads `path`. The class is in the column `label`, a name or a number from 1; if that is
 * NULL, in one called label, class or target, or else in the last. With `like`, a
 * table read before, columns and classes are that one's. ENGINE_FORMAT's text names line
 * and column; ENGINE_INVALID: there is no column `label`. Free with `table_free`. */
ENGINE_MUST_CHECK enum engine_status table_read(const char *path, const char *label,
                                                const struct table *like,
                                                struct table **out,
                                                struct engine_error *error);
void table_free(struct table *table);

#endif
