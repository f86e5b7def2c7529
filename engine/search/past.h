/* A run's points so far, as the projection fits curves to them: few, evenly spread, and
 * over x, which is training time without warm-up and stalls, 1 at the present. */
#ifndef ENGINE_SEARCH_PAST_H
#define ENGINE_SEARCH_PAST_H

#include "engine/search/curves.h"
#include "engine/search/projection.h"

struct past {
    size_t usable;              /* points */
    double first, last;         /* seconds of them */
    double best, lowest, noise; /* accuracies */
    double met;                 /* seconds of the first at the target, or NaN */
    double unit;                /* seconds in one x from now on */
    size_t count;               /* of what is fitted: means of neighbouring points */
    double x[CURVES_POINTS], y[CURVES_POINTS];
};

/* False with fewer than PROJECTION_LEAST points that are finite and each after the one
 * before; `past` is of no use then. */
bool past_init(struct past *past, const struct projection_point *points, size_t count,
               double target);

#endif
