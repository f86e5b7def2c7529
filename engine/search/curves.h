/* Saturating curves y = limit - span * shape(x) and their least squares. A shape falls
 * from 1 at x = 0 towards 0; limit and span are linear, so that each shape has its best
 * pair in closed form, and the shapes' own two parameters are searched on a fixed grid
 * (variable projection, Golub and Pereyra 1973, without the descent). */
#ifndef ENGINE_SEARCH_CURVES_H
#define ENGINE_SEARCH_CURVES_H

#include <stddef.h>

enum {
    CURVES_POINTS = 40, /* at most in a fit */
    CURVES_SHAPES = 72,
};

/* Shape `index` at x >= 0, where 1 is the present. */
double curves_shape(size_t index, double x);

/* What the fits of different y at the same x have in common. Shapes stand innermost, so
 * that the compiler takes several at a time. */
struct curves_basis {
    size_t count;                                 /* of points */
    double weight[CURVES_POINTS];                 /* their sum is count */
    double centred[CURVES_POINTS][CURVES_SHAPES]; /* weight * (shape(x) - mean) */
    double mean[CURVES_SHAPES],
        square[CURVES_SHAPES]; /* weighted: shape, centred shape */
};

/* x ascends and ends in 1. 2 <= count <= CURVES_POINTS. */
void curves_basis_init(struct curves_basis *basis, const double *x, size_t count);

struct curves_fit {
    double limit[CURVES_SHAPES], span[CURVES_SHAPES];
    double squares[CURVES_SHAPES]; /* weighted, of the residuals, with the penalty */
};

/* The best limit <= 1 and span >= 0 of every shape; ridge > 0 times span squared is the
 * penalty that keeps a span small which the points say nothing of. */
void curves_fit(const struct curves_basis *basis, const double *y, double ridge,
                struct curves_fit *fit);
size_t curves_fit_best(const struct curves_fit *fit);

#endif
