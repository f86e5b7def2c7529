/* Automatic differentiation over single numbers: micrograd's Value.
 *
 * A value is a number, the op that made it from other values, and, after
 * `values_backward`, its gradient: how much the end of the graph changes when the value
 * does. Here a value is an index into a graph, and the graph is replayed: it is built
 * once, and then every value holds `lanes` numbers side by side, one per sample of the
 * batch, so that one walk along the tape computes a whole batch and each op is a loop
 * over lanes (SIMD).
 *
 *   struct values *graph;
 *   values_new(&graph);
 *   uint32_t a = value_leaf(graph, 2), b = value_leaf(graph, -3);
 *   uint32_t y = value_unary(graph, VALUE_TANH, value_binary(graph, VALUE_MUL, a, b));
 *   values_compile(graph, 1);
 *   values_forward(graph);
 *   values_backward(graph, y, NULL);        values_gradient(graph, a)[0] is dy/da
 */
#ifndef ENGINE_AUTOGRAD_VALUE_H
#define ENGINE_AUTOGRAD_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/status.h"

#define VALUE_NONE UINT32_MAX

enum value_op {
    VALUE_LEAF,
    VALUE_ADD,
    VALUE_SUB,
    VALUE_MUL,
    VALUE_DIV,
    VALUE_POW, /* to a constant power */
    VALUE_NEG,
    VALUE_EXP,
    VALUE_LOG,
    VALUE_RELU,
    VALUE_TANH,
    VALUE_SIGMOID,
    VALUE_GELU,
    VALUE_OP_COUNT,
};

/* One value's place in the graph, for drawing and walking. */
struct value_node {
    enum value_op op;
    float constant;     /* leaf: its number until it is set; pow: the exponent */
    uint32_t inputs[2]; /* VALUE_NONE where the op takes fewer */
};

struct values;

ENGINE_MUST_CHECK enum engine_status values_new(struct values **out);
void values_free(struct values *graph);

/* Adding values, before `values_compile`. VALUE_NONE when memory is out or an argument is
 * VALUE_NONE or no value of the graph; then `values_compile` fails too, so that only it
 * needs checking. */
uint32_t value_leaf(struct values *graph, float number);
/* `count` leaves in a row; the first one's index. */
uint32_t value_leaves(struct values *graph, size_t count);
uint32_t value_unary(struct values *graph, enum value_op op, uint32_t a);
uint32_t value_binary(struct values *graph, enum value_op op, uint32_t a, uint32_t b);
uint32_t value_pow(struct values *graph, uint32_t a, float exponent);

/* Makes a leaf the result of an op over values that may have been added after it: graphs
 * may be given in any order. `b` is VALUE_NONE for a unary op. False if it is no leaf or
 * the arguments do not fit the op. */
bool value_define(struct values *graph, uint32_t leaf, enum value_op op, uint32_t a,
                  uint32_t b);

/* The name to draw beside a value; NULL if it has none. The graph keeps a copy. */
bool value_set_label(struct values *graph, uint32_t value, const char *label);
const char *value_label(const struct values *graph, uint32_t value);

const struct value_node *value_node(const struct values *graph, uint32_t value);
size_t values_count(const struct values *graph);
const char *value_op_name(enum value_op op); /* "+", "tanh", ... as it is drawn */
size_t value_op_arity(enum value_op op);

/* Puts the values in topological order (each behind what it is made of) and makes room
 * for `lanes` numbers each. ENGINE_INVALID if a value depends on itself,
 * ENGINE_NO_MEMORY. */
ENGINE_MUST_CHECK enum engine_status values_compile(struct values *graph, size_t lanes);
/* The topological order, values_count of them: the tape, which backward walks in
 * reverse. */
const uint32_t *values_order(const struct values *graph);

/* Compiled graphs only: the (lanes) numbers of a value, and their gradients. Leaves are
 * set by writing there; what follows a value at + lanes belongs to the next one. */
float *values_data(struct values *graph, uint32_t value);
float *values_gradient(struct values *graph, uint32_t value);

/* Computes every value from the leaves. Allocates nothing. */
void values_forward(struct values *graph);

/* Gradients of the sum over lanes of `seeds[lane]` times `end`; NULL: of plain `end`.
 * A value used twice gets both shares. Allocates nothing. */
void values_backward(struct values *graph, uint32_t end, const float *seeds);

#endif
