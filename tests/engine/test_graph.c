/* The graph around its ops: what is refused, laid out, left alone, and shown. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <string.h>

#include "engine/autograd/graph.h"

static struct graph *new_graph(void)
{
    struct graph *graph = NULL;
    assert_int_equal(graph_new(NULL, &graph), ENGINE_OK);
    return graph;
}

static struct node *layer(struct node *x, size_t columns)
{
    struct node *weight = graph_parameter(x->graph, x->columns, columns);
    return graph_linear(x, weight, graph_parameter(x->graph, 1, columns));
}

static void expect_invalid(struct graph *graph, const struct node *node)
{
    assert_null(node);
    assert_int_equal(graph_compile(graph, 1), ENGINE_INVALID);
    graph_free(graph);
}

static void test_refuses_shapes_that_do_not_fit(void **context)
{
    (void)context;
    struct graph *g = new_graph();
    struct node *x = graph_input(g, 3);
    expect_invalid(g,
                   graph_linear(x, graph_parameter(g, 4, 2), graph_parameter(g, 1, 2)));
    g = new_graph();
    x = graph_input(g, 3);
    expect_invalid(g,
                   graph_linear(x, graph_parameter(g, 3, 2), graph_parameter(g, 1, 3)));
    g = new_graph();
    x = graph_input(g, 3);
    expect_invalid(g,
                   graph_linear(x, graph_parameter(g, 3, 2), graph_parameter(g, 2, 2)));
    g = new_graph();
    expect_invalid(g, graph_binary(OP_ADD, graph_input(g, 3), graph_input(g, 4)));
    g = new_graph();
    expect_invalid(g, graph_binary(OP_MUL, graph_input(g, 3), graph_parameter(g, 1, 3)));
}

static void test_refuses_ops_of_another_kind(void **context)
{
    (void)context;
    struct graph *g = new_graph();
    expect_invalid(g, graph_unary(OP_ADD, graph_input(g, 3)));
    g = new_graph();
    expect_invalid(g, graph_binary(OP_RELU, graph_input(g, 3), graph_input(g, 3)));
    g = new_graph();
    expect_invalid(g, graph_unary(OP_CROSS_ENTROPY, graph_parameter(g, 2, 3)));
}

/* What follows a refused node is refused too, without a crash. */
static void test_refusal_passes_on(void **context)
{
    (void)context;
    struct graph *g = new_graph();
    struct node *bad = graph_unary(OP_ADD, graph_input(g, 3));
    struct node *next = graph_unary(OP_TANH, graph_binary(OP_ADD, bad, bad));
    expect_invalid(g, graph_linear(next, NULL, NULL));
}

static void test_arrays_start_on_cache_lines(void **context)
{
    (void)context;
    struct graph *g = new_graph();
    struct node *x = graph_input(g, 3);
    graph_unary(OP_CROSS_ENTROPY, layer(graph_unary(OP_RELU, layer(x, 5)), 7));
    assert_int_equal(graph_compile(g, 3), ENGINE_OK);
    for (size_t i = 0; i < g->node_count; i++) {
        const struct node *node = g->nodes[i];
        assert_int_equal((uintptr_t)node->data % ARENA_ALIGNMENT, 0);
        assert_int_equal((uintptr_t)node->gradient % ARENA_ALIGNMENT, 0);
        assert_int_equal((uintptr_t)node->saved % ARENA_ALIGNMENT, 0);
    }
    assert_int_equal(g->parameter_count, 16 + 16 + 48 + 16);
    graph_free(g);
}

static void test_many_nodes(void **context)
{
    (void)context;
    struct graph *g = new_graph();
    struct node *x = graph_input(g, 1), *y = x;
    for (int i = 0; i < 1000; i++)
        y = graph_binary(OP_ADD, y, x);
    assert_int_equal(graph_compile(g, 1), ENGINE_OK);
    x->data[0] = 2;
    graph_forward(g, NULL, 1);
    assert_true(y->data[0] == 2002);
    graph_free(g);
}

static void test_inputs_cost_no_gradient(void **context)
{
    (void)context;
    struct graph *g = new_graph();
    struct node *x = graph_input(g, 3), *square = graph_binary(OP_MUL, x, x);
    struct node *y = layer(square, 2);
    assert_int_equal(graph_compile(g, 4), ENGINE_OK);
    assert_false(x->needs_gradient || square->needs_gradient);
    assert_null(x->gradient);
    assert_null(square->gradient);
    assert_null(y->saved); /* the room for dx */
    graph_forward(g, NULL, 4);
    graph_backward(g, y, 1);
    graph_free(g);
}

static void test_unused_parameter_has_no_gradient(void **context)
{
    (void)context;
    struct graph *g = new_graph();
    struct node *unused = graph_parameter(g, 2, 2);
    struct node *x = graph_input(g, 3), *y = layer(x, 2);
    assert_int_equal(graph_compile(g, 1), ENGINE_OK);
    x->data[0] = 1;
    graph_forward(g, NULL, 1);
    graph_backward(g, y, 1);
    for (size_t i = 0; i < 4; i++)
        assert_true(unused->gradient[i] == 0);
    assert_true(y->inputs[1]->gradient[0] == 1);
    graph_free(g);
}

