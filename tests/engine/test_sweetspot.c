/* The fit of steps against samples, on data made from the model. */
#include "tests/engine/cmocka_all.h"

#include <math.h>

#include "engine/autograd/rng.h"
#include "engine/search/sweetspot.h"

#define STEPS_MIN   800.0
#define SAMPLES_MIN 40000.0

/* S = S_min + E_min / B at 4, 8, ... with log-normal noise; a step costs 20 us and 1 us a
 * sample. */
static size_t make(struct batch_cost *costs, size_t count, double noise, struct rng *rng)
{
    for (size_t i = 0; i < count; i++) {
        double batch_size = ldexp(4, (int)i);
        double steps = STEPS_MIN + SAMPLES_MIN / batch_size;
        costs[i] = (struct batch_cost){batch_size,
                                       steps * exp(noise * (rng ? rng_normal(rng) : 0)),
                                       20e-6 + 1e-6 * batch_size};
    }
    return count;
}

static void test_recovers_what_the_data_were_made_from(void **context)
{
    (void)context;
    struct batch_cost costs[9];
    struct sweetspot found;
    assert_true(sweetspot_fit(costs, make(costs, 9, 0, NULL), &found));
    assert_true(fabs(found.steps_min.value / STEPS_MIN - 1) < 1e-6);
    assert_true(fabs(found.samples_min.value / SAMPLES_MIN - 1) < 1e-6);
    assert_true(fabs(found.critical_batch.value / (SAMPLES_MIN / STEPS_MIN) - 1) < 1e-6);
    assert_true(found.steps_min.low <= found.steps_min.value);
    assert_true(found.steps_min.high >= found.steps_min.value);
}

static bool covers(const struct estimate *estimate, double value)
{
    return estimate->low <= value && value <= estimate->high;
}

/* With 1 % of noise both come out within 5 %, each time; the 95 % intervals hold the
 * truth in about so many of 400 samples, whatever the noise. */
static void expect_coverage(double noise, bool within)
{
    int held[3] = {0};
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct batch_cost costs[9];
        struct sweetspot found;
        struct rng rng;
        rng_init(&rng, seed, 1);
        assert_true(sweetspot_fit(costs, make(costs, 9, noise, &rng), &found));
        if (within) {
            assert_true(fabs(found.steps_min.value / STEPS_MIN - 1) < 0.05);
            assert_true(fabs(found.samples_min.value / SAMPLES_MIN - 1) < 0.05);
        }
        held[0] += covers(&found.steps_min, STEPS_MIN);
        held[1] += covers(&found.samples_min, SAMPLES_MIN);
        held[2] += covers(&found.critical_batch, SAMPLES_MIN / STEPS_MIN);
    }
    for (int i = 0; i < 3; i++)
        assert_in_range(held[i], 368, 396); /* 92 % to 99 % */
}

static void test_intervals_cover(void **context)
{
    (void)context;
    expect_coverage(0.01, true);
    expect_coverage(0.03, false);
    expect_coverage(0.15, false);
}

/* Time is (S_min + E_min / B) (a + c B): soonest at sqrt(E_min a / (S_min c)). */
static void test_predicts_the_soonest_batch_size(void **context)
{
    (void)context;
    struct batch_cost costs[9];
    struct sweetspot found;
    size_t count = make(costs, 9, 0, NULL);
    double soonest = sqrt(SAMPLES_MIN * 20 / STEPS_MIN);
    assert_true(sweetspot_fit(costs, count, &found));
    assert_true(fabs(log(found.best.batch_size / soonest)) < 0.25);
    assert_true(found.half_ratio > 1 && found.double_ratio > 1);
    assert_true(found.forecast[0].batch_size == 4);
    assert_true(found.forecast[found.forecast_count - 1].batch_size == 1024);
    size_t tried = 0;
    for (size_t i = 0; i < found.forecast_count; i++) {
        const struct batch_forecast *at = &found.forecast[i];
        assert_true(i == 0 || at->batch_size > at[-1].batch_size);
        assert_true(fabs(at->samples - at->steps * at->batch_size) < 1e-6 * at->samples);
        assert_true(at->seconds >= found.best.seconds);
        for (size_t c = 0; c < count; c++)
            if (costs[c].batch_size == at->batch_size) {
                tried++;
                assert_true(fabs(at->seconds / at->steps - costs[c].seconds_per_step) <
                            1e-12);
            }
    }
    assert_int_equal(tried, count);
}

