/* What a dataset that is brought in is, and its files. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/about.h"
#include "engine/data/import_internal.h"
#include "engine/data/table_idx.h"

/* Mean and deviation of a column's training rows (Welford, 1962). */
static bool measure_column(struct import *import, size_t column)
{
    const struct table *table = import->tables[TRAIN];
    double mean = 0, squares = 0;
    for (size_t i = 0; i < import->info.train_count; i++) {
        double x = table->values[import->rows[TRAIN][i] * table->features + column];
        double from = x - mean;
        mean += from / (double)(i + 1);
        squares += from * (x - mean);
    }
    double deviation = sqrt(squares / (double)import->info.train_count);
    import->means[column] = mean;
    import->deviations[column] = deviation > 0 ? deviation : 1; /* a constant becomes 0 */
    return isfinite(mean) && isfinite(deviation);
}

static enum engine_status measure_columns(struct import *import)
{
    const struct table *table = import->tables[TRAIN];
    import->means = calloc(table->features, sizeof *import->means);
    import->deviations = calloc(table->features, sizeof *import->deviations);
    if (!import->means || !import->deviations)
        return engine_fail(import->error, ENGINE_NO_MEMORY, "no memory for the columns");
    for (size_t i = 0; i < table->features; i++)
        if (!measure_column(import, i))
            return import_blame(import, "train",
                                engine_fail(import->error, ENGINE_FORMAT,
                                            "the numbers of column %zu lie too far apart",
                                            i + 1 + (i >= table->label_column)));
    return ENGINE_OK;
}

/* Those that are numbers, without the class's: read and copied by others, never freed. */
static enum engine_status describe_table(struct import *import)
{
    const struct table *table = import->tables[TRAIN];
    char *class_column = table->column_names[table->label_column];
    memmove(&table->column_names[table->label_column],
            &table->column_names[table->label_column + 1],
            (table->features - table->label_column) * sizeof *table->column_names);
    table->column_names[table->features] = class_column;
    import->info.features = table->features;
    import->info.classes = table->classes;
    import->info.class_names = (const char *const *)table->class_names;
    import->info.feature_names = (const char *const *)table->column_names;
    enum engine_status status = measure_columns(import);
    import->info.means = import->means;
    import->info.deviations = import->deviations;
    return status;
}

static enum engine_status describe_pictures(struct import *import)
{
    const size_t *sizes = import->files[TRAIN_INPUTS].sizes;
    import->info.height = sizes[1];
    import->info.width = sizes[2];
    import->info.features = sizes[1] * sizes[2];
    import->class_names = names_by_number("", 0, import->info.classes);
    import->info.class_names = (const char *const *)import->class_names;
    return import->class_names ? ENGINE_OK
                               : engine_fail(import->error, ENGINE_NO_MEMORY,
                                             "no memory for the classes");
}

enum engine_status import_describe(struct import *import)
{
    import->info.name = import->source->name;
    import->info.title = import->source->title;
    import->info.description = import->tables[TRAIN]
                                   ? "Your own table; numbers are standardised."
                                   : "Your own pictures.";
    return import->tables[TRAIN] ? describe_table(import) : describe_pictures(import);
}

/* --- writing -------------------------------------------------------------------------
 */

static const char *path_in(const char *folder, const char *name, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return path;
}

/* False: a number is too far from the training's to be one at all. */
static bool put_row(const struct import *import, struct output *output,
                    const struct table *table, size_t row)
{
    const double *values = table->values + row * table->features;
    for (size_t i = 0; i < table->features; i++) {
        double value = (values[i] - import->means[i]) / import->deviations[i];
        if (!(fabs(value) < 1e30))
            return false;
        idx_put_floats(output, &value, 1);
    }
    return true;
}

static enum engine_status write_inputs(const struct import *import, enum split split,
                                       const char *folder, size_t count)
{
    const struct dataset_info *info = &import->info;
    const struct table *table = import->tables[split];
    bool pictures = info->width > 0;
    enum part part = (enum part)(2 * split);
    const size_t sizes[] = {count, pictures ? info->height : info->features, info->width};
    char path[PATH_MAX];
    struct output output;
    bool near = true;
    idx_create(&output, path_in(folder, part_name(part, pictures), path),
               pictures ? IDX_BYTES : IDX_FLOATS, pictures ? 3 : 2, sizes);
    if (!table) /* those of a split are all in the training's files */
        table = import->split ? import->tables[TRAIN] : NULL;
    const uint8_t *pixels = import->files[import->split ? TRAIN_INPUTS : part].data;
    for (size_t i = 0; i < count && near; i++) {
        size_t row = import->rows[split][i];
        if (table)
            near = put_row(import, &output, table, row);
        else
            idx_put_bytes(&output, pixels + row * info->features, info->features);
    }
    enum engine_status status = output_finish(&output, path, import->error);
    if (status == ENGINE_OK && !near) {
        *import->field = part_field(part);
        return engine_fail(import->error, ENGINE_FORMAT,
                           "holds a number too far from the training's");
    }
    return status;
}

static enum engine_status write_labels(const struct import *import, enum split split,
                                       const char *folder, size_t count)
{
    const uint8_t *labels = import_labels(import, import->split ? TRAIN : split);
    char path[PATH_MAX];
    struct output output;
    path_in(folder, part_name((enum part)(2 * split + 1), false), path);
    idx_create(&output, path, IDX_BYTES, 1, &count);
    for (size_t i = 0; i < count; i++)
        idx_put_bytes(&output, &labels[import->rows[split][i]], 1);
    return output_finish(&output, path, import->error);
}

enum engine_status import_write(const struct import *import, const char *folder)
{
    enum engine_status status = ENGINE_OK;
    for (enum split split = TRAIN; split < SPLIT_COUNT && status == ENGINE_OK; split++) {
        size_t count =
            split == TRAIN ? import->info.train_count : import->info.test_count;
        status = write_inputs(import, split, folder, count);
        if (status == ENGINE_OK)
            status = write_labels(import, split, folder, count);
    }
    return status == ENGINE_OK ? about_write(&import->info, folder, import->error)
                               : status;
}
