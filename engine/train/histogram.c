#include "engine/train/histogram.h"

#include <math.h>

struct histogram histogram_of(const float *values, size_t count)
{
    struct histogram histogram = {.low = NAN, .high = NAN};
    float low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        float finite_low = isfinite(values[i]) ? values[i] : INFINITY;
        float finite_high = isfinite(values[i]) ? values[i] : -INFINITY;
        low = finite_low < low ? finite_low : low;
        high = finite_high > high ? finite_high : high;
    }
    if (!(low <= high))
        return histogram;
    histogram.low = low;
    histogram.high = high;
    /* In double: high - low may be beyond float32. */
    double width = histogram.high - histogram.low;
    double scale = width > 0 ? HISTOGRAM_BINS / width : 0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i]))
            continue;
        size_t bin = (size_t)((values[i] - histogram.low) * scale);
        histogram.counts[bin < HISTOGRAM_BINS ? bin : HISTOGRAM_BINS - 1]++;
    }
    return histogram;
}
