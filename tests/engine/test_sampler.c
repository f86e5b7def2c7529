/* Samplers and their space: which values come up, and that a suggestion is a pure
 * function of what it is asked for. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <string.h>

#include "engine/autograd/rng.h"
#include "engine/search/sampler.h"
#include "engine/search/sobol.h"

static const struct search_space mixed = {
    .count = 5,
    .dimensions = {{.kind = SEARCH_CHOICE, .count = 3},
                   {.kind = SEARCH_REAL, .low = -1, .high = 3},
                   {.kind = SEARCH_REAL, .low = 1e-3, .high = 1, .log = true},
                   {.kind = SEARCH_INTEGER, .low = 2, .high = 5},
                   {.kind = SEARCH_INTEGER, .low = 1, .high = 1000, .log = true}}
};

static void expect_within(const struct search_space *space,
                          const struct search_point *point)
{
    for (size_t i = 0; i < space->count; i++) {
        const struct search_dimension *d = &space->dimensions[i];
        double value = point->values[i];
        if (d->kind == SEARCH_CHOICE)
            assert_true(value >= 0 && value < (double)d->count);
        else
            assert_true(value >= d->low && value <= d->high);
        if (d->kind != SEARCH_REAL)
            assert_true(value == floor(value));
    }
}

static void test_units_become_values(void **context)
{
    (void)context;
    const struct search_dimension *d = mixed.dimensions;
    assert_true(search_from_unit(&d[0], 0.34) == 1);
    assert_true(search_from_unit(&d[0], 0.999999) == 2);
    assert_true(search_from_unit(&d[1], 0.5) == 1);
    assert_true(fabs(search_from_unit(&d[2], 1.0 / 3) - 0.01) < 1e-12);
    assert_true(search_from_unit(&d[3], 0) == 2 && search_from_unit(&d[3], 0.99) == 5);
    assert_true(search_from_unit(&d[4], 0) == 1 &&
                search_from_unit(&d[4], 0.9999) == 1000);
    int counts[4] = {0};
    for (int i = 0; i < 1000; i++)
        counts[(int)search_from_unit(&d[3], (i + 0.5) / 1000) - 2]++;
    for (int i = 0; i < 4; i++)
        assert_int_equal(counts[i], 250);
}

static void test_grids_are_counted_and_walked(void **context)
{
    (void)context;
    struct search_space space = {
        .count = 2,
        .dimensions = {{.kind = SEARCH_CHOICE, .count = 3},
                       {.kind = SEARCH_INTEGER, .low = 4, .high = 5}}
    };
    struct search_point point;
    assert_int_equal(search_grid_size(&space), 6);
    for (uint64_t i = 0; i < 6; i++) {
        assert_int_equal(sampler_suggest(SAMPLER_GRID, &space, 9, i, NULL, 0, &point),
                         ENGINE_OK);
        assert_int_equal((uint64_t)point.values[0], i / 2);
        assert_int_equal((uint64_t)point.values[1], 4 + i % 2);
    }
    assert_int_equal(sampler_suggest(SAMPLER_GRID, &space, 9, 6, NULL, 0, &point),
                     ENGINE_INVALID);
    assert_int_equal(search_grid_size(&mixed), 0);
    assert_int_equal(sampler_suggest(SAMPLER_GRID, &mixed, 9, 0, NULL, 0, &point),
                     ENGINE_INVALID);
    for (size_t i = 0; i < 12; i++)
        space.dimensions[i] =
            (struct search_dimension){.kind = SEARCH_INTEGER, .low = 1, .high = 1e6};
    space.count = 12;
    assert_true(search_grid_size(&space) == SIZE_MAX);
}

/* The same question has the same answer; another seed or index another one. */
static void test_suggestions_are_pure(void **context)
{
    (void)context;
    struct sampler_trial history[20];
    static const enum sampler_kind kinds[] = {SAMPLER_RANDOM, SAMPLER_SOBOL, SAMPLER_TPE};
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(
            sampler_suggest(SAMPLER_RANDOM, &mixed, 1, i, NULL, 0, &history[i].point),
            ENGINE_OK);
        history[i].loss = fabs(history[i].point.values[1]);
    }
    for (size_t k = 0; k < 3; k++) {
        struct search_point a, b, c, d;
        assert_int_equal(sampler_suggest(kinds[k], &mixed, 4, 20, history, 20, &a), 0);
        assert_int_equal(sampler_suggest(kinds[k], &mixed, 4, 20, history, 20, &b), 0);
        assert_int_equal(sampler_suggest(kinds[k], &mixed, 5, 20, history, 20, &c), 0);
        assert_int_equal(sampler_suggest(kinds[k], &mixed, 4, 21, history, 20, &d), 0);
        assert_memory_equal(&a, &b, sizeof a);
        assert_memory_not_equal(&a, &c, sizeof a);
        assert_memory_not_equal(&a, &d, sizeof a);
        expect_within(&mixed, &a);
    }
}

