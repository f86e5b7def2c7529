/* Every op against a float64 evaluation of the same graph, and its gradients against
 * central differences of that. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdlib.h>

#include "engine/autograd/dropout.h"
#include "engine/autograd/graph.h"
#include "engine/autograd/rng.h"

enum { INPUTS = 4, MAX_ROWS = 7, MAX_NODES = 20 };

/* --- the same graph in float64, one element at a time ------------------------------ */

struct reference {
    const struct graph *graph;
    const double *parameters;
    double *values[MAX_NODES]; /* of each node of the tape */
};

static double *value_of(const struct reference *r, const struct node *node)
{
    for (size_t i = 0; i < r->graph->node_count; i++)
        if (r->graph->nodes[i] == node)
            return r->values[i];
    abort(); /* an op uses only what is on the tape before it */
}

static double linear_element(const struct reference *r, const struct node *y, size_t i)
{
    size_t row = i / y->columns, column = i % y->columns, in = y->inputs[0]->columns;
    const double *x = value_of(r, y->inputs[0]), *w = value_of(r, y->inputs[1]);
    double sum = value_of(r, y->inputs[2])[column];
    for (size_t k = 0; k < in; k++)
        sum += x[row * in + k] * w[k * y->columns + column];
    return sum;
}

/* mse and hinge: the mean over the outputs of what each is off its target. */
static double margin_element(const struct node *y, const double *x, size_t columns,
                             size_t label)
{
    double sum = 0;
    for (size_t k = 0; k < columns; k++) {
        bool on = columns == 1 ? label == 1 : k == label;
        if (y->op == OP_MSE)
            sum += (x[k] - on) * (x[k] - on);
        else
            sum += fmax(0, 1 - (on ? x[k] : -x[k]));
    }
    return sum / (double)columns;
}

static double loss_element(const struct reference *r, const struct node *y, size_t row)
{
    size_t classes = y->inputs[0]->columns;
    const double *x = value_of(r, y->inputs[0]) + row * classes;
    double sum = 0;
    if (y->op != OP_CROSS_ENTROPY)
        return margin_element(y, x, classes, r->graph->labels[row]);
    for (size_t k = 0; k < classes; k++)
        sum += exp(x[k]);
    return log(sum) - x[r->graph->labels[row]];
}

static double element(const struct reference *r, const struct node *y, size_t i)
{
    if (y->op == OP_LINEAR)
        return linear_element(r, y, i);
    if (op_info(y->op)->is_loss)
        return loss_element(r, y, i);
    double a = y->input_count > 0 ? value_of(r, y->inputs[0])[i] : NAN;
    double b = y->input_count > 1 ? value_of(r, y->inputs[1])[i] : NAN;
    switch (y->op) {
    case OP_INPUT:
        return y->data[i];
    case OP_PARAMETER:
        return r->parameters[y->offset + i];
    case OP_ADD:
        return a + b;
    case OP_MUL:
        return a * b;
    case OP_RELU:
        return a > 0 ? a : 0;
    case OP_TANH:
        return tanh(a);
    case OP_SIGMOID:
        return 1 / (1 + exp(-a));
    case OP_GELU:
        return a * (1 + erf(a / sqrt(2))) / 2;
    case OP_DROPOUT:
        return r->graph->dropout_key == 0
                   ? a
                   : a * (double)dropout_factor(r->graph->dropout_key, y->layer,
                                                (uint32_t)i, y->rate);
    case OP_LINEAR:
    case OP_CROSS_ENTROPY:
    case OP_MSE:
    case OP_HINGE:
    case OP_COUNT:
        break;
    }
    return NAN;
}

/* The sum of the last node's elements; `check` holds every node of the graph to its
 * double. */
static double evaluate(const struct graph *graph, const double *parameters, bool check)
{
    struct reference r = {.graph = graph, .parameters = parameters};
    double sum = 0;
    assert_true(graph->node_count <= MAX_NODES);
    for (size_t n = 0; n < graph->node_count; n++) {
        const struct node *node = graph->nodes[n];
        size_t count = node_rows(node) * node->columns;
        r.values[n] = malloc(count * sizeof(double));
        assert_non_null(r.values[n]);
        sum = 0;
        for (size_t i = 0; i < count; i++) {
            sum += r.values[n][i] = element(&r, node, i);
            if (check && !(fabs(node->data[i] - r.values[n][i]) < 3e-6))
                fail_msg("node %zu element %zu: %g, not %g", n, i, (double)node->data[i],
                         r.values[n][i]);
        }
    }
    for (size_t n = 0; n < graph->node_count; n++)
        free(r.values[n]);
    return sum;
}

