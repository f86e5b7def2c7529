#include "engine/search/sweetspot.h"

#include <math.h>
#include <string.h>

#define LEAST_SIZES 3
#define ROUNDS      200
#define EVEN_SIZES  25
#define LEAST_SHARE 1e-6 /* of the steps at some size: a term below it is rounding */

/* The model in the logarithms of both parameters, which keeps them positive:
 *   f(B) = log(S_min + E_min / B),   theta = (log S_min, log E_min)
 *   df/dtheta = (S_min, E_min / B) / (S_min + E_min / B)
 * It follows from the header's equation: with S = S_min + E_min / B, S / S_min - 1 is
 * E_min / (S_min B), and with E = S B, E / E_min - 1 is S_min B / E_min. */
struct fit {
    const struct batch_cost *costs;
    size_t count;
    double theta[2];
    double residual_sum; /* of squares */
    double normal[2][2]; /* J^T J */
    double gradient[2];  /* J^T r */
};

static void evaluate(struct fit *fit)
{
    double steps_min = exp(fit->theta[0]), samples_min = exp(fit->theta[1]);
    fit->residual_sum = 0;
    memset(fit->normal, 0, sizeof fit->normal);
    memset(fit->gradient, 0, sizeof fit->gradient);
    for (size_t i = 0; i < fit->count; i++) {
        double more = samples_min / fit->costs[i].batch_size, steps = steps_min + more;
        double slope[2] = {steps_min / steps, more / steps};
        double residual = log(fit->costs[i].steps) - log(steps);
        fit->residual_sum += residual * residual;
        for (int a = 0; a < 2; a++) {
            fit->gradient[a] += slope[a] * residual;
            for (int b = 0; b < 2; b++)
                fit->normal[a][b] += slope[a] * slope[b];
        }
    }
}

/* S is linear in 1 / B: least squares on relative errors, weights 1 / S^2. Where that
 * comes out negative, what the largest and the smallest batch have at least. */
static void start(struct fit *fit)
{
    double w = 0, x = 0, y = 0, xx = 0, xy = 0;
    double least_steps = INFINITY, least_samples = INFINITY;
    for (size_t i = 0; i < fit->count; i++) {
        double u = 1 / fit->costs[i].batch_size, s = fit->costs[i].steps;
        double weight = 1 / (s * s);
        w += weight;
        x += weight * u;
        y += weight * s;
        xx += weight * u * u;
        xy += weight * u * s;
        least_steps = fmin(least_steps, s);
        least_samples = fmin(least_samples, s / u);
    }
    double slope = (w * xy - x * y) / (w * xx - x * x);
    double offset = (y - slope * x) / w;
    fit->theta[0] = log(offset > 0 ? offset : least_steps / 2);
    fit->theta[1] = log(slope > 0 ? slope : least_samples / 2);
}

/* (N + damping diag N)^-1 g; false where that has no solution. */
static bool solve(const struct fit *fit, double damping, double *step)
{
    double a = fit->normal[0][0] * (1 + damping), d = fit->normal[1][1] * (1 + damping);
    double b = fit->normal[0][1], determinant = a * d - b * b;
    if (!(determinant > 1e-14 * a * d))
        return false;
    step[0] = (d * fit->gradient[0] - b * fit->gradient[1]) / determinant;
    step[1] = (a * fit->gradient[1] - b * fit->gradient[0]) / determinant;
    return true;
}

/* Levenberg and Marquardt. False where it runs off: one parameter then says nothing. */
static bool descend(struct fit *fit)
{
    double damping = 1e-3;
    start(fit);
    evaluate(fit);
    for (int round = 0; round < ROUNDS; round++) {
        struct fit next = *fit;
        double step[2];
        if (!solve(fit, damping, step))
            return false;
        next.theta[0] += step[0];
        next.theta[1] += step[1];
        evaluate(&next);
        bool better = next.residual_sum <= fit->residual_sum;
        damping = better ? damping / 10 : damping * 10;
        if (better)
            *fit = next;
        if (fabs(step[0]) + fabs(step[1]) < 1e-12 || damping > 1e12)
            break;
    }
    return isfinite(fit->residual_sum);
}

/* Student's t that 95 % of draws stay within; beyond 30 degrees nearly normal. */
static double student(size_t freedom)
{
    static const double table[] = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
        2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
        2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
    size_t known = sizeof table / sizeof *table;
    return freedom <= known ? table[freedom - 1] : 1.96 + 2.5 / (double)freedom;
}

static struct estimate around(double logarithm, double reach)
{
    return (struct estimate){exp(logarithm), exp(logarithm - reach),
                             exp(logarithm + reach)};
}

/* Intervals from the covariance s^2 (J^T J)^-1 of the two logarithms; that of the ratio
 * from their difference. False where the data do not tell one of them. */
