/* Which units a step switches off. Each element's fate is a hash of the step's key, the
 * layer and the element's place, so that there is no state to keep and both engines drop
 * the same units. */
#ifndef ENGINE_AUTOGRAD_DROPOUT_H
#define ENGINE_AUTOGRAD_DROPOUT_H

#include <stdint.h>

/* A 32-bit mixer of two rounds of xor-shift and multiply (Wellons' search for low-bias
 * constants, 2018: 0x7feb352d, 0x846ca68b). */
static inline uint32_t dropout_mix(uint32_t x)
{
    x = (x ^ (x >> 16)) * 0x7feb352dU;
    x = (x ^ (x >> 15)) * 0x846ca68bU;
    return x ^ (x >> 16);
}

/* What to multiply element `place` by: 0 with probability `rate`, else 1 / (1 - rate), so
 * that the mean stays. */
static inline float dropout_factor(uint64_t key, uint32_t layer, uint32_t place,
                                   double rate)
{
    uint32_t low = (uint32_t)key + layer * 0x9e3779b9U, high = (uint32_t)(key >> 32);
    uint32_t draw = dropout_mix(dropout_mix(place + low) ^ high);
    uint32_t threshold = (uint32_t)(rate * 4294967296.0);
    return draw < threshold ? 0.0f : (float)(1 / (1 - rate));
}

#endif