/* --- the graphs -------------------------------------------------------------------- */

static struct node *layer(struct node *x, size_t columns)
{
    struct node *weight = graph_parameter(x->graph, x->columns, columns);
    return graph_linear(x, weight, graph_parameter(x->graph, 1, columns));
}

static struct node *build_linear(struct node *x)
{
    return layer(layer(x, 5), 3);
}

static struct node *build_add(struct node *x)
{
    return graph_binary(OP_ADD, layer(x, 5), layer(x, 5));
}

static struct node *build_mul(struct node *x)
{
    return graph_binary(OP_MUL, layer(x, 5), layer(x, 5));
}

static struct node *build_relu(struct node *x)
{
    return graph_unary(OP_RELU, layer(x, 9));
}

static struct node *build_tanh(struct node *x)
{
    return graph_unary(OP_TANH, layer(x, 9));
}

static struct node *build_sigmoid(struct node *x)
{
    return graph_unary(OP_SIGMOID, layer(x, 9));
}

static struct node *build_gelu(struct node *x)
{
    return graph_unary(OP_GELU, layer(x, 9));
}

static struct node *build_cross_entropy(struct node *x)
{
    return graph_unary(OP_CROSS_ENTROPY, layer(x, 3));
}

static struct node *build_mse(struct node *x)
{
    return graph_unary(OP_MSE, layer(x, 3));
}

static struct node *build_hinge(struct node *x)
{
    return graph_unary(OP_HINGE, layer(x, 3));
}

/* One output stands for class 1. */
static struct node *build_one_output(struct node *x)
{
    struct node *h = layer(x, 1);
    return graph_binary(OP_ADD, graph_unary(OP_MSE, h), graph_unary(OP_HINGE, h));
}

/* Two of them: each draws its own units. */
static struct node *build_dropout(struct node *x)
{
    struct node *h = graph_dropout(layer(x, 9), 0.5);
    return graph_dropout(graph_unary(OP_TANH, h), 0.25);
}

/* The gradient of h comes from both sides of one op. */
static struct node *build_square(struct node *x)
{
    struct node *h = layer(x, 5);
    return graph_binary(OP_MUL, h, h);
}

static struct node *build_double(struct node *x)
{
    struct node *h = layer(x, 5);
    return graph_binary(OP_ADD, h, h);
}

/* h is used by every kind of op, so that each kind adds to a gradient already there. */
static struct node *build_shared(struct node *x)
{
    struct node *h = layer(x, 3);
    struct node *a = graph_binary(OP_MUL, graph_unary(OP_RELU, h), h);
    struct node *b = graph_binary(OP_ADD, graph_unary(OP_TANH, h), a);
    struct node *c = graph_binary(OP_ADD, graph_unary(OP_SIGMOID, h), b);
    struct node *d = graph_binary(OP_ADD, graph_unary(OP_GELU, h), c);
    return graph_binary(OP_ADD, d, layer(h, 3));
}

/* One weight and one bias for two layers, as in a recurrent network. */
static struct node *build_tied(struct node *x)
{
    struct node *weight = graph_parameter(x->graph, INPUTS, INPUTS);
    struct node *bias = graph_parameter(x->graph, 1, INPUTS);
    struct node *h = graph_unary(OP_TANH, graph_linear(x, weight, bias));
    return graph_linear(h, weight, bias);
}

/* Several losses of one h: each adds to what is there. */
static struct node *build_losses(struct node *x)
{
    struct node *h = layer(x, 3), *sum = graph_unary(OP_CROSS_ENTROPY, h);
    sum = graph_binary(OP_ADD, sum, graph_unary(OP_CROSS_ENTROPY, h));
    sum = graph_binary(OP_ADD, sum, graph_unary(OP_MSE, h));
    return graph_binary(OP_ADD, sum, graph_unary(OP_HINGE, h));
}

