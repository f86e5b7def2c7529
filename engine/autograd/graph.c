#include "engine/autograd/graph.h"

#include <stdlib.h>
#include <string.h>

#include "engine/autograd/ops.h"

enum engine_status graph_new(const struct gemm_backend *backend, struct graph **out)
{
    struct graph *graph = calloc(1, sizeof *graph);
    if (!graph)
        return ENGINE_NO_MEMORY;
    graph->backend = backend ? backend : gemm_default();
    *out = graph;
    return ENGINE_OK;
}

void graph_free(struct graph *graph)
{
    if (!graph)
        return;
    arena_clear(&graph->arena);
    free(graph->nodes);
    free(graph);
}

static bool reserve_slot(struct graph *graph)
{
    if (graph->node_count < graph->node_capacity)
        return true;
    size_t capacity = graph->node_capacity ? 2 * graph->node_capacity : 16;
    struct node **nodes = realloc(graph->nodes, capacity * sizeof *nodes);
    if (!nodes)
        return false;
    graph->nodes = nodes;
    graph->node_capacity = capacity;
    return true;
}

static struct node *add_node(struct graph *graph, enum op op, size_t rows, size_t columns)
{
    struct node *node =
        reserve_slot(graph) ? arena_alloc(&graph->arena, sizeof *node) : NULL;
    if (!node) {
        graph->status = ENGINE_NO_MEMORY;
        return NULL;
    }
    *node = (struct node){.op = op, .graph = graph, .rows = rows, .columns = columns};
    graph->nodes[graph->node_count++] = node;
    return node;
}

static struct node *refuse(struct graph *graph)
{
    graph->status = ENGINE_INVALID;
    return NULL;
}

static void use(struct node *node, struct node *input)
{
    node->inputs[node->input_count++] = input;
    node->needs_gradient |= input->needs_gradient;
}

struct node *graph_input(struct graph *graph, size_t columns)
{
    return add_node(graph, OP_INPUT, 0, columns);
}

struct node *graph_parameter(struct graph *graph, size_t rows, size_t columns)
{
    struct node *node = add_node(graph, OP_PARAMETER, rows, columns);
    if (!node)
        return NULL;
    node->needs_gradient = true;
    node->offset = graph->parameter_count;
    graph->parameter_count += arena_padded_floats(rows * columns);
    return node;
}

struct node *graph_linear(struct node *x, struct node *weight, struct node *bias)
{
    if (!x || !weight || !bias)
        return NULL;
    struct graph *graph = x->graph;
    if (weight->rows != x->columns || bias->columns != weight->columns || bias->rows != 1)
        return refuse(graph);
    struct node *node = add_node(graph, OP_LINEAR, x->rows, weight->columns);
    if (!node)
        return NULL;
    use(node, x);
    use(node, weight);
    use(node, bias);
    return node;
}

struct node *graph_binary(enum op op, struct node *a, struct node *b)
{
    if (!a || !b)
        return NULL;
    if (a->rows != b->rows || a->columns != b->columns || op_info(op)->arity != 2)
        return refuse(a->graph);
    struct node *node = add_node(a->graph, op, a->rows, a->columns);
    if (!node)
        return NULL;
    use(node, a);
    use(node, b);
    return node;
}

struct node *graph_unary(enum op op, struct node *x)
{
    if (!x)
        return NULL;
    bool is_loss = op_info(op)->is_loss;
    if (op_info(op)->arity != 1 || (is_loss && x->rows))
        return refuse(x->graph);
    size_t columns = is_loss ? 1 : x->columns;
    struct node *node = add_node(x->graph, op, x->rows, columns);
    if (node)
        use(node, x);
    return node;
}

struct node *graph_dropout(struct node *x, double rate)
{
    struct node *node = graph_unary(OP_DROPOUT, x);
    if (node) {
        node->rate = rate;
        node->layer = node->graph->dropout_count++;
    }
    return node;
}

size_t node_rows(const struct node *node)
{
    return node->rows ? node->rows : node->graph->rows;
}

static float *allocate_floats(struct graph *graph, size_t count)
{
    float *floats = arena_alloc(&graph->arena, count * sizeof(float));
    if (!floats)
        graph->status = ENGINE_NO_MEMORY;
    return floats;
}

/* Parameters live in the flat arrays; everything else gets arrays of its own. */
static void lay_out(struct node *node)
{
    struct graph *graph = node->graph;
    if (node->op == OP_PARAMETER) {
        node->data = graph->parameters + node->offset;
        node->gradient = graph->gradients + node->offset;
        return;
    }
    size_t rows = node->rows ? node->rows : graph->max_rows;
    node->data = allocate_floats(graph, rows * node->columns);
    if (node->needs_gradient)
        node->gradient = allocate_floats(graph, rows * node->columns);
    bool usable = graph->status == ENGINE_OK;
    if (usable && (node->op == OP_CROSS_ENTROPY || node->op == OP_DROPOUT))
        node->saved = allocate_floats(graph, rows * node->inputs[0]->columns);
    if (usable && node->op == OP_LINEAR && !linear_lay_out(node))
        graph->status = ENGINE_NO_MEMORY;
}

/* Walks the tape as backward will: the first op to reach a node writes its gradient, the
 * ones after it add. An op that uses one node twice reaches it twice. */
static void plan_accumulation(struct graph *graph)
{
    for (size_t i = graph->node_count; i-- > 0;) {
        struct node *node = graph->nodes[i];
        for (size_t j = 0; j < node->input_count; j++) {
            node->accumulate[j] = node->inputs[j]->reached;
            node->inputs[j]->reached = true;
        }
    }
}

enum engine_status graph_compile(struct graph *graph, size_t max_rows)
{
    graph->max_rows = max_rows;
    if (graph->status == ENGINE_OK) {
        graph->parameters = allocate_floats(graph, graph->parameter_count);
        graph->gradients = allocate_floats(graph, graph->parameter_count);
    }
    plan_accumulation(graph);
    for (size_t i = 0; i < graph->node_count && graph->status == ENGINE_OK; i++)
        lay_out(graph->nodes[i]);
    return graph->status;
}

void graph_forward(struct graph *graph, const uint8_t *labels, size_t rows)
{
    graph->rows = rows;
    graph->labels = labels;
    graph->loss_sum = 0;
    graph->correct = 0;
    for (size_t i = 0; i < graph->node_count; i++) {
        struct node *node = graph->nodes[i];
        const struct op_info *info = op_info(node->op);
        if (info->forward && (labels || !info->is_loss))
            info->forward(node);
    }
}

void graph_backward(struct graph *graph, struct node *last, float seed)
{
    size_t count = node_rows(last) * last->columns;
    for (size_t i = 0; i < count; i++)
        last->gradient[i] = seed;
    for (size_t i = graph->node_count; i-- > 0;) {
        struct node *node = graph->nodes[i];
        if (node->needs_gradient && op_info(node->op)->backward)
            op_info(node->op)->backward(node);
    }
}
