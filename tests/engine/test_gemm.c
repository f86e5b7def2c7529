/* Products: every back end of the build gives what the plain loops give. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/autograd/gemm.h"
#include "engine/autograd/rng.h"

static const struct gemm_backend *const backends[] = {
    &gemm_naive,
#ifdef GEMM_LIBXSMM
    &gemm_libxsmm,
#endif
    &gemm_cblas, /* linked into this test in every build */
};
static const size_t backend_count = sizeof backends / sizeof *backends;

struct shape {
    size_t m, n, k;
};

/* Odd ones, ones around the width of a register, and those of the trained networks. */
static const struct shape shapes[] = {
    {1,   1,   1  },
    {1,   1,   17 },
    {1,   7,   1  },
    {5,   1,   3  },
    {2,   3,   4  },
    {3,   2,   5  },
    {4,   16,  2  },
    {7,   7,   7  },
    {8,   8,   8  },
    {9,   10,  11 },
    {15,  16,  17 },
    {16,  16,  16 },
    {17,  15,  16 },
    {31,  33,  32 },
    {1,   10,  784},
    {64,  32,  784},
    {64,  10,  32 },
    {784, 32,  64 },
    {33,  10,  1  },
    {1,   128, 784},
    {13,  2,   16 },
    {96,  128, 96 },
    {256, 10,  128},
    {100, 65,  129},
    {10,  200, 64 },
    {3,   256, 130},
    {40,  384, 256},
    {16,  300, 90 },
    {150, 256, 140},
};
static const size_t shape_count = sizeof shapes / sizeof *shapes;

/* Arrays of exactly the size, so that a sanitizer sees a step beyond. */
struct arrays {
    float *a, *b, *c, *expected, *scratch;
};

static float *draw(struct rng *rng, size_t count)
{
    float *x = malloc(count * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < count; i++)
        x[i] = (float)rng_uniform(rng, -1, 1);
    return x;
}

static struct arrays arrays_new(struct rng *rng, struct shape s, enum gemm_form form)
{
    size_t scratch = gemm_scratch_size(form, s.n, s.k);
    struct arrays x = {
        .a = draw(rng, s.m * s.k),
        .b = draw(rng, s.k * s.n),
        .c = draw(rng, s.m * s.n),
        .expected = malloc(s.m * s.n * sizeof(float)),
        .scratch = scratch ? draw(rng, scratch) : NULL,
    };
    assert_non_null(x.expected);
    return x;
}

static void arrays_free(struct arrays *x)
{
    free(x->a);
    free(x->b);
    free(x->c);
    free(x->expected);
    free(x->scratch);
}

static struct gemm make(struct shape s, enum gemm_form form, bool accumulate,
                        float *scratch)
{
    return (struct gemm){.form = form,
                         .m = s.m,
                         .n = s.n,
                         .k = s.k,
                         .accumulate = accumulate,
                         .scratch = scratch};
}

/* Adding k products of numbers below 1 rounds k times, each time by half of the last bit
 * of a sum that grows as the root of k. */
static void expect_same(const struct arrays *x, const struct gemm *gemm)
{
    double bound = 1e-7 * (4 + (double)gemm->k);
    for (size_t i = 0; i < gemm->m * gemm->n; i++)
        if (!(fabs((double)x->c[i] - x->expected[i]) <= bound))
            fail_msg("%s form %d %zu x %zu x %zu%s at %zu: %g, not %g",
                     gemm->backend->name, gemm->form, gemm->m, gemm->n, gemm->k,
                     gemm->accumulate ? " +=" : "", i, (double)x->c[i],
                     (double)x->expected[i]);
}

static void compare(struct rng *rng, const struct gemm_backend *backend, struct shape s,
                    enum gemm_form form, bool accumulate)
{
    struct arrays x = arrays_new(rng, s, form);
    memcpy(x.expected, x.c, s.m * s.n * sizeof(float));
    struct gemm naive = make(s, form, accumulate, NULL);
    gemm_prepare(&naive, &gemm_naive);
    gemm_run(&naive, x.a, x.b, x.expected);
    struct gemm gemm = make(s, form, accumulate, x.scratch);
    gemm_prepare(&gemm, backend);
    assert_ptr_equal(gemm.backend, backend);
    gemm_run(&gemm, x.a, x.b, x.c);
    expect_same(&x, &gemm);
    arrays_free(&x);
}

