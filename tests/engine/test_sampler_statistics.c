/* How well samplers search: the best of 60 evaluations on fixed functions, under 50
 * seeds; Sobol against random, who are closer, under 1,000 as well. Compared by medians
 * and by the Mann-Whitney U test (normal approximation with the correction for ties left
 * out: values are continuous). Everything is fixed by the seeds, so the numbers, which
 * engine/search/README.md states, come out the same each time; set SWEETSPOT_STATISTICS
 * to see them. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/search/sampler.h"

#define SEEDS       50
#define MANY_SEEDS  1000
#define EVALUATIONS 60

static double sphere(const double *x)
{
    double sum = 0;
    for (int i = 0; i < 4; i++)
        sum += (x[i] - 0.3) * (x[i] - 0.3);
    return sum;
}

/* Branin and Hoo 1972. */
static double branin(const double *x)
{
    double a = x[1] - 5.1 / (4 * M_PI * M_PI) * x[0] * x[0] + 5 / M_PI * x[0] - 6;
    return a * a + 10 * (1 - 1 / (8 * M_PI)) * cos(x[0]) + 10;
}

static double rosenbrock(const double *x)
{
    double a = x[1] - x[0] * x[0], b = 1 - x[0];
    return 100 * a * a + b * b;
}

/* Hartmann's function in six dimensions (Dixon and Szego 1978). */
static double hartmann(const double *x)
{
    static const double alpha[4] = {1, 1.2, 3, 3.2};
    static const double a[4][6] = {
        {10,   3,   17,   3.5, 1.7, 8 },
        {0.05, 10,  17,   0.1, 8,   14},
        {3,    3.5, 1.7,  10,  17,  8 },
        {17,   8,   0.05, 10,  0.1, 14}
    };
    static const double p[4][6] = {
        {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
        {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
        {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
        {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}
    };
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        double inner = 0;
        for (int j = 0; j < 6; j++)
            inner += a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]);
        sum -= alpha[i] * exp(-inner);
    }
    return sum;
}

/* Like the time to a target: the best rate rises with the batch, and too high a rate
 * costs far more than too low a one. */
static double rate_and_batch(const double *x)
{
    double rate = log10(x[0]), batch = log2(x[1]);
    double off = rate - (-2 + 0.2 * batch);
    return 1 + 0.1 * fabs(batch - 5) + (off > 0 ? 8 : 1) * off * off;
}

/* A choice of four optimizers, a whole number of layers, a rate that suits each. */
static double optimizer_and_depth(const double *x)
{
    static const double suits[4] = {-1, -3, -2.5, -2}, costs[4] = {0.4, 0, 0.1, 0.6};
    int chosen = (int)x[0];
    double off = log10(x[2]) - suits[chosen];
    return costs[chosen] + off * off + 0.1 * fabs(x[1] - 3);
}

// clang-format off
#define REAL(from, to)        {.kind = SEARCH_REAL, .low = (from), .high = (to)}
#define LOG_REAL(from, to)    {.kind = SEARCH_REAL, .low = (from), .high = (to), .log = 1}
#define INTEGER(from, to)     {.kind = SEARCH_INTEGER, .low = (from), .high = (to)}
#define LOG_INTEGER(from, to) \
    {.kind = SEARCH_INTEGER, .low = (from), .high = (to), .log = 1}
#define CHOICE(of)            {.kind = SEARCH_CHOICE, .count = (of)}

static const struct function {
    const char *name;
    double (*value)(const double *x);
    struct search_space space;
} functions[] = {
    {"sphere, 4 dimensions", sphere,
     {{REAL(-1, 1), REAL(-1, 1), REAL(-1, 1), REAL(-1, 1)}, 4}},
    {"Branin", branin, {{REAL(-5, 10), REAL(0, 15)}, 2}},
    {"Rosenbrock, 2 dimensions", rosenbrock, {{REAL(-2, 2), REAL(-2, 2)}, 2}},
    {"Hartmann 6", hartmann,
     {{REAL(0, 1), REAL(0, 1), REAL(0, 1), REAL(0, 1), REAL(0, 1), REAL(0, 1)}, 6}},
    {"rate and batch size", rate_and_batch,
     {{LOG_REAL(1e-4, 10), LOG_INTEGER(1, 1024)}, 2}},
    {"optimizer, depth, rate", optimizer_and_depth,
     {{CHOICE(4), INTEGER(0, 8), LOG_REAL(1e-5, 1)}, 3}},
};
// clang-format on

