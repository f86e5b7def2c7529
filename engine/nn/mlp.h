/* A multi-layer perceptron, on either engine.
 *
 * Layers are linear (y = x W + b) with an activation between them; the last layer gives
 * logits (or raw outputs) to the loss. Parameters and gradients are one flat, 64-byte
 * aligned float array each, described by an offset table, so that optimizers, checkpoints
 * and norms are single loops.
 *
 * Weights are kept as (inputs, outputs) row-major: x W then needs no transpose. PyTorch's
 * layout is the transpose; `mlp_export_weight` gives it. */
#ifndef ENGINE_NN_MLP_H
#define ENGINE_NN_MLP_H

#include <stddef.h>
#include <stdint.h>

#include "engine/autograd/rng.h"
#include "engine/status.h"

#define MLP_MAX_HIDDEN 8
#define MLP_MAX_LAYERS (MLP_MAX_HIDDEN + 1)

enum activation {
    ACTIVATION_RELU,
    ACTIVATION_TANH,
    ACTIVATION_SIGMOID,
    ACTIVATION_GELU,
    ACTIVATION_LINEAR,
};

enum init {
    INIT_TORCH,     /* weight and bias uniform +-1/sqrt(fan_in): torch.nn.Linear */
    INIT_HE,        /* weight normal(0, sqrt(2/fan_in)), bias 0 */
    INIT_XAVIER,    /* weight uniform +-sqrt(6/(fan_in+fan_out)), bias 0 */
    INIT_MICROGRAD, /* weight uniform +-1, bias 0 */
    INIT_ZERO,      /* all 0: no unit ever differs from its neighbours */
};

enum loss {
    LOSS_CROSS_ENTROPY,
    LOSS_MSE,   /* mean over batch and outputs of (y - onehot)^2 */
    LOSS_HINGE, /* mean over batch and outputs of max(0, 1 - t y), micrograd's max-margin:
                 * t is 1 for the label's output and -1 for the others */
};

enum engine_kind {
    ENGINE_KIND_TENSOR, /* matrices: fast */
    ENGINE_KIND_SCALAR, /* Values: every number is a node of its own, as in micrograd */
};

struct mlp_shape {
    enum engine_kind engine; /* both give the same gradients, to float32's rounding */
    size_t inputs, outputs;
    size_t hidden[MLP_MAX_HIDDEN];
    size_t hidden_count; /* 0 is a linear classifier */
    enum activation activation;
    enum loss loss;
    double dropout; /* share of hidden units that training switches off; 0 <= rate < 1 */
};

/* Where one layer's parameters are in the flat arrays. */
struct mlp_layer {
    size_t inputs, outputs;
    size_t weight_offset; /* inputs * outputs floats, (inputs, outputs) row-major */
    size_t bias_offset;   /* outputs floats */
};

/* Sums over the rows of one call, so that callers can add up calls of unequal size. */
struct mlp_result {
    double loss_sum; /* sum over the rows of each row's loss */
    size_t correct;  /* rows whose largest output is the label's; see mlp_new */
    size_t rows;
};

struct mlp;

/* Number of parameters without building anything. */
size_t mlp_parameter_count(const struct mlp_shape *shape);

/* Compiles the graph for up to `max_rows` rows a call. Parameters are zero until
 * `mlp_initialise`. The caller frees with `mlp_free`. Every activation and loss above is
 * built. `dropout` is of use to `mlp_gradient_dropped` only. With a single output (mse,
 * hinge) that output stands for class 1, and a row is correct on the right side of 0.5
 * (mse) or 0 (hinge). Fails with ENGINE_NO_MEMORY, or ENGINE_INVALID with too many layers
 * or cross-entropy over a single output. */
ENGINE_MUST_CHECK enum engine_status mlp_new(const struct mlp_shape *shape,
                                             size_t max_rows, struct mlp **out);
void mlp_free(struct mlp *mlp);

/* Draws all parameters in layer order (weight, then bias) from `rng`. */
void mlp_initialise(struct mlp *mlp, enum init init, struct rng *rng);

/* Adds `shift` to every bias of the hidden layers. */
void mlp_shift_hidden_biases(struct mlp *mlp, float shift);

size_t mlp_size(const struct mlp *mlp); /* parameters, incl. padding between layers */
float *mlp_parameters(struct mlp *mlp);
float *mlp_gradients(struct mlp *mlp);
size_t mlp_layer_count(const struct mlp *mlp);
const struct mlp_layer *mlp_layer(const struct mlp *mlp, size_t index);

/* The batch buffer: (max_rows, inputs) floats, 64-byte aligned. The loader writes the
 * batch here, so that nothing is copied twice. */
float *mlp_inputs(struct mlp *mlp);

/* Forward and backward over the first `rows` rows of `mlp_inputs`. Overwrites (does not
 * add to) `mlp_gradients` with the gradient of the *mean* loss. Allocates nothing. */
struct mlp_result mlp_gradient(struct mlp *mlp, const uint8_t *labels, size_t rows);

/* The same with the shape's dropout: `key` draws which units are switched off; 0: none.
 */
struct mlp_result mlp_gradient_dropped(struct mlp *mlp, const uint8_t *labels,
                                       size_t rows, uint64_t key);

/* Forward only. */
struct mlp_result mlp_evaluate(struct mlp *mlp, const uint8_t *labels, size_t rows);

/* Forward only; (rows, outputs) of the last layer, owned by the mlp until its next call:
 * logits. */
const float *mlp_forward(struct mlp *mlp, size_t rows);

/* What layer `index` handed on in the last call, (rows, outputs), activation included and
 * dropout not; owned by the mlp until its next call. */
const float *mlp_activations(const struct mlp *mlp, size_t index);

/* The class that a row of `outputs` names. */
size_t mlp_label(const struct mlp *mlp, const float *outputs);

enum loss mlp_loss(const struct mlp *mlp);

/* Copies layer `index`'s weight as (outputs, inputs), PyTorch's layout, and back. */
void mlp_export_weight(const struct mlp *mlp, size_t index, const float *parameters,
                       float *out);
void mlp_import_weight(const struct mlp *mlp, size_t index, const float *in,
                       float *parameters);

#endif
