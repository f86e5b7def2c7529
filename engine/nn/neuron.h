/* Neuron, Layer and MLP of single numbers, exactly micrograd's:
 *
 *   a neuron is   activation(w_1 x_1 + ... + w_n x_n + b)
 *   a layer is    neurons that look at the same inputs
 *   an MLP is     layers, each looking at the outputs of the one before
 *
 * Weights and biases are leaves of the graph; a weight matrix's leaves stand in a row in
 * the order of `struct mlp_layer`: (inputs, outputs). */
#ifndef ENGINE_NN_NEURON_H
#define ENGINE_NN_NEURON_H

#include "engine/autograd/value.h"
#include "engine/nn/mlp.h"

struct neuron {
    const uint32_t *inputs; /* (input_count) */
    size_t input_count;
    uint32_t weight; /* the first weight's leaf; the next is `stride` further */
    size_t stride;
    uint32_t bias;
    enum activation activation;
};

/* Adds one neuron and returns its output. The products come first, then their sum, which
 * starts from the bias as micrograd's does. `products` (input_count) is scratch.
 * VALUE_NONE as `value_binary`. */
uint32_t neuron_build(struct values *graph, const struct neuron *neuron,
                      uint32_t *products);

/* What the activation makes of `x`; x itself where it is linear. */
uint32_t neuron_activate(struct values *graph, enum activation activation, uint32_t x);

/* Adds `outputs` neurons over the same inputs; weight leaves (input_count, outputs) begin
 * at `weight`, biases at `bias`. Fills `out` (outputs). */
void layer_build(struct values *graph, const struct neuron *first, size_t outputs,
                 uint32_t *products, uint32_t *out);

#endif
