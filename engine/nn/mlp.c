#include "engine/nn/mlp.h"

#include <stdlib.h>
#include <string.h>

#include "engine/autograd/graph.h"
#include "engine/nn/init.h"

struct mlp {
    struct graph *graph;
    struct mlp_layer layers[MLP_MAX_LAYERS];
    size_t layer_count;
    size_t outputs;
    struct node *input, *output, *loss;
};

static size_t layer_width(const struct mlp_shape *shape, size_t index)
{
    if (index == 0)
        return shape->inputs;
    return index <= shape->hidden_count ? shape->hidden[index - 1] : shape->outputs;
}

size_t mlp_parameter_count(const struct mlp_shape *shape)
{
    size_t count = 0;
    for (size_t i = 0; i <= shape->hidden_count; i++)
        count += (layer_width(shape, i) + 1) * layer_width(shape, i + 1);
    return count;
}

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

static struct node *add_layer(struct mlp *mlp, struct node *x, size_t inputs,
                              size_t outputs)
{
    struct node *weight = graph_parameter(mlp->graph, inputs, outputs);
    struct node *bias = graph_parameter(mlp->graph, 1, outputs);
    struct node *y = graph_linear(x, weight, bias);
    if (y)
        mlp->layers[mlp->layer_count++] =
            (struct mlp_layer){inputs, outputs, weight->offset, bias->offset};
    return y;
}

static void build(struct mlp *mlp, const struct mlp_shape *shape)
{
    struct node *x = mlp->input = graph_input(mlp->graph, shape->inputs);
    for (size_t i = 0; i <= shape->hidden_count; i++) {
        x = add_layer(mlp, x, layer_width(shape, i), layer_width(shape, i + 1));
        if (i < shape->hidden_count)
            x = activate(shape->activation, x);
    }
    mlp->output = x;
    mlp->loss = graph_unary(loss_op(shape->loss), x);
}

enum engine_status mlp_new(const struct mlp_shape *shape, size_t max_rows,
                           struct mlp **out)
{
    bool one_class = shape->loss == LOSS_CROSS_ENTROPY && shape->outputs < 2;
    if (shape->hidden_count > MLP_MAX_HIDDEN || one_class)
        return ENGINE_INVALID;
    struct mlp *mlp = calloc(1, sizeof *mlp);
    if (!mlp || graph_new(NULL, &mlp->graph) != ENGINE_OK) {
        free(mlp);
        return ENGINE_NO_MEMORY;
    }
    mlp->outputs = shape->outputs;
    build(mlp, shape);
    enum engine_status status = graph_compile(mlp->graph, max_rows);
    if (status != ENGINE_OK) {
        mlp_free(mlp);
        return status;
    }
    *out = mlp;
    return ENGINE_OK;
}

void mlp_free(struct mlp *mlp)
{
    if (!mlp)
        return;
    graph_free(mlp->graph);
    free(mlp);
}

void mlp_initialise(struct mlp *mlp, enum init init, struct rng *rng)
{
    for (size_t i = 0; i < mlp->layer_count; i++) {
        const struct mlp_layer *layer = &mlp->layers[i];
        init_layer(init, rng, layer->inputs, layer->outputs,
                   mlp->graph->parameters + layer->weight_offset,
                   mlp->graph->parameters + layer->bias_offset);
    }
}

size_t mlp_size(const struct mlp *mlp)
{
    return mlp->graph->parameter_count;
}

float *mlp_parameters(struct mlp *mlp)
{
    return mlp->graph->parameters;
}

float *mlp_gradients(struct mlp *mlp)
{
    return mlp->graph->gradients;
}

size_t mlp_layer_count(const struct mlp *mlp)
{
    return mlp->layer_count;
}

const struct mlp_layer *mlp_layer(const struct mlp *mlp, size_t index)
{
    return &mlp->layers[index];
}

float *mlp_inputs(struct mlp *mlp)
{
    return mlp->input->data;
}

struct mlp_result mlp_evaluate(struct mlp *mlp, const uint8_t *labels, size_t rows)
{
    graph_forward(mlp->graph, labels, rows);
    return (struct mlp_result){mlp->graph->loss_sum, mlp->graph->correct, rows};
}

struct mlp_result mlp_gradient(struct mlp *mlp, const uint8_t *labels, size_t rows)
{
    struct mlp_result result = mlp_evaluate(mlp, labels, rows);
    graph_backward(mlp->graph, mlp->loss, 1.0f / (float)rows);
    return result;
}

const float *mlp_forward(struct mlp *mlp, size_t rows)
{
    graph_forward(mlp->graph, NULL, rows);
    return mlp->output->data;
}

/* out: (columns, rows) = in^T, in: (rows, columns) */
static void transpose(const float *in, size_t rows, size_t columns, float *out)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            out[c * rows + r] = in[r * columns + c];
}

void mlp_export_weight(const struct mlp *mlp, size_t index, const float *parameters,
                       float *out)
{
    const struct mlp_layer *layer = &mlp->layers[index];
    transpose(parameters + layer->weight_offset, layer->inputs, layer->outputs, out);
}

void mlp_import_weight(const struct mlp *mlp, size_t index, const float *in,
                       float *parameters)
{
    const struct mlp_layer *layer = &mlp->layers[index];
    transpose(in, layer->outputs, layer->inputs, parameters + layer->weight_offset);
}
