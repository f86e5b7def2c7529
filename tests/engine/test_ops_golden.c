/* Each op by itself at forty points, forward and backward, against PyTorch's float64. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <string.h>

#include "engine/autograd/graph.h"
#include "tests/engine/pattern.h"

/* What make_ops.py has. */
enum { POINTS = 40, DY_SALT = 50 };

struct operand {
    size_t rows, columns;
    double values[POINTS], gradients[POINTS];
};

struct golden {
    enum op op;
    size_t rows;
    struct operand operands[NODE_MAX_INPUTS];
    double y[POINTS];
    uint8_t labels[POINTS];
};

static struct golden goldens[] = {
#include "tests/golden/ops.inc"
};
enum { GOLDENS = sizeof goldens / sizeof *goldens };

/* The graph of one golden: sum(dy * y). */
struct bench {
    struct graph *graph;
    struct node *rows; /* one-hot: row i is 1 at i */
    struct node *operands[NODE_MAX_INPUTS];
    struct node *y, *dy, *last;
};

static bool has_batch_rows(const struct golden *g, size_t operand)
{
    return g->op != OP_LINEAR || operand == 0;
}

/* Operands are parameters, which have gradients that can be read. Where the op wants the
 * batch's rows, a linear node makes row i of the batch from row i of the parameter, to
 * the bit: all else it adds is 0. */
static struct node *add_operand(struct bench *b, const struct golden *g, size_t index)
{
    const struct operand *operand = &g->operands[index];
    struct node *x = graph_parameter(b->graph, operand->rows, operand->columns);
    b->operands[index] = x;
    if (!has_batch_rows(g, index))
        return x;
    return graph_linear(b->rows, x, graph_parameter(b->graph, 1, operand->columns));
}

static void build(struct bench *b, const struct golden *g,
                  const struct gemm_backend *backend)
{
    struct node *x[NODE_MAX_INPUTS] = {NULL};
    assert_int_equal(graph_new(backend, &b->graph), ENGINE_OK);
    b->rows = graph_input(b->graph, g->rows);
    for (size_t i = 0; i < op_info(g->op)->arity; i++)
        x[i] = add_operand(b, g, i);
    if (x[2])
        b->y = graph_linear(x[0], x[1], x[2]);
    else
        b->y = x[1] ? graph_binary(g->op, x[0], x[1]) : graph_unary(g->op, x[0]);
    assert_non_null(b->y);
    b->dy = graph_input(b->graph, b->y->columns);
    b->last = graph_binary(OP_MUL, b->y, b->dy);
    assert_int_equal(graph_compile(b->graph, g->rows), ENGINE_OK);
}

static void fill(struct bench *b, const struct golden *g)
{
    memset(b->graph->parameters, 0, b->graph->parameter_count * sizeof(float));
    for (size_t i = 0; i < op_info(g->op)->arity; i++)
        for (size_t j = 0; j < g->operands[i].rows * g->operands[i].columns; j++)
            b->operands[i]->data[j] = (float)g->operands[i].values[j];
    for (size_t i = 0; i < g->rows * g->rows; i++)
        b->rows->data[i] = i % (g->rows + 1) == 0;
    pattern_fill(b->dy->data, g->rows * b->dy->columns, DY_SALT, 1);
}

static void expect(const struct golden *g, const char *what, const float *values,
                   const double *expected, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs(values[i] - expected[i]) <= 1e-5 * fabs(expected[i]) + 1e-6))
            fail_msg("%s, %s %zu: %.9g, not %.9g", op_info(g->op)->name, what, i,
                     (double)values[i], expected[i]);
}

static void check(const struct golden *g, const struct gemm_backend *backend)
{
    static const char *const names[] = {"gradient of operand 1", "gradient of operand 2",
                                        "gradient of operand 3"};
    struct bench b = {.graph = NULL};
    build(&b, g, backend);
    fill(&b, g);
    graph_forward(b.graph, g->labels, g->rows);
    expect(g, "y", b.y->data, g->y, g->rows * b.y->columns);
    graph_backward(b.graph, b.last, 1);
    for (size_t i = 0; i < NODE_MAX_INPUTS && b.operands[i]; i++)
        expect(g, names[i], b.operands[i]->gradient, g->operands[i].gradients,
               g->operands[i].rows * g->operands[i].columns);
    graph_free(b.graph);
}

static void test_as_pytorch(void **context)
{
    check(*context, NULL);
    check(*context, &gemm_naive);
}

int main(void)
{
    struct CMUnitTest tests[GOLDENS];
    for (size_t i = 0; i < GOLDENS; i++)
        tests[i] = (struct CMUnitTest){.name = op_info(goldens[i].op)->name,
                                       .test_func = test_as_pytorch,
                                       .initial_state = &goldens[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
