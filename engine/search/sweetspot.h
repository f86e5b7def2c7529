/* The sweet spot of batch size: how many steps S and samples E = S B it takes to reach a
 * target at each batch size B, each with its best learning rate.
 *
 *   (S / S_min - 1) (E / E_min - 1) = 1      so that      S = S_min + E_min / B
 *
 * (McCandlish et al. 2018, arXiv 1812.06162; measured widely by Shallue et al. 2018,
 * arXiv 1811.03600.) E_min / S_min is the critical batch size: below it more samples a
 * step save steps almost one for one, above it they are mostly wasted. With the seconds
 * that a step takes at each batch size it says which one is soonest there. */
#ifndef ENGINE_SEARCH_SWEETSPOT_H
#define ENGINE_SEARCH_SWEETSPOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SWEETSPOT_MAX_SIZES 64
#define SWEETSPOT_WIDEST                                                                 \
    1000 /* an interval beyond this factor either way tells nothing */

/* One batch size with its best learning rate. */
struct batch_cost {
    double batch_size;
    double steps;            /* to the target: the median over seeds */
    double seconds_per_step; /* measured */
};

struct estimate {
    double value, low, high; /* a 95 % interval */
};

/* The time to the target at one batch size, as the fit has it. */
struct batch_forecast {
    double batch_size, steps, samples, seconds;
};

struct sweetspot {
    struct estimate steps_min, samples_min; /* S_min, E_min */
    struct estimate critical_batch;         /* E_min / S_min, in samples */
    /* From the least to the greatest batch size that was tried, spaced evenly in the
     * logarithm, the tried ones among them. */
    struct batch_forecast forecast[SWEETSPOT_MAX_SIZES];
    size_t forecast_count;
    struct batch_forecast best; /* the soonest of them */
    /* What half and twice that batch size cost: seconds over best.seconds; NaN outside
     * the sizes tried. */
    double half_ratio, double_ratio;
};

/* Fits by least squares on log S: false with fewer than 3 usable sizes, with one size
 * twice, or where the sizes do not tell S_min or E_min (all below the critical batch size
 * or all above it). `costs` in any order, at most SWEETSPOT_MAX_SIZES of them. */
bool sweetspot_fit(const struct batch_cost *costs, size_t count, struct sweetspot *out);

#endif
