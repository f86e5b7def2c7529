#include "engine/search/past.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NEIGHBOURS = 2 }; /* on either side of a gap */

static const double longest_gap = 2;     /* of a usual one */
static const double least_noise = 0.003; /* of an accuracy, standard deviation */

static bool is_usable(const struct projection_point *point, double after)
{
    return isfinite(point->seconds) && isfinite(point->accuracy) && point->seconds >= 0 &&
           point->seconds > after;
}

static void survey(struct past *past, const struct projection_point *points, size_t count,
                   double target)
{
    *past = (struct past){.last = -1, .lowest = 1, .met = NAN};
    for (size_t i = 0; i < count; i++) {
        const struct projection_point *point = &points[i];
        if (!is_usable(point, past->last))
            continue;
        if (past->usable++ == 0)
            past->first = point->seconds;
        past->last = point->seconds;
        past->best = fmax(past->best, point->accuracy);
        past->lowest = fmin(past->lowest, point->accuracy);
        if (isnan(past->met) && point->accuracy >= target)
            past->met = point->seconds;
    }
}

static void add_to_group(struct past *past, size_t group, double x, double y, double part)
{
    past->count = group + 1;
    past->x[group] += x * part;
    past->y[group] += y * part;
}

/* Makes groups of as equal sizes as can be, x in seconds; the noise is what second
 * differences show, above all the late ones. */
static void group_points(struct past *past, const struct projection_point *points,
                         size_t count)
{
    size_t groups = past->usable < CURVES_POINTS ? past->usable : CURVES_POINTS;
    double after = -1, before[2] = {0}, squares = 0, weights = 0;
    for (size_t i = 0, k = 0; i < count; i++) {
        if (!is_usable(&points[i], after))
            continue;
        after = points[i].seconds;
        size_t group = k * groups / past->usable;
        size_t first = (group * past->usable + groups - 1) / groups;
        size_t next = ((group + 1) * past->usable + groups - 1) / groups;
        double y = points[i].accuracy;
        add_to_group(past, group, points[i].seconds, y, 1 / (double)(next - first));
        double bend = y - 2 * before[1] + before[0];
        double weight = (double)k * (double)k;
        if (k++ >= 2) {
            squares += weight * bend * bend / 6;
            weights += weight;
        }
        before[0] = before[1];
        before[1] = y;
    }
    past->noise = sqrt(squares / weights + least_noise * least_noise);
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The median of the gaps[low .. high] around one. */
static double usual_gap(const double *gaps, size_t count, size_t around)
{
    double near[2 * NEIGHBOURS + 1];
    size_t low = around > NEIGHBOURS ? around - NEIGHBOURS : 0;
    size_t high = around + NEIGHBOURS < count ? around + NEIGHBOURS : count - 1;
    size_t number = high - low + 1;
    memcpy(near, &gaps[low], number * sizeof near[0]);
    qsort(near, number, sizeof near[0], compare);
    return near[(number - 1) / 2];
}

/* Turns seconds into x. Where a machine did something else for a while or warmed up
 * before the first point, the run learned nothing: a gap counts as little more than its
 * neighbours. What is to come is taken to be held up as often. */
static void skip_stalls(struct past *past)
{
    double gaps[CURVES_POINTS], learning = 0, start = past->x[0];
    size_t count = past->count - 1;
    double seconds = past->x[count] - start;
    for (size_t i = 0; i < count; i++)
        gaps[i] = past->x[i + 1] - past->x[i];
    for (size_t i = 0; i < count; i++) {
        learning += fmin(gaps[i], longest_gap * usual_gap(gaps, count, i));
        past->x[i + 1] = learning;
    }
    double head = fmin(start, learning / (double)count), whole = head + learning;
    past->x[0] = 0;
    for (size_t i = 0; i <= count; i++)
        past->x[i] = (head + past->x[i]) / whole;
    past->unit = whole * seconds / learning;
}

bool past_init(struct past *past, const struct projection_point *points, size_t count,
               double target)
{
    survey(past, points, count, target);
    if (past->usable < PROJECTION_LEAST)
        return false;
    group_points(past, points, count);
    skip_stalls(past);
    return true;
}
