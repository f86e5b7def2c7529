/* Initialisers: how a layer's weights and biases start. See `enum init` in mlp.h. */
#ifndef ENGINE_NN_INIT_H
#define ENGINE_NN_INIT_H

#include "engine/autograd/rng.h"
#include "engine/nn/mlp.h"

/* weight: (inputs, outputs), bias: (outputs). Numbers are drawn in PyTorch's order,
 * output by output. */
void init_layer(enum init init, struct rng *rng, size_t inputs, size_t outputs,
                float *weight, float *bias);

#endif
