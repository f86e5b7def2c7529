/* The network as a graph of matrices: one node a layer and a whole batch in each. */
#include <assert.h>
#include <stdlib.h>

#include "engine/autograd/graph.h"
#include "engine/nn/network.h"

struct tensor_state {
    struct graph *graph;
    struct node *input, *loss;
    struct node *layers[MLP_MAX_LAYERS]; /* what each hands on */
};

static struct node *activate(enum activation activation, struct node *x)
{
    switch (activation) {
    case ACTIVATION_RELU:
        return graph_unary(OP_RELU, x);
    case ACTIVATION_TANH:
        return graph_unary(OP_TANH, x);
    case ACTIVATION_SIGMOID:
        return graph_unary(OP_SIGMOID, x);
    case ACTIVATION_GELU:
        return graph_unary(OP_GELU, x);
    case ACTIVATION_LINEAR:
        return x;
    }
    return NULL;
}

static enum op loss_op(enum loss loss)
{
    switch (loss) {
    case LOSS_CROSS_ENTROPY:
        return OP_CROSS_ENTROPY;
    case LOSS_MSE:
        return OP_MSE;
    case LOSS_HINGE:
        return OP_HINGE;
    }
    return OP_COUNT;
}

static struct node *add_layer(struct graph *graph, struct node *x,
                              const struct mlp_layer *layer)
{
    struct node *weight = graph_parameter(graph, layer->inputs, layer->outputs);
    struct node *bias = graph_parameter(graph, 1, layer->outputs);
    return graph_linear(x, weight, bias);
}

static void add_nodes(struct network *network, struct tensor_state *state)
{
    const struct mlp_shape *shape = &network->shape;
    struct node *x = state->input = graph_input(state->graph, shape->inputs);
    for (size_t i = 0; i < network->layer_count; i++) {
        bool hidden = i < shape->hidden_count;
        x = add_layer(state->graph, x, &network->layers[i]);
        state->layers[i] = x = hidden ? activate(shape->activation, x) : x;
        if (hidden && shape->dropout > 0)
            x = graph_dropout(x, shape->dropout);
    }
    state->loss = graph_unary(loss_op(shape->loss), x);
}

static void tensor_free(struct network *network)
{
    struct tensor_state *state = network->state;
    if (state)
        graph_free(state->graph);
    free(state);
}

static enum engine_status tensor_build(struct network *network)
{
    struct tensor_state *state = network->state = calloc(1, sizeof *state);
    if (!state || graph_new(NULL, &state->graph) != ENGINE_OK)
        return ENGINE_NO_MEMORY;
    add_nodes(network, state);
    enum engine_status status = graph_compile(state->graph, network->max_rows);
    if (status != ENGINE_OK)
        return status;
    assert(state->graph->parameter_count == network->size);
    network->parameters = state->graph->parameters;
    network->gradients = state->graph->gradients;
    network->inputs = state->input->data;
    for (size_t i = 0; i < network->layer_count; i++)
        network->activations[i] = state->layers[i]->data;
    return ENGINE_OK;
}

static struct mlp_result tensor_run(struct network *network,
                                    const struct network_call *call)
{
    struct tensor_state *state = network->state;
    state->graph->dropout_key = call->dropout_key;
    graph_forward(state->graph, call->labels, call->rows);
    if (call->backward)
        graph_backward(state->graph, state->loss, 1.0f / (float)call->rows);
    return (struct mlp_result){state->graph->loss_sum, state->graph->correct, call->rows};
}

const struct network_kind tensor_network = {tensor_build, tensor_free, tensor_run};
