/* The whole network against PyTorch's numbers (tests/golden/make_mlp.py), and its rules
 * for short batches, threads and layouts. */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "engine/nn/mlp.h"
#include "engine/nn/optimizer.h"
#include "engine/nn/schedule.h"
#include "tests/engine/cmocka_all.h"
#include "tests/golden/mlp.h"

#define ROWS 7

static const struct mlp_shape small = {
    .inputs = 5,
    .outputs = 3,
    .hidden = {6, 4},
    .hidden_count = 2,
    .activation = ACTIVATION_TANH
};

/* The script's formulas. */
static double value(size_t i, double scale)
{
    double square = (double)((i % 7) * (i % 7));
    return scale * sin(1 + 1.7 * (double)i + 0.3 * square);
}

static void set_parameters(struct mlp *mlp)
{
    for (size_t n = 0; n < mlp_layer_count(mlp); n++) {
        const struct mlp_layer *layer = mlp_layer(mlp, n);
        float *weight = mlp_parameters(mlp) + layer->weight_offset;
        for (size_t i = 0; i < layer->inputs * layer->outputs; i++)
            weight[i] = (float)value(n * 1000 + i, 0.5);
        for (size_t o = 0; o < layer->outputs; o++)
            mlp_parameters(mlp)[layer->bias_offset + o] =
                (float)value(n * 1000 + 500 + o, 0.1);
    }
}

static void set_batch(struct mlp *mlp, uint8_t *labels)
{
    for (size_t i = 0; i < ROWS * 5; i++)
        mlp_inputs(mlp)[i] = (float)value(i, 1);
    for (size_t r = 0; r < ROWS; r++)
        labels[r] = (uint8_t)((3 * r + 1) % 3);
}

static struct mlp *make_mlp(enum activation activation, size_t max_rows, uint8_t *labels)
{
    struct mlp_shape shape = small;
    struct mlp *mlp;
    shape.activation = activation;
    assert_int_equal(mlp_new(&shape, max_rows, &mlp), ENGINE_OK);
    set_parameters(mlp);
    set_batch(mlp, labels);
    return mlp;
}

/* Compares layer by layer, leaving out the padding between them. */
static void expect_flat(const struct mlp *mlp, const float *got, const double *wanted,
                        double tolerance)
{
    for (size_t n = 0; n < mlp_layer_count(mlp); n++) {
        const struct mlp_layer *layer = mlp_layer(mlp, n);
        size_t weights = layer->inputs * layer->outputs;
        for (size_t i = 0; i < weights + layer->outputs; i++) {
            size_t at =
                i < weights ? layer->weight_offset + i : layer->bias_offset + i - weights;
            double difference = fabs((double)got[at] - *wanted);
            if (!(difference <= tolerance * fmax(0.1, fabs(*wanted))))
                fail_msg("layer %zu, number %zu: %.9g is not %.9g", n, i, (double)got[at],
                         *wanted);
            wanted++;
        }
    }
}

static void check_gradient(enum activation activation, const double *loss,
                           const double *gradient, size_t max_rows)
{
    uint8_t labels[ROWS];
    struct mlp *mlp = make_mlp(activation, max_rows, labels);
    struct mlp_result result = mlp_gradient(mlp, labels, ROWS);
    assert_true(fabs(result.loss_sum / ROWS - *loss) < 1e-5);
    expect_flat(mlp, mlp_gradients(mlp), gradient, 1e-5);
    mlp_free(mlp);
}

static void test_gradients_are_pytorchs(void **state)
{
    (void)state;
    for (size_t rows = ROWS; rows <= 64; rows += 57) { /* a full and a short batch */
        check_gradient(ACTIVATION_RELU, golden_relu_loss, golden_relu_gradient, rows);
        check_gradient(ACTIVATION_TANH, golden_tanh_loss, golden_tanh_gradient, rows);
        check_gradient(ACTIVATION_SIGMOID, golden_sigmoid_loss, golden_sigmoid_gradient,
                       rows);
        check_gradient(ACTIVATION_GELU, golden_gelu_loss, golden_gelu_gradient, rows);
        check_gradient(ACTIVATION_LINEAR, golden_linear_loss, golden_linear_gradient,
                       rows);
    }
}

