/* A scrambled Sobol sequence: points that fill the unit cube evenly from the first on.
 * Direction numbers: Joe and Kuo 2008 (new-joe-kuo-6.21201). Scrambling: Owen's nested
 * uniform one by a hash (Burley 2020, "Practical hash-based Owen scrambling"). */
#ifndef ENGINE_SEARCH_SOBOL_H
#define ENGINE_SEARCH_SOBOL_H

#include <stdint.h>

#include "engine/search/space.h"

/* Coordinate `dimension` (below SEARCH_MAX_DIMENSIONS) of point `index`, as a fraction of
 * 2^32. Plain, and scrambled by `seed`. */
uint32_t sobol_plain(uint32_t index, unsigned dimension);
uint32_t sobol_scrambled(uint32_t index, unsigned dimension, uint64_t seed);

#endif
