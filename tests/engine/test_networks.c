/* The two engines held to each other: the same losses, gradients, activations and dropped
 * units, for every activation and loss, at batches below, at and above the lanes. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/nn/mlp.h"
#include "engine/nn/optimizer.h"

enum { MAX_ROWS = 40 };

struct pair {
    struct mlp *tensor, *scalar;
    uint8_t labels[MAX_ROWS];
};

static struct mlp *new_mlp(struct mlp_shape shape, enum engine_kind engine)
{
    struct mlp *mlp = NULL;
    shape.engine = engine;
    assert_int_equal(mlp_new(&shape, MAX_ROWS, &mlp), ENGINE_OK);
    return mlp;
}

/* Both from one seed, over the same batch. */
static void open_pair(struct pair *pair, const struct mlp_shape *shape)
{
    size_t classes = shape->outputs == 1 ? 2 : shape->outputs;
    struct mlp *both[2] = {pair->tensor = new_mlp(*shape, ENGINE_KIND_TENSOR),
                           pair->scalar = new_mlp(*shape, ENGINE_KIND_SCALAR)};
    for (size_t i = 0; i < 2; i++) {
        struct rng rng;
        rng_init(&rng, 5, 0);
        mlp_initialise(both[i], INIT_XAVIER, &rng);
        for (size_t k = 0; k < MAX_ROWS * shape->inputs; k++)
            mlp_inputs(both[i])[k] = (float)rng_uniform(&rng, -2, 2);
        for (size_t k = 0; k < MAX_ROWS; k++)
            pair->labels[k] = (uint8_t)rng_below(&rng, classes);
    }
}

static void close_pair(struct pair *pair)
{
    mlp_free(pair->tensor);
    mlp_free(pair->scalar);
}

/* Each element to 1e-5 of the largest: sums in another order differ by what cancels. */
static void expect_close(const float *a, const float *b, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs((double)a[i]));
    assert_true(largest > 0);
    for (size_t i = 0; i < count; i++)
        if (!(fabs((double)a[i] - b[i]) <= 1e-5 * largest))
            fail_msg("element %zu: %.9g and %.9g", i, (double)a[i], (double)b[i]);
}

static void expect_same(struct pair *pair, size_t rows, uint64_t key)
{
    struct mlp_result a = mlp_gradient_dropped(pair->tensor, pair->labels, rows, key);
    struct mlp_result b = mlp_gradient_dropped(pair->scalar, pair->labels, rows, key);
    assert_int_equal(a.correct, b.correct);
    assert_int_equal(b.rows, rows);
    assert_true(fabs(a.loss_sum - b.loss_sum) <= 1e-5 * a.loss_sum);
    expect_close(mlp_gradients(pair->tensor), mlp_gradients(pair->scalar),
                 mlp_size(pair->tensor));
    for (size_t i = 0; i < mlp_layer_count(pair->tensor); i++)
        expect_close(mlp_activations(pair->tensor, i), mlp_activations(pair->scalar, i),
                     rows * mlp_layer(pair->tensor, i)->outputs);
}

static void test_same_gradients(void **context)
{
    (void)context;
    static const size_t rows[] = {1, 2, 16, 17, 40, 1};
    struct mlp_shape shape = {
        .inputs = 5, .outputs = 3, .hidden = {7, 6},
                .hidden_count = 2, .dropout = 0.4
    };
    for (enum loss loss = LOSS_CROSS_ENTROPY; loss <= LOSS_HINGE; loss++)
        for (enum activation a = ACTIVATION_RELU; a <= ACTIVATION_LINEAR; a++) {
            struct pair pair;
            shape.loss = loss;
            shape.activation = a;
            open_pair(&pair, &shape);
            for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
                expect_same(&pair, rows[i], i % 2 ? 77 + i : 0);
            close_pair(&pair);
        }
}

