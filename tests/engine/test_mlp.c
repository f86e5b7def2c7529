/* Networks whole: losses and gradients against PyTorch's, buffers, layouts, same bits. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "engine/nn/mlp.h"
#include "engine/nn/optimizer.h"
#include "tests/engine/pattern.h"

struct tensor {
    double norm;
    size_t step, count; /* every step-th gradient was kept */
    double picked[40];
};

struct golden {
    struct mlp_shape shape;
    double scale; /* of the parameters, beside 1 / sqrt(inputs) */
    size_t rows;
    double loss_sum;
    size_t correct;
    struct tensor tensors[2 * MLP_MAX_LAYERS]; /* weight, bias, weight, ... */
};

static const struct golden goldens[] = {
#include "tests/golden/mlp.inc"
};
static const size_t golden_count = sizeof goldens / sizeof *goldens;

static struct mlp *new_mlp(const struct mlp_shape *shape, size_t max_rows)
{
    struct mlp *mlp = NULL;
    assert_int_equal(mlp_new(shape, max_rows, &mlp), ENGINE_OK);
    return mlp;
}

/* What make_mlp.py has: parameters, inputs and labels by their patterns. */
static void fill(struct mlp *mlp, double scale, size_t rows, uint8_t *labels)
{
    size_t layers = mlp_layer_count(mlp);
    size_t outputs = mlp_layer(mlp, layers - 1)->outputs;
    size_t classes = outputs > 1 ? outputs : 2; /* one output tells two apart */
    for (size_t i = 0; i < layers; i++) {
        const struct mlp_layer *layer = mlp_layer(mlp, i);
        double size = scale / sqrt((double)layer->inputs);
        pattern_fill(mlp_parameters(mlp) + layer->weight_offset,
                     layer->inputs * layer->outputs, 2 * i + 1, size);
        pattern_fill(mlp_parameters(mlp) + layer->bias_offset, layer->outputs, 2 * i + 2,
                     size);
    }
    pattern_fill(mlp_inputs(mlp), rows * mlp_layer(mlp, 0)->inputs, 0, 1);
    for (size_t i = 0; i < rows; i++)
        labels[i] = (uint8_t)(3 * i % classes);
}

/* To 1e-5 of the tensor's norm, and each element to 1e-5 of itself beside that of the
 * largest: sums in another order differ by what cancels in them. */
static void expect_tensor(const float *x, size_t count, const struct tensor *expected)
{
    double norm = optimizer_norm(x, count), largest = 0;
    assert_true(fabs(norm - expected->norm) <= 1e-5 * expected->norm);
    for (size_t i = 0; i < expected->count; i++)
        largest = fmax(largest, fabs(expected->picked[i]));
    for (size_t i = 0; i < expected->count; i++)
        if (!(fabs(x[i * expected->step] - expected->picked[i]) <= 1e-5 * largest))
            fail_msg("gradient %zu: %.9g, not %.9g", i * expected->step,
                     (double)x[i * expected->step], expected->picked[i]);
}

static void expect_golden(struct mlp *mlp, const struct golden *g,
                          struct mlp_result result)
{
    const float *gradients = mlp_gradients(mlp);
    assert_int_equal(result.rows, g->rows);
    assert_int_equal(result.correct, g->correct);
    assert_true(fabs(result.loss_sum - g->loss_sum) <= 1e-5 * g->loss_sum);
    for (size_t i = 0; i < mlp_layer_count(mlp); i++) {
        const struct mlp_layer *layer = mlp_layer(mlp, i);
        expect_tensor(gradients + layer->weight_offset, layer->inputs * layer->outputs,
                      &g->tensors[2 * i]);
        expect_tensor(gradients + layer->bias_offset, layer->outputs,
                      &g->tensors[2 * i + 1]);
    }
}

