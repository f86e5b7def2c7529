/* Ten steps of a small network as PyTorch takes them: every optimizer under every
 * schedule, with and without warm-up and clipping, by each engine. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <string.h>

#include "engine/nn/mlp.h"
#include "engine/nn/optimizer.h"
#include "engine/nn/schedule.h"
#include "tests/engine/pattern.h"

/* What make_training.py has. */
enum {
    INPUTS = 5,
    HIDDEN = 8,
    OUTPUTS = 3,
    ROWS = 6,
    STEPS = 10,
    WEIGHTS = INPUTS * HIDDEN + HIDDEN + HIDDEN * OUTPUTS + OUTPUTS,
    EVERY = 4, /* one weight in so many was kept */
    PICKED = (WEIGHTS + EVERY - 1) / EVERY,
};

struct golden {
    struct optimizer_options options;
    double lr, clip; /* 0: no clipping */
    enum schedule_kind schedule;
    int64_t warmup;
    double loss; /* mean, of the last step */
    double largest, norm, picked[PICKED];
};

static const struct golden goldens[] = {
#include "tests/golden/training.inc"
};
static const size_t golden_count = sizeof goldens / sizeof *goldens;

/* The same network in each engine. */
struct engine_case {
    const char *name;
    struct mlp_shape shape;
};

#define NETWORK                                                                          \
    .inputs = INPUTS, .outputs = OUTPUTS, .hidden = {HIDDEN}, .hidden_count = 1,         \
    .activation = ACTIVATION_TANH, .loss = LOSS_CROSS_ENTROPY

static struct engine_case engines[] = {
    {.name = "tensor", .shape = {NETWORK}                              },
    {.name = "scalar", .shape = {NETWORK, .engine = ENGINE_KIND_SCALAR}},
};
static const size_t engine_count = sizeof engines / sizeof *engines;

static void fill_parameters(struct mlp *mlp)
{
    for (size_t i = 0; i < mlp_layer_count(mlp); i++) {
        const struct mlp_layer *layer = mlp_layer(mlp, i);
        double size = 1 / sqrt((double)layer->inputs);
        pattern_fill(mlp_parameters(mlp) + layer->weight_offset,
                     layer->inputs * layer->outputs, 2 * i + 1, size);
        pattern_fill(mlp_parameters(mlp) + layer->bias_offset, layer->outputs, 2 * i + 2,
                     size);
    }
}

/* Every step has a batch of its own. */
static void fill_batch(struct mlp *mlp, size_t step, uint8_t *labels)
{
    pattern_fill(mlp_inputs(mlp), (size_t)ROWS * INPUTS, 100 + step, 2);
    for (size_t i = 0; i < ROWS; i++)
        labels[i] = (uint8_t)((2 * i + step) % OUTPUTS);
}

/* One step, as the trainer takes it; returns the mean loss before it. */
static double step(struct mlp *mlp, struct optimizer *optimizer, const struct golden *g,
                   int64_t number)
{
    uint8_t labels[ROWS];
    fill_batch(mlp, (size_t)number, labels);
    struct mlp_result result = mlp_gradient(mlp, labels, ROWS);
    if (g->clip > 0)
        optimizer_clip(mlp_gradients(mlp), mlp_size(mlp), g->clip);
    double rate = schedule_rate(g->schedule, g->lr, number, STEPS, g->warmup);
    optimizer_step(optimizer, mlp_parameters(mlp), mlp_gradients(mlp), rate, number + 1);
    return result.loss_sum / (double)result.rows;
}

/* Weight, bias, weight, bias in a row, without the padding between them. */
static void gather(struct mlp *mlp, float *out)
{
    for (size_t i = 0; i < mlp_layer_count(mlp); i++) {
        const struct mlp_layer *layer = mlp_layer(mlp, i);
        size_t count = layer->inputs * layer->outputs;
        memcpy(out, mlp_parameters(mlp) + layer->weight_offset, count * sizeof *out);
        out += count;
        memcpy(out, mlp_parameters(mlp) + layer->bias_offset,
               layer->outputs * sizeof *out);
        out += layer->outputs;
    }
}

static void expect_near(double value, double expected, double bound, const char *what,
                        const struct golden *g)
{
    if (!(fabs(value - expected) <= bound))
        fail_msg("golden %zd (optimizer %d, schedule %d, warm-up %d), %s: %.9g, not %.9g",
                 g - goldens, g->options.kind, g->schedule, (int)g->warmup, what, value,
                 expected);
}

/* To 1e-5 of the largest weight. */
static void expect_weights(const float *w, const struct golden *g)
{
    for (size_t i = 0; i < PICKED; i++)
        expect_near(w[i * EVERY], g->picked[i], 1e-5 * g->largest, "weight", g);
    expect_near(optimizer_norm(w, WEIGHTS), g->norm, 1e-5 * g->norm, "norm", g);
}

static void follow(const struct engine_case *engine, const struct golden *g)
{
    struct mlp *mlp = NULL;
    struct optimizer *optimizer = NULL;
    float weights[WEIGHTS];
    double loss = NAN;
    assert_int_equal(mlp_new(&engine->shape, ROWS, &mlp), ENGINE_OK);
    assert_int_equal(optimizer_new(&g->options, mlp_size(mlp), &optimizer), ENGINE_OK);
    fill_parameters(mlp);
    for (int64_t number = 0; number < STEPS; number++)
        loss = step(mlp, optimizer, g, number);
    expect_near(loss, g->loss, 1e-5 * g->loss, "loss", g);
    gather(mlp, weights);
    expect_weights(weights, g);
    optimizer_free(optimizer);
    mlp_free(mlp);
}

static void test_follows_pytorch(void **context)
{
    const struct engine_case *engine = *context;
    for (size_t i = 0; i < golden_count; i++)
        follow(engine, &goldens[i]);
}

/* Eleven optimizers, five schedules, two warm-ups: none fell out of the file. */
static void test_goldens_are_complete(void **context)
{
    (void)context;
    size_t found[SCHEDULE_ONE_CYCLE + 1][2] = {0};
    for (size_t i = 0; i < golden_count; i++)
        found[goldens[i].schedule][goldens[i].warmup > 0]++;
    for (size_t i = 0; i <= SCHEDULE_ONE_CYCLE; i++)
        assert_true(found[i][0] == 11 && found[i][1] == 11);
}

int main(void)
{
    struct CMUnitTest tests[1 + sizeof engines / sizeof *engines] = {
        cmocka_unit_test(test_goldens_are_complete),
    };
    for (size_t i = 0; i < engine_count; i++)
        tests[1 + i] = (struct CMUnitTest){.name = engines[i].name,
                                           .test_func = test_follows_pytorch,
                                           .initial_state = &engines[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
