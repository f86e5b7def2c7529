#include "engine/data/import.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/autograd/rng.h"
#include "engine/data/about.h"
#include "engine/data/idx.h"
#include "engine/data/table_idx.h"

#define PATH_SIZE      PATH_MAX
#define SHUFFLE_SEED   1
#define SHUFFLE_STREAM 0x696d706f7274 /* "import": nobody else's */

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

static const char *file_of(const struct import *import, enum part part)
{
    return import->source->files[part];
}

/* Where the file lies is nothing to whoever gave it: the field stands for its path. */
static void leave_out_paths(const struct import *import)
{
    char *text = import->error ? import->error->text : NULL;
    for (enum part part = 0; text && part < PART_COUNT; part++) {
        size_t length = file_of(import, part) ? strlen(file_of(import, part)) : 0;
        if (length && strncmp(text, file_of(import, part), length) == 0 &&
            text[length] == ' ')
            memmove(text, text + length + 1, strlen(text + length + 1) + 1);
    }
}

static enum engine_status blame(struct import *import, const char *field,
                                enum engine_status status)
{
    *import->field = field;
    if (status != ENGINE_OK)
        leave_out_paths(import);
    return status;
}

/* --- reading -------------------------------------------------------------------------
 */

static enum engine_status read_csv(struct import *import)
{
    struct engine_error *error = import->error;
    for (enum part part = TRAIN_LABELS; part < PART_COUNT; part += 2)
        if (file_of(import, part))
            return blame(import, part_field(part),
                         engine_fail(error, ENGINE_FORMAT,
                                     "goes with IDX files only; a CSV file holds its "
                                     "classes itself"));
    enum engine_status status =
        table_read(file_of(import, TRAIN_INPUTS), import->source->label, NULL,
                   &import->tables[TRAIN], error);
    if (status != ENGINE_OK)
        return blame(import, status == ENGINE_INVALID ? "label" : "train", status);
    if (import->split)
        return ENGINE_OK;
    status = table_read(file_of(import, TEST_INPUTS), NULL, import->tables[TRAIN],
                        &import->tables[TEST], error);
    return blame(import, "test", status);
}

/* As many labels as samples, of at least two classes, all of which the training has. */
static enum engine_status check_labels(struct import *import, enum split split)
{
    const struct idx *labels = &import->files[2 * split + 1];
    size_t count = import->files[2 * split].sizes[0];
    size_t classes = labels_count_classes(labels->data, labels->sizes[0]);
    if (labels->sizes[0] != count)
        return engine_fail(import->error, ENGINE_FORMAT, "has %zu labels for %zu samples",
                           labels->sizes[0], count);
    if (split == TRAIN && classes < 2)
        return engine_fail(import->error, ENGINE_FORMAT, "all labels are 0");
    if (split == TRAIN)
        import->info.classes = classes;
    if (classes > import->info.classes)
        return engine_fail(import->error, ENGINE_FORMAT,
                           "has the label %zu; the training's are 0 to %zu", classes - 1,
                           import->info.classes - 1);
    return ENGINE_OK;
}

static enum engine_status open_labels(struct import *import, enum split split)
{
    enum part part = (enum part)(2 * split + 1);
    if (!file_of(import, part))
        return blame(
            import, part_field(part),
            engine_fail(import->error, ENGINE_INVALID,
                        "is needed: IDX files have their labels in another one"));
    enum engine_status status =
        idx_open(file_of(import, part), 1, &import->files[part], import->error);
    if (status == ENGINE_OK)
        status = check_labels(import, split);
    return blame(import, part_field(part), status);
}

static enum engine_status check_pictures(struct import *import, enum split split)
{
    const size_t *sizes = import->files[2 * split].sizes;
    const size_t *like = import->files[TRAIN_INPUTS].sizes;
    if (sizes[1] * sizes[2] > TABLE_MAX_FEATURES)
        return engine_fail(import->error, ENGINE_FORMAT,
                           "its pictures have more than %d pixels", TABLE_MAX_FEATURES);
    if (sizes[1] != like[1] || sizes[2] != like[2])
        return engine_fail(import->error, ENGINE_FORMAT,
                           "its pictures are %zu x %zu, the training's %zu x %zu",
                           sizes[1], sizes[2], like[1], like[2]);
    return ENGINE_OK;
}

static enum engine_status open_inputs(struct import *import, enum split split,
                                      bool pictures)
{
    enum part part = (enum part)(2 * split);
    struct idx *file = &import->files[part];
    enum engine_status status =
        pictures ? idx_open(file_of(import, part), 3, file, import->error)
                 : idx_open_floats(file_of(import, part), 2, file, import->error);
    if (status == ENGINE_OK && pictures)
        status = check_pictures(import, split);
    return blame(import, part_field(part), status);
}