static void test_no_cost_is_known_beyond_what_was_tried(void **context)
{
    (void)context;
    struct batch_cost costs[3] = {
        {8,  5800, 1e-4},
        {16, 3300, 2e-4},
        {32, 2050, 4e-4}
    };
    struct sweetspot found;
    assert_true(sweetspot_fit(costs, 3, &found));
    assert_true(found.best.batch_size == 8); /* twice the batch, twice the time */
    assert_true(isnan(found.half_ratio) && found.double_ratio > 1);
}

static void expect_refused(struct batch_cost *costs, size_t count)
{
    struct sweetspot found = {.half_ratio = 7};
    assert_false(sweetspot_fit(costs, count, &found));
    assert_true(found.half_ratio == 7);
}

static void test_refuses_what_it_cannot_fit(void **context)
{
    (void)context;
    struct batch_cost costs[9];
    make(costs, 9, 0, NULL);
    expect_refused(costs, 2);
    expect_refused(costs, 0);
    costs[1] = costs[2] = costs[0];
    expect_refused(costs, 3); /* one batch size three times */
    make(costs, 9, 0, NULL);
    costs[1].steps = NAN;
    expect_refused(costs, 3);
    make(costs, 9, 0, NULL);
    costs[2].seconds_per_step = 0;
    expect_refused(costs, 3);
}

/* Steps that are all the same say nothing of E_min, exactly 1 / B nothing of S_min; what
 * falls faster than 1 / B, or rises, is not of the model. */
static double one_sided(int side, double batch_size)
{
    const double steps[] = {1000, 1e6 / batch_size, 1e6 / (batch_size * batch_size),
                            100 * batch_size};
    return steps[side];
}

static void test_refuses_one_sided_data(void **context)
{
    (void)context;
    struct batch_cost costs[9];
    for (int side = 0; side < 4; side++) {
        make(costs, 9, 0, NULL);
        for (size_t i = 0; i < 9; i++)
            costs[i].steps = one_sided(side, costs[i].batch_size);
        expect_refused(costs, 9);
    }
}

static bool tells(const struct estimate *estimate)
{
    return estimate->low > 0 && estimate->low <= estimate->value &&
           estimate->value <= estimate->high &&
           estimate->high <= estimate->value * SWEETSPOT_WIDEST * 1.001;
}

/* With noise on them a fit may come out by chance: then with intervals that say
 * something. */
static void test_noise_on_one_sided_data_gives_no_nonsense(void **context)
{
    (void)context;
    size_t refused = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct batch_cost costs[9];
        struct sweetspot found;
        struct rng rng;
        rng_init(&rng, seed, 1);
        make(costs, 9, 0, NULL);
        for (size_t i = 0; i < 9; i++)
            costs[i].steps = one_sided((int)(seed % 2), costs[i].batch_size) *
                             exp(0.03 * rng_normal(&rng));
        if (!sweetspot_fit(costs, 9, &found)) {
            refused++;
            continue;
        }
        assert_true(tells(&found.steps_min) && tells(&found.samples_min));
        assert_true(isfinite(found.critical_batch.low) &&
                    isfinite(found.critical_batch.high));
        assert_true(isfinite(found.best.seconds) && found.best.seconds > 0);
    }
    assert_true(refused >= 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recovers_what_the_data_were_made_from),
        cmocka_unit_test(test_intervals_cover),
        cmocka_unit_test(test_predicts_the_soonest_batch_size),
        cmocka_unit_test(test_no_cost_is_known_beyond_what_was_tried),
        cmocka_unit_test(test_refuses_what_it_cannot_fit),
        cmocka_unit_test(test_refuses_one_sided_data),
        cmocka_unit_test(test_noise_on_one_sided_data_gives_no_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