static void test_back_ends_agree(void **context)
{
    (void)context;
    struct rng rng;
    rng_init(&rng, 1, 0);
    for (size_t b = 0; b < backend_count; b++)
        for (size_t s = 0; s < shape_count; s++)
            for (enum gemm_form form = GEMM_NN; form <= GEMM_NT; form++) {
                compare(&rng, backends[b], shapes[s], form, false);
                compare(&rng, backends[b], shapes[s], form, true);
            }
}

/* The oracle itself, by hand: (1 2; 3 4; 5 6) (7 8 9; 10 11 12) and both transposes. */
static void test_naive_by_hand(void **context)
{
    (void)context;
    static const float a[] = {1, 2, 3, 4, 5, 6}, a_t[] = {1, 3, 5, 2, 4, 6};
    static const float b[] = {7, 8, 9, 10, 11, 12}, b_t[] = {7, 10, 8, 11, 9, 12};
    static const float expected[] = {27, 30, 33, 61, 68, 75, 95, 106, 117};
    const struct shape s = {3, 3, 2};
    for (enum gemm_form form = GEMM_NN; form <= GEMM_NT; form++) {
        float c[9] = {0};
        struct gemm gemm = make(s, form, false, NULL);
        gemm_prepare(&gemm, &gemm_naive);
        gemm_run(&gemm, form == GEMM_TN ? a_t : a, form == GEMM_NT ? b_t : b, c);
        assert_memory_equal(c, expected, sizeof c);
        gemm.accumulate = true;
        gemm_run(&gemm, form == GEMM_TN ? a_t : a, form == GEMM_NT ? b_t : b, c);
        for (size_t i = 0; i < 9; i++)
            assert_true(c[i] == 2 * expected[i]);
    }
}

/* What C held must not matter when it is written, not even NaN. */
static void test_writing_forgets_what_was_there(void **context)
{
    (void)context;
    const struct shape s = {5, 6, 7};
    struct rng rng;
    rng_init(&rng, 2, 0);
    for (size_t b = 0; b < backend_count; b++)
        for (enum gemm_form form = GEMM_NN; form <= GEMM_NT; form++) {
            struct arrays x = arrays_new(&rng, s, form);
            struct gemm gemm = make(s, form, false, x.scratch);
            for (size_t i = 0; i < s.m * s.n; i++)
                x.c[i] = NAN;
            gemm_prepare(&gemm, backends[b]);
            gemm_run(&gemm, x.a, x.b, x.c);
            for (size_t i = 0; i < s.m * s.n; i++)
                assert_true(isfinite(x.c[i]));
            arrays_free(&x);
        }
}

static void test_nan_shows(void **context)
{
    (void)context;
    const struct shape s = {4, 5, 6};
    struct rng rng;
    rng_init(&rng, 3, 0);
    for (size_t b = 0; b < backend_count; b++)
        for (enum gemm_form form = GEMM_NN; form <= GEMM_NT; form++) {
            struct arrays x = arrays_new(&rng, s, form);
            struct gemm gemm = make(s, form, false, x.scratch);
            x.a[0] = NAN;
            gemm_prepare(&gemm, backends[b]);
            gemm_run(&gemm, x.a, x.b, x.c);
            assert_true(isnan(x.c[0]));
            arrays_free(&x);
        }
}

static bool refuse(struct gemm *gemm)
{
    (void)gemm;
    return false;
}

static void test_falls_back_to_naive(void **context)
{
    (void)context;
    static const struct gemm_backend choosy = {"choosy", refuse, NULL};
    float a = 3, b = 5, c = 0;
    struct gemm gemm = make((struct shape){1, 1, 1}, GEMM_NN, false, NULL);
    gemm_prepare(&gemm, &choosy);
    assert_ptr_equal(gemm.backend, &gemm_naive);
    gemm_run(&gemm, &a, &b, &c);
    assert_true(c == 15);
}

static void test_default_is_fast(void **context)
{
    (void)context;
    assert_ptr_not_equal(gemm_default(), &gemm_naive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_naive_by_hand),
        cmocka_unit_test(test_back_ends_agree),
        cmocka_unit_test(test_writing_forgets_what_was_there),
        cmocka_unit_test(test_nan_shows),
        cmocka_unit_test(test_falls_back_to_naive),
        cmocka_unit_test(test_default_is_fast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
