#include "engine/train/probe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/loader.h"
#include "engine/train/activity.h"

#define PROBE_SAMPLES 1024
#define PROBE_BATCHES 16
#define PROBE_PAUSE   40
#define PROBE_GROWTH  4
/* Of one layer's activations this many go into the histogram: whole rows from the first.
 */
#define PROBE_VALUES ((size_t)1 << 18)

/* One layer over the batches so far. */
struct layer_sums {
    struct activity activity;
    float *values; /* (kept_rows, outputs) for the histogram */
    size_t kept, kept_rows;
};

struct probe {
    uint32_t rows[PROBE_SAMPLES];
    size_t batches, batch; /* their number, and the rows of each */
    float *pooled;         /* sum of the batches' gradients */
    struct layer_sums layers[MLP_MAX_LAYERS];
};

/* Selection sampling (Knuth, TAOCP 2, algorithm S), then in random order, so that every
 * batch is a fair one. */
static void draw_rows(struct probe *probe, const struct trainer *trainer, size_t wanted)
{
    size_t count, taken = 0;
    const uint32_t *rows = loader_training(trainer->loader, &count);
    struct rng rng;
    rng_init(&rng, (uint64_t)trainer->config.seed, RNG_STREAM_PROBE);
    for (size_t i = 0; i < count && taken < wanted; i++)
        if (rng_below(&rng, count - i) < wanted - taken)
            probe->rows[taken++] = rows[i];
    for (size_t i = wanted; i-- > 1;) {
        size_t j = (size_t)rng_below(&rng, i + 1);
        uint32_t kept = probe->rows[i];
        probe->rows[i] = probe->rows[j];
        probe->rows[j] = kept;
    }
}

static bool new_sums(struct layer_sums *sums, enum activation activation,
                     const struct mlp_layer *layer, size_t samples)
{
    size_t most = PROBE_VALUES / layer->outputs;
    sums->kept_rows = samples < most ? samples : most;
    sums->values = malloc(sums->kept_rows * layer->outputs * sizeof *sums->values);
    return activity_init(&sums->activity, activation, layer->outputs) && sums->values;
}

enum engine_status probe_new(const struct trainer *trainer, struct probe **out)
{
    size_t count = loader_train_count(trainer->loader);
    size_t wanted = count < PROBE_SAMPLES ? count : PROBE_SAMPLES;
    struct probe *probe = calloc(1, sizeof *probe);
    if (probe == NULL)
        return ENGINE_NO_MEMORY;
    probe->batches = wanted < PROBE_BATCHES ? wanted : PROBE_BATCHES;
    probe->batch = wanted / probe->batches;
    probe->pooled = malloc(mlp_size(trainer->mlp) * sizeof *probe->pooled);
    bool made = probe->pooled != NULL;
    for (size_t i = 0; i < mlp_layer_count(trainer->mlp) && made; i++)
        made = new_sums(&probe->layers[i], (enum activation)trainer->config.activation,
                        mlp_layer(trainer->mlp, i), wanted);
    if (!made) {
        probe_free(probe);
        return ENGINE_NO_MEMORY;
    }
    draw_rows(probe, trainer, wanted);
    *out = probe;
    return ENGINE_OK;
}

void probe_free(struct probe *probe)
{
    if (probe == NULL)
        return;
    for (size_t i = 0; i < MLP_MAX_LAYERS; i++) {
        activity_clear(&probe->layers[i].activity);
        free(probe->layers[i].values);
    }
    free(probe->pooled);
    free(probe);
}

bool probe_is_due(const struct trainer *trainer)
{
    const struct train_state *state = &trainer->state;
    const struct probe *probe = trainer->probe;
    if (probe == NULL)
        return false;
    int64_t pause = PROBE_PAUSE * (int64_t)(probe->batches * probe->batch);
    return state->points == 0 || state->samples - state->probe_samples >= pause ||
           state->samples >= PROBE_GROWTH * state->probe_samples;
}

/* --- activations ------------------------------------------------------------------- */

static void keep_rows(struct layer_sums *sums, const float *values, size_t rows,
                      size_t outputs)
{
    size_t room = sums->kept_rows - sums->kept;
    size_t taken = rows < room ? rows : room;
    memcpy(sums->values + sums->kept * outputs, values,
           taken * outputs * sizeof *sums->values);
    sums->kept += taken;
}

