#include "engine/nn/neuron.h"

uint32_t neuron_activate(struct values *graph, enum activation activation, uint32_t x)
{
    switch (activation) {
    case ACTIVATION_RELU:
        return value_unary(graph, VALUE_RELU, x);
    case ACTIVATION_TANH:
        return value_unary(graph, VALUE_TANH, x);
    case ACTIVATION_SIGMOID:
        return value_unary(graph, VALUE_SIGMOID, x);
    case ACTIVATION_GELU:
        return value_unary(graph, VALUE_GELU, x);
    case ACTIVATION_LINEAR:
        return x;
    }
    return VALUE_NONE;
}

uint32_t neuron_build(struct values *graph, const struct neuron *neuron,
                      uint32_t *products)
{
    for (size_t i = 0; i < neuron->input_count; i++) {
        uint32_t weight = neuron->weight + (uint32_t)(i * neuron->stride);
        products[i] = value_binary(graph, VALUE_MUL, weight, neuron->inputs[i]);
    }
    uint32_t sum = neuron->bias;
    for (size_t i = 0; i < neuron->input_count; i++)
        sum = value_binary(graph, VALUE_ADD, sum, products[i]);
    return neuron_activate(graph, neuron->activation, sum);
}

void layer_build(struct values *graph, const struct neuron *first, size_t outputs,
                 uint32_t *products, uint32_t *out)
{
    struct neuron neuron = *first;
    neuron.stride = outputs;
    for (size_t o = 0; o < outputs; o++) {
        neuron.weight = first->weight + (uint32_t)o;
        neuron.bias = first->bias + (uint32_t)o;
        out[o] = neuron_build(graph, &neuron, products);
    }
}
