/* Every op against central differences of a double-precision reference, and the graph's
 * own rules: what is used twice accumulates, what needs no gradient costs none. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/autograd/graph.h"
#include "engine/autograd/rng.h"
#include "engine/autograd/simd_math.h"
#include "tests/engine/cmocka_all.h"

#define ROWS    5
#define COLUMNS 7

/* A scalar function of parameters: the sum of a graph's last node, weighted so that every
 * element counts differently. */
struct rig {
    struct graph *graph;
    struct node *x, *y, *weights, *last;
};

static void fill(float *values, size_t count, uint64_t seed)
{
    struct rng rng;
    rng_init(&rng, seed, 0);
    for (size_t i = 0; i < count; i++) {
        double value = rng_uniform(&rng, -2, 2);
        values[i] =
            (float)(fabs(value) < 0.05 ? value + 0.1 : value); /* off relu's kink */
    }
}

static struct graph *make_graph(void)
{
    struct graph *graph;
    assert_int_equal(graph_new(NULL, &graph), ENGINE_OK);
    return graph;
}

/* y = op(x) with x a parameter; last = y * weights. */
static void build_unary(struct rig *rig, enum op op)
{
    rig->graph = make_graph();
    rig->x = graph_parameter(rig->graph, ROWS, COLUMNS);
    rig->weights = graph_parameter(rig->graph, ROWS, COLUMNS);
    rig->y = graph_unary(op, rig->x);
    rig->last = graph_binary(OP_MUL, rig->y, rig->weights);
    assert_int_equal(graph_compile(rig->graph, ROWS), ENGINE_OK);
    fill(rig->graph->parameters, rig->graph->parameter_count, 7);
}

static double reference(enum op op, double x)
{
    switch (op) {
    case OP_RELU:
        return x > 0 ? x : 0;
    case OP_TANH:
        return tanh(x);
    case OP_SIGMOID:
        return 1 / (1 + exp(-x));
    case OP_GELU:
        return x * 0.5 * (1 + erf(x / sqrt(2)));
    case OP_INPUT:
    case OP_PARAMETER:
    case OP_LINEAR:
    case OP_ADD:
    case OP_MUL:
    case OP_CROSS_ENTROPY:
    case OP_COUNT:
        break;
    }
    return NAN;
}

static void expect_close(double got, double wanted, double tolerance)
{
    double scale = fmax(1, fabs(wanted));
    if (!(fabs(got - wanted) <= tolerance * scale))
        fail_msg("%.9g is not %.9g", got, wanted);
}

static void check_unary(enum op op)
{
    struct rig rig;
    build_unary(&rig, op);
    graph_forward(rig.graph, NULL, ROWS);
    graph_backward(rig.graph, rig.last, 1);
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        double x = rig.x->data[i], h = 1e-5;
        double slope = (reference(op, x + h) - reference(op, x - h)) / (2 * h);
        expect_close(rig.y->data[i], reference(op, x), 1e-6);
        expect_close(rig.x->gradient[i], slope * rig.weights->data[i], 2e-6);
    }
    graph_free(rig.graph);
}

static void test_activations(void **state)
{
    (void)state;
    check_unary(OP_RELU);
    check_unary(OP_TANH);
    check_unary(OP_SIGMOID);
    check_unary(OP_GELU);
}

static void test_simd_math_is_accurate(void **state)
{
    (void)state;
    for (double x = -80; x < 80; x += 0.0137) {
        float v = (float)x;
        expect_close(simd_exp(v) / exp((double)v), 1, 3e-7);
        expect_close(simd_sigmoid(v), 1 / (1 + exp(-(double)v)), 3e-7);
        expect_close(simd_erf(v / 20), erf((double)(v / 20)), 5e-7);
    }
    for (double x = 1e-6; x < 10; x *= 1.01) {
        float v = (float)x;
        expect_close(simd_tanh(v) / tanh((double)v), 1, 1e-6);
        expect_close(simd_tanh(-v) / tanh((double)v), -1, 1e-6);
    }
    assert_true(isnan(simd_exp(NAN)));
    assert_true(isnan(simd_tanh(NAN)));
    assert_true(isnan(simd_sigmoid(NAN)));
}

/* Loss of one row, in double precision. */
static double reference_loss(const double *x, size_t label)
{
    double sum = 0;
    for (size_t i = 0; i < COLUMNS; i++)
        sum += exp(x[i]);
    return log(sum) - x[label];
}

static void test_cross_entropy(void **state)
{
    (void)state;
    const uint8_t labels[ROWS] = {0, 6, 3, 3, 1};
    struct graph *graph = make_graph();
    struct node *x = graph_parameter(graph, ROWS, COLUMNS);
    struct node *loss = graph_unary(OP_CROSS_ENTROPY, x);
    assert_int_equal(graph_compile(graph, ROWS), ENGINE_OK);
    fill(graph->parameters, graph->parameter_count, 3);
    graph_forward(graph, labels, ROWS);
    graph_backward(graph, loss, 0.25f);
    double total = 0;
    for (size_t r = 0; r < ROWS; r++) {
        double row[COLUMNS], h = 1e-5;
        for (size_t c = 0; c < COLUMNS; c++)
            row[c] = x->data[r * COLUMNS + c];
        total += reference_loss(row, labels[r]);
        for (size_t c = 0; c < COLUMNS; c++) {
            double kept = row[c], up, down;
            row[c] = kept + h;
            up = reference_loss(row, labels[r]);
            row[c] = kept - h;
            down = reference_loss(row, labels[r]);
            row[c] = kept;
            expect_close(x->gradient[r * COLUMNS + c], 0.25 * (up - down) / (2 * h),
                         1e-6);
        }
    }
    expect_close(graph->loss_sum, total, 1e-6);
    graph_free(graph);
}