enum { FUNCTIONS = sizeof functions / sizeof *functions };

static double search(enum sampler_kind kind, const struct function *function,
                     uint64_t seed)
{
    struct sampler_trial history[EVALUATIONS];
    double best = INFINITY;
    for (size_t i = 0; i < EVALUATIONS; i++) {
        assert_int_equal(sampler_suggest(kind, &function->space, seed, i, history, i,
                                         &history[i].point),
                         ENGINE_OK);
        history[i].loss = function->value(history[i].point.values);
        best = fmin(best, history[i].loss);
    }
    return best;
}

static int compare_numbers(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return (one > two) - (one < two);
}

static double median(const double *values, size_t count)
{
    double sorted[MANY_SEEDS];
    for (size_t i = 0; i < count; i++)
        sorted[i] = values[i];
    qsort(sorted, count, sizeof *sorted, compare_numbers);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

/* Standard normal where `a` and `b` do not differ; above 0 where `a` is lower. */
static double mann_whitney(const double *a, const double *b, size_t count)
{
    double u = 0, pairs = (double)(count * count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            u += a[i] < b[j] ? 1 : a[i] == b[j] ? 0.5 : 0;
    return (u - pairs / 2) / sqrt(pairs * (double)(2 * count + 1) / 12);
}

/* The probability of so much or more by chance. */
static double chance(double z)
{
    return 0.5 * erfc(z * M_SQRT1_2);
}

static void run(enum sampler_kind kind, const struct function *function, double *best,
                size_t count)
{
    for (size_t seed = 0; seed < count; seed++)
        best[seed] = search(kind, function, seed);
}

static void test_tpe_beats_random_and_sobol_does_not_lose(void **context)
{
    (void)context;
    for (size_t f = 0; f < FUNCTIONS; f++) {
        double random[SEEDS], sobol[SEEDS], tpe[SEEDS];
        run(SAMPLER_RANDOM, &functions[f], random, SEEDS);
        run(SAMPLER_SOBOL, &functions[f], sobol, SEEDS);
        run(SAMPLER_TPE, &functions[f], tpe, SEEDS);
        double tpe_chance = chance(mann_whitney(tpe, random, SEEDS));
        double sobol_z = mann_whitney(sobol, random, SEEDS);
        if (getenv("SWEETSPOT_STATISTICS"))
            printf("| %s | %.4g | %.4g | %.4g | %.2g | %.2g |\n", functions[f].name,
                   median(random, SEEDS), median(sobol, SEEDS), median(tpe, SEEDS),
                   tpe_chance, chance(sobol_z));
        assert_true(median(tpe, SEEDS) < median(random, SEEDS));
        assert_true(tpe_chance < 0.01);
        assert_true(median(sobol, SEEDS) <= median(random, SEEDS) ||
                    chance(-sobol_z) > 0.05);
    }
}

/* Stouffer's method: z values of independent tests add up. */
static void test_sobol_beats_random_on_the_whole(void **context)
{
    (void)context;
    double pooled = 0;
    for (size_t f = 0; f < FUNCTIONS; f++) {
        double random[MANY_SEEDS], sobol[MANY_SEEDS];
        run(SAMPLER_RANDOM, &functions[f], random, MANY_SEEDS);
        run(SAMPLER_SOBOL, &functions[f], sobol, MANY_SEEDS);
        double z = mann_whitney(sobol, random, MANY_SEEDS);
        pooled += z / sqrt((double)FUNCTIONS);
        if (getenv("SWEETSPOT_STATISTICS"))
            printf("| %s | %.4g | %.4g | %.2g |\n", functions[f].name,
                   median(random, MANY_SEEDS), median(sobol, MANY_SEEDS), chance(z));
    }
    if (getenv("SWEETSPOT_STATISTICS"))
        printf("pooled: %.2g\n", chance(pooled));
    assert_true(chance(pooled) < 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tpe_beats_random_and_sobol_does_not_lose),
        cmocka_unit_test(test_sobol_beats_random_on_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
