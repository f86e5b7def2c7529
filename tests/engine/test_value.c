/* Values: micrograd's own two expressions, every op against finite differences in
 * float64, graphs in any order, lanes, labels. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <string.h>

#include "engine/autograd/rng.h"
#include "engine/autograd/value.h"

static struct values *graph;

static int setup(void **context)
{
    (void)context;
    return values_new(&graph) != ENGINE_OK;
}

static int teardown(void **context)
{
    (void)context;
    values_free(graph);
    graph = NULL;
    return 0;
}

static void compile(size_t lanes)
{
    assert_int_equal(values_compile(graph, lanes), ENGINE_OK);
    values_forward(graph);
}

static void expect_near(double value, double expected, double bound)
{
    if (!(fabs(value - expected) <= bound * fmax(1, fabs(expected))))
        fail_msg("%.9g, not %.9g", value, expected);
}

static double data_of(uint32_t value)
{
    return (double)values_data(graph, value)[0];
}

static double gradient_of(uint32_t value)
{
    return (double)values_gradient(graph, value)[0];
}

static uint32_t add(uint32_t a, uint32_t b)
{
    return value_binary(graph, VALUE_ADD, a, b);
}

static uint32_t mul(uint32_t a, uint32_t b)
{
    return value_binary(graph, VALUE_MUL, a, b);
}

static uint32_t relu(uint32_t a)
{
    return value_unary(graph, VALUE_RELU, a);
}

static uint32_t number(float x)
{
    return value_leaf(graph, x);
}

/* micrograd's test_sanity_check: y = -20, dy/dx = 46. */
static void test_micrograds_sanity_check(void **context)
{
    (void)context;
    uint32_t x = number(-4);
    uint32_t z = add(add(mul(number(2), x), number(2)), x);
    uint32_t q = add(relu(z), mul(z, x));
    uint32_t h = relu(mul(z, z));
    uint32_t y = add(add(h, q), mul(q, x));
    compile(1);
    values_backward(graph, y, NULL);
    expect_near(data_of(y), -20, 1e-6);
    expect_near(gradient_of(x), 46, 1e-6);
}

/* The expression of micrograd's README and test_more_ops: g = 24.7041, dg/da = 138.8338,
 * dg/db = 645.5773. */
static void test_micrograds_more_ops(void **context)
{
    (void)context;
    uint32_t a = number(-4), b = number(2);
    uint32_t c = add(a, b);
    uint32_t d = add(mul(a, b), value_pow(graph, b, 3));
    c = add(c, add(c, number(1)));
    c = add(c, add(add(number(1), c), value_unary(graph, VALUE_NEG, a)));
    d = add(d, add(mul(d, number(2)), relu(add(b, a))));
    d = add(d, add(mul(number(3), d), relu(value_binary(graph, VALUE_SUB, b, a))));
    uint32_t e = value_binary(graph, VALUE_SUB, c, d);
    uint32_t f = value_pow(graph, e, 2);
    uint32_t g = value_binary(graph, VALUE_DIV, f, number(2));
    g = add(g, value_binary(graph, VALUE_DIV, number(10), f));
    compile(1);
    values_backward(graph, g, NULL);
    assert_true(fabs(data_of(g) - 24.7041) < 5e-5);
    assert_true(fabs(gradient_of(a) - 138.8338) < 5e-4);
    assert_true(fabs(gradient_of(b) - 645.5773) < 5e-4);
}

/* --- each op ------------------------------------------------------------------------ */

static double reference(enum value_op op, double a, double b)
{
    switch (op) {
    case VALUE_ADD:
        return a + b;
    case VALUE_SUB:
        return a - b;
    case VALUE_MUL:
        return a * b;
    case VALUE_DIV:
        return a / b;
    case VALUE_POW:
        return pow(a, 2.5);
    case VALUE_NEG:
        return -a;
    case VALUE_EXP:
        return exp(a);
    case VALUE_LOG:
        return log(a);
    case VALUE_RELU:
        return a > 0 ? a : 0;
    case VALUE_TANH:
        return tanh(a);
    case VALUE_SIGMOID:
        return 1 / (1 + exp(-a));
    case VALUE_GELU:
        return a * (1 + erf(a / sqrt(2))) / 2;
    case VALUE_LEAF:
    case VALUE_OP_COUNT:
        break;
    }
    return NAN;
}

