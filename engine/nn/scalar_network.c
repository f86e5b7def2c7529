/* The network as Values: every weight, product and sum is a number of its own.
 *
 * Up to 16 samples go through the graph at a time, one a lane; a larger batch goes
 * through in parts whose gradients add up. Parameters are leaves like any other: each
 * call copies them to all lanes, and a parameter's gradient is the sum over its lanes. */
#include <stdlib.h>
#include <string.h>

#include "engine/autograd/arena.h"
#include "engine/autograd/dropout.h"
#include "engine/autograd/labels.h"
#include "engine/autograd/value.h"
#include "engine/nn/network.h"
#include "engine/nn/neuron.h"
#include "engine/nn/value_losses.h"

#define LANES 16

struct scalar_state {
    struct arena arena;           /* all arrays but those of the graphs */
    struct values *single, *wide; /* of 1 lane (for a single sample) and of LANES */
    struct values *graph;         /* the one of the current call, */
    size_t lanes;                 /* and its lanes */
    uint32_t weights[MLP_MAX_LAYERS], biases[MLP_MAX_LAYERS]; /* first leaves */
    uint32_t inputs, targets;                                 /* first leaves */
    uint32_t factors[MLP_MAX_LAYERS]; /* dropout's first leaves; VALUE_NONE: no dropout */
    uint32_t *outputs[MLP_MAX_LAYERS]; /* (outputs) what each layer hands on */
    uint32_t loss;
    float *activations[MLP_MAX_LAYERS]; /* (max_rows, outputs) */
};

/* --- building ---------------------------------------------------------------------- */

/* Leaves first, so that parameters stand in a row. */
static void add_leaves(struct network *network, struct scalar_state *state)
{
    const struct mlp_shape *shape = &network->shape;
    for (size_t i = 0; i < network->layer_count; i++) {
        const struct mlp_layer *layer = &network->layers[i];
        bool drops = shape->dropout > 0 && i < shape->hidden_count;
        state->weights[i] = value_leaves(state->graph, layer->inputs * layer->outputs);
        state->biases[i] = value_leaves(state->graph, layer->outputs);
        state->factors[i] =
            drops ? value_leaves(state->graph, layer->outputs) : VALUE_NONE;
    }
    state->inputs = value_leaves(state->graph, shape->inputs);
    state->targets = value_leaves(state->graph, shape->outputs);
}

/* `x` is both the inputs of a layer and, behind it, what the next one looks at. */
static void add_layers(struct network *network, struct scalar_state *state, uint32_t *x,
                       uint32_t *products)
{
    const struct mlp_shape *shape = &network->shape;
    for (size_t i = 0; i < shape->inputs; i++)
        x[i] = state->inputs + (uint32_t)i;
    for (size_t i = 0; i < network->layer_count; i++) {
        const struct mlp_layer *layer = &network->layers[i];
        bool hidden = i < shape->hidden_count;
        struct neuron neuron = {
            .inputs = x,
            .input_count = layer->inputs,
            .weight = state->weights[i],
            .bias = state->biases[i],
            .activation = hidden ? shape->activation : ACTIVATION_LINEAR,
        };
        layer_build(state->graph, &neuron, layer->outputs, products, state->outputs[i]);
        for (size_t o = 0; o < layer->outputs; o++)
            x[o] = state->factors[i] == VALUE_NONE
                       ? state->outputs[i][o]
                       : value_binary(state->graph, VALUE_MUL, state->outputs[i][o],
                                      state->factors[i] + (uint32_t)o);
    }
    state->loss =
        loss_build(state->graph, shape->loss, x, state->targets, shape->outputs);
}

static size_t find_widest(const struct network *network)
{
    size_t widest = network->shape.inputs;
    for (size_t i = 0; i < network->layer_count; i++)
        if (network->layers[i].outputs > widest)
            widest = network->layers[i].outputs;
    return widest;
}