static void check_steps(struct optimizer_options options, double lr, const double *wanted)
{
    uint8_t labels[ROWS];
    struct mlp *mlp = make_mlp(ACTIVATION_TANH, ROWS, labels);
    struct optimizer *optimizer;
    assert_int_equal(optimizer_new(&options, mlp_size(mlp), &optimizer), ENGINE_OK);
    for (int step = 1; step <= 10; step++) {
        mlp_gradient(mlp, labels, ROWS);
        optimizer_step(optimizer, mlp_parameters(mlp), mlp_gradients(mlp), lr, step);
    }
    expect_flat(mlp, mlp_parameters(mlp), wanted, 2e-5);
    optimizer_free(optimizer);
    mlp_free(mlp);
}

static void test_ten_steps_follow_pytorch(void **state)
{
    (void)state;
    struct optimizer_options options = {.kind = OPTIMIZER_SGD};
    check_steps(options, 0.1, golden_sgd_weights);
    options.weight_decay = 0.01;
    check_steps(options, 0.1, golden_decay_weights);
    options.weight_decay = 0;
    options.momentum = 0.9;
    check_steps(options, 0.1, golden_momentum_weights);
    options.weight_decay = 0.01;
    options.nesterov = true;
    check_steps(options, 0.1, golden_nesterov_weights);
    options = (struct optimizer_options){.kind = OPTIMIZER_ADAM,
                                         .weight_decay = 0.01,
                                         .beta1 = 0.9,
                                         .beta2 = 0.999,
                                         .eps = 1e-8};
    check_steps(options, 0.01, golden_adam_weights);
    options.kind = OPTIMIZER_ADAMW;
    options.weight_decay = 0.1;
    check_steps(options, 0.01, golden_adamw_weights);
    options.kind = OPTIMIZER_RMSPROP;
    options.weight_decay = 0;
    options.momentum = 0.5;
    check_steps(options, 0.01, golden_rmsprop_weights);
}

static void test_norm_and_clipping(void **state)
{
    (void)state;
    float values[19];
    double sum = 0;
    for (size_t i = 0; i < 19; i++) {
        values[i] = (float)value(i, 3);
        sum += (double)values[i] * values[i];
    }
    assert_true(fabs(optimizer_norm(values, 19) - sqrt(sum)) < 1e-12);
    assert_true(fabs(optimizer_clip(values, 19, 1) - sqrt(sum)) < 1e-12);
    assert_true(fabs(optimizer_norm(values, 19) - 1) < 1e-5);
    optimizer_clip(values, 19, 100);
    assert_true(fabs(optimizer_norm(values, 19) - 1) < 1e-5);
}

static void test_schedules(void **state)
{
    (void)state;
    assert_true(schedule_rate(SCHEDULE_CONSTANT, 0.5, 7, 10, 0) == 0.5);
    assert_true(fabs(schedule_rate(SCHEDULE_LINEAR, 1, 99, 100, 0) - 0.1) < 1e-12);
    assert_true(fabs(schedule_rate(SCHEDULE_COSINE, 1, 0, 101, 0) - 1) < 1e-12);
    assert_true(fabs(schedule_rate(SCHEDULE_COSINE, 1, 50, 101, 0) - 0.5) < 1e-12);
    assert_true(fabs(schedule_rate(SCHEDULE_STEP, 1, 50, 90, 0) - 0.1) < 1e-12);
    assert_true(fabs(schedule_rate(SCHEDULE_ONE_CYCLE, 1, 0, 100, 0) - 0.04) < 1e-12);
    assert_true(fabs(schedule_rate(SCHEDULE_ONE_CYCLE, 1, 29, 100, 0) - 1) < 1e-12);
    assert_true(fabs(schedule_rate(SCHEDULE_ONE_CYCLE, 1, 99, 100, 0) - 4e-6) < 1e-12);
    assert_true(schedule_rate(SCHEDULE_CONSTANT, 1, 0, 10, 4) == 0.25);
    for (int step = 0; step < 3; step++) /* short runs must not divide by nothing */
        for (int kind = SCHEDULE_CONSTANT; kind <= SCHEDULE_ONE_CYCLE; kind++)
            assert_true(
                isfinite(schedule_rate((enum schedule_kind)kind, 1, step, 1 + step, 0)));
}

