#include "engine/autograd/value.h"

#include <stdlib.h>
#include <string.h>

#include "engine/autograd/arena.h"
#include "engine/autograd/value_internal.h"

struct label {
    uint32_t value;
    struct label *next;
    char text[];
};

struct values {
    struct arena arena; /* everything that is there once the graph is compiled */
    struct value_node *nodes;
    size_t count, capacity;
    struct label *labels; /* few values have one */
    uint32_t *order;
    struct value_run *runs;
    size_t run_count;
    size_t lanes;
    float *data, *gradients;
    enum engine_status status; /* why a value could not be added */
};

enum engine_status values_new(struct values **out)
{
    struct values *graph = calloc(1, sizeof *graph);
    if (!graph)
        return ENGINE_NO_MEMORY;
    *out = graph;
    return ENGINE_OK;
}

void values_free(struct values *graph)
{
    if (!graph)
        return;
    arena_clear(&graph->arena);
    free(graph->nodes);
    free(graph);
}

/* --- building ---------------------------------------------------------------------- */

static bool reserve(struct values *graph, size_t more)
{
    size_t wanted = graph->count + more, capacity = graph->capacity;
    if (wanted >= VALUE_NONE)
        return false;
    if (wanted <= capacity)
        return true;
    capacity = 2 * capacity > wanted ? 2 * capacity : wanted + 64;
    struct value_node *nodes = realloc(graph->nodes, capacity * sizeof *nodes);
    if (!nodes)
        return false;
    graph->nodes = nodes;
    graph->capacity = capacity;
    return true;
}

/* The first reason stays. */
static uint32_t refuse(struct values *graph, enum engine_status status)
{
    if (graph->status == ENGINE_OK)
        graph->status = status;
    return VALUE_NONE;
}

/* A compiled graph has arrays for the values it has. */
static bool is_compiled(const struct values *graph)
{
    return graph->order != NULL;
}

static uint32_t add_node(struct values *graph, struct value_node node)
{
    if (is_compiled(graph))
        return refuse(graph, ENGINE_INVALID);
    if (!reserve(graph, 1))
        return refuse(graph, ENGINE_NO_MEMORY);
    graph->nodes[graph->count] = node;
    return (uint32_t)graph->count++;
}

static struct value_node leaf_node(float number)
{
    return (struct value_node){
        VALUE_LEAF, number, {VALUE_NONE, VALUE_NONE}
    };
}

uint32_t value_leaf(struct values *graph, float number)
{
    return add_node(graph, leaf_node(number));
}

uint32_t value_leaves(struct values *graph, size_t count)
{
    uint32_t first = (uint32_t)graph->count;
    if (is_compiled(graph))
        return refuse(graph, ENGINE_INVALID);
    if (!reserve(graph, count))
        return refuse(graph, ENGINE_NO_MEMORY);
    for (size_t i = 0; i < count; i++)
        value_leaf(graph, 0);
    return first;
}

/* Whether the op takes just these arguments. */
static bool fits(const struct values *graph, enum value_op op, uint32_t a, uint32_t b)
{
    size_t arity = value_op_arity(op);
    bool first = a < graph->count, second = b < graph->count;
    return arity == 2 ? first && second : arity == 1 && first && b == VALUE_NONE;
}

static uint32_t add_op(struct values *graph, enum value_op op, float constant, uint32_t a,
                       uint32_t b)
{
    if (!fits(graph, op, a, b))
        return refuse(graph, ENGINE_INVALID);
    return add_node(graph, (struct value_node){
                               op, constant, {a, b}
    });
}

uint32_t value_unary(struct values *graph, enum value_op op, uint32_t a)
{
    return add_op(graph, op, 1, a, VALUE_NONE);
}

uint32_t value_binary(struct values *graph, enum value_op op, uint32_t a, uint32_t b)
{
    return add_op(graph, op, 0, a, b);
}

uint32_t value_pow(struct values *graph, uint32_t a, float exponent)
{
    return add_op(graph, VALUE_POW, exponent, a, VALUE_NONE);
}

bool value_define(struct values *graph, uint32_t leaf, enum value_op op, uint32_t a,
                  uint32_t b)
{
    if (is_compiled(graph) || leaf >= graph->count ||
        graph->nodes[leaf].op != VALUE_LEAF || !fits(graph, op, a, b))
        return false;
    graph->nodes[leaf] = (struct value_node){
        op, 1, {a, b}
    };
    return true;
}

bool value_set_label(struct values *graph, uint32_t value, const char *label)
{
    size_t size = strlen(label) + 1;
    struct label *entry = arena_alloc(&graph->arena, sizeof *entry + size);
    if (!entry)
        return false;
    entry->value = value;
    entry->next = graph->labels;
    memcpy(entry->text, label, size);
    graph->labels = entry;
    return true;
}

/* --- looking ----------------------------------------------------------------------- */

const char *value_label(const struct values *graph, uint32_t value)
{
    for (const struct label *label = graph->labels; label; label = label->next)
        if (label->value == value)
            return label->text;
    return NULL;
}

const struct value_node *value_node(const struct values *graph, uint32_t value)
{
    return &graph->nodes[value];
}

size_t values_count(const struct values *graph)
{
    return graph->count;
}

const char *value_op_name(enum value_op op)
{
    return value_op_info(op)->name;
}

size_t value_op_arity(enum value_op op)
{
    return value_op_info(op)->arity;
}

const uint32_t *values_order(const struct values *graph)
{
    return graph->order;
}

float *values_data(struct values *graph, uint32_t value)
{
    return graph->data + value * graph->lanes;
}

float *values_gradient(struct values *graph, uint32_t value)
{
    return graph->gradients + value * graph->lanes;
}

