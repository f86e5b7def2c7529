#include "engine/anatomy/anatomy.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/anatomy/internal.h"

enum engine_status anatomy_new(struct anatomy **out)
{
    struct anatomy *anatomy = calloc(1, sizeof *anatomy);
    if (anatomy == NULL)
        return ENGINE_NO_MEMORY;
    anatomy->output = VALUE_NONE;
    anatomy->tags = calloc(ANATOMY_MAX_VALUES, sizeof *anatomy->tags);
    if (anatomy->tags == NULL || values_new(&anatomy->graph) != ENGINE_OK) {
        anatomy_free(anatomy);
        return ENGINE_NO_MEMORY;
    }
    *out = anatomy;
    return ENGINE_OK;
}

void anatomy_free(struct anatomy *anatomy)
{
    if (anatomy == NULL)
        return;
    values_free(anatomy->graph);
    free(anatomy->tags);
    free(anatomy->reached);
    free(anatomy->locals);
    free(anatomy);
}

void anatomy_tag(struct anatomy *anatomy, uint32_t value, enum anatomy_role role,
                 size_t layer, size_t neuron)
{
    if (value < ANATOMY_MAX_VALUES)
        anatomy->tags[value] = (struct tag){role, (uint16_t)layer, (uint16_t)neuron};
}

