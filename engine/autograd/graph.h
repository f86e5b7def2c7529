/* Automatic differentiation over matrices: micrograd's idea with a matrix in each node.
 *
 * Build: each `graph_*` call adds a node after the nodes it uses, so the list of nodes is
 * already a topological order (the tape). Compile once for the largest batch. Then run:
 * `graph_forward` walks the tape, `graph_backward` walks it in reverse and adds each
 * node's share to the gradients of the nodes it used. Nothing is allocated while it runs.
 *
 * A node is (rows, columns) row-major: parameters have fixed rows, everything that
 * depends on the batch has as many rows as the call says. Parameters and their gradients
 * are each one flat array, so that optimizers and checkpoints need no graph. */
#ifndef ENGINE_AUTOGRAD_GRAPH_H
#define ENGINE_AUTOGRAD_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/autograd/arena.h"
#include "engine/autograd/gemm.h"
#include "engine/status.h"

enum op {
    OP_INPUT,
    OP_PARAMETER,
    OP_LINEAR, /* x W + b */
    OP_ADD,
    OP_MUL, /* element by element */
    OP_RELU,
    OP_TANH,
    OP_SIGMOID,
    OP_GELU,
    OP_DROPOUT,
    OP_CROSS_ENTROPY, /* of the softmax of each row against the graph's labels */
    OP_MSE,           /* mean square of a row's distance from its one-hot */
    OP_HINGE,         /* micrograd's max-margin, for each output */
    OP_COUNT,
};

#define NODE_MAX_INPUTS 3

struct node {
    enum op op;
    struct graph *graph;
    size_t rows; /* parameters: fixed; others: 0, they have the batch's */
    size_t columns;
    struct node *inputs[NODE_MAX_INPUTS];
    size_t input_count;
    size_t offset;  /* parameters: first float in the flat arrays */
    double rate;    /* OP_DROPOUT: share of elements switched off */
    uint32_t layer; /* OP_DROPOUT: which of the graph's dropouts this is */
    bool needs_gradient;
    bool reached; /* by an op behind it, while the tape's order is worked out */
    /* Backward: whether this op adds to its input's gradient or is the first to write it
     * (known from the tape's order, so that nothing needs to be zeroed). */
    bool accumulate[NODE_MAX_INPUTS];
    float *data, *gradient;
    float *saved;          /* what forward keeps for backward, where an op wants it */
    struct linear *linear; /* OP_LINEAR: see linear.c */
};

struct graph {
    struct arena arena;
    const struct gemm_backend *backend;
    struct node **nodes;
    size_t node_count, node_capacity;
    size_t max_rows, rows; /* compiled for; of the current call */
    float *parameters, *gradients;
    size_t parameter_count; /* floats in each flat array, padding included */
    const uint8_t *labels;  /* (rows) */
    uint64_t dropout_key;   /* of the next forward; 0: nothing is switched off */
    uint32_t dropout_count;
    double loss_sum; /* of the last forward, over its rows */
    size_t correct;
    enum engine_status status; /* why a node could not be added, for graph_compile */
};

/* One op: its name as people write it, how many nodes it uses, and both directions.
 * `backward` adds to (or, first, writes) the gradients of the inputs that need one. */
struct op_info {
    const char *name;
    size_t arity;
    void (*forward)(struct node *y);
    void (*backward)(struct node *y);
    bool is_loss; /* one number a row; needs the graph's labels */
};
const struct op_info *op_info(enum op op);

/* `backend` NULL: the build's. The graph frees everything in it. */
ENGINE_MUST_CHECK enum engine_status graph_new(const struct gemm_backend *backend,
                                               struct graph **out);
void graph_free(struct graph *graph);

/* Adding nodes. NULL when memory is out or shapes do not fit, and then `graph_compile`
 * fails too (ENGINE_NO_MEMORY, ENGINE_INVALID), so that only it needs checking. */
struct node *graph_input(struct graph *graph, size_t columns);
struct node *graph_parameter(struct graph *graph, size_t rows, size_t columns);
struct node *graph_linear(struct node *x, struct node *weight, struct node *bias);
struct node *graph_binary(enum op op, struct node *a, struct node *b);
struct node *graph_unary(enum op op, struct node *x);
struct node *graph_dropout(struct node *x, double rate); /* 0 <= rate < 1 */

/* Lays out all arrays for batches of up to `max_rows` rows. */
ENGINE_MUST_CHECK enum engine_status graph_compile(struct graph *graph, size_t max_rows);

/* Computes every node for the first `rows` rows. `labels` (rows) may be NULL if no node
 * is a loss; without `labels` losses are left out. */
void graph_forward(struct graph *graph, const uint8_t *labels, size_t rows);

/* Gradients of the sum of `last`'s elements times `seed`, for every node that needs one.
 * After `graph_forward`; `last` is the node that was added last. */
void graph_backward(struct graph *graph, struct node *last, float seed);

/* Rows of `node` in the current call. */
size_t node_rows(const struct node *node);

#endif
