#include "engine/data/dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/data/idx.h"
#include "engine/data/parts.h"
#include "engine/data/synthetic.h"

#define PATH_SIZE  4096
#define CACHE_LINE 64
#define ROWS_AHEAD 4

/* What a dataset's splits point into. */
struct storage {
    struct idx files[PART_COUNT];
    float *points;
    uint8_t *point_labels;
};

/* The path of one part, plain or packed, in one folder. */
static bool find_part(const struct dataset_info *info, const char *dir, enum part part,
                      char path[PATH_SIZE])
{
    static const char *const endings[] = {"", ".gz"};
    for (size_t i = 0; i < 2; i++) {
        int length = snprintf(path, PATH_SIZE, "%s/%s/%s%s", dir, info->name,
                              part_name(part, info->width > 0), endings[i]);
        if (length > 0 && length < PATH_SIZE && access(path, F_OK) == 0)
            return true;
    }
    return false;
}

/* The first folder that holds all four parts, or NULL. */
static const char *find_dir(const struct dataset_info *info, const char *const *dirs,
                            size_t dir_count)
{
    char path[PATH_SIZE];
    for (size_t i = 0; i < dir_count; i++) {
        enum part part = 0;
        while (part < PART_COUNT && find_part(info, dirs[i], part, path))
            part++;
        if (part == PART_COUNT)
            return dirs[i];
    }
    return NULL;
}

bool dataset_present(const char *name, const char *const *dirs, size_t dir_count)
{
    const struct dataset_info *info = dataset_find(name);
    return info != NULL && (info->synthetic || find_dir(info, dirs, dir_count) != NULL);
}

static enum engine_status not_found(const struct dataset_info *info,
                                    const char *const *dirs, size_t dir_count,
                                    struct engine_error *error)
{
    const char *advice = info->uploaded ? "upload it again"
                         : strcmp(info->name, "mnist") == 0
                             ? "run `make run`, or `npm ci --prefix web && make datasets`"
                             : "run `apt-get install dataset-fashion-mnist`";
    char searched[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < dir_count && used < sizeof searched; i++)
        used += (size_t)snprintf(searched + used, sizeof searched - used, "%s%s/%s",
                                 i > 0 ? ", " : "", dirs[i], info->name);
    return engine_fail(
        error, ENGINE_NOT_FOUND,
        "the files of %s are not there; to get them, %s (looked for %s and "
        "the other three, plain or .gz, in: %s)",
        info->title, advice, part_name(TRAIN_INPUTS, info->width > 0),
        dir_count > 0 ? searched : "no folder");
}

static enum engine_status check_shape(const struct dataset_info *info,
                                      const struct idx *images, const char *split,
                                      struct engine_error *error)
{
    if (images->values && images->sizes[1] != info->features)
        return engine_fail(error, ENGINE_FORMAT,
                           "%s %s rows have %zu numbers instead of %zu", info->name,
                           split, images->sizes[1], info->features);
    if (images->data &&
        (images->sizes[1] != info->height || images->sizes[2] != info->width))
        return engine_fail(error, ENGINE_FORMAT,
                           "%s %s pictures are %zu x %zu instead of %zu x %zu",
                           info->name, split, images->sizes[1], images->sizes[2],
                           info->height, info->width);
    return ENGINE_OK;
}

static enum engine_status check_counts(const struct dataset_info *info,
                                       const struct idx *images, const struct idx *labels,
                                       size_t count, const char *split,
                                       struct engine_error *error)
{
    enum engine_status status = check_shape(info, images, split, error);
    if (status != ENGINE_OK)
        return status;
    if (images->sizes[0] != count || labels->sizes[0] != count)
        return engine_fail(error, ENGINE_FORMAT,
                           "%s has %zu %s samples and %zu labels instead of %zu",
                           info->name, images->sizes[0], split, labels->sizes[0], count);
    for (size_t i = 0; i < count; i++)
        if (labels->data[i] >= info->classes)
            return engine_fail(error, ENGINE_FORMAT,
                               "%s %s label %zu is %d; at most %zu is allowed",
                               info->name, split, i, labels->data[i], info->classes - 1);
    return ENGINE_OK;
}

static enum engine_status open_part(const struct dataset_info *info, enum part part,
                                    const char *path, struct idx *file,
                                    struct engine_error *error)
{
    if (part == TRAIN_LABELS || part == TEST_LABELS)
        return idx_open(path, 1, file, error);
    return info->width > 0 ? idx_open(path, 3, file, error)
                           : idx_open_floats(path, 2, file, error);
}