/* A single output: micrograd's demo. */
static void test_same_with_one_output(void **context)
{
    (void)context;
    struct mlp_shape shape = {
        .inputs = 2, .outputs = 1, .hidden = {16, 16},
                .hidden_count = 2
    };
    for (enum loss loss = LOSS_MSE; loss <= LOSS_HINGE; loss++) {
        struct pair pair;
        shape.loss = loss;
        open_pair(&pair, &shape);
        expect_same(&pair, 40, 0);
        close_pair(&pair);
    }
}

/* Pictures: mostly zeros, so that the tensor engine multiplies sparsely. */
static void test_same_on_mostly_zeros(void **context)
{
    (void)context;
    const struct mlp_shape shape = {
        .inputs = 784, .outputs = 10, .hidden = {80}, .hidden_count = 1};
    struct pair pair;
    open_pair(&pair, &shape);
    for (size_t i = 0; i < MAX_ROWS * 784; i++)
        if (i % 7 != 0)
            mlp_inputs(pair.tensor)[i] = mlp_inputs(pair.scalar)[i] = 0;
    expect_same(&pair, 40, 0);
    expect_same(&pair, 1, 0);
    close_pair(&pair);
}

/* The largest output keeps e^x from overflowing. */
static void test_large_outputs_stay_finite(void **context)
{
    (void)context;
    const struct mlp_shape shape = {.inputs = 2, .outputs = 3};
    struct pair pair;
    open_pair(&pair, &shape);
    for (size_t i = 0; i < mlp_size(pair.scalar); i++)
        mlp_parameters(pair.scalar)[i] *= 1000;
    for (size_t i = 0; i < mlp_size(pair.tensor); i++)
        mlp_parameters(pair.tensor)[i] *= 1000;
    expect_same(&pair, 16, 0);
    close_pair(&pair);
}

/* About the share that is asked for falls out, other units each time, and the mean stays;
 * without a key nothing does. */
static void test_dropout_drops_its_share(void **context)
{
    (void)context;
    const struct mlp_shape shape = {.inputs = 1,
                                    .outputs = 1,
                                    .hidden = {4000},
                                    .hidden_count = 1,
                                    .loss = LOSS_MSE,
                                    .dropout = 0.25};
    struct mlp *mlp = new_mlp(shape, ENGINE_KIND_TENSOR);
    const uint8_t label = 1;
    const struct mlp_layer *out = mlp_layer(mlp, 1);
    float *w = mlp_parameters(mlp);
    mlp_inputs(mlp)[0] = 1;
    for (size_t i = 0; i < 4000; i++)
        w[mlp_layer(mlp, 0)->weight_offset + i] = w[out->weight_offset + i] = 1;
    mlp_evaluate(mlp, &label, 1);
    assert_true(mlp_activations(mlp, 1)[0] == 4000);
    double first = 0;
    for (uint64_t key = 1; key <= 20; key++) {
        mlp_gradient_dropped(mlp, &label, 1, key << 40 | key);
        double kept = (double)mlp_activations(mlp, 1)[0] * 0.75;
        assert_true(kept > 2850 && kept < 3150); /* 5 deviations of 27 about 3000 */
        assert_true(key == 1 || kept != first || key > 2);
        first = kept;
    }
    mlp_free(mlp);
}

static void test_nan_shows_in_both(void **context)
{
    (void)context;
    const struct mlp_shape shape = {
        .inputs = 4, .outputs = 3, .hidden = {6}, .hidden_count = 1};
    struct pair pair;
    open_pair(&pair, &shape);
    mlp_inputs(pair.scalar)[3] = NAN;
    assert_true(isnan(mlp_gradient(pair.scalar, pair.labels, 5).loss_sum));
    assert_true(isnan(optimizer_norm(mlp_gradients(pair.scalar), mlp_size(pair.scalar))));
    close_pair(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_gradients),
        cmocka_unit_test(test_same_with_one_output),
        cmocka_unit_test(test_same_on_mostly_zeros),
        cmocka_unit_test(test_large_outputs_stay_finite),
        cmocka_unit_test(test_dropout_drops_its_share),
        cmocka_unit_test(test_nan_shows_in_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