/* Inputs take no gradient, on whichever side they stand. */
static struct node *build_inputs(struct node *x)
{
    struct node *h = graph_binary(OP_MUL, x, layer(x, INPUTS));
    return graph_binary(OP_ADD, graph_binary(OP_MUL, h, x), x);
}

/* Parameters have rows of their own, whatever the batch. */
static struct node *build_fixed_rows(struct node *x)
{
    struct node *a = graph_parameter(x->graph, 3, INPUTS);
    return graph_unary(OP_TANH, layer(layer(a, 5), 2));
}

/* --- held together ----------------------------------------------------------------- */

static void fill(struct rng *rng, float *x, size_t count, double size)
{
    for (size_t i = 0; i < count; i++)
        x[i] = (float)rng_uniform(rng, -size, size);
}

static void check_gradients(const struct graph *graph, double *parameters, float seed)
{
    const double h = 1e-5;
    for (size_t i = 0; i < graph->parameter_count; i++) {
        double kept = parameters[i];
        parameters[i] = kept + h;
        double up = evaluate(graph, parameters, false);
        parameters[i] = kept - h;
        double down = evaluate(graph, parameters, false);
        parameters[i] = kept;
        double expected = seed * (up - down) / (2 * h);
        double bound = 1e-5 * (1 + fabs(expected));
        if (!(fabs(graph->gradients[i] - expected) < bound))
            fail_msg("gradient %zu at %zu rows: %g, not %g", i, graph->rows,
                     (double)graph->gradients[i], expected);
    }
}

static void check_batch(struct graph *graph, struct rng *rng, size_t rows, float seed)
{
    uint8_t labels[MAX_ROWS];
    double *parameters = malloc(graph->parameter_count * sizeof *parameters);
    assert_non_null(parameters);
    for (size_t i = 0; i < MAX_ROWS; i++)
        labels[i] = (uint8_t)rng_below(rng, 3);
    fill(rng, graph->nodes[0]->data, rows * INPUTS, 2);
    fill(rng, graph->parameters, graph->parameter_count, 0.7);
    for (size_t i = 0; i < graph->parameter_count; i++)
        parameters[i] = graph->parameters[i];
    graph->dropout_key = rows % 2 ? rng_next(rng) : 0;
    graph_forward(graph, labels, rows);
    evaluate(graph, parameters, true);
    graph_backward(graph, graph->nodes[graph->node_count - 1], seed);
    check_gradients(graph, parameters, seed);
    free(parameters);
}

/* Batches up and down in size, more sizes than a layer keeps products for: nothing of an
 * earlier batch may be left in a later one. */
static void check(struct node *(*build)(struct node *),
                  const struct gemm_backend *backend)
{
    static const size_t sizes[] = {MAX_ROWS, 3, MAX_ROWS, 1, 2, 4, 5, 6, 3};
    struct graph *graph;
    struct rng rng;
    rng_init(&rng, 1, 0);
    assert_int_equal(graph_new(backend, &graph), ENGINE_OK);
    build(graph_input(graph, INPUTS));
    assert_int_equal(graph_compile(graph, MAX_ROWS), ENGINE_OK);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check_batch(graph, &rng, sizes[i], i % 2 ? 0.25f : 1);
    graph_free(graph);
}

static void test_graph(void **context)
{
    struct node *(*const *build)(struct node *) = *context;
    check(*build, NULL);
    check(*build, &gemm_naive);
}

#define GRAPH_TEST(name)                                                                 \
    {                                                                                    \
#name, test_graph, NULL, NULL, &(struct node * (*[])(struct node *))             \
        {                                                                                \
            build_##name                                                                 \
        }                                                                                \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        GRAPH_TEST(linear),        GRAPH_TEST(add),    GRAPH_TEST(mul),
        GRAPH_TEST(relu),          GRAPH_TEST(tanh),   GRAPH_TEST(sigmoid),
        GRAPH_TEST(gelu),          GRAPH_TEST(square), GRAPH_TEST(double),
        GRAPH_TEST(cross_entropy), GRAPH_TEST(shared), GRAPH_TEST(tied),
        GRAPH_TEST(losses),        GRAPH_TEST(inputs), GRAPH_TEST(fixed_rows),
        GRAPH_TEST(mse),           GRAPH_TEST(hinge),  GRAPH_TEST(one_output),
        GRAPH_TEST(dropout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
