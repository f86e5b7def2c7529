#include "engine/search/projection.h"

#include <math.h>

/* y = level - drop x^-power: linear in level and drop for each power that is tried. */
struct curve {
    double level, drop, power, error;
};

static struct curve fit_power(const struct projection_point *points, size_t count,
                              double power)
{
    double u = 0, y = 0, uu = 0, uy = 0, n = (double)count, squares = 0;
    for (size_t i = 0; i < count; i++) {
        double x = pow(points[i].seconds / points[count - 1].seconds, -power);
        u += x;
        y += points[i].accuracy;
        uu += x * x;
        uy += x * points[i].accuracy;
    }
    double slope = (n * uy - u * y) / fmax(n * uu - u * u, 1e-12);
    struct curve curve = {(y - slope * u) / n, -slope, power, 0};
    for (size_t i = 0; i < count; i++) {
        double x = pow(points[i].seconds / points[count - 1].seconds, -power);
        double off = points[i].accuracy - curve.level + curve.drop * x;
        squares += off * off;
    }
    curve.error = sqrt(squares / n) + 0.005;
    return curve;
}

static struct curve fit(const struct projection_point *points, size_t count)
{
    struct curve best = {.error = INFINITY};
    for (double power = 0.1; power < 3; power *= 1.2) {
        struct curve tried = fit_power(points, count, power);
        if (tried.error < best.error)
            best = tried;
    }
    return best;
}

bool projection_make(const struct projection_point *points, size_t count, double target,
                     double horizon, struct projection *out)
{
    if (count < PROJECTION_LEAST || horizon <= points[count - 1].seconds)
        return false;
    double last = points[count - 1].seconds;
    struct curve curve = fit(points, count);
    double level = curve.level - curve.drop * pow(horizon / last, -curve.power);
    double spread = 3 * curve.error;
    *out =
        (struct projection){.chance = 0.5 * erfc((target - level) / spread * M_SQRT1_2),
                            .seconds = NAN,
                            .seconds_low = NAN,
                            .seconds_high = NAN,
                            .level = level,
                            .level_low = level - 1.28 * spread,
                            .level_high = level + 1.28 * spread};
    return true;
}
