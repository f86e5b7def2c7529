/* Which dimensions matter, on functions that say so. */
#include "tests/engine/cmocka_all.h"

#include <math.h>

#include "engine/search/importance.h"

#define TRIALS 200

static const struct search_space space = {
    .count = 4,
    .dimensions = {{.kind = SEARCH_REAL, .low = 1e-4, .high = 1, .log = true},
                   {.kind = SEARCH_INTEGER, .low = 1, .high = 64},
                   {.kind = SEARCH_CHOICE, .count = 4},
                   {.kind = SEARCH_REAL, .low = 0, .high = 1}}
};

static struct sampler_trial trials[TRIALS];

static void draw(double (*loss)(const double *x))
{
    for (uint64_t i = 0; i < TRIALS; i++) {
        assert_int_equal(
            sampler_suggest(SAMPLER_SOBOL, &space, 1, i, NULL, 0, &trials[i].point),
            ENGINE_OK);
        trials[i].loss = loss(trials[i].point.values);
    }
}

static double by_rate(const double *x)
{
    return fabs(log10(x[0]) + 2);
}

static double by_number(const double *x)
{
    return x[1];
}

static double by_choice(const double *x)
{
    return x[2] == 3 ? x[3] * 1e-9 : 1 + x[3] * 1e-9;
}

static double by_rate_more_than_last(const double *x)
{
    return fabs(log10(x[0]) + 2) + 0.5 * x[3];
}

static void expect_most(double (*loss)(const double *x), size_t dimension, double least)
{
    double shares[4], sum = 0;
    draw(loss);
    assert_true(importance_of(&space, trials, TRIALS, shares));
    for (size_t i = 0; i < 4; i++) {
        sum += shares[i];
        assert_true(shares[i] >= 0);
    }
    assert_true(fabs(sum - 1) < 1e-12);
    assert_true(shares[dimension] >= least);
}

static void test_the_one_that_decides_has_nearly_all(void **context)
{
    (void)context;
    expect_most(by_rate, 0, 0.85);
    expect_most(by_number, 1, 0.85);
    expect_most(by_choice, 2, 0.7);
}

static void test_lesser_ones_have_less(void **context)
{
    (void)context;
    double shares[4];
    draw(by_rate_more_than_last);
    assert_true(importance_of(&space, trials, TRIALS, shares));
    assert_true(shares[0] > shares[3] && shares[3] > shares[1] && shares[3] > shares[2]);
}

static void test_says_nothing_of_too_few(void **context)
{
    (void)context;
    double shares[4];
    draw(by_rate);
    assert_true(importance_of(&space, trials, 10, shares));
    assert_false(importance_of(&space, trials, 9, shares));
    for (size_t i = 9; i < TRIALS; i++)
        trials[i].loss = NAN;
    assert_false(importance_of(&space, trials, TRIALS, shares));
}

/* The divergence by hand: of ten, the best five (at least five count) are all 0, the rest
 * 1; one prior trial is shared out. p = (11/12, 1/12), q = (1/2, 1/2). */
static void test_a_choice_by_hand(void **context)
{
    (void)context;
    const struct search_space two = {
        .count = 2,
        .dimensions = {{.kind = SEARCH_CHOICE, .count = 2},
                       {.kind = SEARCH_CHOICE, .count = 2}}
    };
    struct sampler_trial few[10];
    double shares[2];
    for (size_t i = 0; i < 10; i++)
        few[i] = (struct sampler_trial){{{i >= 5, i % 2}}, (double)i};
    assert_true(importance_of(&two, few, 10, shares));
    double first = 2 * pow(11.0 / 6 - 1, 2) * 0.5; /* (p/q - 1)^2 q, twice */
    double p = 3.5 / 6, second = 2 * pow(2 * p - 1, 2) * 0.5;
    assert_true(fabs(shares[0] - first / (first + second)) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_one_that_decides_has_nearly_all),
        cmocka_unit_test(test_lesser_ones_have_less),
        cmocka_unit_test(test_says_nothing_of_too_few),
        cmocka_unit_test(test_a_choice_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
