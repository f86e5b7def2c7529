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

static void fill_grid(const struct search_space *grid, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_int_equal(
            sampler_suggest(SAMPLER_GRID, grid, 1, i, NULL, 0, &trials[i].point),
            ENGINE_OK);
}

/* Nor does the order in which a grid was gone through say anything. */
static void test_equals_are_not_told_apart(void **context)
{
    (void)context;
    const struct search_space grid = {
        .count = 3,
        .dimensions = {{.kind = SEARCH_CHOICE, .count = 4},
                       {.kind = SEARCH_INTEGER, .low = 1, .high = 3},
                       {.kind = SEARCH_CHOICE, .count = 5}}
    };
    double shares[3];
    fill_grid(&grid, 60);
    for (size_t i = 0; i < 60; i++)
        trials[i].loss = INFINITY;
    assert_true(importance_of(&grid, trials, 60, shares));
    for (size_t i = 0; i < 3; i++)
        assert_true(shares[i] == 0);
    for (size_t i = 0; i < 60; i++)
        trials[i].loss = trials[i].point.values[0] == 1 ? 0 : 1;
    assert_true(importance_of(&grid, trials, 60, shares));
    assert_true(shares[0] > 0.99); /* the prior keeps a little for the others */
}

/* A whole number matters as much whether its best is the first, a middle or the last. */
static void test_ends_of_a_range_count_fully(void **context)
{
    (void)context;
    const struct search_space grid = {
        .count = 2,
        .dimensions = {{.kind = SEARCH_INTEGER, .low = 1, .high = 5},
                       {.kind = SEARCH_CHOICE, .count = 20}}
    };
    double shares[5][2];
    fill_grid(&grid, 100);
    for (int best = 1; best <= 5; best++) {
        for (size_t i = 0; i < 100; i++) {
            const double *x = trials[i].point.values;
            trials[i].loss = (x[0] != best) + (x[1] > 9);
        }
        assert_true(importance_of(&grid, trials, 100, shares[best - 1]));
    }
    for (int i = 0; i < 5; i++)
        assert_true(fabs(shares[i][0] - shares[2][0]) < 0.02);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_one_that_decides_has_nearly_all),
        cmocka_unit_test(test_lesser_ones_have_less),
        cmocka_unit_test(test_says_nothing_of_too_few),
        cmocka_unit_test(test_a_choice_by_hand),
        cmocka_unit_test(test_equals_are_not_told_apart),
        cmocka_unit_test(test_ends_of_a_range_count_fully),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
