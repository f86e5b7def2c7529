#include "engine/autograd/rng.h"

#include <math.h>

static uint64_t rotate_left(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

/* Vigna's splitmix64: turns any seed, however poor, into well-mixed words. */
static uint64_t split_mix(uint64_t *x)
{
    uint64_t z = *x += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void rng_init(struct rng *rng, uint64_t seed, uint64_t stream)
{
    uint64_t x = seed;
    uint64_t y = split_mix(&x) ^ stream;
    for (int i = 0; i < 4; i++)
        rng->state[i] = split_mix(&y);
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->state;
    uint64_t result = rotate_left(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

/* Values below 2^64 mod bound would make some results likelier than others. */
uint64_t rng_below(struct rng *rng, uint64_t bound)
{
    uint64_t unfair = -bound % bound;
    uint64_t x = rng_next(rng);
    while (x < unfair)
        x = rng_next(rng);
    return x % bound;
}

static double unit(struct rng *rng)
{
    return (double)(rng_next(rng) >> 11) * 0x1p-53;
}

double rng_uniform(struct rng *rng, double low, double high)
{
    return low + (high - low) * unit(rng);
}

/* Box and Muller (1958); the second number is thrown away so that no state is hidden. */
double rng_normal(struct rng *rng)
{
    double radius = sqrt(-2 * log(1 - unit(rng)));
    return radius * cos(6.283185307179586 * unit(rng));
}
