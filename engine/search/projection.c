/* From points to a projection: each of many futures is one curve, drawn by how well it
 * fits resampled points, and what curves leave out: their error, breaks and noise. The
 * constants were set on curves that the numbers in engine/search/README.md do not stand
 * for. */
#include "engine/search/projection.h"

#include <math.h>
#include <stdlib.h>

#include "engine/autograd/rng.h"
#include "engine/search/curves.h"
#include "engine/search/past.h"

enum {
    FUTURES = 256,
    STEPS = 24,  /* of a future, growing by the same factor */
    TELLING = 5, /* futures that must meet the target for a time to be named */
};

static const double noise_ahead = 0.5;  /* of the past noise; part of it is no noise */
static const double curve_error = 0.1;  /* of the range of the points so far */
static const double gain_error = 0.35;  /* of what a curve still promises */
static const double break_rate = 0.4;   /* of leaving the curve for a better one, each
                                         * time that the training time grows e-fold */
static const double most_points = 1000; /* of a step: more repeat each other */
static const double pi = 3.14159265358979323846;

/* The steps from the present to the horizon, the same in every future. */
struct steps {
    double x[STEPS + 1];       /* 1 .. horizon */
    double elapsed[STEPS + 1]; /* log x */
    double points[STEPS + 1];  /* expected since the step before; may be less than one */
    double shape[STEPS + 1][CURVES_SHAPES];
};

static void steps_init(struct steps *steps, const struct past *past, double horizon)
{
    double whole = log1p((horizon - past->last) / past->unit);
    double groups = (double)past->count;
    double gap = (1 - past->x[0]) / (groups - 1) * groups / (double)past->usable;
    for (size_t j = 0; j <= STEPS; j++) {
        steps->elapsed[j] = whole * (double)j / STEPS;
        steps->x[j] = exp(steps->elapsed[j]);
        steps->points[j] = j > 0 ? (steps->x[j] - steps->x[j - 1]) / gap : 0;
        for (size_t k = 0; k < CURVES_SHAPES; k++)
            steps->shape[j][k] = curves_shape(k, steps->x[j]);
    }
}

/* The ensemble: the best curve with its residuals to resample, and how far from it
 * another may be. */
struct ensemble {
    struct curves_basis basis;
    double fitted[CURVES_POINTS], residual[CURVES_POINTS];
    double ridge, variance;
};

static void ensemble_init(struct ensemble *ensemble, const struct past *past)
{
    struct curves_fit fit;
    double noise = past->noise * past->noise;
    double error = curve_error * (past->best - past->lowest);
    double freedom = (double)past->count - 2;
    ensemble->ridge = noise / 2;
    curves_basis_init(&ensemble->basis, past->x, past->count);
    curves_fit(&ensemble->basis, past->y, ensemble->ridge, &fit);
    size_t best = curves_fit_best(&fit);
    ensemble->variance = fmax(fit.squares[best], 0) / freedom + noise + error * error;
    for (size_t i = 0; i < past->count; i++) {
        double shape = curves_shape(best, past->x[i]);
        ensemble->fitted[i] = fit.limit[best] - fit.span[best] * shape;
        ensemble->residual[i] =
            (past->y[i] - ensemble->fitted[i]) * sqrt((double)past->count / freedom);
    }
}

struct curve {
    size_t shape;
    double limit, span;
};

/* A shape's probability is its likelihood; all had the same before the first point. */
static size_t draw_shape(const struct curves_fit *fit, double variance, struct rng *rng)
{
    double likelihood[CURVES_SHAPES], sum = 0;
    double least = fit->squares[curves_fit_best(fit)];
    for (size_t k = 0; k < CURVES_SHAPES; k++)
        sum += likelihood[k] = exp((least - fit->squares[k]) / (2 * variance));
    double left = rng_uniform(rng, 0, sum);
    size_t k = 0;
    while (k < CURVES_SHAPES - 1 && (left -= likelihood[k]) >= 0)
        k++;
    return k;
}

static struct curve draw_curve(const struct ensemble *ensemble, struct rng *rng)
{
    double y[CURVES_POINTS];
    size_t count = ensemble->basis.count;
    for (size_t i = 0; i < count; i++)
        y[i] = ensemble->fitted[i] + ensemble->residual[rng_below(rng, count)];
    struct curves_fit fit;
    curves_fit(&ensemble->basis, y, ensemble->ridge, &fit);
    size_t shape = draw_shape(&fit, ensemble->variance, rng);
    return (struct curve){shape, fit.limit[shape], fit.span[shape]};
}

