#include "engine/search/curves.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The families of Domhan et al. 2015 that differ most from each other. Each has `scale`,
 * the x at which it turns (beyond 1: the run has yet to rise), and `power`. */
static double weibull(double ratio, double power)
{
    return exp(-pow(ratio, power));
}

static double hill(double ratio, double power)
{
    return 1 / (1 + pow(ratio, power));
}

static double power_law(double ratio, double power)
{
    return pow(1 + ratio, -power);
}

static const double turns[] = {0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4};
static const double shifts[] = {0.01, 0.05, 0.2, 1};
static const double weibull_powers[] = {0.5, 1, 2, 4};
static const double hill_powers[] = {1, 2, 4};
static const double law_powers[] = {0.25, 0.5, 1, 2};

static const struct family {
    double (*shape)(double ratio, double power);
    const double *scales, *powers;
    size_t scale_count, power_count;
} families[] = {
    {weibull,   turns,  weibull_powers, COUNT(turns),  COUNT(weibull_powers)},
    {hill,      turns,  hill_powers,    COUNT(turns),  COUNT(hill_powers)   },
    {power_law, shifts, law_powers,     COUNT(shifts), COUNT(law_powers)    },
};

_Static_assert(CURVES_SHAPES == COUNT(turns) * COUNT(weibull_powers) +
                                    COUNT(turns) * COUNT(hill_powers) +
                                    COUNT(shifts) * COUNT(law_powers),
               "one shape for each pair of every family");

double curves_shape(size_t index, double x)
{
    const struct family *family = families;
    while (index >= family->scale_count * family->power_count) {
        index -= family->scale_count * family->power_count;
        family++;
    }
    double scale = family->scales[index / family->power_count];
    return family->shape(x / scale, family->powers[index % family->power_count]);
}

/* A point weighs by x squared: the bend of long ago says little of what comes. */
static void weigh(struct curves_basis *basis, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < basis->count; i++)
        sum += basis->weight[i] = x[i] * x[i];
    for (size_t i = 0; i < basis->count; i++)
        basis->weight[i] *= (double)basis->count / sum;
}

static double weighted_mean(const struct curves_basis *basis, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < basis->count; i++)
        sum += basis->weight[i] * y[i];
    return sum / (double)basis->count;
}

void curves_basis_init(struct curves_basis *basis, const double *x, size_t count)
{
    basis->count = count;
    weigh(basis, x);
    for (size_t k = 0; k < CURVES_SHAPES; k++) {
        double shape[CURVES_POINTS], square = 0;
        for (size_t i = 0; i < count; i++)
            shape[i] = curves_shape(k, x[i]);
        basis->mean[k] = weighted_mean(basis, shape);
        for (size_t i = 0; i < count; i++) {
            double centred = shape[i] - basis->mean[k];
            basis->centred[i][k] = basis->weight[i] * centred;
            square += basis->centred[i][k] * centred;
        }
        basis->square[k] = square;
    }
}

/* The product of every centred shape with y - mean; returns the square of the latter. */
static double project(const struct curves_basis *basis, const double *y, double mean,
                      double product[CURVES_SHAPES])
{
    double square = 0;
    for (size_t k = 0; k < CURVES_SHAPES; k++)
        product[k] = 0;
    for (size_t i = 0; i < basis->count; i++) {
        double centred = y[i] - mean;
        square += basis->weight[i] * centred * centred;
        for (size_t k = 0; k < CURVES_SHAPES; k++)
            product[k] += basis->centred[i][k] * centred;
    }
    return square;
}

void curves_fit(const struct curves_basis *basis, const double *y, double ridge,
                struct curves_fit *fit)
{
    const double tiny = 1e-12; /* a shape that is 0 at every point has mean 0 */
    double product[CURVES_SHAPES], mean = weighted_mean(basis, y);
    double square = project(basis, y, mean, product);
    for (size_t k = 0; k < CURVES_SHAPES; k++) {
        double curvature = basis->square[k] + ridge;
        double span = -product[k] / curvature;
        double most = (1 - mean) / (basis->mean[k] + tiny); /* where limit is 1 */
        span = span > most ? most : span;
        span = span < 0 ? 0 : span;
        fit->span[k] = span;
        fit->limit[k] = mean + span * basis->mean[k];
        fit->squares[k] = square + span * (2 * product[k] + span * curvature);
    }
}

size_t curves_fit_best(const struct curves_fit *fit)
{
    size_t best = 0;
    for (size_t k = 1; k < CURVES_SHAPES; k++)
        if (fit->squares[k] < fit->squares[best])
            best = k;
    return best;
}
