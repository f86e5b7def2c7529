/* Initialisers: bounds, moments, and the same bits for the same seed. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <string.h>

#include "engine/nn/init.h"

enum { IN = 300, OUT = 200 };
static float weight[IN * OUT], bias[OUT];

struct moments {
    double mean, variance, largest;
};

static struct moments measure(const float *x, size_t count)
{
    struct moments m = {0, 0, 0};
    for (size_t i = 0; i < count; i++) {
        m.mean += x[i] / (double)count;
        m.variance += (double)x[i] * x[i] / (double)count;
        m.largest = fmax(m.largest, fabsf(x[i]));
    }
    return m;
}

static void draw(enum init init, uint64_t seed)
{
    struct rng rng;
    rng_init(&rng, seed, 0);
    init_layer(init, &rng, IN, OUT, weight, bias);
}

/* Uniform in +-bound: nothing outside, the edge nearly touched, a third of its square. */
static void expect_uniform(const float *x, size_t count, double bound)
{
    struct moments m = measure(x, count);
    double deviation = bound / sqrt(3), root = sqrt((double)count);
    assert_true(m.largest <= bound * (1 + 1e-6));
    assert_true(m.largest > bound * (1 - 10 / (double)count));
    assert_true(fabs(m.mean) < 4 * deviation / root);
    assert_true(fabs(m.variance / (bound * bound / 3) - 1) < 4 / root);
}

static void expect_zero_bias(void)
{
    for (size_t i = 0; i < OUT; i++)
        assert_true(bias[i] == 0);
}

static void test_torch(void **context)
{
    (void)context;
    draw(INIT_TORCH, 1);
    expect_uniform(weight, IN * OUT, 1 / sqrt(IN));
    expect_uniform(bias, OUT, 1 / sqrt(IN));
}

static void test_he(void **context)
{
    (void)context;
    draw(INIT_HE, 1);
    struct moments m = measure(weight, IN * OUT);
    double deviation = sqrt(2.0 / IN), root = sqrt(IN * OUT);
    assert_true(fabs(m.mean) < 4 * deviation / root);
    assert_true(fabs(m.variance / (deviation * deviation) - 1) < 6 / root);
    assert_true(m.largest > 3.5 * deviation && m.largest < 7 * deviation);
    expect_zero_bias();
}

static void test_xavier(void **context)
{
    (void)context;
    draw(INIT_XAVIER, 1);
    expect_uniform(weight, IN * OUT, sqrt(6.0 / (IN + OUT)));
    expect_zero_bias();
}

static void test_micrograd(void **context)
{
    (void)context;
    draw(INIT_MICROGRAD, 1);
    expect_uniform(weight, IN * OUT, 1);
    expect_zero_bias();
}

static void test_zero(void **context)
{
    (void)context;
    draw(INIT_ZERO, 1);
    for (size_t i = 0; i < IN * OUT; i++)
        assert_true(weight[i] == 0);
    expect_zero_bias();
}

static void test_seed_decides(void **context)
{
    (void)context;
    static float kept[IN * OUT];
    for (enum init init = INIT_TORCH; init <= INIT_MICROGRAD; init++) {
        draw(init, 7);
        memcpy(kept, weight, sizeof weight);
        draw(init, 7);
        assert_memory_equal(weight, kept, sizeof weight);
        draw(init, 8);
        assert_memory_not_equal(weight, kept, sizeof weight);
    }
}

/* Output by output, then the bias: the order in which PyTorch draws. */
static void test_order(void **context)
{
    (void)context;
    float w[6], b[2];
    struct rng rng, again;
    rng_init(&rng, 3, 0);
    again = rng;
    init_layer(INIT_TORCH, &rng, 3, 2, w, b);
    double bound = 1 / sqrt(3);
    for (size_t o = 0; o < 2; o++)
        for (size_t i = 0; i < 3; i++)
            assert_true(w[i * 2 + o] == (float)rng_uniform(&again, -bound, bound));
    for (size_t o = 0; o < 2; o++)
        assert_true(b[o] == (float)rng_uniform(&again, -bound, bound));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_torch),  cmocka_unit_test(test_he),
        cmocka_unit_test(test_xavier), cmocka_unit_test(test_micrograd),
        cmocka_unit_test(test_zero),   cmocka_unit_test(test_seed_decides),
        cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
