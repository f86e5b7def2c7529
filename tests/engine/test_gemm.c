/* Every back end of this build against the plain loops, over shapes that a training run
 * meets: whole blocks, odd edges, single rows, ten classes. */
#include <math.h>
#include <stdlib.h>

#include "engine/autograd/gemm.h"
#include "engine/autograd/rng.h"
#include "tests/engine/cmocka_all.h"

static const struct gemm_backend *const backends[] = {
#ifdef GEMM_LIBXSMM
    &gemm_libxsmm,
#endif
#ifdef GEMM_CBLAS
    &gemm_cblas,
#endif
    &gemm_naive,
};

static float *random_floats(size_t count, uint64_t seed)
{
    struct rng rng;
    float *values = malloc((count + 1) * sizeof *values);
    assert_non_null(values);
    rng_init(&rng, seed, 1);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)rng_uniform(&rng, -1, 1);
    return values;
}

static void compare(const struct gemm_backend *backend, enum gemm_form form, size_t m,
                    size_t n, size_t k, bool accumulate)
{
    float *a = random_floats(m * k, 1), *b = random_floats(k * n, 2);
    float *got = random_floats(m * n, 3), *wanted = random_floats(m * n, 3);
    float *scratch = random_floats(gemm_scratch_size(form, n, k), 4);
    struct gemm gemm = {.form = form,
                        .m = m,
                        .n = n,
                        .k = k,
                        .accumulate = accumulate,
                        .scratch = scratch};
    gemm_prepare(&gemm, backend);
    assert_ptr_equal(gemm.backend, backend);
    gemm_run(&gemm, a, b, got);
    gemm_prepare(&gemm, &gemm_naive);
    gemm_run(&gemm, a, b, wanted);
    double tolerance = 3e-7 * (double)k + 1e-6; /* float32 sums of k terms */
    for (size_t i = 0; i < m * n; i++)
        if (!(fabs((double)got[i] - (double)wanted[i]) <= tolerance))
            fail_msg("%s form %d %zux%zux%zu: %g is not %g", backend->name, (int)form, m,
                     n, k, (double)got[i], (double)wanted[i]);
    free(a);
    free(b);
    free(got);
    free(wanted);
    free(scratch);
}

static void test_back_ends_agree_with_the_plain_loops(void **state)
{
    (void)state;
    static const size_t shapes[][3] = {
        {1,   1,   1  },
        {1,   128, 784},
        {16,  128, 784},
        {64,  10,  128},
        {32,  128, 784},
        {784, 128, 16 },
        {7,   3,   5  },
        {33,  65,  17 },
        {128, 10,  32 },
        {5,   10,  1  },
        {2,   16,  2  },
        {100, 100, 3  },
        {1,   10,  128},
        {784, 128, 1  },
        {13,  130, 257},
    };
    for (size_t b = 0; b < sizeof backends / sizeof *backends; b++)
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
            for (int form = GEMM_NN; form <= GEMM_NT; form++) {
                const size_t *shape = shapes[s];
                compare(backends[b], (enum gemm_form)form, shape[0], shape[1], shape[2],
                        false);
                compare(backends[b], (enum gemm_form)form, shape[0], shape[1], shape[2],
                        true);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_back_ends_agree_with_the_plain_loops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
