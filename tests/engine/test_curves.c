/* The saturating curves: their shapes, and least squares that find a curve again. */
#include "tests/engine/cmocka_all.h"

#include <math.h>

#include "engine/search/curves.h"

enum { POINTS = 20 };

static void assert_near(double a, double b, double tolerance)
{
    assert_true(fabs(a - b) <= tolerance);
}

static void fill(double *x)
{
    for (size_t i = 0; i < POINTS; i++)
        x[i] = (double)(i + 1) / POINTS;
}

static void every_shape_falls_from_one(void **state)
{
    (void)state;
    for (size_t k = 0; k < CURVES_SHAPES; k++) {
        assert_near(curves_shape(k, 0), 1, 0);
        double before = 1;
        for (int i = 1; i < 30; i++) {
            double now = curves_shape(k, 0.01 * pow(1.5, i));
            assert_true(now <= before && now >= 0);
            before = now;
        }
    }
}

static void least_squares_find_a_curve_again(void **state)
{
    (void)state;
    double x[POINTS], y[POINTS];
    struct curves_basis basis;
    struct curves_fit fit;
    fill(x);
    curves_basis_init(&basis, x, POINTS);
    for (size_t k = 0; k < CURVES_SHAPES; k++) {
        if (basis.square[k] < 1e-6)
            continue; /* as good as constant at these x */
        for (size_t i = 0; i < POINTS; i++)
            y[i] = 0.9 - 0.7 * curves_shape(k, x[i]);
        curves_fit(&basis, y, 1e-15, &fit);
        assert_near(fit.limit[k], 0.9, 1e-6);
        assert_near(fit.span[k], 0.7, 1e-6);
        assert_near(fit.squares[k], 0, 1e-12);
        assert_true(fit.squares[curves_fit_best(&fit)] <= fit.squares[k]);
    }
}

/* The reported squares are those of the curve that is reported. */
static double squares_by_hand(const struct curves_basis *basis, const double *x,
                              const double *y, const struct curves_fit *fit, size_t k,
                              double ridge)
{
    double sum = ridge * fit->span[k] * fit->span[k];
    for (size_t i = 0; i < POINTS; i++) {
        double error = y[i] - (fit->limit[k] - fit->span[k] * curves_shape(k, x[i]));
        sum += basis->weight[i] * error * error;
    }
    return sum;
}

static void bounds_hold_and_squares_are_right(void **state)
{
    (void)state;
    const double ridge = 0.01;
    double x[POINTS], rising[POINTS], falling[POINTS];
    struct curves_basis basis;
    struct curves_fit fit;
    fill(x);
    for (size_t i = 0; i < POINTS; i++) {
        rising[i] = x[i] * x[i] * x[i]; /* heads beyond 1 */
        falling[i] = 0.8 - 0.5 * x[i];
    }
    curves_basis_init(&basis, x, POINTS);
    curves_fit(&basis, rising, ridge, &fit);
    for (size_t k = 0; k < CURVES_SHAPES; k++) {
        assert_true(fit.limit[k] <= 1 + 1e-9 && fit.span[k] >= 0);
        assert_near(fit.squares[k], squares_by_hand(&basis, x, rising, &fit, k, ridge),
                    1e-9);
    }
    curves_fit(&basis, falling, ridge, &fit);
    for (size_t k = 0; k < CURVES_SHAPES; k++)
        assert_near(fit.span[k], 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_falls_from_one),
        cmocka_unit_test(least_squares_find_a_curve_again),
        cmocka_unit_test(bounds_hold_and_squares_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