/* --- compiling --------------------------------------------------------------------- */

/* Depth first, as micrograd's build_topo, with a stack of our own: a chain may be longer
 * than the program's. A value that is met again below itself depends on itself. */
struct sorting {
    const struct value_node *nodes;
    uint32_t *order, *stack;
    uint8_t *next; /* input to go to next; 3: in the order */
    size_t done, depth;
};

static bool visit(struct sorting *sorting, uint32_t value)
{
    sorting->stack[sorting->depth++] = value;
    while (sorting->depth > 0) {
        uint32_t top = sorting->stack[sorting->depth - 1];
        const struct value_node *node = &sorting->nodes[top];
        size_t turn = sorting->next[top];
        if (turn == value_op_arity(node->op)) {
            sorting->next[top] = 3;
            sorting->order[sorting->done++] = top;
            sorting->depth--;
            continue;
        }
        sorting->next[top]++;
        uint32_t input = node->inputs[turn];
        if (sorting->next[input] == 3)
            continue;
        if (sorting->next[input] > 0)
            return false;
        if (value_op_arity(sorting->nodes[input].op) == 0) {
            sorting->next[input] = 3;
            sorting->order[sorting->done++] = input;
            continue;
        }
        sorting->stack[sorting->depth++] = input;
    }
    return true;
}

/* Values that were only ever made from earlier ones are in order as they are. */
static bool is_sorted(const struct values *graph)
{
    for (size_t i = 0; i < graph->count; i++)
        for (size_t j = 0; j < value_op_arity(graph->nodes[i].op); j++)
            if (graph->nodes[i].inputs[j] >= i)
                return false;
    return true;
}

static enum engine_status sort(struct values *graph)
{
    for (size_t i = 0; i < graph->count; i++)
        graph->order[i] = (uint32_t)i;
    if (is_sorted(graph))
        return ENGINE_OK;
    struct sorting sorting = {
        .nodes = graph->nodes,
        .order = graph->order,
        .stack = malloc(graph->count * sizeof(uint32_t)),
        .next = calloc(graph->count, 1),
    };
    enum engine_status status =
        sorting.stack && sorting.next ? ENGINE_OK : ENGINE_NO_MEMORY;
    for (size_t i = 0; i < graph->count && status == ENGINE_OK; i++)
        if (sorting.next[i] == 0 && !visit(&sorting, (uint32_t)i))
            status = ENGINE_INVALID;
    free(sorting.stack);
    free(sorting.next);
    return status;
}

/* Cuts the order into runs of one op; leaves compute nothing and make none. Returns how
 * many there are; `runs` may be NULL to count them. */
static size_t find_runs(const struct values *graph, struct value_run *runs)
{
    size_t count = 0;
    for (size_t i = 0, j; i < graph->count; i = j) {
        enum value_op op = graph->nodes[graph->order[i]].op;
        for (j = i + 1; j < graph->count && graph->nodes[graph->order[j]].op == op;)
            j++;
        if (op == VALUE_LEAF)
            continue;
        if (runs)
            runs[count] = (struct value_run){op, (uint32_t)i, (uint32_t)(j - i)};
        count++;
    }
    return count;
}

static void set_leaves(struct values *graph)
{
    for (size_t i = 0; i < graph->count; i++)
        for (size_t l = 0; graph->nodes[i].op == VALUE_LEAF && l < graph->lanes; l++)
            graph->data[i * graph->lanes + l] = graph->nodes[i].constant;
}

enum engine_status values_compile(struct values *graph, size_t lanes)
{
    size_t numbers = graph->count * lanes;
    if (graph->status != ENGINE_OK)
        return graph->status;
    if (graph->count == 0 || is_compiled(graph))
        return ENGINE_INVALID;
    graph->lanes = lanes;
    graph->order = arena_alloc(&graph->arena, graph->count * sizeof *graph->order);
    graph->data = arena_alloc(&graph->arena, numbers * sizeof(float));
    graph->gradients = arena_alloc(&graph->arena, numbers * sizeof(float));
    if (!graph->order || !graph->data || !graph->gradients)
        return ENGINE_NO_MEMORY;
    enum engine_status status = sort(graph);
    if (status != ENGINE_OK)
        return status;
    graph->run_count = find_runs(graph, NULL);
    graph->runs =
        arena_alloc(&graph->arena, (graph->run_count + 1) * sizeof *graph->runs);
    if (!graph->runs)
        return ENGINE_NO_MEMORY;
    find_runs(graph, graph->runs);
    set_leaves(graph);
    return ENGINE_OK;
}

/* --- running ----------------------------------------------------------------------- */

static struct value_arrays arrays_of(const struct values *graph,
                                     const struct value_run *run)
{
    return (struct value_arrays){
        .nodes = graph->nodes,
        .order = graph->order + run->first,
        .count = run->count,
        .lanes = graph->lanes,
        .data = graph->data,
        .gradients = graph->gradients,
    };
}

void values_forward(struct values *graph)
{
    for (size_t i = 0; i < graph->run_count; i++) {
        struct value_arrays run = arrays_of(graph, &graph->runs[i]);
        value_op_info(graph->runs[i].op)->forward(&run);
    }
}

void values_backward(struct values *graph, uint32_t end, const float *seeds)
{
    memset(graph->gradients, 0, graph->count * graph->lanes * sizeof(float));
    for (size_t l = 0; l < graph->lanes; l++)
        values_gradient(graph, end)[l] = seeds ? seeds[l] : 1;
    for (size_t i = graph->run_count; i-- > 0;) {
        struct value_arrays run = arrays_of(graph, &graph->runs[i]);
        value_op_info(graph->runs[i].op)->backward(&run);
    }
}