static bool estimate(const struct fit *fit, struct sweetspot *out)
{
    size_t freedom = fit->count - 2;
    double a = fit->normal[0][0], b = fit->normal[0][1], d = fit->normal[1][1];
    double determinant = a * d - b * b;
    if (!(determinant > 1e-12 * a * d) || fmin(a, d) < LEAST_SHARE * LEAST_SHARE)
        return false;
    double unit =
        student(freedom) * sqrt(fit->residual_sum / (double)freedom / determinant);
    double steps_reach = unit * sqrt(d), samples_reach = unit * sqrt(a);
    out->steps_min = around(fit->theta[0], steps_reach);
    out->samples_min = around(fit->theta[1], samples_reach);
    out->critical_batch =
        around(fit->theta[1] - fit->theta[0], unit * sqrt(a + d + 2 * b));
    return fmax(steps_reach, samples_reach) <= log(SWEETSPOT_WIDEST);
}

/* --- seconds ---------------------------------------------------------------------- */

static double seconds_per_step(const struct batch_cost *sorted, size_t count,
                               double batch_size)
{
    size_t i = 1;
    while (i + 1 < count && sorted[i].batch_size < batch_size)
        i++;
    const struct batch_cost *a = &sorted[i - 1], *b = &sorted[i];
    double share = log(batch_size / a->batch_size) / log(b->batch_size / a->batch_size);
    return exp(log(a->seconds_per_step) +
               share * log(b->seconds_per_step / a->seconds_per_step));
}

static struct batch_forecast forecast(const struct sweetspot *fit,
                                      const struct batch_cost *sorted, size_t count,
                                      double batch_size)
{
    double steps = fit->steps_min.value + fit->samples_min.value / batch_size;
    return (struct batch_forecast){batch_size, steps, steps * batch_size,
                                   steps * seconds_per_step(sorted, count, batch_size)};
}

static void sort_by_size(struct batch_cost *costs, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && costs[j].batch_size < costs[j - 1].batch_size; j--) {
            struct batch_cost swapped = costs[j];
            costs[j] = costs[j - 1];
            costs[j - 1] = swapped;
        }
}

/* Puts a size where it belongs, once. */
static void add_size(struct sweetspot *out, double batch_size)
{
    size_t i = out->forecast_count;
    for (size_t j = 0; j < i; j++)
        if (out->forecast[j].batch_size == batch_size)
            return;
    if (i == SWEETSPOT_MAX_SIZES)
        return;
    out->forecast_count++;
    for (; i > 0 && out->forecast[i - 1].batch_size > batch_size; i--)
        out->forecast[i] = out->forecast[i - 1];
    out->forecast[i].batch_size = batch_size;
}

static double ratio_at(const struct sweetspot *fit, const struct batch_cost *sorted,
                       size_t count, double batch_size)
{
    if (batch_size < sorted[0].batch_size || batch_size > sorted[count - 1].batch_size)
        return NAN;
    return forecast(fit, sorted, count, batch_size).seconds / fit->best.seconds;
}

static void predict(struct sweetspot *out, const struct batch_cost *sorted, size_t count)
{
    double low = sorted[0].batch_size, high = sorted[count - 1].batch_size;
    out->forecast_count = 0;
    for (size_t i = 0; i < count; i++)
        add_size(out, sorted[i].batch_size);
    for (int i = 1; i + 1 < EVEN_SIZES; i++)
        add_size(out, round(low * pow(high / low, (double)i / (EVEN_SIZES - 1))));
    for (size_t i = 0; i < out->forecast_count; i++) {
        struct batch_forecast *at = &out->forecast[i];
        *at = forecast(out, sorted, count, at->batch_size);
        if (i == 0 || at->seconds < out->best.seconds)
            out->best = *at;
    }
    out->half_ratio = ratio_at(out, sorted, count, out->best.batch_size / 2);
    out->double_ratio = ratio_at(out, sorted, count, out->best.batch_size * 2);
}

/* ---------------------------------------------------------------------------------- */

static bool is_usable(const struct batch_cost *cost)
{
    return cost->batch_size > 0 && cost->steps > 0 && cost->seconds_per_step > 0 &&
           isfinite(cost->batch_size) && isfinite(cost->steps) &&
           isfinite(cost->seconds_per_step);
}

bool sweetspot_fit(const struct batch_cost *costs, size_t count, struct sweetspot *out)
{
    struct batch_cost sorted[SWEETSPOT_MAX_SIZES];
    size_t sizes = 0;
    struct sweetspot found = {.forecast_count = 0};
    for (size_t i = 0; i < count && sizes < SWEETSPOT_MAX_SIZES; i++)
        if (is_usable(&costs[i]))
            sorted[sizes++] = costs[i];
    sort_by_size(sorted, sizes);
    for (size_t i = 1; i < sizes; i++)
        if (sorted[i].batch_size == sorted[i - 1].batch_size)
            return false;
    struct fit fit = {.costs = sorted, .count = sizes};
    if (sizes < LEAST_SIZES || !descend(&fit) || !estimate(&fit, &found))
        return false;
    predict(&found, sorted, sizes);
    *out = found;
    return true;
}
