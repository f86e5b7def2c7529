#include "engine/data/table_idx.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/idx.h"

size_t labels_count_classes(const uint8_t *labels, size_t count)
{
    size_t largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = labels[i] > largest ? labels[i] : largest;
    return largest + 1;
}

void names_free(char **names, size_t count)
{
    for (size_t i = 0; names && i < count; i++)
        free(names[i]);
    free(names);
}

char **names_by_number(const char *before, size_t first, size_t count)
{
    char **names = calloc(count, sizeof *names);
    for (size_t i = 0; names && i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s%zu", before, first + i);
        names[i] = strdup(name);
        if (names[i] == NULL) {
            names_free(names, count);
            return NULL;
        }
    }
    return names;
}

static enum engine_status copy_values(struct table *table, const float *values,
                                      struct engine_error *error)
{
    size_t count = table->rows * table->features;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i]))
            return engine_fail(error, ENGINE_FORMAT,
                               "number %zu of sample %zu is not finite",
                               i % table->features + 1, i / table->features + 1);
        table->values[i] = (double)values[i];
    }
    return ENGINE_OK;
}

static enum engine_status check_size(const struct idx *inputs, const struct table *like,
                                     struct engine_error *error)
{
    size_t rows = inputs->sizes[0], features = inputs->sizes[1];
    if (features > TABLE_MAX_FEATURES)
        return engine_fail(error, ENGINE_FORMAT, "has more than %d numbers a sample",
                           TABLE_MAX_FEATURES);
    if (rows > TABLE_MAX_NUMBERS / features)
        return engine_fail(error, ENGINE_FORMAT, "has more than 33,554,432 numbers");
    if (like && features != like->features)
        return engine_fail(error, ENGINE_FORMAT,
                           "has %zu numbers a sample instead of the training's %zu",
                           features, like->features);
    return ENGINE_OK;
}

/* The column of the class is the last, as in most CSV files. */
static bool allocate(struct table *table, const struct idx *inputs, size_t classes)
{
    table->rows = inputs->sizes[0];
    table->features = inputs->sizes[1];
    table->label_column = table->features;
    table->values = malloc(table->rows * table->features * sizeof *table->values);
    table->labels = malloc(table->rows);
    table->column_names = names_by_number("column ", 1, table->features + 1);
    table->columns = table->column_names ? table->features + 1 : 0;
    table->class_names = names_by_number("", 0, classes);
    table->classes = table->class_names ? classes : 0;
    return table->values && table->labels && table->columns && table->classes;
}

enum engine_status table_from_idx(const struct idx *inputs, const struct idx *labels,
                                  const struct table *like, struct table **out,
                                  struct engine_error *error)
{
    enum engine_status status = check_size(inputs, like, error);
    if (status != ENGINE_OK)
        return status;
    size_t classes =
        like ? like->classes : labels_count_classes(labels->data, labels->sizes[0]);
    struct table *table = calloc(1, sizeof *table);
    if (table == NULL || !allocate(table, inputs, classes)) {
        table_free(table);
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory for the table");
    }
    memcpy(table->labels, labels->data, table->rows);
    status = copy_values(table, inputs->values, error);
    if (status == ENGINE_OK)
        *out = table;
    else
        table_free(table);
    return status;
}
