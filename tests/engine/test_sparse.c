/* Products with mostly-zero batches against plain loops, at widths that end within a
 * block and a register and at more rows than one list holds. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdlib.h>

#include "engine/autograd/rng.h"
#include "engine/autograd/sparse.h"

enum { COLUMNS = 70, MAX_ROWS = 150, MAX_N = 300 };

static float x[MAX_ROWS * COLUMNS], w[COLUMNS * MAX_N], y[MAX_ROWS * MAX_N],
    dy[MAX_ROWS * MAX_N], dw[COLUMNS * MAX_N];

static void fill(struct rng *rng, float *values, size_t count, double share)
{
    for (size_t i = 0; i < count; i++)
        values[i] = rng_uniform(rng, 0, 1) < share ? (float)rng_uniform(rng, -1, 1) : 0;
}

static void expect(double value, double expected)
{
    if (!(fabs(value - expected) < 2e-5))
        fail_msg("%.9g, not %.9g", value, expected);
}

static void expect_products(size_t rows, size_t n, double y0, double dw0)
{
    for (size_t j = 0; j < n; j++) {
        for (size_t r = 0; r < rows; r++) {
            double sum = y0;
            for (size_t p = 0; p < COLUMNS; p++)
                sum += (double)x[r * COLUMNS + p] * (double)w[p * n + j];
            expect((double)y[r * n + j], sum);
        }
        for (size_t p = 0; p < COLUMNS; p++) {
            double sum = dw0;
            for (size_t r = 0; r < rows; r++)
                sum += (double)x[r * COLUMNS + p] * (double)dy[r * n + j];
            expect((double)dw[p * n + j], sum);
        }
    }
}

static void check(struct sparse *sparse, struct rng *rng, size_t rows, size_t n)
{
    fill(rng, x, rows * COLUMNS, 0.2);
    fill(rng, w, COLUMNS * n, 1);
    fill(rng, dy, rows * n, 1);
    for (size_t i = 0; i < MAX_ROWS * MAX_N; i++)
        y[i] = 0.5f;
    for (size_t i = 0; i < COLUMNS * MAX_N; i++)
        dw[i] = 0.25f;
    sparse_multiply(sparse, x, rows, w, n, y);
    sparse_multiply_transposed(sparse, x, rows, dy, n, false, dw);
    expect_products(rows, n, 0.5, 0);
    for (size_t i = 0; i < COLUMNS * n; i++)
        dw[i] = 0.25f;
    for (size_t i = rows * n; i < MAX_ROWS * MAX_N; i++)
        assert_true(y[i] == 0.5f);
    for (size_t i = COLUMNS * n; i < COLUMNS * MAX_N; i++)
        assert_true(dw[i] == 0.25f);
    for (size_t i = 0; i < rows * n; i++)
        y[i] = 0.5f;
    sparse_multiply(sparse, x, rows, w, n, y);
    sparse_multiply_transposed(sparse, x, rows, dy, n, true, dw);
    expect_products(rows, n, 0.5, 0.25);
}

static void test_products(void **context)
{
    (void)context;
    static const size_t rows[] = {1, 5, 64, 65, 150},
                        widths[] = {1, 15, 16, 100, 128, 300};
    struct arena arena = {0};
    struct sparse sparse;
    struct rng rng;
    rng_init(&rng, 3, 0);
    assert_true(sparse_init(&sparse, &arena, COLUMNS));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t j = 0; j < sizeof widths / sizeof *widths; j++)
            check(&sparse, &rng, rows[i], widths[j]);
    arena_clear(&arena);
}

static void test_a_nan_is_not_skipped(void **context)
{
    (void)context;
    struct arena arena = {0};
    struct sparse sparse;
    assert_true(sparse_init(&sparse, &arena, COLUMNS));
    for (size_t i = 0; i < COLUMNS; i++)
        x[i] = w[i] = 0;
    x[COLUMNS - 1] = NAN;
    y[0] = 0;
    sparse_multiply(&sparse, x, 1, w, 1, y);
    assert_true(isnan(y[0]));
    arena_clear(&arena);
}

static void test_pays_for_wide_products_of_few(void **context)
{
    (void)context;
    for (size_t i = 0; i < COLUMNS; i++)
        x[i] = i % 5 == 0;
    assert_true(sparse_pays(x, COLUMNS, 128));
    assert_false(sparse_pays(x, COLUMNS, 16));
    assert_false(sparse_pays(x, 63, 128));
    for (size_t i = 0; i < COLUMNS; i++)
        x[i] = i % 2 == 0;
    assert_false(sparse_pays(x, COLUMNS, 128));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_a_nan_is_not_skipped),
        cmocka_unit_test(test_pays_for_wide_products_of_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