/* Both graphs are built alike, so that a value has the same index in both. */
static enum engine_status build_graph(struct network *network, struct values **graph,
                                      size_t lanes)
{
    struct scalar_state *state = network->state;
    size_t widest = find_widest(network);
    uint32_t *x = calloc(widest, sizeof *x), *products = calloc(widest, sizeof *x);
    enum engine_status status = values_new(graph);
    if (status == ENGINE_OK && x && products) {
        state->graph = *graph;
        add_leaves(network, state);
        add_layers(network, state, x, products);
        status = values_compile(*graph, lanes);
    } else {
        status = ENGINE_NO_MEMORY;
    }
    free(x);
    free(products);
    return status;
}

static float *new_floats(struct scalar_state *state, size_t count)
{
    return arena_alloc(&state->arena, count * sizeof(float));
}

static bool new_arrays(struct network *network, struct scalar_state *state)
{
    bool made = true;
    network->parameters = new_floats(state, network->size);
    network->gradients = new_floats(state, network->size);
    network->inputs = new_floats(state, network->max_rows * network->shape.inputs);
    for (size_t i = 0; i < network->layer_count; i++) {
        size_t outputs = network->layers[i].outputs;
        state->outputs[i] =
            arena_alloc(&state->arena, outputs * sizeof *state->outputs[i]);
        state->activations[i] = new_floats(state, network->max_rows * outputs);
        network->activations[i] = state->activations[i];
        made = made && state->outputs[i] && state->activations[i];
    }
    return made && network->parameters && network->gradients && network->inputs;
}

static void scalar_free(struct network *network)
{
    struct scalar_state *state = network->state;
    if (!state)
        return;
    values_free(state->single);
    values_free(state->wide);
    arena_clear(&state->arena);
    free(state);
}

static enum engine_status scalar_build(struct network *network)
{
    struct scalar_state *state = network->state = calloc(1, sizeof *state);
    if (!state || !new_arrays(network, state))
        return ENGINE_NO_MEMORY;
    enum engine_status status = build_graph(network, &state->single, 1);
    if (status == ENGINE_OK)
        status = build_graph(network, &state->wide, LANES);
    return status;
}

/* --- running ----------------------------------------------------------------------- */

/* Copies `count` numbers to as many leaves, the same to every lane. */
static void spread(struct scalar_state *state, uint32_t leaf, const float *numbers,
                   size_t count)
{
    float *data = values_data(state->graph, leaf);
    for (size_t i = 0; i < count; i++)
        for (size_t l = 0; l < state->lanes; l++)
            data[i * state->lanes + l] = numbers[i];
}

static void spread_parameters(struct network *network)
{
    struct scalar_state *state = network->state;
    for (size_t i = 0; i < network->layer_count; i++) {
        const struct mlp_layer *layer = &network->layers[i];
        spread(state, state->weights[i], network->parameters + layer->weight_offset,
               layer->inputs * layer->outputs);
        spread(state, state->biases[i], network->parameters + layer->bias_offset,
               layer->outputs);
    }
}

/* One part of the batch: rows first .. first + count, one a lane. Lanes without a row
 * repeat the last one; their loss has no weight. */
struct part {
    size_t first, count;
};

static size_t row_of(const struct part *part, size_t lane)
{
    return part->first + (lane < part->count ? lane : part->count - 1);
}

static void load_inputs(struct network *network, const struct part *part)
{
    struct scalar_state *state = network->state;
    size_t lanes = state->lanes, features = network->shape.inputs;
    float *data = values_data(state->graph, state->inputs);
    for (size_t l = 0; l < lanes; l++) {
        const float *row = network->inputs + row_of(part, l) * features;
        for (size_t i = 0; i < features; i++)
            data[i * lanes + l] = row[i];
    }
}

static void load_targets(struct network *network, const uint8_t *labels,
                         const struct part *part)
{
    struct scalar_state *state = network->state;
    size_t lanes = state->lanes, outputs = network->shape.outputs;
    float off = network->shape.loss == LOSS_HINGE ? -1 : 0;
    float *data = values_data(state->graph, state->targets);
    for (size_t k = 0; k < outputs; k++)
        for (size_t l = 0; l < lanes; l++) {
            bool on = labels && label_is_on(k, outputs, labels[row_of(part, l)]);
            data[k * lanes + l] = on ? 1 : off;
        }
}