static const int torch_points[64][SEARCH_MAX_DIMENSIONS] = {
#include "tests/golden/sobol.inc"
};

static void test_sobol_is_the_known_sequence(void **context)
{
    (void)context;
    for (uint32_t i = 0; i < 64; i++)
        for (unsigned d = 0; d < SEARCH_MAX_DIMENSIONS; d++)
            assert_int_equal(sobol_plain(i ^ (i >> 1), d) >> 26, torch_points[i][d]);
}

static const uint32_t torch_directions[SEARCH_MAX_DIMENSIONS][30] = {
#include "tests/golden/sobol_directions.inc"
};

/* All points are made of these; PyTorch has 30 bits of them. */
static void test_sobol_directions_are_the_known_ones(void **context)
{
    (void)context;
    for (unsigned d = 0; d < SEARCH_MAX_DIMENSIONS; d++)
        for (unsigned k = 0; k < 30; k++)
            assert_int_equal(sobol_plain(1u << k, d) >> 2, torch_directions[d][k]);
}

/* In each dimension every interval of 2^-k holds one of the first 2^k points: scrambling
 * keeps it so. */
static void test_sobol_fills_every_interval_once(void **context)
{
    (void)context;
    for (unsigned d = 0; d < SEARCH_MAX_DIMENSIONS; d++)
        for (uint64_t seed = 0; seed < 20; seed++) {
            bool filled[256] = {false};
            for (uint32_t i = 0; i < 256; i++) {
                uint32_t interval = sobol_scrambled(i, d, seed) >> 24;
                assert_false(filled[interval]);
                filled[interval] = true;
            }
        }
}

/* And in the first two dimensions every square of 1/16 by 1/16. */
static void test_sobol_fills_every_square_once(void **context)
{
    (void)context;
    bool filled[256] = {false};
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t x = sobol_scrambled(i, 0, 7) >> 28, y = sobol_scrambled(i, 1, 7) >> 28;
        assert_false(filled[16 * x + y]);
        filled[16 * x + y] = true;
    }
}

/* The next suggestion is at most at[i] with the probability shares[i]. */
static const struct golden {
    const char *name;
    struct search_dimension dimension;
    size_t trials;
    double values[120], losses[120];
    size_t places;
    double at[20], shares[20];
} goldens[] = {
#include "tests/golden/tpe.inc"
};

#define DRAWS 2000

static void expect_shares(const struct golden *golden)
{
    struct search_space space = {.count = 1, .dimensions = {golden->dimension}};
    struct sampler_trial history[120];
    int at_most[20] = {0};
    for (size_t i = 0; i < golden->trials; i++)
        history[i] = (struct sampler_trial){{{golden->values[i]}}, golden->losses[i]};
    for (uint64_t draw = 0; draw < DRAWS; draw++) {
        struct search_point point;
        assert_int_equal(sampler_suggest(SAMPLER_TPE, &space, 3, draw, history,
                                         golden->trials, &point),
                         ENGINE_OK);
        for (size_t i = 0; i < golden->places; i++)
            at_most[i] += point.values[0] <= golden->at[i];
    }
    for (size_t i = 0; i < golden->places; i++) {
        double share = at_most[i] / (double)DRAWS;
        if (fabs(share - golden->shares[i]) > 0.04) /* 3.6 deviations at one half */
            fail_msg("%s: %g at %g, not %g", golden->name, share, golden->at[i],
                     golden->shares[i]);
    }
}

static void test_tpe_suggests_as_often_as_optuna(void **context)
{
    (void)context;
    for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++)
        expect_shares(&goldens[i]);
}

