/* The polynomials against libm's doubles, over a fine grid of their whole range. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdbool.h>

#include "engine/autograd/simd_math.h"

/* What the header promises. */
#define BOUND     4e-7
#define ERF_BOUND 6e-7

enum { POINTS = 1 << 19 };

struct pair {
    float (*value)(float x);
    double (*expected)(double x);
    double bound;
    bool absolute;
};

static double error_at(const struct pair *pair, float x)
{
    double expected = pair->expected(x);
    double error = fabs(pair->value(x) - expected);
    return pair->absolute || error == 0 ? error : error / fabs(expected);
}

static void scan(const struct pair *pair, double low, double high)
{
    for (int i = 0; i <= POINTS; i++) {
        float x = (float)(low + (high - low) * i / POINTS);
        if (!(error_at(pair, x) <= pair->bound))
            fail_msg("off by %g at %g", error_at(pair, x), (double)x);
    }
}

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static void test_exp(void **context)
{
    (void)context;
    scan(&(struct pair){simd_exp, exp, BOUND, false}, -87, 88);
    scan(&(struct pair){simd_exp, exp, BOUND, false}, -1, 1);
    assert_true(simd_exp(0) == 1);
    assert_true(simd_exp(INFINITY) == simd_exp(88) && isfinite(simd_exp(88)));
    assert_true(simd_exp(-INFINITY) == simd_exp(-87) && simd_exp(-87) > 0);
    assert_true(isnan(simd_exp(NAN)));
}

static void test_sigmoid(void **context)
{
    (void)context;
    scan(&(struct pair){simd_sigmoid, sigmoid, BOUND, false}, -80, 80);
    assert_true(simd_sigmoid(0) == 0.5f);
    assert_true(simd_sigmoid(INFINITY) == 1);
    assert_true(simd_sigmoid(-INFINITY) >= 0 && simd_sigmoid(-INFINITY) < 1e-37f);
    assert_true(isnan(simd_sigmoid(NAN)));
}

static void test_tanh(void **context)
{
    (void)context;
    const struct pair pair = {simd_tanh, tanh, BOUND, false};
    scan(&pair, -20, 20);
    scan(&pair, 0, 1);
    for (int i = 0; i < 120; i++) /* tiny ones keep their digits */
        assert_true(error_at(&pair, -ldexpf(1.3f, -i)) <= BOUND);
    assert_true(simd_tanh(0) == 0);
    assert_true(simd_tanh(INFINITY) == 1 && simd_tanh(-INFINITY) == -1);
    assert_true(isnan(simd_tanh(NAN)));
}

static void test_erf(void **context)
{
    (void)context;
    scan(&(struct pair){simd_erf, erf, ERF_BOUND, true}, -6, 6);
    assert_true(simd_erf(INFINITY) == 1 && simd_erf(-INFINITY) == -1);
    assert_true(isnan(simd_erf(NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp),
        cmocka_unit_test(test_sigmoid),
        cmocka_unit_test(test_tanh),
        cmocka_unit_test(test_erf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
