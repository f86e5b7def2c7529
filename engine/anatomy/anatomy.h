/* Anatomy: small graphs of values taken apart, to be looked at.
 *
 * A neuron, a layer, an MLP or a formula is built from the same values, ops and neurons
 * that train as the "scalar" engine. Then everything is told: each value's number, its
 * gradient, its local derivatives, and in which order forward and backward went. */
#ifndef ENGINE_ANATOMY_ANATOMY_H
#define ENGINE_ANATOMY_ANATOMY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/autograd/value.h"
#include "engine/nn/mlp.h"

#define ANATOMY_MAX_VALUES 2000
#define ANATOMY_MAX_TEXT   4000 /* bytes of a formula */

enum anatomy_role {
    ROLE_INNER,
    ROLE_INPUT,
    ROLE_WEIGHT,
    ROLE_BIAS,
    ROLE_OUTPUT,
    ROLE_LOSS,
    ROLE_TARGET,
    ROLE_VARIABLE, /* of a formula */
    ROLE_CONSTANT, /* a number in a formula or a loss */
};

struct anatomy;
void anatomy_free(struct anatomy *anatomy);

/* --- networks -------------------------------------------------------------------------
 */

struct anatomy_layer {
    const float *weights; /* (outputs, inputs), PyTorch's layout */
    const float *biases;  /* (outputs) */
    size_t outputs;
    enum activation activation;
};

/* What stands behind the outputs, to be differentiated. */
enum anatomy_end {
    ANATOMY_OUTPUT,  /* output number `of` itself */
    ANATOMY_SQUARED, /* (output - target)^2, of a single neuron */
    ANATOMY_LOSS,    /* a network's loss for `label` */
};

/* A neuron is a layer of one output. All pointers are borrowed for the call. */
struct anatomy_network {
    const float *inputs;
    size_t input_count;
    const struct anatomy_layer *layers;
    size_t layer_count;
    enum anatomy_end end;
    size_t of, label;
    float target;
    enum loss loss;
};

/* Values that a network takes, or a little more; any size, nothing is allocated. */
size_t anatomy_count_values(const struct anatomy_network *network);

/* ENGINE_INVALID past ANATOMY_MAX_VALUES, ENGINE_NO_MEMORY. */
ENGINE_MUST_CHECK enum engine_status
anatomy_of_network(const struct anatomy_network *network, struct anatomy **out);

/* --- formulas -------------------------------------------------------------------------
 */

struct formula_error {
    size_t position; /* in UTF-16 units from the start, as a browser counts */
    char text[160];
};

/* Reads a formula such as "d = a*b + c.tanh()"; one assignment a line or between ";". The
 * last one's value is what is differentiated. Names that get no value are variables, 1
 * until set. ENGINE_FORMAT with an error, ENGINE_NO_MEMORY. */
ENGINE_MUST_CHECK enum engine_status
anatomy_of_formula(const char *text, struct anatomy **out, struct formula_error *error);

/* Gives a variable its number, before `anatomy_run`; false if there is none so called. */
bool anatomy_set(struct anatomy *anatomy, const char *name, float number);

/* --- looking --------------------------------------------------------------------------
 */

/* Forward, backward, and each op's local derivatives. ENGINE_NO_MEMORY. */
ENGINE_MUST_CHECK enum engine_status anatomy_run(struct anatomy *anatomy);

/* One value; behind `anatomy_run`. Strings live as long as the anatomy. */
struct anatomy_value {
    const struct value_node *node;
    const char *label; /* "" if it has none */
    enum anatomy_role role;
    size_t layer, neuron; /* it belongs to, from 1; 0: to none */
    float data, gradient;
    float local[2]; /* d value / d each of its inputs; what it hands on is `gradient`
                     * times this */
};
struct anatomy_value anatomy_value(const struct anatomy *anatomy, uint32_t value);

size_t anatomy_count(const struct anatomy *anatomy);
uint32_t anatomy_output(const struct anatomy *anatomy);
/* anatomy_count values, each behind its inputs: forward's order. Backward walks it from
 * its end, over those that the output is made of. */
const uint32_t *anatomy_order(const struct anatomy *anatomy);
/* Whether the output is made of it. */
bool anatomy_is_reached(const struct anatomy *anatomy, uint32_t value);

const char *anatomy_role_name(enum anatomy_role role);

#endif