static uint32_t apply(enum value_op op, uint32_t a, uint32_t b)
{
    if (op == VALUE_POW)
        return value_pow(graph, a, 2.5f);
    return value_op_arity(op) == 2 ? value_binary(graph, op, a, b)
                                   : value_unary(graph, op, a);
}

/* Forward and both gradients in every lane; each lane has numbers and a seed of its own.
 */
static void check_op(enum value_op op, size_t lanes, struct rng *rng)
{
    bool positive = op == VALUE_POW || op == VALUE_LOG || op == VALUE_DIV;
    uint32_t a = number(1), b = number(1), y = apply(op, a, b);
    float seeds[17];
    const double h = 1e-5;
    assert_int_equal(values_compile(graph, lanes), ENGINE_OK);
    for (size_t l = 0; l < lanes; l++) {
        values_data(graph, a)[l] = (float)rng_uniform(rng, positive ? 0.2 : -3, 3);
        values_data(graph, b)[l] = (float)rng_uniform(rng, positive ? 0.2 : -3, 3);
        seeds[l] = (float)rng_uniform(rng, -2, 2);
    }
    values_forward(graph);
    values_backward(graph, y, seeds);
    for (size_t l = 0; l < lanes; l++) {
        double x = values_data(graph, a)[l], z = values_data(graph, b)[l], s = seeds[l];
        double da = (reference(op, x + h, z) - reference(op, x - h, z)) / (2 * h);
        double db = (reference(op, x, z + h) - reference(op, x, z - h)) / (2 * h);
        expect_near((double)values_data(graph, y)[l], reference(op, x, z), 2e-6);
        expect_near((double)values_gradient(graph, a)[l], s * da, 1e-5);
        if (value_op_arity(op) == 2)
            expect_near((double)values_gradient(graph, b)[l], s * db, 1e-5);
    }
}

static void test_ops_against_finite_differences(void **context)
{
    static const size_t lanes[] = {1, 16, 3, 17};
    struct rng rng;
    rng_init(&rng, 1, 0);
    for (enum value_op op = VALUE_ADD; op < VALUE_OP_COUNT; op++)
        for (size_t round = 0; round < 40; round++) {
            teardown(context);
            assert_int_equal(setup(context), 0);
            check_op(op, lanes[round % 4], &rng);
        }
}

static void test_a_value_used_twice_gets_both_shares(void **context)
{
    (void)context;
    uint32_t a = number(3), square = mul(a, a), y = add(square, square);
    compile(16);
    for (int times = 0; times < 2; times++)
        values_backward(graph, y, NULL);
    for (size_t l = 0; l < 16; l++) {
        assert_true(values_data(graph, y)[l] == 18);
        assert_true(values_gradient(graph, a)[l] == 12);
    }
}

/* --- structure ---------------------------------------------------------------------- */

/* y is given before what it is made of. */
static void test_graphs_come_in_any_order(void **context)
{
    (void)context;
    uint32_t y = number(0), t = number(0), a = number(2), b = number(0.5f);
    assert_true(value_define(graph, y, VALUE_ADD, t, a));
    assert_true(value_define(graph, t, VALUE_MUL, a, b));
    compile(1);
    values_backward(graph, y, NULL);
    assert_true(data_of(y) == 3);
    assert_true(gradient_of(a) == 1.5 && gradient_of(b) == 2);
    size_t place[4];
    for (size_t i = 0; i < 4; i++)
        place[values_order(graph)[i]] = i;
    assert_true(place[y] > place[t] && place[t] > place[a] && place[t] > place[b]);
}