/* The same units as the tensor engine drops: see dropout.h. */
static void load_factors(struct network *network, uint64_t key, const struct part *part)
{
    struct scalar_state *state = network->state;
    double rate = network->shape.dropout;
    size_t lanes = state->lanes;
    for (size_t i = 0; i < network->shape.hidden_count && rate > 0; i++) {
        size_t outputs = network->layers[i].outputs;
        float *data = values_data(state->graph, state->factors[i]);
        for (size_t o = 0; o < outputs; o++)
            for (size_t l = 0; l < lanes; l++) {
                size_t place = row_of(part, l) * outputs + o;
                data[o * lanes + l] =
                    key ? dropout_factor(key, (uint32_t)i, (uint32_t)place, rate) : 1;
            }
    }
}

static void store_activations(struct network *network, const struct part *part)
{
    struct scalar_state *state = network->state;
    for (size_t i = 0; i < network->layer_count; i++) {
        size_t outputs = network->layers[i].outputs;
        float *rows = state->activations[i] + part->first * outputs;
        for (size_t o = 0; o < outputs; o++) {
            const float *data = values_data(state->graph, state->outputs[i][o]);
            for (size_t l = 0; l < part->count; l++)
                rows[l * outputs + o] = data[l];
        }
    }
}

static void collect(struct scalar_state *state, uint32_t leaf, float *gradients,
                    size_t count)
{
    const float *shares = values_gradient(state->graph, leaf);
    for (size_t i = 0; i < count; i++) {
        float sum = 0;
        for (size_t l = 0; l < state->lanes; l++)
            sum += shares[i * state->lanes + l];
        gradients[i] += sum;
    }
}

static void backward(struct network *network, size_t rows, const struct part *part)
{
    struct scalar_state *state = network->state;
    float seeds[LANES];
    for (size_t l = 0; l < state->lanes; l++)
        seeds[l] = l < part->count ? 1.0f / (float)rows : 0;
    values_backward(state->graph, state->loss, seeds);
    for (size_t i = 0; i < network->layer_count; i++) {
        const struct mlp_layer *layer = &network->layers[i];
        collect(state, state->weights[i], network->gradients + layer->weight_offset,
                layer->inputs * layer->outputs);
        collect(state, state->biases[i], network->gradients + layer->bias_offset,
                layer->outputs);
    }
}

static void judge(struct network *network, const uint8_t *labels, const struct part *part,
                  struct mlp_result *result)
{
    struct scalar_state *state = network->state;
    size_t outputs = network->shape.outputs;
    const float *losses = values_data(state->graph, state->loss);
    const float *rows = state->activations[network->layer_count - 1];
    for (size_t l = 0; l < part->count; l++) {
        size_t row = part->first + l;
        result->loss_sum += losses[l];
        result->correct += network_label(network, rows + row * outputs) == labels[row];
    }
}

static struct mlp_result scalar_run(struct network *network,
                                    const struct network_call *call)
{
    struct scalar_state *state = network->state;
    struct mlp_result result = {.rows = call->rows};
    state->graph = call->rows == 1 ? state->single : state->wide;
    state->lanes = call->rows == 1 ? 1 : LANES;
    spread_parameters(network);
    if (call->backward)
        memset(network->gradients, 0, network->size * sizeof(float));
    for (size_t first = 0; first < call->rows; first += state->lanes) {
        size_t left = call->rows - first;
        struct part part = {first, left < state->lanes ? left : state->lanes};
        load_inputs(network, &part);
        load_targets(network, call->labels, &part);
        load_factors(network, call->dropout_key, &part);
        values_forward(state->graph);
        store_activations(network, &part);
        if (call->labels)
            judge(network, call->labels, &part, &result);
        if (call->backward)
            backward(network, call->rows, &part);
    }
    return result;
}

const struct network_kind scalar_network = {scalar_build, scalar_free, scalar_run};