static void test_weights_go_out_in_pytorchs_layout(void **state)
{
    (void)state;
    uint8_t labels[ROWS];
    struct mlp *mlp = make_mlp(ACTIVATION_RELU, ROWS, labels);
    float out[30], back[64] = {0};
    mlp_export_weight(mlp, 0, mlp_parameters(mlp), out);
    assert_true(out[1] == mlp_parameters(mlp)[6]); /* (output 0, input 1) */
    mlp_import_weight(mlp, 0, out, back);
    assert_memory_equal(back, mlp_parameters(mlp), 30 * sizeof(float));
    assert_int_equal(mlp_parameter_count(&small), 5 * 6 + 6 + 6 * 4 + 4 + 4 * 3 + 3);
    mlp_free(mlp);
}

static void test_initialisers(void **state)
{
    (void)state;
    struct mlp_shape shape = {.inputs = 400, .outputs = 100};
    static const double deviations[] = {
        [INIT_TORCH] = 0.05 / 1.7320508,
        [INIT_HE] = 0.070710678,
        [INIT_XAVIER] = 0.10954451 / 1.7320508,
        [INIT_MICROGRAD] = 1 / 1.7320508,
    };
    for (int init = INIT_TORCH; init <= INIT_MICROGRAD; init++) {
        struct mlp *mlp;
        struct rng rng;
        assert_int_equal(mlp_new(&shape, 1, &mlp), ENGINE_OK);
        rng_init(&rng, 1, 0);
        mlp_initialise(mlp, (enum init)init, &rng);
        double norm = optimizer_norm(mlp_parameters(mlp), 40000) / 200;
        assert_true(fabs(norm / deviations[init] - 1) < 0.02);
        bool biased = mlp_parameters(mlp)[mlp_layer(mlp, 0)->bias_offset] != 0;
        assert_int_equal(biased, init == INIT_TORCH);
        mlp_free(mlp);
    }
}

static void *train_alone(void *context)
{
    uint8_t labels[ROWS];
    struct mlp *mlp = make_mlp(ACTIVATION_GELU, ROWS, labels);
    struct optimizer_options options = {.kind = OPTIMIZER_SGD, .momentum = 0.5};
    struct optimizer *optimizer;
    assert_int_equal(optimizer_new(&options, mlp_size(mlp), &optimizer), ENGINE_OK);
    for (int step = 1; step <= 300; step++) {
        mlp_gradient(mlp, labels, ROWS - step % 2);
        optimizer_step(optimizer, mlp_parameters(mlp), mlp_gradients(mlp), 0.1, step);
    }
    memcpy(context, mlp_parameters(mlp), mlp_size(mlp) * sizeof(float));
    optimizer_free(optimizer);
    mlp_free(mlp);
    return NULL;
}

static void test_threads_do_not_change_the_bits(void **state)
{
    (void)state;
    static float alone[512], together[2][512];
    pthread_t threads[2];
    train_alone(alone);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, train_alone, together[i]), 0);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_memory_equal(alone, together[i], sizeof alone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gradients_are_pytorchs),
        cmocka_unit_test(test_ten_steps_follow_pytorch),
        cmocka_unit_test(test_norm_and_clipping),
        cmocka_unit_test(test_schedules),
        cmocka_unit_test(test_weights_go_out_in_pytorchs_layout),
        cmocka_unit_test(test_initialisers),
        cmocka_unit_test(test_threads_do_not_change_the_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
