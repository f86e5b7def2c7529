/* What stands behind an MLP: one of the two engines. An engine builds the network of a
 * shape over flat arrays of parameters and gradients that `mlp` lays out, and runs it. */
#ifndef ENGINE_NN_NETWORK_H
#define ENGINE_NN_NETWORK_H

#include "engine/nn/mlp.h"

struct network {
    const struct network_kind *kind;
    void *state; /* the engine's own */
    struct mlp_shape shape;
    size_t max_rows;
    struct mlp_layer layers[MLP_MAX_LAYERS];
    size_t layer_count;
    size_t size; /* floats in each flat array */
    /* Filled in by `build`; they live as long as the network. */
    float *parameters, *gradients;            /* (size) */
    float *inputs;                            /* (max_rows, inputs) */
    const float *activations[MLP_MAX_LAYERS]; /* (max_rows, outputs) of each layer */
};

struct network_call {
    const uint8_t *labels; /* (rows); NULL: outputs only */
    size_t rows;
    bool backward;        /* gradient of the mean loss, too */
    uint64_t dropout_key; /* 0: nothing is switched off */
};

struct network_kind {
    enum engine_status (*build)(struct network *network);
    void (*free)(struct network *network);
    struct mlp_result (*run)(struct network *network, const struct network_call *call);
};

/* The class that a row of outputs names. */
size_t network_label(const struct network *network, const float *outputs);

extern const struct network_kind tensor_network; /* matrices: engine/autograd/graph.h */
extern const struct network_kind scalar_network; /* Values: engine/autograd/value.h */

#endif