static enum engine_status read_idx_split(struct import *import, enum split split,
                                         bool pictures)
{
    enum engine_status status = open_inputs(import, split, pictures);
    if (status == ENGINE_OK)
        status = open_labels(import, split);
    if (status != ENGINE_OK || pictures)
        return status;
    status = table_from_idx(&import->files[2 * split], &import->files[2 * split + 1],
                            import->tables[TRAIN], &import->tables[split], import->error);
    return blame(import, part_field((enum part)(2 * split)), status);
}

static enum engine_status read_idx(struct import *import, const struct idx_look *look)
{
    bool pictures = look->type == IDX_BYTES && look->rank == 3;
    if (!pictures && !(look->type == IDX_FLOATS && look->rank == 2))
        return blame(import, "train",
                     engine_fail(import->error, ENGINE_FORMAT,
                                 "this IDX file holds type 0x%02x in %zu dimensions; "
                                 "bytes (0x08) in 3 or floats (0x0d) in 2 can be used",
                                 (unsigned)look->type, look->rank));
    enum engine_status status = read_idx_split(import, TRAIN, pictures);
    if (status == ENGINE_OK && !import->split)
        status = read_idx_split(import, TEST, pictures);
    else if (status == ENGINE_OK && file_of(import, TEST_LABELS))
        status = blame(import, "test",
                       engine_fail(import->error, ENGINE_INVALID,
                                   "is needed where test_labels is given"));
    return status;
}

static enum engine_status read_source(struct import *import)
{
    const char *path = file_of(import, TRAIN_INPUTS);
    struct idx_look look;
    if (!path)
        return blame(import, "train",
                     engine_fail(import->error, ENGINE_INVALID, "a file is needed"));
    enum engine_status status = idx_peek(path, &look, import->error);
    if (status != ENGINE_OK)
        return blame(import, "train", status);
    if (look.is_idx)
        return read_idx(import, &look);
    if (look.is_packed)
        return blame(import, "train",
                     engine_fail(import->error, ENGINE_FORMAT,
                                 "is packed, and not an IDX file: unpack it first"));
    return read_csv(import);
}

/* --- choosing ------------------------------------------------------------------------
 */

static const uint8_t *labels_of(const struct import *import, enum split split)
{
    const struct table *table = import->tables[split];
    return table ? table->labels : import->files[2 * split + 1].data;
}

static size_t count_of(const struct import *import, enum split split)
{
    const struct table *table = import->tables[split];
    return table ? table->rows : import->files[2 * split].sizes[0];
}

static uint32_t *every_row(size_t count)
{
    assert(count > 0);
    uint32_t *rows = malloc(count * sizeof *rows);
    for (size_t i = 0; rows && i < count; i++)
        rows[i] = (uint32_t)i;
    return rows;
}

/* Fisher and Yates. */
static void shuffle(uint32_t *rows, size_t count)
{
    struct rng rng;
    rng_init(&rng, SHUFFLE_SEED, SHUFFLE_STREAM);
    for (size_t i = count - 1; i > 0; i--) {
        size_t other = (size_t)rng_below(&rng, i + 1);
        uint32_t kept = rows[i];
        rows[i] = rows[other];
        rows[other] = kept;
    }
}

/* Of each class the share goes to the test: its k-th sample where k * share passes a
 * whole number. At most half of a class can go, so that each is trained on. */
static void hold_out(struct import *import, const uint32_t *rows, size_t count)
{
    const uint8_t *labels = labels_of(import, TRAIN);
    double share = import->source->test_share;
    size_t seen[DATASET_CLASSES] = {0};
    for (size_t i = 0; i < count; i++) {
        size_t k = seen[labels[rows[i]]]++;
        bool out = floor((double)(k + 1) * share) > floor((double)k * share);
        size_t *to = out ? &import->info.test_count : &import->info.train_count;
        import->rows[out ? TEST : TRAIN][(*to)++] = rows[i];
    }
}

