/* Random numbers: the published generator, fair bounds, streams of their own. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/autograd/rng.h"

/* xoshiro256++ from the state 1, 2, 3, 4: the authors' reference gives these. */
static void test_next_is_xoshiro256plusplus(void **context)
{
    (void)context;
    static const uint64_t expected[] = {
        41943041u,
        58720359u,
        3588806011781223u,
        3591011842654386u,
        9228616714210784205u,
        9973669472204895162u,
        14011001112246962877u,
        12406186145184390807u,
        15849039046786891736u,
        10450023813501588000u,
    };
    struct rng rng = {
        {1, 2, 3, 4}
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_true(rng_next(&rng) == expected[i]);
}

/* splitmix64 of seed 0 starts with these two words; stream 0 feeds on the first. */
static void test_seed_goes_through_splitmix(void **context)
{
    (void)context;
    const uint64_t first = 0xe220a8397b1dcdafu, second = 0x6e789e6aa1b965f4u;
    struct rng rng;
    rng_init(&rng, 0, first);
    assert_true(rng.state[0] == first);
    assert_true(rng.state[1] == second);
}

static void test_same_seed_same_numbers(void **context)
{
    (void)context;
    struct rng a, b;
    rng_init(&a, 42, 7);
    rng_init(&b, 42, 7);
    for (int i = 0; i < 1000; i++)
        assert_true(rng_next(&a) == rng_next(&b));
    assert_memory_equal(&a, &b, sizeof a);
}

static void test_streams_and_seeds_differ(void **context)
{
    (void)context;
    enum { SIDE = 8, COUNT = SIDE * SIDE };
    uint64_t seen[COUNT];
    for (uint64_t i = 0; i < COUNT; i++) {
        struct rng rng;
        rng_init(&rng, i / SIDE, i % SIDE);
        seen[i] = rng_next(&rng);
        for (uint64_t j = 0; j < i; j++)
            assert_true(seen[j] != seen[i]);
    }
}

/* Two streams of one seed share no more bits than coins would: 32 of 64 on average. */
static void test_streams_do_not_correlate(void **context)
{
    (void)context;
    enum { COUNT = 10000 };
    struct rng a, b;
    rng_init(&a, 1, 0);
    rng_init(&b, 1, 1);
    long same = 0;
    for (int i = 0; i < COUNT; i++)
        same += __builtin_popcountll(~(rng_next(&a) ^ rng_next(&b)));
    double deviation = sqrt(64.0 * COUNT) / 2;
    assert_true(fabs((double)same - 32.0 * COUNT) < 5 * deviation);
}

static void test_below_stays_below(void **context)
{
    (void)context;
    static const uint64_t bounds[] = {
        1, 2, 3, 10, 60000, (1ull << 32) + 1, (1ull << 63) + 1, UINT64_MAX};
    struct rng rng;
    rng_init(&rng, 3, 0);
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        for (int j = 0; j < 1000; j++)
            assert_true(rng_below(&rng, bounds[i]) < bounds[i]);
}

/* Chi-square of ten faces; 27.9 is passed by one fair die in a thousand. */
static void test_below_is_fair(void **context)
{
    (void)context;
    enum { FACES = 10, THROWS = 100000 };
    long counts[FACES] = {0};
    struct rng rng;
    rng_init(&rng, 4, 0);
    for (int i = 0; i < THROWS; i++)
        counts[rng_below(&rng, FACES)]++;
    double expected = (double)THROWS / FACES, chi = 0;
    for (int i = 0; i < FACES; i++)
        chi += pow((double)counts[i] - expected, 2) / expected;
    assert_true(chi < 27.9);
}

/* With 3 * 2^62 as the bound every fourth word is unfair: taken anyway, the lowest third
 * would come half of the time. */
static void test_below_throws_unfair_words_away(void **context)
{
    (void)context;
    enum { THROWS = 30000 };
    const uint64_t third = 1ull << 62;
    int low = 0;
    struct rng rng;
    rng_init(&rng, 5, 0);
    for (int i = 0; i < THROWS; i++)
        low += rng_below(&rng, 3 * third) < third;
    assert_true(abs(low - THROWS / 3) < 500);
}

struct moments {
    double mean, variance, skew, kurtosis, least, most;
};

static struct moments measure(const double *x, int count)
{
    struct moments m = {.least = x[0], .most = x[0]};
    for (int i = 0; i < count; i++) {
        m.mean += x[i] / count;
        m.least = fmin(m.least, x[i]);
        m.most = fmax(m.most, x[i]);
    }
    for (int i = 0; i < count; i++) {
        double d = x[i] - m.mean;
        m.variance += d * d / count;
        m.skew += d * d * d / count;
        m.kurtosis += d * d * d * d / count;
    }
    return m;
}

enum { SAMPLES = 200000 };
static double samples[SAMPLES];

static void test_uniform_fills_its_range(void **context)
{
    (void)context;
    struct rng rng;
    rng_init(&rng, 6, 0);
    for (int i = 0; i < SAMPLES; i++)
        samples[i] = rng_uniform(&rng, -2, 4);
    struct moments m = measure(samples, SAMPLES);
    assert_true(m.least >= -2 && m.least < -1.99);
    assert_true(m.most < 4 && m.most > 3.99);
    assert_true(fabs(m.mean - 1) < 0.02);
    assert_true(fabs(m.variance - 3) < 0.03);
}

static void test_normal_is_normal(void **context)
{
    (void)context;
    struct rng rng;
    rng_init(&rng, 7, 0);
    for (int i = 0; i < SAMPLES; i++)
        samples[i] = rng_normal(&rng);
    struct moments m = measure(samples, SAMPLES);
    assert_true(fabs(m.mean) < 0.01);
    assert_true(fabs(m.variance - 1) < 0.015);
    assert_true(fabs(m.skew) < 0.03);
    assert_true(fabs(m.kurtosis - 3) < 0.1);
    assert_true(m.least > -7 && m.least < -3.5 && m.most < 7 && m.most > 3.5);
}

/* A checkpoint holds the four words only: from them everything goes on as before. */
static void test_state_is_all_there_is(void **context)
{
    (void)context;
    struct rng rng, copy;
    rng_init(&rng, 8, 0);
    rng_normal(&rng);
    memcpy(copy.state, rng.state, sizeof copy.state);
    assert_true(rng_normal(&rng) == rng_normal(&copy));
    assert_true(rng_below(&rng, 1000) == rng_below(&copy, 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next_is_xoshiro256plusplus),
        cmocka_unit_test(test_seed_goes_through_splitmix),
        cmocka_unit_test(test_same_seed_same_numbers),
        cmocka_unit_test(test_streams_and_seeds_differ),
        cmocka_unit_test(test_streams_do_not_correlate),
        cmocka_unit_test(test_below_stays_below),
        cmocka_unit_test(test_below_is_fair),
        cmocka_unit_test(test_below_throws_unfair_words_away),
        cmocka_unit_test(test_uniform_fills_its_range),
        cmocka_unit_test(test_normal_is_normal),
        cmocka_unit_test(test_state_is_all_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
