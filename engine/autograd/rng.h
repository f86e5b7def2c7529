/* The one source of randomness: xoshiro256++ (Blackman and Vigna, 2019), seeded through
 * splitmix64. State is four words, so it goes into a checkpoint as it is. The streams of
 * one seed (initialisation, shuffling, ...) are independent of each other. */
#ifndef ENGINE_AUTOGRAD_RNG_H
#define ENGINE_AUTOGRAD_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state[4];
};

/* `stream` separates uses of the same seed: the same (seed, stream) always gives the
 * same numbers. */
void rng_init(struct rng *rng, uint64_t seed, uint64_t stream);
uint64_t rng_next(struct rng *rng);
uint64_t rng_below(struct rng *rng, uint64_t bound); /* unbiased, 0 <= x < bound */
double rng_uniform(struct rng *rng, double low, double high);
double rng_normal(struct rng *rng); /* mean 0, deviation 1; keeps no hidden state */

#endif