static enum engine_status split_rows(struct import *import)
{
    size_t count = count_of(import, TRAIN);
    assert(count > 0); /* a file without a row has been refused */
    uint32_t *rows = every_row(count);
    import->rows[TRAIN] = calloc(count, sizeof **import->rows);
    import->rows[TEST] = calloc(count, sizeof **import->rows);
    bool room = rows && import->rows[TRAIN] && import->rows[TEST];
    if (room) {
        shuffle(rows, count);
        hold_out(import, rows, count);
    }
    free(rows);
    if (!room)
        return engine_fail(import->error, ENGINE_NO_MEMORY, "no memory for the samples");
    if (import->info.test_count > 0)
        return ENGINE_OK;
    return blame(import, "test_share",
                 engine_fail(import->error, ENGINE_FORMAT,
                             "is too small: no class has %.0f samples, so none would be "
                             "held out; take more or add a test file",
                             ceil(1 / import->source->test_share)));
}

static enum engine_status choose_rows(struct import *import)
{
    if (import->split)
        return split_rows(import);
    import->info.train_count = count_of(import, TRAIN);
    import->info.test_count = count_of(import, TEST);
    import->rows[TRAIN] = every_row(import->info.train_count);
    import->rows[TEST] = every_row(import->info.test_count);
    return import->rows[TRAIN] && import->rows[TEST]
               ? ENGINE_OK
               : engine_fail(import->error, ENGINE_NO_MEMORY,
                             "no memory for the samples");
}

/* --- describing ----------------------------------------------------------------------
 */

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
            return blame(import, "train",
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

static enum engine_status describe(struct import *import)
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

static const char *path_in(const char *folder, const char *name, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s/%s", folder, name);
    return path;
}

/* False: a number is too far from the training's to be one at all. */
static bool put_row(const struct import *import, struct idx_writer *writer,
                    const struct table *table, size_t row)
{
    const double *values = table->values + row * table->features;
    for (size_t i = 0; i < table->features; i++) {
        double value = (values[i] - import->means[i]) / import->deviations[i];
        if (!(fabs(value) < 1e30))
            return false;
        idx_put_floats(writer, &value, 1);
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
    char path[PATH_SIZE];
    struct idx_writer writer;
    bool near = true;
    idx_create(&writer, path_in(folder, part_name(part, pictures), path),
               pictures ? IDX_BYTES : IDX_FLOATS, pictures ? 3 : 2, sizes);
    if (!table) /* those of a split are all in the training's files */
        table = import->split ? import->tables[TRAIN] : NULL;
    const uint8_t *pixels = import->files[import->split ? TRAIN_INPUTS : part].data;
    for (size_t i = 0; i < count && near; i++) {
        size_t row = import->rows[split][i];
        if (table)
            near = put_row(import, &writer, table, row);
        else
            idx_put_bytes(&writer, pixels + row * info->features, info->features);
    }
    enum engine_status status = idx_finish(&writer, path, import->error);
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
    const uint8_t *labels = labels_of(import, import->split ? TRAIN : split);
    char path[PATH_SIZE];
    struct idx_writer writer;
    path_in(folder, part_name((enum part)(2 * split + 1), false), path);
    idx_create(&writer, path, IDX_BYTES, 1, &count);
    for (size_t i = 0; i < count; i++)
        idx_put_bytes(&writer, &labels[import->rows[split][i]], 1);
    return idx_finish(&writer, path, import->error);
}

static enum engine_status write_all(const struct import *import, const char *folder)
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

static void clear(struct import *import)
{
    for (enum split split = TRAIN; split < SPLIT_COUNT; split++) {
        table_free(import->tables[split]);
        free(import->rows[split]);
    }
    for (enum part part = 0; part < PART_COUNT; part++)
        idx_close(&import->files[part]);
    names_free(import->class_names, import->info.classes);
    free(import->means);
    free(import->deviations);
}

enum engine_status dataset_import(const struct import_source *source, const char *folder,
                                  const char **field, struct engine_error *error)
{
    struct import import = {
        .source = source,
        .field = field,
        .error = error,
        .split = source->files[TEST_INPUTS] == NULL,
    };
    enum engine_status status = read_source(&import);
    if (status == ENGINE_OK)
        status = choose_rows(&import);
    if (status == ENGINE_OK)
        status = describe(&import);
    if (status == ENGINE_OK)
        status = write_all(&import, folder);
    clear(&import);
    return status;
}

enum engine_status dataset_add_folder(const char *folder, const char *name,
                                      struct engine_error *error)
{
    struct dataset_info info;
    char path[PATH_SIZE];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path || !dataset_name_is_valid(name))
        return engine_fail(error, ENGINE_INVALID, "%.40s is not a dataset's name", name);
    enum engine_status status = about_read(path, name, &info, error);
    if (status != ENGINE_OK)
        return status;
    status = dataset_add(&info, error);
    dataset_info_clear(&info);
    return status;
}