static enum engine_status open_files(struct dataset *dataset, const char *dir,
                                     struct engine_error *error)
{
    const struct dataset_info *info = dataset->info;
    struct idx *files = ((struct storage *)dataset->storage)->files;
    for (enum part part = 0; part < PART_COUNT; part++) {
        char path[PATH_SIZE];
        if (!find_part(info, dir, part, path))
            return engine_fail(error, ENGINE_NOT_FOUND, "%s has gone", path);
        enum engine_status status = open_part(info, part, path, &files[part], error);
        if (status != ENGINE_OK)
            return status;
    }
    dataset->train = (struct dataset_split){info->train_count, files[TRAIN_INPUTS].data,
                                            files[TRAIN_INPUTS].values,
                                            files[TRAIN_LABELS].data, false};
    dataset->test =
        (struct dataset_split){info->test_count, files[TEST_INPUTS].data,
                               files[TEST_INPUTS].values, files[TEST_LABELS].data, false};
    enum engine_status status =
        check_counts(info, &files[TRAIN_INPUTS], &files[TRAIN_LABELS], info->train_count,
                     "training", error);
    if (status != ENGINE_OK)
        return status;
    return check_counts(info, &files[TEST_INPUTS], &files[TEST_LABELS], info->test_count,
                        "test", error);
}

static enum engine_status make_points(struct dataset *dataset, struct engine_error *error)
{
    const struct dataset_info *info = dataset->info;
    struct storage *storage = dataset->storage;
    size_t train = info->train_count, test = info->test_count;
    storage->points = malloc((train + test) * 2 * sizeof *storage->points);
    storage->point_labels = malloc(train + test);
    if (storage->points == NULL || storage->point_labels == NULL)
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory for %s", info->name);
    float *values = storage->points;
    uint8_t *labels = storage->point_labels;
    synthetic_fill(info, false, train, values, labels);
    synthetic_fill(info, true, test, values + 2 * train, labels + train);
    dataset->train = (struct dataset_split){train, NULL, values, labels, false};
    dataset->test =
        (struct dataset_split){test, NULL, values + 2 * train, labels + train, false};
    return ENGINE_OK;
}

static enum engine_status fill(struct dataset *dataset, const char *const *dirs,
                               size_t dir_count, struct engine_error *error)
{
    if (dataset->info->synthetic)
        return make_points(dataset, error);
    const char *dir = find_dir(dataset->info, dirs, dir_count);
    if (dir == NULL)
        return not_found(dataset->info, dirs, dir_count, error);
    return open_files(dataset, dir, error);
}

enum engine_status dataset_open(const char *name, const char *const *dirs,
                                size_t dir_count, struct dataset **out,
                                struct engine_error *error)
{
    const struct dataset_info *info = dataset_find(name);
    if (info == NULL)
        return engine_fail(error, ENGINE_NOT_FOUND, "there is no dataset %s", name);
    struct dataset *dataset = calloc(1, sizeof *dataset);
    struct storage *storage = calloc(1, sizeof *storage);
    if (dataset == NULL || storage == NULL) {
        free(dataset);
        free(storage);
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory for %s", name);
    }
    dataset->info = info;
    dataset->storage = storage;
    enum engine_status status = fill(dataset, dirs, dir_count, error);
    if (status != ENGINE_OK) {
        dataset_close(dataset);
        return status;
    }
    *out = dataset;
    return ENGINE_OK;
}

void dataset_close(struct dataset *dataset)
{
    if (dataset == NULL)
        return;
    struct storage *storage = dataset->storage;
    for (enum part part = 0; part < PART_COUNT; part++)
        idx_close(&storage->files[part]);
    free(storage->points);
    free(storage->point_labels);
    free(storage);
    free(dataset);
}

/* out = pixels * scale, one row. A plain loop: the compiler makes vectors of it. */
static void widen_row(const uint8_t *restrict pixels, size_t features, float scale,
                      float *restrict out)
{
    for (size_t i = 0; i < features; i++)
        out[i] = (float)pixels[i] * scale;
}

/* Rows are taken at random: ask for the next ones while this one is being widened. */
static void prefetch_row(const uint8_t *pixels, size_t features)
{
    for (size_t i = 0; i < features; i += CACHE_LINE)
        __builtin_prefetch(pixels + i);
}

static void gather_pixels(const struct dataset_split *split, size_t features,
                          const uint32_t *indices, size_t count, float *out)
{
    float scale = split->raw ? 1.0f : 1.0f / 255.0f;
    for (size_t i = 0; i < count; i++) {
        if (i + ROWS_AHEAD < count)
            prefetch_row(split->pixels + (size_t)indices[i + ROWS_AHEAD] * features,
                         features);
        widen_row(split->pixels + (size_t)indices[i] * features, features, scale,
                  out + i * features);
    }
}

static void gather_values(const struct dataset_split *split, size_t features,
                          const uint32_t *indices, size_t count, float *out)
{
    for (size_t i = 0; i < count; i++)
        memcpy(out + i * features, split->values + (size_t)indices[i] * features,
               features * sizeof *out);
}

void dataset_gather(const struct dataset_split *split, size_t features,
                    const uint32_t *indices, size_t count, float *out, uint8_t *labels)
{
    if (split->pixels != NULL)
        gather_pixels(split, features, indices, count, out);
    else
        gather_values(split, features, indices, count, out);
    for (size_t i = 0; i < count; i++)
        labels[i] = split->labels[indices[i]];
}