void anatomy_label(struct anatomy *anatomy, uint32_t value, const char *format, ...)
{
    char text[64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (value != VALUE_NONE)
        value_set_label(anatomy->graph, value, text); /* without memory: without label */
}

/* --- local derivatives ----------------------------------------------------------------
 */

/* An op's local derivatives are what it hands its inputs when its own gradient is 1. So
 * each op is built once more, over leaves of its own, and all of them are added up: the
 * gradients of that sum are the local derivatives, by the ops' own backward. */
struct locals {
    struct values *graph;
    uint32_t *leaves; /* (count, 2) VALUE_NONE where the op takes fewer */
    uint32_t sum;
    bool has_ops;
};

static uint32_t copy_op(struct values *graph, const struct value_node *node,
                        const uint32_t *leaves)
{
    if (node->op == VALUE_POW)
        return value_pow(graph, leaves[0], node->constant);
    if (value_op_arity(node->op) == 2)
        return value_binary(graph, node->op, leaves[0], leaves[1]);
    return value_unary(graph, node->op, leaves[0]);
}

static void add_op(const struct anatomy *anatomy, uint32_t value, struct locals *locals)
{
    const struct value_node *node = value_node(anatomy->graph, value);
    uint32_t *leaves = locals->leaves + 2 * (size_t)value;
    leaves[0] = leaves[1] = VALUE_NONE;
    if (node->op == VALUE_LEAF)
        return;
    locals->has_ops = true;
    for (size_t k = 0; k < value_op_arity(node->op); k++)
        leaves[k] =
            value_leaf(locals->graph, *values_data(anatomy->graph, node->inputs[k]));
    uint32_t copy = copy_op(locals->graph, node, leaves);
    locals->sum = locals->sum == VALUE_NONE
                      ? copy
                      : value_binary(locals->graph, VALUE_ADD, locals->sum, copy);
}

static enum engine_status find_locals(struct anatomy *anatomy)
{
    size_t count = values_count(anatomy->graph);
    struct locals locals = {.sum = VALUE_NONE};
    enum engine_status status = values_new(&locals.graph);
    locals.leaves = calloc(count, 2 * sizeof *locals.leaves);
    if (status == ENGINE_OK && locals.leaves == NULL)
        status = ENGINE_NO_MEMORY;
    for (uint32_t i = 0; status == ENGINE_OK && i < count; i++)
        add_op(anatomy, i, &locals);
    if (status == ENGINE_OK && locals.has_ops)
        status = values_compile(locals.graph, 1);
    if (status == ENGINE_OK && locals.has_ops) {
        values_forward(locals.graph);
        values_backward(locals.graph, locals.sum, NULL);
        for (size_t i = 0; i < 2 * count; i++)
            if (locals.leaves[i] != VALUE_NONE)
                anatomy->locals[i] = *values_gradient(locals.graph, locals.leaves[i]);
    }
    values_free(locals.graph);
    free(locals.leaves);
    return status;
}

/* --- the walk -------------------------------------------------------------------------
 */

/* From the end of the order, so that a value is known before what it is made of. */
static void mark_reached(struct anatomy *anatomy)
{
    const uint32_t *order = values_order(anatomy->graph);
    anatomy->reached[anatomy->output] = true;
    for (size_t i = values_count(anatomy->graph); i-- > 0;) {
        const struct value_node *node = value_node(anatomy->graph, order[i]);
        for (size_t k = 0; k < value_op_arity(node->op); k++)
            anatomy->reached[node->inputs[k]] |= anatomy->reached[order[i]];
    }
}

static bool is_all_reached(const struct anatomy *anatomy)
{
    for (size_t i = 0; i < values_count(anatomy->graph); i++)
        if (!anatomy->reached[i])
            return false;
    return true;
}

/* A copy of the reached values alone; `copies` tells which is whose. */
static void copy_reached(const struct anatomy *anatomy, struct values *graph,
                         uint32_t *copies)
{
    for (uint32_t i = 0; i < values_count(anatomy->graph); i++) {
        const struct value_node *node = value_node(anatomy->graph, i);
        uint32_t inputs[2] = {VALUE_NONE, VALUE_NONE};
        if (!anatomy->reached[i])
            continue;
        for (size_t k = 0; k < value_op_arity(node->op); k++)
            inputs[k] = copies[node->inputs[k]];
        copies[i] = node->op == VALUE_LEAF
                        ? value_leaf(graph, *values_data(anatomy->graph, i))
                        : copy_op(graph, node, inputs);
    }
}

/* What the output is not made of has a gradient of zero, but zero times an infinite
 * derivative is no number, and would be handed on: x in "y = 1/x; x" at 0. */
static enum engine_status backward_apart(struct anatomy *anatomy)
{
    size_t count = values_count(anatomy->graph);
    uint32_t *copies = calloc(count, sizeof *copies);
    struct values *graph = NULL;
    enum engine_status status = copies ? values_new(&graph) : ENGINE_NO_MEMORY;
    if (status == ENGINE_OK) {
        copy_reached(anatomy, graph, copies);
        status = values_compile(graph, 1);
    }
    if (status == ENGINE_OK) {
        values_forward(graph);
        values_backward(graph, copies[anatomy->output], NULL);
        for (uint32_t i = 0; i < count; i++)
            if (anatomy->reached[i])
                *values_gradient(anatomy->graph, i) = *values_gradient(graph, copies[i]);
    }
    values_free(graph);
    free(copies);
    return status;
}

enum engine_status anatomy_run(struct anatomy *anatomy)
{
    enum engine_status status = ENGINE_OK;
    size_t count = values_count(anatomy->graph);
    anatomy->reached = calloc(count, sizeof *anatomy->reached);
    anatomy->locals = calloc(count, 2 * sizeof *anatomy->locals);
    if (anatomy->reached == NULL || anatomy->locals == NULL)
        return ENGINE_NO_MEMORY;
    values_forward(anatomy->graph);
    mark_reached(anatomy);
    if (is_all_reached(anatomy))
        values_backward(anatomy->graph, anatomy->output, NULL);
    else
        status = backward_apart(anatomy);
    return status == ENGINE_OK ? find_locals(anatomy) : status;
}

struct anatomy_value anatomy_value(const struct anatomy *anatomy, uint32_t value)
{
    const struct tag *tag = &anatomy->tags[value];
    const char *label = value_label(anatomy->graph, value);
    return (struct anatomy_value){
        .node = value_node(anatomy->graph, value),
        .label = label ? label : "",
        .role = tag->role,
        .layer = tag->layer,
        .neuron = tag->neuron,
        .data = *values_data(anatomy->graph, value),
        .gradient = anatomy->reached[value] ? *values_gradient(anatomy->graph, value) : 0,
        .local = {anatomy->locals[2 * (size_t)value],
                  anatomy->locals[2 * (size_t)value + 1]},
    };
}

size_t anatomy_count(const struct anatomy *anatomy)
{
    return values_count(anatomy->graph);
}

uint32_t anatomy_output(const struct anatomy *anatomy)
{
    return anatomy->output;
}

const uint32_t *anatomy_order(const struct anatomy *anatomy)
{
    return values_order(anatomy->graph);
}

bool anatomy_is_reached(const struct anatomy *anatomy, uint32_t value)
{
    return anatomy->reached[value];
}

const char *anatomy_role_name(enum anatomy_role role)
{
    static const char *const names[] = {
        [ROLE_INNER] = "inner",       [ROLE_INPUT] = "input",
        [ROLE_WEIGHT] = "weight",     [ROLE_BIAS] = "bias",
        [ROLE_OUTPUT] = "output",     [ROLE_LOSS] = "loss",
        [ROLE_TARGET] = "target",     [ROLE_VARIABLE] = "variable",
        [ROLE_CONSTANT] = "constant",
    };
    return names[role];
}