/* Compiled for more rows than come, and asked twice: gradients do not add up. */
static void test_gradients_as_pytorch(void **context)
{
    const enum engine_kind *engine = *context;
    uint8_t labels[64];
    for (size_t i = 0; i < golden_count; i++) {
        const struct golden *g = &goldens[i];
        struct mlp_shape shape = g->shape;
        shape.engine = *engine;
        struct mlp *mlp = new_mlp(&shape, g->rows + 3);
        fill(mlp, g->scale, g->rows, labels);
        expect_golden(mlp, g, mlp_gradient(mlp, labels, g->rows));
        expect_golden(mlp, g, mlp_gradient(mlp, labels, g->rows));
        struct mlp_result result = mlp_evaluate(mlp, labels, g->rows);
        assert_int_equal(result.correct, g->correct);
        assert_true(fabs(result.loss_sum - g->loss_sum) <= 1e-5 * g->loss_sum);
        mlp_free(mlp);
    }
}

static void test_forward_gives_the_logits(void **context)
{
    (void)context;
    const struct mlp_shape shape = {.inputs = 2, .outputs = 2};
    struct mlp *mlp = new_mlp(&shape, 2);
    const float weight[] = {1, 2, 3, 4}, x[] = {1, 10, 5, 6};
    const float expected[] = {31.5f, 42, 23.5f, 34};
    memcpy(mlp_parameters(mlp) + mlp_layer(mlp, 0)->weight_offset, weight, sizeof weight);
    mlp_parameters(mlp)[mlp_layer(mlp, 0)->bias_offset] = 0.5f;
    memcpy(mlp_inputs(mlp), x, sizeof x);
    assert_memory_equal(mlp_forward(mlp, 2), expected, sizeof expected);
    mlp_free(mlp);
}

static void test_layers_do_not_overlap(void **context)
{
    (void)context;
    const struct mlp_shape shape = {
        .inputs = 3, .outputs = 2, .hidden = {5, 7},
                .hidden_count = 2
    };
    struct mlp *mlp = new_mlp(&shape, 1);
    size_t end = 0;
    assert_int_equal(mlp_layer_count(mlp), 3);
    for (size_t i = 0; i < 3; i++) {
        const struct mlp_layer *layer = mlp_layer(mlp, i);
        assert_true(layer->weight_offset >= end);
        assert_int_equal(layer->weight_offset % 16, 0);
        end = layer->weight_offset + layer->inputs * layer->outputs;
        assert_true(layer->bias_offset >= end);
        assert_int_equal(layer->bias_offset % 16, 0);
        end = layer->bias_offset + layer->outputs;
    }
    assert_true(mlp_size(mlp) >= end);
    assert_int_equal(mlp_parameter_count(&shape), 4 * 5 + 6 * 7 + 8 * 2);
    assert_int_equal((uintptr_t)mlp_inputs(mlp) % 64, 0);
    mlp_free(mlp);
}

static void test_export_is_pytorchs_layout(void **context)
{
    (void)context;
    const struct mlp_shape shape = {.inputs = 3, .outputs = 2};
    struct mlp *mlp = new_mlp(&shape, 1);
    const float weight[] = {1, 2, 3, 4, 5, 6}, expected[] = {1, 3, 5, 2, 4, 6};
    float *parameters = mlp_parameters(mlp), out[6];
    memcpy(parameters + mlp_layer(mlp, 0)->weight_offset, weight, sizeof weight);
    mlp_export_weight(mlp, 0, parameters, out);
    assert_memory_equal(out, expected, sizeof out);
    memset(parameters, 0, mlp_size(mlp) * sizeof *parameters);
    mlp_import_weight(mlp, 0, out, parameters);
    assert_memory_equal(parameters + mlp_layer(mlp, 0)->weight_offset, weight,
                        sizeof weight);
    mlp_free(mlp);
}

static void test_refuses_what_it_cannot_build(void **context)
{
    (void)context;
    struct mlp_shape shape = {.inputs = 3, .outputs = 1};
    struct mlp *mlp = NULL;
    assert_int_equal(mlp_new(&shape, 1, &mlp), ENGINE_INVALID);
    shape.outputs = 2;
    shape.hidden_count = MLP_MAX_HIDDEN + 1;
    assert_int_equal(mlp_new(&shape, 1, &mlp), ENGINE_INVALID);
    assert_null(mlp);
    mlp_free(NULL);
}

