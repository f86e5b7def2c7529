/* From the files to the folder: which rows are trained on, and which are held out. */
#include "engine/data/import.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/autograd/rng.h"
#include "engine/data/about.h"
#include "engine/data/import_internal.h"
#include "engine/data/table_idx.h"

#define SHUFFLE_SEED   1
#define SHUFFLE_STREAM 0x696d706f7274 /* "import": nobody else's */

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
    const uint8_t *labels = import_labels(import, TRAIN);
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
    return import_blame(
        import, "test_share",
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
    enum engine_status status = import_read(&import);
    if (status == ENGINE_OK)
        status = choose_rows(&import);
    if (status == ENGINE_OK)
        status = import_describe(&import);
    if (status == ENGINE_OK)
        status = import_write(&import, folder);
    clear(&import);
    return status;
}

enum engine_status dataset_add_folder(const char *folder, const char *name,
                                      struct engine_error *error)
{
    struct dataset_info info;
    char path[PATH_MAX];
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
