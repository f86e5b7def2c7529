#include "engine/search/sobol.h"

#include "engine/autograd/rng.h"

#define BITS 32

/* A primitive polynomial over GF(2), without its outer coefficients, and the first
 * direction numbers. The first dimension has none: it is van der Corput's sequence. */
static const struct polynomial {
    unsigned degree, coefficients;
    uint32_t first[6];
} polynomials[SEARCH_MAX_DIMENSIONS] = {
    {0, 0,  {0, 0, 0, 0, 0, 0}  },
    {1, 0,  {1, 0, 0, 0, 0, 0}  },
    {2, 1,  {1, 3, 0, 0, 0, 0}  },
    {3, 1,  {1, 3, 1, 0, 0, 0}  },
    {3, 2,  {1, 1, 1, 0, 0, 0}  },
    {4, 1,  {1, 1, 3, 3, 0, 0}  },
    {4, 4,  {1, 3, 5, 13, 0, 0} },
    {5, 2,  {1, 1, 5, 5, 17, 0} },
    {5, 4,  {1, 1, 5, 5, 5, 0}  },
    {5, 7,  {1, 1, 7, 11, 19, 0}},
    {5, 11, {1, 1, 5, 1, 1, 0}  },
    {5, 13, {1, 1, 1, 3, 11, 0} },
};

/* v_k = m_k 2^(32 - k), and for k beyond the degree s:
 * v_k = a_1 v_(k-1) ^ ... ^ a_(s-1) v_(k-s+1) ^ v_(k-s) ^ (v_(k-s) >> s). */
static void fill_directions(unsigned dimension, uint32_t *v)
{
    const struct polynomial *p = &polynomials[dimension];
    for (unsigned k = 0; k < BITS; k++) {
        if (p->degree == 0 || k < p->degree) {
            v[k] = (p->degree ? p->first[k] : 1) << (BITS - 1 - k);
            continue;
        }
        v[k] = v[k - p->degree] ^ (v[k - p->degree] >> p->degree);
        for (unsigned j = 1; j < p->degree; j++)
            if (p->coefficients >> (p->degree - 1 - j) & 1)
                v[k] ^= v[k - j];
    }
}

uint32_t sobol_plain(uint32_t index, unsigned dimension)
{
    uint32_t directions[BITS] = {0}, point = 0;
    fill_directions(dimension, directions);
    for (unsigned k = 0; k < BITS; k++)
        if (index >> k & 1)
            point ^= directions[k];
    return point;
}

static uint32_t reverse_bits(uint32_t x)
{
    x = (x >> 16) | (x << 16);
    x = ((x & 0x00ff00ffu) << 8) | ((x & 0xff00ff00u) >> 8);
    x = ((x & 0x0f0f0f0fu) << 4) | ((x & 0xf0f0f0f0u) >> 4);
    x = ((x & 0x33333333u) << 2) | ((x & 0xccccccccu) >> 2);
    return ((x & 0x55555555u) << 1) | ((x & 0xaaaaaaaau) >> 1);
}

/* Laine and Karras 2011: each bit is flipped by a hash of those below it; between two
 * reversals that makes each bit's flip depend on those above it, as Owen's does. */
static uint32_t permute(uint32_t x, uint32_t seed)
{
    x += seed;
    x ^= x * 0x6c50b47cu;
    x ^= x * 0xb82f1e52u;
    x ^= x * 0xc7afe638u;
    x ^= x * 0x8d22f6e6u;
    return x;
}

uint32_t sobol_scrambled(uint32_t index, unsigned dimension, uint64_t seed)
{
    struct rng rng;
    rng_init(&rng, seed, dimension);
    uint32_t point = reverse_bits(sobol_plain(index, dimension));
    return reverse_bits(permute(point, (uint32_t)(rng_next(&rng) >> 32)));
}