/* values: (rows, outputs) */
static void add_activations(struct layer_sums *sums, const float *values, size_t rows)
{
    activity_add(&sums->activity, values, rows);
    keep_rows(sums, values, rows, sums->activity.outputs);
}

static void reset_sums(struct layer_sums *sums)
{
    activity_reset(&sums->activity);
    sums->kept = 0;
}

static void describe_layer(const struct trainer *trainer, size_t index,
                           struct layer_stats *stats)
{
    const struct layer_sums *sums = &trainer->probe->layers[index];
    const struct mlp_layer *layer = mlp_layer(trainer->mlp, index);
    const float *weights = mlp_parameters(trainer->mlp) + layer->weight_offset;
    size_t weight_count = layer->inputs * layer->outputs;
    stats->probed = true;
    stats->activation_mean = activity_mean(&sums->activity);
    stats->activation_deviation = activity_deviation(&sums->activity);
    if (index + 1 < mlp_layer_count(trainer->mlp)) {
        stats->dead_fraction = activity_dead(&sums->activity);
        stats->saturated_fraction = activity_saturated(&sums->activity);
    }
    stats->weights = histogram_of(weights, weight_count);
    stats->gradients =
        histogram_of(trainer->probe->pooled + layer->weight_offset, weight_count);
    stats->activations = histogram_of(sums->values, sums->kept * layer->outputs);
}

/* --- gradients --------------------------------------------------------------------- */

/* The unbiased estimates of appendix A.1 from the squared norms of gradients of batches
 * of `small` rows (their mean) and of all of them pooled (`big` rows). */
static struct noise_scale estimate_noise(double small, double small_square, double big,
                                         double big_square)
{
    struct noise_scale noise = {NAN, NAN, NAN};
    double squared = (big * big_square - small * small_square) / (big - small);
    double variance = (small_square - big_square) / (1 / small - 1 / big);
    if (!isfinite(squared) || !isfinite(variance))
        return noise;
    noise.gradient_squared = squared;
    noise.gradient_variance = variance;
    if (squared > 0)
        noise.scale = variance / squared;
    return noise;
}

/* Sends batch `index` through the network; returns its gradient's squared norm. */
static double probe_batch(struct trainer *trainer, size_t index)
{
    struct probe *probe = trainer->probe;
    const float *gradients = mlp_gradients(trainer->mlp);
    size_t size = mlp_size(trainer->mlp);
    trainer_load(trainer, &trainer->view.train, probe->rows + index * probe->batch,
                 probe->batch);
    mlp_gradient(trainer->mlp, trainer->labels, probe->batch);
    for (size_t i = 0; i < mlp_layer_count(trainer->mlp); i++)
        add_activations(&probe->layers[i], mlp_activations(trainer->mlp, i),
                        probe->batch);
    for (size_t i = 0; i < size; i++)
        probe->pooled[i] += gradients[i];
    double norm = optimizer_norm(gradients, size);
    return norm * norm;
}

void probe_take(struct trainer *trainer)
{
    struct probe *probe = trainer->probe;
    size_t size = mlp_size(trainer->mlp);
    double small_square = 0, batches = (double)probe->batches;
    memset(probe->pooled, 0, size * sizeof *probe->pooled);
    for (size_t i = 0; i < mlp_layer_count(trainer->mlp); i++)
        reset_sums(&probe->layers[i]);
    for (size_t i = 0; i < probe->batches; i++)
        small_square += probe_batch(trainer, i) / batches;
    for (size_t i = 0; i < size; i++)
        probe->pooled[i] /= (float)batches;
    double norm = optimizer_norm(probe->pooled, size), small = (double)probe->batch;
    trainer->noise = estimate_noise(small, small_square, small * batches, norm * norm);
    for (size_t i = 0; i < mlp_layer_count(trainer->mlp); i++)
        describe_layer(trainer, i, &trainer->layers[i]);
    trainer->gradient_step = 0; /* the mlp no longer holds the last step's */
    trainer->state.probe_samples = trainer->state.samples;
}