/* A chain that is far longer than a recursion could be deep, given backwards. */
static void test_long_chains_given_backwards(void **context)
{
    (void)context;
    enum { LENGTH = 1000000 };
    uint32_t first = value_leaves(graph, LENGTH), one = number(1);
    for (uint32_t i = 0; i + 1 < LENGTH; i++)
        assert_true(value_define(graph, first + i, VALUE_ADD, first + i + 1, one));
    compile(1);
    assert_true(data_of(first) == LENGTH - 1);
    values_backward(graph, first, NULL);
    assert_true(gradient_of(one) == LENGTH - 1);
}

static void test_a_value_cannot_depend_on_itself(void **context)
{
    (void)context;
    uint32_t a = number(0), b = number(0), c = number(1);
    assert_true(value_define(graph, a, VALUE_ADD, b, c));
    assert_true(value_define(graph, b, VALUE_NEG, a, VALUE_NONE));
    assert_int_equal(values_compile(graph, 1), ENGINE_INVALID);
}

static void test_refuses_what_does_not_fit(void **context)
{
    (void)context;
    uint32_t a = number(1);
    assert_false(value_define(graph, a, VALUE_ADD, a, VALUE_NONE));
    assert_false(value_define(graph, a, VALUE_TANH, a, a));
    assert_false(value_define(graph, a, VALUE_LEAF, VALUE_NONE, VALUE_NONE));
    assert_false(value_define(graph, 7, VALUE_TANH, a, VALUE_NONE));
    uint32_t b = value_unary(graph, VALUE_TANH, a);
    assert_false(value_define(graph, b, VALUE_EXP, a, VALUE_NONE));
    assert_int_equal(value_binary(graph, VALUE_MUL, a, VALUE_NONE), VALUE_NONE);
    assert_int_equal(values_compile(graph, 1), ENGINE_INVALID);
}

/* Its arrays are as large as it was. */
static void test_a_compiled_graph_is_closed(void **context)
{
    (void)context;
    uint32_t a = number(1), b = value_unary(graph, VALUE_TANH, a);
    compile(1);
    assert_int_equal(value_leaf(graph, 1), VALUE_NONE);
    assert_int_equal(value_leaves(graph, 5000), VALUE_NONE);
    assert_int_equal(value_unary(graph, VALUE_EXP, b), VALUE_NONE);
    assert_false(value_define(graph, a, VALUE_EXP, b, VALUE_NONE));
    assert_int_equal(values_count(graph), 2);
    values_backward(graph, b, NULL);
    assert_true(values_compile(graph, 1) != ENGINE_OK);
}

static void test_an_empty_graph_is_refused(void **context)
{
    (void)context;
    assert_int_equal(values_compile(graph, 1), ENGINE_INVALID);
}

static void test_structure_can_be_walked(void **context)
{
    (void)context;
    uint32_t a = number(2), b = number(3), y = value_binary(graph, VALUE_DIV, a, b);
    assert_true(value_set_label(graph, y, "y"));
    assert_true(value_set_label(graph, a, "a"));
    assert_int_equal(values_count(graph), 3);
    assert_string_equal(value_label(graph, y), "y");
    assert_string_equal(value_label(graph, a), "a");
    assert_null(value_label(graph, b));
    const struct value_node *node = value_node(graph, y);
    assert_string_equal(value_op_name(node->op), "/");
    assert_int_equal(node->inputs[0], a);
    assert_int_equal(node->inputs[1], b);
    assert_true(value_node(graph, a)->constant == 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_micrograds_sanity_check),
        TEST(test_micrograds_more_ops),
        TEST(test_ops_against_finite_differences),
        TEST(test_a_value_used_twice_gets_both_shares),
        TEST(test_graphs_come_in_any_order),
        TEST(test_long_chains_given_backwards),
        TEST(test_a_value_cannot_depend_on_itself),
        TEST(test_refuses_what_does_not_fit),
        TEST(test_a_compiled_graph_is_closed),
        TEST(test_an_empty_graph_is_refused),
        TEST(test_structure_can_be_walked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
