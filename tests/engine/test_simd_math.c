/* The polynomials against libm's doubles, over a fine grid of their whole range. */
#include "tests/engine/cmocka_all.h"

#include <math.h>

#include "engine/autograd/simd_math.h"

/* What the header promises. */
#define BOUND     3e-7
#define ERF_BOUND 5e-7

struct worst {
    double error, at;
};

static void note(struct worst *worst, double error, double at)
{
    if (!(error <= worst->error))
        *worst = (struct worst){error, at};
}

static double relative(double value, double expected)
{
    return fabs(value - expected) / fabs(expected);
}

static void expect_within(struct worst worst, double bound)
{
    if (!(worst.error <= bound))
        fail_msg("off by %g at %g", worst.error, worst.at);
}

static void test_exp(void **context)
{
    (void)context;
    struct worst worst = {0, 0};
    for (float x = -87; x <= 88; x += 1.0f / 4096)
        note(&worst, relative(simd_exp(x), exp(x)), x);
    expect_within(worst, BOUND);
    assert_true(simd_exp(0) == 1);
}

static void test_exp_at_the_ends(void **context)
{
    (void)context;
    assert_true(simd_exp(INFINITY) == simd_exp(88) && isfinite(simd_exp(88)));
    assert_true(simd_exp(-INFINITY) == simd_exp(-87) && simd_exp(-87) > 0);
    assert_true(isnan(simd_exp(NAN)));
}

static void test_sigmoid(void **context)
{
    (void)context;
    struct worst worst = {0, 0};
    for (float x = -80; x <= 80; x += 1.0f / 4096)
        note(&worst, relative(simd_sigmoid(x), 1 / (1 + exp(-(double)x))), x);
    expect_within(worst, BOUND);
    assert_true(simd_sigmoid(0) == 0.5f);
    assert_true(simd_sigmoid(INFINITY) == 1);
    assert_true(simd_sigmoid(-INFINITY) >= 0 && simd_sigmoid(-INFINITY) < 1e-37f);
    assert_true(isnan(simd_sigmoid(NAN)));
}

static void test_tanh(void **context)
{
    (void)context;
    struct worst worst = {0, 0};
    for (float x = 1.0f / 65536; x <= 1; x += 1.0f / 65536)
        note(&worst, relative(simd_tanh(x), tanh(x)), x);
    for (float x = -20; x <= 20; x += 1.0f / 4096)
        if (x != 0)
            note(&worst, relative(simd_tanh(x), tanh(x)), x);
    expect_within(worst, BOUND);
    assert_true(simd_tanh(0) == 0);
    assert_true(simd_tanh(INFINITY) == 1 && simd_tanh(-INFINITY) == -1);
    assert_true(isnan(simd_tanh(NAN)));
}

/* Tiny arguments keep their digits, and denormal ones do not trap. */
static void test_tanh_of_tiny(void **context)
{
    (void)context;
    for (float x = 1; x > 1e-38f; x /= 3)
        assert_true(relative(simd_tanh(-x), tanh(-(double)x)) <= BOUND);
}

static void test_erf(void **context)
{
    (void)context;
    struct worst worst = {0, 0};
    for (float x = -6; x <= 6; x += 1.0f / 16384)
        note(&worst, fabs(simd_erf(x) - erf(x)), x);
    expect_within(worst, ERF_BOUND);
    assert_true(simd_erf(INFINITY) == 1 && simd_erf(-INFINITY) == -1);
    assert_true(isnan(simd_erf(NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp),     cmocka_unit_test(test_exp_at_the_ends),
        cmocka_unit_test(test_sigmoid), cmocka_unit_test(test_tanh),
        cmocka_unit_test(test_erf),     cmocka_unit_test(test_tanh_of_tiny),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