/* The largest of `count` (any number above 0) logistic deviates of deviation 1, by the
 * inverse of its distribution F^count. */
static double largest_noise(double count, struct rng *rng)
{
    double log_share = log(rng_uniform(rng, 1e-12, 1)) / fmin(count, most_points);
    return sqrt(3) / pi * (log_share - log(-expm1(log_share)));
}

struct futures {
    size_t met;            /* how many meet the target */
    double x[FUTURES];     /* at which those do */
    double level[FUTURES]; /* best accuracy at the horizon */
};

/* One future: the curve, more or less of the gain it promises, and perhaps a break, from
 * which it heads within an e-fold of time for anything between itself and 1. */
static double draw_future(const struct past *past, const struct steps *steps,
                          const struct curve *curve, double target, double *met,
                          struct rng *rng)
{
    double now = curve->limit - curve->span * steps->shape[0][curve->shape];
    double gain = 1 + gain_error * rng_normal(rng);
    double break_at = -log(rng_uniform(rng, 1e-12, 1)) / break_rate;
    double part = rng_uniform(rng, 0, 1), best = past->best;
    for (size_t j = 1; j <= STEPS; j++) {
        double y = curve->limit - curve->span * steps->shape[j][curve->shape];
        double since = fmin(fmax(steps->elapsed[j] - break_at, 0), 1);
        y = now + gain * (y - now) + since * part * (1 - y);
        y += noise_ahead * past->noise * largest_noise(steps->points[j], rng);
        y = fmin(y, 1);
        if (y <= best)
            continue;
        if (target > best && target <= y)
            *met = steps->x[j - 1] +
                   (target - best) / (y - best) * (steps->x[j] - steps->x[j - 1]);
        best = y;
    }
    return best;
}

static void draw_futures(struct futures *futures, const struct past *past, double target,
                         double horizon)
{
    struct ensemble ensemble;
    struct steps steps;
    struct rng rng;
    ensemble_init(&ensemble, past);
    steps_init(&steps, past, horizon);
    rng_init(&rng, 1, 0);
    futures->met = 0;
    for (size_t i = 0; i < FUTURES; i++) {
        struct curve curve = draw_curve(&ensemble, &rng);
        double met = NAN;
        futures->level[i] = draw_future(past, &steps, &curve, target, &met, &rng);
        if (!isnan(met))
            futures->x[futures->met++] = met;
    }
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double quantile(const double *sorted, size_t count, double share)
{
    double place = share * (double)(count - 1);
    size_t i = (size_t)place;
    if (i + 1 >= count)
        return sorted[count - 1];
    return sorted[i] + (place - (double)i) * (sorted[i + 1] - sorted[i]);
}

static double to_seconds(const struct past *past, double x)
{
    return past->last + (x - 1) * past->unit;
}

static void tell_time(struct projection *out, const struct past *past,
                      struct futures *futures)
{
    out->reached = !isnan(past->met);
    out->chance = out->reached ? 1 : (double)futures->met / FUTURES;
    out->seconds = out->seconds_low = out->seconds_high = past->met;
    if (out->reached || futures->met < TELLING)
        return;
    qsort(futures->x, futures->met, sizeof futures->x[0], compare);
    out->seconds = to_seconds(past, quantile(futures->x, futures->met, 0.5));
    out->seconds_low = to_seconds(past, quantile(futures->x, futures->met, 0.1));
    out->seconds_high = to_seconds(past, quantile(futures->x, futures->met, 0.9));
}

static void tell_level(struct projection *out, struct futures *futures)
{
    qsort(futures->level, FUTURES, sizeof futures->level[0], compare);
    out->level = quantile(futures->level, FUTURES, 0.5);
    out->level_low = quantile(futures->level, FUTURES, 0.1);
    out->level_high = quantile(futures->level, FUTURES, 0.9);
}

bool projection_make(const struct projection_point *points, size_t count, double target,
                     double horizon, struct projection *out)
{
    struct past past;
    struct futures futures;
    if (!past_init(&past, points, count, target) || !isfinite(horizon) ||
        horizon <= past.last)
        return false;
    draw_futures(&futures, &past, target, horizon);
    tell_time(out, &past, &futures);
    tell_level(out, &futures);
    return true;
}
