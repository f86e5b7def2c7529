/* Histograms of weights, gradients and activations. */
#ifndef ENGINE_TRAIN_HISTOGRAM_H
#define ENGINE_TRAIN_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#define HISTOGRAM_BINS 32

/* How many values lie in each of HISTOGRAM_BINS bins of equal width from `low` to `high`,
 * both inside. Values that are not finite are left out; without any finite one `low` and
 * `high` are NaN and all counts 0. */
struct histogram {
    double low, high;
    uint32_t counts[HISTOGRAM_BINS];
};

/* Of `count` values, from the smallest finite one to the largest. */
struct histogram histogram_of(const float *values, size_t count);

#endif
