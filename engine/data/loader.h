/* The batch iterator: which rows make up each step's batch.
 *
 * An epoch's order depends on nothing but the seed and the epoch's number, so a position
 * is two integers and a checkpoint needs no permutation. */
#ifndef ENGINE_DATA_LOADER_H
#define ENGINE_DATA_LOADER_H

#include <stddef.h>
#include <stdint.h>

#include "engine/status.h"

enum batching {
    BATCHING_SHUFFLED,
    BATCHING_SEQUENTIAL,
    BATCHING_ONE_BATCH,
    BATCHING_SORTED, /* class by class, as a folder of pictures for each would give */
};

/* The uses of one seed, for `rng_init`; they must not collide. */
enum rng_stream {
    RNG_STREAM_INIT = 0,
    RNG_STREAM_SPLIT = 1,
    RNG_STREAM_PROBE = 2,
    RNG_STREAM_DROPOUT = 3, /* its numbers are taken by step */
    RNG_STREAM_LABELS = 4,
    RNG_STREAM_SHUFFLE = 1 << 16, /* + epoch */
};

struct loader_options {
    enum batching batching;
    uint64_t seed;
    size_t sample_count; /* rows 0 .. sample_count-1 of the training split are used, */
    size_t validation_count; /* of which so many, drawn by the seed, are held out */
    size_t batch_size;
    const uint8_t *labels; /* (sample_count): sorted goes by them; else not looked at */
};

struct loader;

/* ENGINE_INVALID if no sample is left to train on, or sorted has no labels to go by. Free
 * with `loader_free`. */
ENGINE_MUST_CHECK enum engine_status loader_new(const struct loader_options *options,
                                                struct loader **out);
void loader_free(struct loader *loader);

/* Rows of the next batch, valid until the next call; moves on to the next epoch when one
 * is through. Shuffled and sequential visit every sample once an epoch, the last batch
 * being short, as does sorted; one_batch's epoch is a single batch drawn without
 * replacement. */
const uint32_t *loader_next(struct loader *loader, size_t *count);

/* Goes to batch `batch` of epoch `epoch` (both from 0); costs one shuffle. */
void loader_seek(struct loader *loader, int64_t epoch, int64_t batch);

int64_t loader_batches_per_epoch(const struct loader *loader);
size_t loader_train_count(const struct loader *loader);
/* The rows that are trained on, ascending. Owned by the loader. */
const uint32_t *loader_training(const struct loader *loader, size_t *count);
/* The held-out rows, ascending; `count` may be 0. Owned by the loader. */
const uint32_t *loader_validation(const struct loader *loader, size_t *count);

#endif