static void test_huge_logits_stay_finite_and_nan_shows(void **state)
{
    (void)state;
    const uint8_t labels[1] = {1};
    struct graph *graph = make_graph();
    struct node *x = graph_parameter(graph, 1, 3);
    graph_unary(OP_CROSS_ENTROPY, x);
    assert_int_equal(graph_compile(graph, 1), ENGINE_OK);
    x->data[0] = 1e30f;
    x->data[1] = -1e30f;
    graph_forward(graph, labels, 1);
    assert_true(isfinite(graph->loss_sum) && graph->loss_sum > 1e30);
    x->data[2] = NAN;
    graph_forward(graph, labels, 1);
    assert_true(isnan(graph->loss_sum));
    graph_free(graph);
}

/* x W + b by hand, in double. */
static double reference_linear(const float *x, const float *w, const float *b, size_t in,
                               size_t out, size_t r, size_t c)
{
    double sum = b[c];
    for (size_t i = 0; i < in; i++)
        sum += (double)x[r * in + i] * w[i * out + c];
    return sum;
}

static void test_linear_and_both_its_gradients(void **state)
{
    (void)state;
    enum { IN = 19, OUT = 6 };
    struct graph *graph = make_graph();
    struct node *x = graph_parameter(graph, ROWS, IN);
    struct node *w = graph_parameter(graph, IN, OUT);
    struct node *b = graph_parameter(graph, 1, OUT);
    struct node *y = graph_linear(x, w, b);
    struct node *square = graph_binary(OP_MUL, y, y); /* used twice: d/dy = 2 y */
    assert_int_equal(graph_compile(graph, ROWS), ENGINE_OK);
    fill(graph->parameters, graph->parameter_count, 11);
    graph_forward(graph, NULL, ROWS);
    graph_backward(graph, square, 1);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t c = 0; c < OUT; c++) {
            double value = reference_linear(x->data, w->data, b->data, IN, OUT, r, c);
            expect_close(y->data[r * OUT + c], value, 1e-5);
            expect_close(y->gradient[r * OUT + c], 2 * value, 1e-5);
        }
    for (size_t i = 0; i < IN; i++)
        for (size_t c = 0; c < OUT; c++) {
            double sum = 0;
            for (size_t r = 0; r < ROWS; r++)
                sum += (double)x->data[r * IN + i] * y->gradient[r * OUT + c];
            expect_close(w->gradient[i * OUT + c], sum, 1e-5);
        }
    for (size_t r = 0; r < ROWS; r++)
        for (size_t i = 0; i < IN; i++) {
            double sum = 0;
            for (size_t c = 0; c < OUT; c++)
                sum += (double)w->data[i * OUT + c] * y->gradient[r * OUT + c];
            expect_close(x->gradient[r * IN + i], sum, 1e-5);
        }
    graph_free(graph);
}

static void test_a_node_used_by_two_ops_accumulates(void **state)
{
    (void)state;
    struct graph *graph = make_graph();
    struct node *x = graph_parameter(graph, ROWS, COLUMNS);
    struct node *t = graph_unary(OP_TANH, x), *s = graph_unary(OP_SIGMOID, x);
    struct node *sum = graph_binary(OP_ADD, t, s);
    struct node *last = graph_binary(OP_ADD, sum, x);
    assert_int_equal(graph_compile(graph, ROWS), ENGINE_OK);
    fill(graph->parameters, graph->parameter_count, 5);
    for (int pass = 0; pass < 2; pass++) { /* nothing is left over from a pass before */
        graph_forward(graph, NULL, ROWS);
        graph_backward(graph, last, 1);
    }
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        double th = tanh((double)x->data[i]), sg = 1 / (1 + exp(-(double)x->data[i]));
        expect_close(x->gradient[i], 1 - th * th + sg * (1 - sg) + 1, 1e-6);
    }
    graph_free(graph);
}

static void test_inputs_need_no_gradient(void **state)
{
    (void)state;
    struct graph *graph = make_graph();
    struct node *x = graph_input(graph, 4);
    struct node *w = graph_parameter(graph, 4, 3);
    struct node *b = graph_parameter(graph, 1, 3);
    struct node *y = graph_linear(x, w, b);
    assert_int_equal(graph_compile(graph, 8), ENGINE_OK);
    assert_null(x->gradient);
    assert_non_null(y->gradient);
    assert_int_equal(node_rows(w), 4);
    graph_free(graph);
}

static void test_shapes_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct graph *graph = make_graph();
    struct node *x = graph_input(graph, 4);
    struct node *w = graph_parameter(graph, 5, 3);
    struct node *b = graph_parameter(graph, 1, 3);
    assert_null(graph_linear(x, w, b));
    assert_int_not_equal(graph_compile(graph, 8), ENGINE_OK);
    graph_free(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_activations),
        cmocka_unit_test(test_simd_math_is_accurate),
        cmocka_unit_test(test_cross_entropy),
        cmocka_unit_test(test_huge_logits_stay_finite_and_nan_shows),
        cmocka_unit_test(test_linear_and_both_its_gradients),
        cmocka_unit_test(test_a_node_used_by_two_ops_accumulates),
        cmocka_unit_test(test_inputs_need_no_gradient),
        cmocka_unit_test(test_shapes_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
