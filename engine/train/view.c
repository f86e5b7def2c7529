#include "engine/train/view.h"

#include <stdlib.h>
#include <string.h>

#include "engine/autograd/rng.h"

/* Fisher and Yates: every class keeps its count, and says nothing about its samples. */
static void permute(uint8_t *labels, size_t count, uint64_t seed)
{
    struct rng rng;
    rng_init(&rng, seed, RNG_STREAM_LABELS);
    for (size_t i = count; i-- > 1;) {
        size_t j = (size_t)rng_below(&rng, i + 1);
        uint8_t kept = labels[i];
        labels[i] = labels[j];
        labels[j] = kept;
    }
}

enum engine_status dataset_view_open(const struct train_config *config,
                                     const struct dataset *dataset,
                                     struct dataset_view *view)
{
    *view = (struct dataset_view){
        .info = dataset->info, .train = dataset->train, .test = dataset->test};
    view->train.raw = view->test.raw = config->inputs == INPUTS_RAW;
    if (config->labels == LABELS_TRUE)
        return ENGINE_OK;
    size_t count = dataset->train.count;
    view->labels = calloc(count, 1);
    if (view->labels == NULL)
        return ENGINE_NO_MEMORY;
    if (config->labels == LABELS_PERMUTED) {
        memcpy(view->labels, dataset->train.labels, count);
        permute(view->labels, count, (uint64_t)config->seed);
    }
    view->train.labels = view->labels;
    return ENGINE_OK;
}

void dataset_view_close(struct dataset_view *view)
{
    free(view->labels);
    view->labels = NULL;
}

enum engine_status dataset_view_load(const struct train_config *config,
                                     const struct dataset_view *view, struct loader **out)
{
    struct loader_options options = {
        .batching = (enum batching)config->batching,
        .seed = (uint64_t)config->seed,
        .sample_count = (size_t)(config_train_count(config) + config->validation_samples),
        .validation_count = (size_t)config->validation_samples,
        .batch_size = (size_t)config->batch_size,
        .labels = view->train.labels,
    };
    if (options.sample_count > view->train.count)
        return ENGINE_INVALID;
    return loader_new(&options, out);
}