static void test_nan_shows(void **context)
{
    (void)context;
    uint8_t labels[64];
    for (size_t i = 0; i < golden_count; i++) {
        struct mlp *mlp = new_mlp(&goldens[i].shape, 5);
        fill(mlp, 1, 5, labels);
        mlp_inputs(mlp)[0] = NAN;
        assert_true(isnan(mlp_gradient(mlp, labels, 5).loss_sum));
        assert_true(isnan(optimizer_norm(mlp_gradients(mlp), mlp_size(mlp))));
        mlp_free(mlp);
    }
}

/* --- the same bits, whoever else is at work ----------------------------------------- */

struct training {
    enum activation activation;
    float *parameters; /* after the last step */
    size_t size;
};

/* Thirty steps of Adam over batches of two sizes, all from seed 1. */
static void *train(void *argument)
{
    struct training *training = argument;
    const struct mlp_shape shape = {
        .inputs = 20,
        .outputs = 10,
        .hidden = {33, 17},
        .hidden_count = 2,
        .activation = training->activation
    };
    const struct optimizer_options options = {
        .kind = OPTIMIZER_ADAM, .beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8};
    struct mlp *mlp;
    struct optimizer *optimizer;
    struct rng rng;
    uint8_t labels[16];
    rng_init(&rng, 1, 0);
    if (mlp_new(&shape, 16, &mlp) != ENGINE_OK)
        return NULL;
    if (optimizer_new(&options, mlp_size(mlp), &optimizer) != ENGINE_OK)
        abort();
    mlp_initialise(mlp, INIT_TORCH, &rng);
    for (int64_t step = 1; step <= 30; step++) {
        size_t rows = step % 3 ? 16 : 11;
        for (size_t i = 0; i < rows * 20; i++)
            mlp_inputs(mlp)[i] = (float)rng_normal(&rng);
        for (size_t i = 0; i < rows; i++)
            labels[i] = (uint8_t)rng_below(&rng, 10);
        mlp_gradient(mlp, labels, rows);
        optimizer_step(optimizer, mlp_parameters(mlp), mlp_gradients(mlp), 0.01, step);
    }
    training->size = mlp_size(mlp) * sizeof(float);
    training->parameters = malloc(training->size);
    if (training->parameters)
        memcpy(training->parameters, mlp_parameters(mlp), training->size);
    optimizer_free(optimizer);
    mlp_free(mlp);
    return NULL;
}

static void test_threads_do_not_change_bits(void **context)
{
    (void)context;
    for (enum activation a = ACTIVATION_RELU; a <= ACTIVATION_LINEAR; a++) {
        struct training together[2] = {{.activation = a}, {.activation = a}};
        struct training alone = {.activation = a};
        pthread_t threads[2];
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, train, &together[i]), 0);
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        train(&alone);
        assert_non_null(alone.parameters);
        assert_true(isfinite(optimizer_norm(alone.parameters, alone.size / 4)));
        for (int i = 0; i < 2; i++) {
            assert_non_null(together[i].parameters);
            assert_memory_equal(together[i].parameters, alone.parameters, alone.size);
            free(together[i].parameters);
        }
        free(alone.parameters);
    }
}

int main(void)
{
    enum engine_kind tensor = ENGINE_KIND_TENSOR, scalar = ENGINE_KIND_SCALAR;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_gradients_as_pytorch, &tensor),
        cmocka_unit_test_prestate(test_gradients_as_pytorch, &scalar),
        cmocka_unit_test(test_forward_gives_the_logits),
        cmocka_unit_test(test_layers_do_not_overlap),
        cmocka_unit_test(test_export_is_pytorchs_layout),
        cmocka_unit_test(test_refuses_what_it_cannot_build),
        cmocka_unit_test(test_nan_shows),
        cmocka_unit_test(test_threads_do_not_change_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
