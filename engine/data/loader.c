#include "engine/data/loader.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine/autograd/rng.h"

struct loader {
    enum batching batching;
    uint64_t seed;
    size_t batch_size, count, validation_count;
    int64_t epoch, batch; /* of the batch that loader_next gives next */
    bool fresh;           /* `order` is that of `epoch` */
    bool swapped;         /* one_batch: `partners` stand to be undone */
    uint32_t *rows;       /* training rows, ascending; (count) */
    uint32_t *order;      /* this epoch's permutation of them; (count) */
    uint32_t *partners;   /* one_batch: what position i was swapped with; (batch_size) */
    uint32_t *validation; /* ascending; (validation_count) */
};

static void swap(uint32_t *order, size_t a, size_t b)
{
    uint32_t kept = order[a];
    order[a] = order[b];
    order[b] = kept;
}

/* Draws `validation_count` of all rows without replacement and parts them from the rest,
 * both ascending. */
static void draw_split(struct loader *loader)
{
    size_t all = loader->count + loader->validation_count;
    struct rng rng;
    rng_init(&rng, loader->seed, RNG_STREAM_SPLIT);
    /* Selection sampling (Knuth, TAOCP 2, algorithm S): one pass, ascending. */
    size_t held = 0, kept = 0;
    for (size_t row = 0; row < all; row++)
        if (rng_below(&rng, all - row) < loader->validation_count - held)
            loader->validation[held++] = (uint32_t)row;
        else
            loader->rows[kept++] = (uint32_t)row;
}

/* The rows in the order of their labels, ascending within each: a counting sort. */
static void sort_by_label(struct loader *loader, const uint8_t *labels)
{
    size_t starts[UINT8_MAX + 2] = {0};
    for (size_t i = 0; i < loader->count; i++)
        starts[labels[loader->rows[i]] + 1]++;
    for (size_t label = 0; label < UINT8_MAX; label++)
        starts[label + 1] += starts[label];
    for (size_t i = 0; i < loader->count; i++)
        loader->order[starts[labels[loader->rows[i]]]++] = loader->rows[i];
}

/* Allocates at least one element, so that an empty split is no failure. */
static uint32_t *new_rows(size_t count)
{
    return calloc(count > 0 ? count : 1, sizeof(uint32_t));
}

enum engine_status loader_new(const struct loader_options *options, struct loader **out)
{
    if (options->validation_count >= options->sample_count || options->batch_size == 0 ||
        options->sample_count > UINT32_MAX ||
        (options->batching == BATCHING_SORTED && options->labels == NULL))
        return ENGINE_INVALID;
    struct loader *loader = calloc(1, sizeof *loader);
    if (loader == NULL)
        return ENGINE_NO_MEMORY;
    loader->batching = options->batching;
    loader->seed = options->seed;
    loader->validation_count = options->validation_count;
    loader->count = options->sample_count - options->validation_count;
    loader->batch_size =
        options->batch_size < loader->count ? options->batch_size : loader->count;
    loader->rows = new_rows(loader->count);
    loader->order = new_rows(loader->count);
    loader->partners = new_rows(loader->batch_size);
    loader->validation = new_rows(loader->validation_count);
    if (loader->rows == NULL || loader->order == NULL || loader->partners == NULL ||
        loader->validation == NULL) {
        loader_free(loader);
        return ENGINE_NO_MEMORY;
    }
    draw_split(loader);
    if (options->batching == BATCHING_SORTED)
        sort_by_label(loader, options->labels);
    else
        memcpy(loader->order, loader->rows, loader->count * sizeof *loader->order);
    *out = loader;
    return ENGINE_OK;
}

void loader_free(struct loader *loader)
{
    if (loader == NULL)
        return;
    free(loader->rows);
    free(loader->order);
    free(loader->partners);
    free(loader->validation);
    free(loader);
}

/* Fisher and Yates, afresh from the ascending order. */
static void shuffle(struct loader *loader, struct rng *rng)
{
    memcpy(loader->order, loader->rows, loader->count * sizeof *loader->order);
    for (size_t i = loader->count - 1; i > 0; i--)
        swap(loader->order, i, (size_t)rng_below(rng, i + 1));
}

/* The first batch_size steps of a shuffle, undone before the next: an epoch of one batch
 * must not cost a pass over all samples. */
static void draw_batch(struct loader *loader, struct rng *rng)
{
    for (size_t i = loader->batch_size; loader->swapped && i-- > 0;)
        swap(loader->order, i, loader->partners[i]);
    for (size_t i = 0; i < loader->batch_size; i++) {
        loader->partners[i] = (uint32_t)(i + rng_below(rng, loader->count - i));
        swap(loader->order, i, loader->partners[i]);
    }
    loader->swapped = true;
}

static void order_epoch(struct loader *loader)
{
    struct rng rng;
    rng_init(&rng, loader->seed, RNG_STREAM_SHUFFLE + (uint64_t)loader->epoch);
    switch (loader->batching) {
    case BATCHING_SHUFFLED:
        shuffle(loader, &rng);
        break;
    case BATCHING_ONE_BATCH:
        draw_batch(loader, &rng);
        break;
    case BATCHING_SEQUENTIAL:
    case BATCHING_SORTED:
        break;
    }
}

const uint32_t *loader_next(struct loader *loader, size_t *count)
{
    if (loader->batch == loader_batches_per_epoch(loader)) {
        loader->epoch++;
        loader->batch = 0;
        loader->fresh = false;
    }
    if (!loader->fresh)
        order_epoch(loader);
    loader->fresh = true;
    size_t first = (size_t)loader->batch * loader->batch_size;
    size_t rest = loader->count - first;
    *count = rest < loader->batch_size ? rest : loader->batch_size;
    loader->batch++;
    return loader->order + first;
}

void loader_seek(struct loader *loader, int64_t epoch, int64_t batch)
{
    loader->epoch = epoch;
    loader->batch = batch;
    loader->fresh = false;
}

int64_t loader_batches_per_epoch(const struct loader *loader)
{
    if (loader->batching == BATCHING_ONE_BATCH)
        return 1;
    return (int64_t)((loader->count + loader->batch_size - 1) / loader->batch_size);
}

size_t loader_train_count(const struct loader *loader)
{
    return loader->count;
}

const uint32_t *loader_training(const struct loader *loader, size_t *count)
{
    *count = loader->count;
    return loader->rows;
}

const uint32_t *loader_validation(const struct loader *loader, size_t *count)
{
    *count = loader->validation_count;
    return loader->validation;
}
