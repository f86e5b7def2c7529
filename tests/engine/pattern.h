/* Numbers in [-size, size) that tests/golden/make_*.py make in the same way. */
#ifndef TESTS_ENGINE_PATTERN_H
#define TESTS_ENGINE_PATTERN_H

#include <stddef.h>

static inline void pattern_fill(float *x, size_t count, size_t salt, double size)
{
    for (size_t i = 0; i < count; i++) {
        double unit = (double)((i * 7919 + salt * 104729) % 10007) / 10007;
        x[i] = (float)((2 * unit - 1) * size);
    }
}

#endif
