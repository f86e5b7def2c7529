/* Where a run's accuracy is going, from its points so far: an ensemble of saturating
 * curves fitted by least squares, with bootstrap (after Domhan et al. 2015, "Speeding up
 * automatic hyperparameter optimization of deep neural networks by extrapolation of
 * learning curves"). How well calibrated it is: engine/search/README.md. */
#ifndef ENGINE_SEARCH_PROJECTION_H
#define ENGINE_SEARCH_PROJECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROJECTION_LEAST 4 /* points */

struct projection_point {
    double seconds;  /* of training, rising */
    double accuracy; /* 0 .. 1, as measured: may fall */
};

struct projection {
    bool reached;  /* a point has met the target already; seconds are that point's */
    double chance; /* that the best accuracy meets the target before the horizon */
    double seconds, seconds_low, seconds_high; /* median and 80 % interval of the training
                                                * time to the target, given that it is
                                                * met; NaN where the chance is too small
                                                * to say */
    double level, level_low, level_high; /* the best accuracy at the horizon, the same */
};

/* Projects `count` points on to `horizon` seconds of training (finite, the run's budget
 * or its planned end). Points that are not finite, or not after the one before, are
 * skipped. Deterministic. False with fewer than PROJECTION_LEAST points or a horizon that
 * is not beyond the last; `out` is left alone then. Takes about half a millisecond, 50 KB
 * of stack and no memory from the heap. Any thread. */
bool projection_make(const struct projection_point *points, size_t count, double target,
                     double horizon, struct projection *out);

#endif
