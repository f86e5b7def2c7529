#include "engine/nn/mlp.h"

#include <stdlib.h>
#include <string.h>

#include "engine/autograd/arena.h"
#include "engine/autograd/labels.h"
#include "engine/nn/init.h"
#include "engine/nn/network.h"

struct mlp {
    struct network network;
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

/* Each weight and bias begins on a cache line. */
static void lay_out(struct network *network)
{
    const struct mlp_shape *shape = &network->shape;
    network->layer_count = shape->hidden_count + 1;
    for (size_t i = 0; i < network->layer_count; i++) {
        struct mlp_layer *layer = &network->layers[i];
        layer->inputs = layer_width(shape, i);
        layer->outputs = layer_width(shape, i + 1);
        layer->weight_offset = network->size;
        layer->bias_offset =
            network->size + arena_padded_floats(layer->inputs * layer->outputs);
        network->size = layer->bias_offset + arena_padded_floats(layer->outputs);
    }
}

enum engine_status mlp_new(const struct mlp_shape *shape, size_t max_rows,
                           struct mlp **out)
{
    bool one_class = shape->loss == LOSS_CROSS_ENTROPY && shape->outputs < 2;
    if (shape->hidden_count > MLP_MAX_HIDDEN || one_class)
        return ENGINE_INVALID;
    struct mlp *mlp = calloc(1, sizeof *mlp);
    if (!mlp)
        return ENGINE_NO_MEMORY;
    mlp->network.kind =
        shape->engine == ENGINE_KIND_SCALAR ? &scalar_network : &tensor_network;
    mlp->network.shape = *shape;
    mlp->network.max_rows = max_rows;
    lay_out(&mlp->network);
    enum engine_status status = mlp->network.kind->build(&mlp->network);
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
    mlp->network.kind->free(&mlp->network);
    free(mlp);
}

void mlp_initialise(struct mlp *mlp, enum init init, struct rng *rng)
{
    for (size_t i = 0; i < mlp->network.layer_count; i++) {
        const struct mlp_layer *layer = &mlp->network.layers[i];
        init_layer(init, rng, layer->inputs, layer->outputs,
                   mlp->network.parameters + layer->weight_offset,
                   mlp->network.parameters + layer->bias_offset);
    }
}

void mlp_shift_hidden_biases(struct mlp *mlp, float shift)
{
    for (size_t i = 0; i + 1 < mlp->network.layer_count; i++) {
        const struct mlp_layer *layer = &mlp->network.layers[i];
        for (size_t o = 0; o < layer->outputs; o++)
            mlp->network.parameters[layer->bias_offset + o] += shift;
    }
}

size_t mlp_size(const struct mlp *mlp)
{
    return mlp->network.size;
}

float *mlp_parameters(struct mlp *mlp)
{
    return mlp->network.parameters;
}

float *mlp_gradients(struct mlp *mlp)
{
    return mlp->network.gradients;
}

size_t mlp_layer_count(const struct mlp *mlp)
{
    return mlp->network.layer_count;
}

const struct mlp_layer *mlp_layer(const struct mlp *mlp, size_t index)
{
    return &mlp->network.layers[index];
}

float *mlp_inputs(struct mlp *mlp)
{
    return mlp->network.inputs;
}

const float *mlp_activations(const struct mlp *mlp, size_t index)
{
    return mlp->network.activations[index];
}

static struct mlp_result run(struct mlp *mlp, const struct network_call *call)
{
    return mlp->network.kind->run(&mlp->network, call);
}

struct mlp_result mlp_evaluate(struct mlp *mlp, const uint8_t *labels, size_t rows)
{
    return run(mlp, &(struct network_call){.labels = labels, .rows = rows});
}

struct mlp_result mlp_gradient(struct mlp *mlp, const uint8_t *labels, size_t rows)
{
    return mlp_gradient_dropped(mlp, labels, rows, 0);
}

struct mlp_result mlp_gradient_dropped(struct mlp *mlp, const uint8_t *labels,
                                       size_t rows, uint64_t key)
{
    return run(mlp,
               &(struct network_call){
                   .labels = labels, .rows = rows, .backward = true, .dropout_key = key});
}

const float *mlp_forward(struct mlp *mlp, size_t rows)
{
    run(mlp, &(struct network_call){.rows = rows});
    return mlp->network.activations[mlp->network.layer_count - 1];
}

size_t network_label(const struct network *network, const float *outputs)
{
    const struct mlp_shape *shape = &network->shape;
    return label_of_row(outputs, shape->outputs, shape->loss == LOSS_MSE ? 0.5f : 0);
}

size_t mlp_label(const struct mlp *mlp, const float *outputs)
{
    return network_label(&mlp->network, outputs);
}

enum loss mlp_loss(const struct mlp *mlp)
{
    return mlp->network.shape.loss;
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
    const struct mlp_layer *layer = &mlp->network.layers[index];
    transpose(parameters + layer->weight_offset, layer->inputs, layer->outputs, out);
}

void mlp_import_weight(const struct mlp *mlp, size_t index, const float *in,
                       float *parameters)
{
    const struct mlp_layer *layer = &mlp->network.layers[index];
    transpose(in, layer->outputs, layer->inputs, parameters + layer->weight_offset);
}
