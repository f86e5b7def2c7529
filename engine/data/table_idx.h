/* A table of samples from IDX files: floats (rows, features) and a label a row. Columns
 * and classes are called by their numbers. */
#ifndef ENGINE_DATA_TABLE_IDX_H
#define ENGINE_DATA_TABLE_IDX_H

#include "engine/data/table.h"

struct idx;

/* With `like`, a table read before, it has that one's columns and classes. The
 * labels are as many as the rows, and below that one's classes. ENGINE_FORMAT: the inputs
 * are to blame. Free with `table_free`. */
ENGINE_MUST_CHECK enum engine_status
table_from_idx(const struct idx *inputs, const struct idx *labels,
               const struct table *like, struct table **out, struct engine_error *error);

/* How many classes labels below 256 stand for: one more than the largest. */
size_t labels_count_classes(const uint8_t *labels, size_t count);

/* `before` and a number, from `first` on; NULL: no memory. Each and all are malloc'd. */
char **names_by_number(const char *before, size_t first, size_t count);
void names_free(char **names, size_t count);

#endif
