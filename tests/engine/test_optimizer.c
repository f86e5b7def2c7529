/* Optimizers: ten steps of each against PyTorch's, their state, and clipping. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <string.h>

#include "engine/nn/optimizer.h"
#include "tests/engine/pattern.h"

enum { SIZE = 11, STEPS = 10 };

struct golden {
    struct optimizer_options options;
    double lr;
    double first[SIZE], last[SIZE]; /* the parameters after one step and after all */
};

static const struct golden goldens[] = {
#include "tests/golden/optimizers.inc"
};
static const size_t golden_count = sizeof goldens / sizeof *goldens;

static struct optimizer *new_optimizer(const struct optimizer_options *options)
{
    struct optimizer *optimizer = NULL;
    assert_int_equal(optimizer_new(options, SIZE, &optimizer), ENGINE_OK);
    return optimizer;
}

static void step(struct optimizer *optimizer, float *w, double lr, int64_t number)
{
    float gradients[SIZE];
    pattern_fill(gradients, SIZE, (size_t)number, 1);
    optimizer_step(optimizer, w, gradients, lr, number);
}

/* To 1e-5 of each parameter; one that a step took through 0, to 1e-5 of such a step. */
static void expect_close(const float *w, const double *expected, const struct golden *g)
{
    for (size_t i = 0; i < SIZE; i++)
        if (!(fabs(w[i] - expected[i]) <= 1e-5 * fmax(fabs(expected[i]), g->lr)))
            fail_msg("kind %d, golden %zd, parameter %zu: %.9g, not %.9g",
                     g->options.kind, g - goldens, i, (double)w[i], expected[i]);
}

static void test_steps_as_pytorch(void **context)
{
    (void)context;
    for (size_t i = 0; i < golden_count; i++) {
        struct optimizer *optimizer = new_optimizer(&goldens[i].options);
        float w[SIZE];
        pattern_fill(w, SIZE, 0, 1);
        for (int64_t s = 1; s <= STEPS; s++) {
            step(optimizer, w, goldens[i].lr, s);
            if (s == 1)
                expect_close(w, goldens[i].first, &goldens[i]);
        }
        expect_close(w, goldens[i].last, &goldens[i]);
        optimizer_free(optimizer);
    }
}

/* Parameters, state and step number are all: a new optimizer goes on to the same bits. */
static void test_goes_on_from_its_state(void **context)
{
    (void)context;
    for (size_t i = 0; i < golden_count; i++) {
        struct optimizer *whole = new_optimizer(&goldens[i].options), *second;
        float w[SIZE], resumed[SIZE];
        pattern_fill(w, SIZE, 0, 1);
        for (int64_t s = 1; s <= 5; s++)
            step(whole, w, goldens[i].lr, s);
        memcpy(resumed, w, sizeof w);
        second = new_optimizer(&goldens[i].options);
        size_t count, same;
        const float *state = optimizer_state(whole, &count);
        float *copy = optimizer_state(second, &same);
        assert_int_equal(count, same);
        if (count > 0)
            memcpy(copy, state, count * sizeof *state);
        for (int64_t s = 6; s <= STEPS; s++) {
            step(whole, w, goldens[i].lr, s);
            step(second, resumed, goldens[i].lr, s);
        }
        assert_memory_equal(w, resumed, sizeof w);
        optimizer_free(whole);
        optimizer_free(second);
    }
}

static size_t state_size(struct optimizer_options options)
{
    size_t count;
    struct optimizer *optimizer = new_optimizer(&options);
    const float *state = optimizer_state(optimizer, &count);
    for (size_t i = 0; i < count; i++)
        assert_true(state[i] == 0);
    optimizer_free(optimizer);
    return count;
}

static void test_state_is_no_larger_than_needed(void **context)
{
    (void)context;
    assert_int_equal(state_size((struct optimizer_options){.kind = OPTIMIZER_SGD}), 0);
    assert_int_equal(
        state_size((struct optimizer_options){.kind = OPTIMIZER_SGD, .momentum = 0.9}),
        SIZE);
    assert_int_equal(state_size((struct optimizer_options){.kind = OPTIMIZER_ADAM}),
                     2 * SIZE);
}

/* Padding between layers has gradient 0 and value 0, and must stay so, even with an eps
 * that float32 cannot hold. */
static void expect_zero_stays(struct optimizer_options options)
{
    struct optimizer *optimizer = new_optimizer(&options);
    float w[SIZE] = {0}, gradients[SIZE] = {0};
    for (int64_t s = 1; s <= STEPS; s++)
        optimizer_step(optimizer, w, gradients, 0.1, s);
    for (size_t i = 0; i < SIZE; i++)
        assert_true(w[i] == 0);
    optimizer_free(optimizer);
}

static void test_zero_stays_zero(void **context)
{
    (void)context;
    for (size_t i = 0; i < golden_count; i++) {
        struct optimizer_options options = goldens[i].options;
        expect_zero_stays(options);
        options.eps = 1e-60;
        expect_zero_stays(options);
    }
}

static void test_norm(void **context)
{
    (void)context;
    float x[1000];
    double sum = 0;
    pattern_fill(x, 1000, 3, 1e3);
    for (size_t i = 0; i < 1000; i++) {
        assert_true(fabs(optimizer_norm(x, i) - sqrt(sum)) <= 1e-12 * (1 + sqrt(sum)));
        sum += (double)x[i] * x[i];
    }
    x[999] = NAN;
    assert_true(isnan(optimizer_norm(x, 1000)));
    x[0] = x[1] = 3e38f;
    assert_true(isfinite(optimizer_norm(x, 2)));
}

static void test_clip(void **context)
{
    (void)context;
    float x[] = {3, 4, 0}, kept[] = {3, 4, 0};
    assert_true(optimizer_clip(x, 3, 5.1) == 5);
    assert_memory_equal(x, kept, sizeof x);
    assert_true(optimizer_clip(x, 3, 1) == 5);
    assert_true(fabs(x[0] - 0.6) < 1e-6 && fabs(x[1] - 0.8) < 1e-6 && x[2] == 0);
    float zero[] = {0, 0};
    assert_true(optimizer_clip(zero, 2, 1) == 0 && zero[0] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps_as_pytorch),
        cmocka_unit_test(test_goes_on_from_its_state),
        cmocka_unit_test(test_state_is_no_larger_than_needed),
        cmocka_unit_test(test_zero_stays_zero),
        cmocka_unit_test(test_norm),
        cmocka_unit_test(test_clip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
