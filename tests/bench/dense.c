/* The rate at which 784-128-10 trains on dense inputs, where no product can be skipped:
 * random pixels from 1 to 255, each step gathered, differentiated and taken with SGD as
 * the trainer does. Prints GFLOP/s of the matrix products alone: 2 m n k for each layer's
 * output and weight gradient, and for the input gradient of all layers but the first.
 *
 *   dense BATCH [SECONDS]    1 second unless told */
#include <stdio.h>
#include <stdlib.h>

#include "engine/data/dataset.h"
#include "engine/nn/mlp.h"
#include "engine/nn/optimizer.h"
#include "engine/train/stopwatch.h"

enum { INPUTS = 784, CLASSES = 10, ROWS = 16384 };

struct bench {
    struct dataset_split split; /* (ROWS, INPUTS) random pixels, 12 MB */
    struct mlp *mlp;
    struct optimizer *optimizer;
    uint32_t *rows; /* of one batch */
    uint8_t *labels;
    size_t batch;
    struct rng rng;
    int64_t steps;
};

static void fill_split(struct dataset_split *split, struct rng *rng)
{
    uint8_t *pixels = malloc((size_t)ROWS * INPUTS), *labels = malloc(ROWS);
    *split = (struct dataset_split){.count = ROWS, .pixels = pixels, .labels = labels};
    for (size_t i = 0; pixels && i < (size_t)ROWS * INPUTS; i++)
        pixels[i] = (uint8_t)(1 + rng_next(rng) % 255);
    for (size_t i = 0; labels && i < ROWS; i++)
        labels[i] = (uint8_t)rng_below(rng, CLASSES);
}

static void take_step(struct bench *bench)
{
    for (size_t i = 0; i < bench->batch; i++)
        bench->rows[i] = (uint32_t)(rng_next(&bench->rng) % ROWS);
    dataset_gather(&bench->split, INPUTS, bench->rows, bench->batch,
                   mlp_inputs(bench->mlp), bench->labels);
    mlp_gradient(bench->mlp, bench->labels, bench->batch);
    optimizer_step(bench->optimizer, mlp_parameters(bench->mlp),
                   mlp_gradients(bench->mlp), 0.01, ++bench->steps);
}

static double flops_per_step(const struct bench *bench)
{
    double flops = 0;
    for (size_t i = 0; i < mlp_layer_count(bench->mlp); i++) {
        const struct mlp_layer *layer = mlp_layer(bench->mlp, i);
        double product = 2.0 * (double)(bench->batch * layer->inputs * layer->outputs);
        flops += product * (i == 0 ? 2 : 3);
    }
    return flops;
}

static double measure(struct bench *bench, double seconds)
{
    struct stopwatch watch;
    stopwatch_start(&watch);
    int64_t before = bench->steps;
    double elapsed = 0;
    while (elapsed < seconds) {
        take_step(bench);
        elapsed = stopwatch_elapsed(&watch);
    }
    return 1e-9 * flops_per_step(bench) * (double)(bench->steps - before) / elapsed;
}

static bool open_bench(struct bench *bench, size_t batch)
{
    struct mlp_shape shape = {
        .inputs = INPUTS, .outputs = CLASSES, .hidden = {128}, .hidden_count = 1};
    struct optimizer_options options = {.kind = OPTIMIZER_SGD};
    bench->batch = batch;
    bench->rows = calloc(batch, sizeof *bench->rows);
    bench->labels = calloc(batch, 1);
    rng_init(&bench->rng, 1, 1);
    fill_split(&bench->split, &bench->rng);
    if (!bench->rows || !bench->labels || !bench->split.pixels || !bench->split.labels ||
        mlp_new(&shape, batch, &bench->mlp) != ENGINE_OK)
        return false;
    mlp_initialise(bench->mlp, INIT_TORCH, &bench->rng);
    return optimizer_new(&options, mlp_size(bench->mlp), &bench->optimizer) == ENGINE_OK;
}

static void close_bench(struct bench *bench)
{
    optimizer_free(bench->optimizer);
    mlp_free(bench->mlp);
    free((void *)bench->split.pixels);
    free((void *)bench->split.labels);
    free(bench->rows);
    free(bench->labels);
}

int main(int count, char **words)
{
    int batch = count > 1 ? atoi(words[1]) : 0;
    double seconds = count > 2 ? atof(words[2]) : 1;
    if (batch < 1 || batch > ROWS || seconds <= 0) {
        fputs("usage: dense BATCH [SECONDS]\n", stderr);
        return 2;
    }
    struct bench bench = {0};
    bool opened = open_bench(&bench, (size_t)batch);
    if (opened) {
        measure(&bench, seconds / 4); /* warms up */
        printf("%.2f\n", measure(&bench, seconds));
    }
    close_bench(&bench);
    return opened ? 0 : 1;
}
