#include "engine/nn/init.h"

#include <math.h>

static double draw_weight(enum init init, struct rng *rng, double inputs, double outputs)
{
    double bound;
    switch (init) {
    case INIT_TORCH:
        bound = 1 / sqrt(inputs);
        return rng_uniform(rng, -bound, bound);
    case INIT_HE: /* He et al. (2015) */
        return rng_normal(rng) * sqrt(2 / inputs);
    case INIT_XAVIER: /* Glorot and Bengio (2010) */
        bound = sqrt(6 / (inputs + outputs));
        return rng_uniform(rng, -bound, bound);
    case INIT_MICROGRAD:
        return rng_uniform(rng, -1, 1);
    case INIT_ZERO:
        break;
    }
    return 0;
}

void init_layer(enum init init, struct rng *rng, size_t inputs, size_t outputs,
                float *weight, float *bias)
{
    for (size_t o = 0; o < outputs; o++)
        for (size_t i = 0; i < inputs; i++)
            weight[i * outputs + o] =
                (float)draw_weight(init, rng, (double)inputs, (double)outputs);
    double bound = init == INIT_TORCH ? 1 / sqrt((double)inputs) : 0;
    for (size_t o = 0; o < outputs; o++)
        bias[o] = bound > 0 ? (float)rng_uniform(rng, -bound, bound) : 0;
}