/* Rows beyond the batch's are neither read nor written. */
static void test_rows_beyond_the_batch_are_left(void **context)
{
    (void)context;
    const uint8_t labels[] = {0, 1, 255, 255};
    struct graph *g = new_graph();
    struct node *x = graph_input(g, 3), *h = graph_unary(OP_GELU, layer(x, 2));
    struct node *loss = graph_unary(OP_CROSS_ENTROPY, h);
    assert_int_equal(graph_compile(g, 4), ENGINE_OK);
    for (size_t i = 6; i < 12; i++)
        x->data[i] = NAN;
    h->data[4] = h->gradient[4] = loss->data[2] = 77;
    graph_forward(g, labels, 2);
    graph_backward(g, loss, 1);
    assert_true(h->data[4] == 77 && h->gradient[4] == 77 && loss->data[2] == 77);
    for (size_t i = 0; i < g->parameter_count; i++)
        assert_true(isfinite(g->gradients[i]));
    assert_true(fabs(g->loss_sum - 2 * log(2)) < 1e-6);
    graph_free(g);
}

/* A loss over logits x, with (rows, columns) of them and one label a row. */
static struct graph *loss_of(const float *logits, size_t rows, size_t columns,
                             const uint8_t *labels)
{
    struct graph *g = new_graph();
    struct node *x = graph_input(g, columns);
    graph_unary(OP_CROSS_ENTROPY, x);
    assert_int_equal(graph_compile(g, rows), ENGINE_OK);
    memcpy(x->data, logits, rows * columns * sizeof *logits);
    graph_forward(g, labels, rows);
    return g;
}

static void test_counts_what_is_right(void **context)
{
    (void)context;
    const float logits[] = {1, 2, 3, 3, 2, 1, 0, 5, 0, 4, 4, 0};
    const uint8_t labels[] = {2, 0, 0, 0};
    struct graph *g = loss_of(logits, 4, 3, labels);
    assert_int_equal(g->correct, 3);
    graph_forward(g, NULL, 4);
    assert_int_equal(g->correct, 0);
    assert_true(g->loss_sum == 0);
    graph_free(g);
}

static void test_large_logits_do_not_overflow(void **context)
{
    (void)context;
    const float logits[] = {1e30f, -1e30f, 3e4f, 3e4f, 1e30f, -1e30f};
    const uint8_t labels[] = {0, 1, 1};
    struct graph *g = loss_of(logits, 3, 2, labels);
    assert_true(fabsf(g->nodes[1]->data[0]) < 1e-6f);
    assert_true(fabs(g->nodes[1]->data[1] - log(2)) < 1e-6);
    assert_true(g->nodes[1]->data[2] > 1e30f && isfinite(g->nodes[1]->data[2]));
    graph_free(g);
}

static void test_nan_and_infinity_show_in_the_loss(void **context)
{
    (void)context;
    const uint8_t label = 1;
    for (size_t i = 0; i < 3; i++) {
        float logits[] = {0, 1, 2};
        logits[i] = NAN;
        struct graph *g = loss_of(logits, 1, 3, &label);
        assert_true(isnan(g->loss_sum));
        graph_free(g);
        logits[i] = INFINITY;
        g = loss_of(logits, 1, 3, &label);
        assert_false(isfinite(g->loss_sum));
        graph_free(g);
    }
}

/* A NaN that comes in goes out at the end, through each activation, and into gradients.
 */
static void test_nan_passes_activations(void **context)
{
    (void)context;
    for (enum op op = OP_RELU; op <= OP_GELU; op++) {
        struct graph *g = new_graph();
        struct node *x = graph_input(g, 2), *h = graph_unary(op, layer(x, 17));
        struct node *y = layer(h, 1);
        assert_int_equal(graph_compile(g, 1), ENGINE_OK);
        for (size_t i = 0; i < g->parameter_count; i++)
            g->parameters[i] = 1;
        x->data[0] = NAN;
        graph_forward(g, NULL, 1);
        for (size_t i = 0; i < 17; i++)
            assert_true(isnan(h->data[i]));
        assert_true(isnan(y->data[0]));
        graph_backward(g, y, 1);
        assert_true(isnan(y->inputs[1]->gradient[0]));
        graph_free(g);
    }
}

static void test_op_names(void **context)
{
    (void)context;
    for (enum op op = OP_INPUT; op < OP_COUNT; op++)
        assert_non_null(op_info(op)->name);
    assert_string_equal(op_info(OP_GELU)->name, "gelu");
    graph_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refuses_shapes_that_do_not_fit),
        cmocka_unit_test(test_refuses_ops_of_another_kind),
        cmocka_unit_test(test_refusal_passes_on),
        cmocka_unit_test(test_arrays_start_on_cache_lines),
        cmocka_unit_test(test_many_nodes),
        cmocka_unit_test(test_inputs_cost_no_gradient),
        cmocka_unit_test(test_unused_parameter_has_no_gradient),
        cmocka_unit_test(test_rows_beyond_the_batch_are_left),
        cmocka_unit_test(test_counts_what_is_right),
        cmocka_unit_test(test_large_logits_do_not_overflow),
        cmocka_unit_test(test_nan_and_infinity_show_in_the_loss),
        cmocka_unit_test(test_nan_passes_activations),
        cmocka_unit_test(test_op_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