/* A dimension with one value has that value. */
static void test_tpe_bears_a_range_of_one_value(void **context)
{
    (void)context;
    const struct search_space fixed = {
        .count = 3,
        .dimensions = {{.kind = SEARCH_REAL, .low = 0.3, .high = 0.3, .log = true},
                       {.kind = SEARCH_INTEGER, .low = 7, .high = 7},
                       {.kind = SEARCH_CHOICE, .count = 1}}
    };
    struct sampler_trial history[20];
    struct search_point point;
    for (size_t i = 0; i < 20; i++)
        history[i] = (struct sampler_trial){{{0.3, 7, 0}}, (double)i};
    assert_int_equal(sampler_suggest(SAMPLER_TPE, &fixed, 1, 20, history, 20, &point), 0);
    assert_memory_equal(&point, &history[0].point, sizeof point);
}

/* After trials whose best lie in one corner most suggestions come from there. */
static void test_tpe_goes_where_the_best_were(void **context)
{
    (void)context;
    struct sampler_trial history[60];
    int near = 0;
    for (size_t i = 0; i < 60; i++) {
        assert_int_equal(
            sampler_suggest(SAMPLER_SOBOL, &mixed, 1, i, NULL, 0, &history[i].point), 0);
        const double *x = history[i].point.values;
        history[i].loss = (x[0] != 2) + fabs(x[1] - 2) + fabs(log10(x[2]) + 2) +
                          fabs(x[3] - 4) + fabs(log10(x[4]) - 1);
    }
    for (uint64_t i = 0; i < 100; i++) {
        struct search_point point;
        assert_int_equal(sampler_suggest(SAMPLER_TPE, &mixed, 2, i, history, 60, &point),
                         0);
        expect_within(&mixed, &point);
        near += fabs(point.values[1] - 2) < 1;
    }
    assert_in_range(near, 60, 100); /* half of them by chance */
}

/* Ended trials, not running ones, end the start-up; and where a trial runs already no
 * second one is wanted. */
static void test_tpe_counts_running_trials_in(void **context)
{
    (void)context;
    const struct search_space line = {
        .count = 1, .dimensions = {{.kind = SEARCH_REAL, .low = 0, .high = 1}}};
    struct sampler_trial history[60];
    struct search_point a, b;
    for (size_t i = 0; i < 60; i++)
        history[i] = (struct sampler_trial){{{(double)i / 60}}, NAN};
    for (size_t i = 0; i < TPE_STARTUP - 1; i++)
        history[i].loss = (double)i;
    assert_int_equal(sampler_suggest(SAMPLER_TPE, &line, 3, 5, history, 60, &a), 0);
    assert_int_equal(sampler_suggest(SAMPLER_RANDOM, &line, 3, 5, NULL, 0, &b), 0);
    assert_memory_equal(&a, &b, sizeof a);
    int alone = 0, crowded = 0;
    for (size_t i = 0; i < 20; i++)
        history[i] =
            (struct sampler_trial){{{i < 2 ? 0.3 : 0.05 * (double)i}}, (double)i};
    for (size_t i = 20; i < 60; i++)
        history[i] = (struct sampler_trial){{{0.3}}, NAN};
    for (uint64_t i = 0; i < 200; i++) {
        assert_int_equal(sampler_suggest(SAMPLER_TPE, &line, 3, i, history, 20, &a), 0);
        assert_int_equal(sampler_suggest(SAMPLER_TPE, &line, 3, i, history, 60, &b), 0);
        alone += fabs(a.values[0] - 0.3) < 0.05;
        crowded += fabs(b.values[0] - 0.3) < 0.05;
    }
    assert_true(crowded < alone / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units_become_values),
        cmocka_unit_test(test_grids_are_counted_and_walked),
        cmocka_unit_test(test_suggestions_are_pure),
        cmocka_unit_test(test_sobol_is_the_known_sequence),
        cmocka_unit_test(test_sobol_directions_are_the_known_ones),
        cmocka_unit_test(test_sobol_fills_every_interval_once),
        cmocka_unit_test(test_sobol_fills_every_square_once),
        cmocka_unit_test(test_tpe_suggests_as_often_as_optuna),
        cmocka_unit_test(test_tpe_bears_a_range_of_one_value),
        cmocka_unit_test(test_tpe_goes_where_the_best_were),
        cmocka_unit_test(test_tpe_counts_running_trials_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
