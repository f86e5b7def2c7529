/* Anatomy: gradients and local derivatives against finite differences in double, networks
 * against the trainer's own gradients, limits. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/anatomy/anatomy.h"
#include "engine/autograd/rng.h"

/* --- formulas -------------------------------------------------------------------------
 */

static struct anatomy *read_formula(const char *text)
{
    struct anatomy *anatomy = NULL;
    struct formula_error error = {.text = ""};
    if (anatomy_of_formula(text, &anatomy, &error) != ENGINE_OK)
        fail_msg("%s: %s", text, error.text);
    return anatomy;
}

static uint32_t find(const struct anatomy *anatomy, const char *label)
{
    for (uint32_t i = 0; i < anatomy_count(anatomy); i++)
        if (strcmp(anatomy_value(anatomy, i).label, label) == 0)
            return i;
    fail_msg("there is no %s", label);
    return 0;
}

static float output_of(const struct anatomy *anatomy)
{
    return anatomy_value(anatomy, anatomy_output(anatomy)).data;
}

static double f_precedence(double x)
{
    return -pow(x, 2) + 2 * x / 4 - (1 - x);
}
static double f_chain(double x)
{
    return tanh(exp(x * 0.5) - 2) * x;
}
static double f_twice(double x)
{
    double d = x * x + x;
    return d * d - d / x;
}
static double f_sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}
static double f_gelu(double x)
{
    return 0.5 * x * (1 + erf(x / sqrt(2)));
}
static double f_relu(double x)
{
    return fmax(x, 0) + fmax(-x, 0) * 3;
}
static double f_log(double x)
{
    return log(x) / x;
}
static double f_powers(double x)
{
    return pow(x, -1.5) + pow(x, 3) + pow(x, 0.5);
}

/* A formula with one variable, and the same in C. */
static const struct {
    const char *text;
    double (*f)(double x);
    double at;
} formulas[] = {
    {"y = -x**2 + 2*x/4 - (1 - x)",              f_precedence, 1.7 },
    {"h = (x * 0.5).exp() - 2; y = tanh(h) * x", f_chain,      0.8 },
    {"d = x*x + x\ny = d*d - d/x # twice",       f_twice,      -1.3},
    {"x.sigmoid()",                              f_sigmoid,    0.4 },
    {"gelu(x)",                                  f_gelu,       -0.7},
    {"x.relu() + relu(-x) * 3",                  f_relu,       -2  },
    {"log(x)/x",                                 f_log,        2.5 },
    {"x**-1.5 + x**(3) + x**(-0.5) * x",         f_powers,     1.9 },
};

static void test_formulas_and_their_derivatives(void **context)
{
    (void)context;
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
        double x = formulas[i].at, step = 1e-5;
        double slope = (formulas[i].f(x + step) - formulas[i].f(x - step)) / (2 * step);
        struct anatomy *anatomy = read_formula(formulas[i].text);
        assert_true(anatomy_set(anatomy, "x", (float)x));
        assert_false(anatomy_set(anatomy, "z", 1));
        assert_int_equal(anatomy_run(anatomy), ENGINE_OK);
        double value = output_of(anatomy);
        double gradient = anatomy_value(anatomy, find(anatomy, "x")).gradient;
        assert_true(fabs(value - formulas[i].f(x)) < 1e-5 * fmax(1, fabs(value)));
        assert_true(fabs(gradient - slope) < 1e-4 * fmax(1, fabs(slope)));
        anatomy_free(anatomy);
    }
}

/* What each value gets is the sum of what its readers hand it: their gradient times their
 * local derivative. */
static void expect_chain_rule(const struct anatomy *anatomy)
{
    size_t count = anatomy_count(anatomy);
    double *got = calloc(count, sizeof *got);
    got[anatomy_output(anatomy)] = 1;
    const uint32_t *order = anatomy_order(anatomy);
    for (size_t i = count; i-- > 0;) {
        struct anatomy_value value = anatomy_value(anatomy, order[i]);
        if (!anatomy_is_reached(anatomy, order[i])) {
            assert_true(value.gradient == 0);
            continue;
        }
        assert_true(fabs(got[order[i]] - value.gradient) <
                    1e-5 * fmax(1, fabs(got[order[i]])));
        for (size_t k = 0; k < value_op_arity(value.node->op); k++)
            got[value.node->inputs[k]] += (double)value.gradient * value.local[k];
    }
    free(got);
}

static void test_contributions_add_up(void **context)
{
    (void)context;
    struct anatomy *anatomy =
        read_formula("a = x*x; unused = x + 1; b = a*y + a.tanh(); b / (a - y)");
    anatomy_set(anatomy, "x", 0.7F);
    anatomy_set(anatomy, "y", -1.2F);
    assert_int_equal(anatomy_run(anatomy), ENGINE_OK);
    expect_chain_rule(anatomy);
    uint32_t a = find(anatomy, "a");
    assert_true(anatomy_value(anatomy, a).local[0] == 0.7F);
    assert_false(anatomy_is_reached(anatomy, find(anatomy, "unused")));
    anatomy_free(anatomy);
}

/* micrograd's README: g = 24.7041, dg/da = 138.8338, dg/db = 645.5773. */
static void test_micrograds_expression(void **context)
{
    (void)context;
    struct anatomy *anatomy = read_formula(
        "c = a + b; d = a * b + b**3; c1 = c + c + 1; c2 = c1 + 1 + c1 + (-a)\n"
        "d1 = d + d * 2 + (b + a).relu(); d2 = d1 + 3 * d1 + (b - a).relu()\n"
        "e = c2 - d2; f = e**2; g = f / 2.0 + 10.0 / f");
    anatomy_set(anatomy, "a", -4);
    anatomy_set(anatomy, "b", 2);
    assert_int_equal(anatomy_run(anatomy), ENGINE_OK);
    assert_true(fabs(output_of(anatomy) - 24.7041) < 1e-4);
    assert_true(fabs(anatomy_value(anatomy, find(anatomy, "a")).gradient - 138.8338) <
                1e-3);
    assert_true(fabs(anatomy_value(anatomy, find(anatomy, "b")).gradient - 645.5773) <
                1e-3);
    expect_chain_rule(anatomy);
    anatomy_free(anatomy);
}

static void test_refuses_with_a_position(void **context)
{
    (void)context;
    static const struct {
        const char *text;
        size_t position;
        const char *says;
    } cases[] = {
        {"",                                   0,  "missing"         },
        {" \n# only words\n",                  15, "missing"         },
        {"a +",                                3,  "missing"         },
        {"a b",                                2,  "not b"           },
        {"d = (a * b",                         4,  "never closed"    },
        {"a)",                                 1,  "not )"           },
        {"sin(x)",                             0,  "no function sin" },
        {"x.sin()",                            2,  "after a point"   },
        {"x.tanh",                             6,  "() should follow"},
        {"a ** b",                             5,  "constant number" },
        {"a ** (1 + 2)",                       5,  "constant number" },
        {"2x",                                 0,  "digit"           },
        {"1e99",                               0,  "too large"       },
        {"a = 1; a = 2",                       7,  "already"         },
        {"a + b; a = 3",                       7,  "used before"     },
        {"tanh = 3",                           0,  "is a function"   },
        {"a = = 3",                            4,  "not ="           },
        {"\xC3\xA9 + 1",                       0,  "character"       },
        {"# \xF0\x9F\x98\x80 \n1 + $",         10, "not $"           },
        {"a\x01",                              1,  "character"       },
        {"a_name_that_is_too_long_for_us + 1", 0,  "at most 24"      },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct anatomy *anatomy = NULL;
        struct formula_error error;
        assert_int_equal(anatomy_of_formula(cases[i].text, &anatomy, &error),
                         ENGINE_FORMAT);
        if (error.position != cases[i].position || !strstr(error.text, cases[i].says) ||
            !strstr(error.text, "(at character "))
            fail_msg("%s: %zu, %s", cases[i].text, error.position, error.text);
        assert_null(anatomy);
    }
}

/* `count` times `piece`. */
static char *repeat(const char *piece, size_t count, const char *end)
{
    size_t length = strlen(piece);
    char *text = malloc(length * count + strlen(end) + 1);
    for (size_t i = 0; i < count; i++)
        snprintf(text + i * length, length + 1, "%s", piece);
    snprintf(text + length * count, strlen(end) + 1, "%s", end);
    return text;
}

static void test_formulas_end_somewhere(void **context)
{
    (void)context;
    static const struct {
        const char *piece;
        size_t count;
        const char *end, *says;
    } cases[] = {
        {"(",  1000, "1", "levels"         },
        {"-",  3000, "1", "levels"         },
        {"1+", 1999, "1", "2000 values"    },
        {"x+", 3000, "1", "4000 characters"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = repeat(cases[i].piece, cases[i].count, cases[i].end);
        struct anatomy *anatomy;
        struct formula_error error;
        assert_int_equal(anatomy_of_formula(text, &anatomy, &error), ENGINE_FORMAT);
        if (!strstr(error.text, cases[i].says))
            fail_msg("%s", error.text);
        free(text);
    }
    char *text = repeat("1+", 999, "1"); /* 1,999 values */
    struct anatomy *anatomy = read_formula(text);
    assert_int_equal(anatomy_run(anatomy), ENGINE_OK);
    assert_true(output_of(anatomy) == 1000);
    free(text);
    anatomy_free(anatomy);
}

static void test_formulas_have_so_many_names(void **context)
{
    (void)context;
    char text[2048] = "0";
    size_t length = 1;
    for (int i = 0; i < 128; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "+v%d", i);
    struct anatomy *anatomy = read_formula(text);
    assert_int_equal(anatomy_run(anatomy), ENGINE_OK);
    assert_true(output_of(anatomy) == 128);
    anatomy_free(anatomy);
    snprintf(text + length, sizeof text - length, "+v128");
    struct formula_error error;
    assert_int_equal(anatomy_of_formula(text, &anatomy, &error), ENGINE_FORMAT);
    assert_non_null(strstr(error.text, "at most 128 names"));
    assert_int_equal(error.position, length + 1);
}

/* Nothing to differentiate is no reason to fail. */
static void test_formulas_without_an_operation(void **context)
{
    (void)context;
    static const char *const texts[] = {"a", "d = 3", "1; 2; c"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct anatomy *anatomy = read_formula(texts[i]);
        uint32_t output = anatomy_output(anatomy);
        assert_int_equal(anatomy_run(anatomy), ENGINE_OK);
        assert_true(anatomy_value(anatomy, output).gradient == 1);
        assert_true(anatomy_value(anatomy, output).local[0] == 0);
        anatomy_free(anatomy);
    }
}

/* What the last line is not made of hands it no gradient, not even 0 times infinity. */
static void test_other_lines_hand_nothing_on(void **context)
{
    (void)context;
    static const char *const texts[] = {"y = 1/x; x", "y = log(x); z = y*y; x*1",
                                        "y = x**-1; x + 0"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct anatomy *anatomy = read_formula(texts[i]);
        assert_true(anatomy_set(anatomy, "x", 0));
        assert_int_equal(anatomy_run(anatomy), ENGINE_OK);
        uint32_t x = 0;
        while (strcmp(anatomy_value(anatomy, x).label, "x") != 0)
            x++;
        assert_true(anatomy_value(anatomy, x).gradient == 1);
        anatomy_free(anatomy);
    }
}

/* --- networks -------------------------------------------------------------------------
 */

#define INPUTS  3
#define HIDDEN  5
#define OUTPUTS 4

/* The same numbers as an mlp's flat array and as layers of rows. */
struct twins {
    struct mlp *mlp;
    float weights[2][HIDDEN * HIDDEN], biases[2][HIDDEN], inputs[INPUTS];
    struct anatomy_layer layers[2];
};

static void make_twins(struct twins *twins, enum loss loss, enum activation activation)
{
    struct mlp_shape shape = {.inputs = INPUTS,
                              .outputs = OUTPUTS,
                              .hidden = {HIDDEN},
                              .hidden_count = 1,
                              .activation = activation,
                              .loss = loss};
    struct rng rng;
    rng_init(&rng, 5, 0);
    assert_int_equal(mlp_new(&shape, 1, &twins->mlp), ENGINE_OK);
    mlp_initialise(twins->mlp, INIT_MICROGRAD, &rng);
    for (size_t i = 0; i < INPUTS; i++)
        mlp_inputs(twins->mlp)[i] = twins->inputs[i] = (float)rng_uniform(&rng, -1, 1);
    for (size_t l = 0; l < 2; l++) {
        const struct mlp_layer *layer = mlp_layer(twins->mlp, l);
        mlp_export_weight(twins->mlp, l, mlp_parameters(twins->mlp), twins->weights[l]);
        for (size_t o = 0; o < layer->outputs; o++) {
            float bias = (float)rng_uniform(&rng, -1, 1);
            twins->biases[l][o] = bias;
            mlp_parameters(twins->mlp)[layer->bias_offset + o] = bias;
        }
        twins->layers[l] =
            (struct anatomy_layer){twins->weights[l], twins->biases[l], layer->outputs,
                                   l == 0 ? activation : ACTIVATION_LINEAR};
    }
}

/* Weights are leaves in the order (inputs, outputs), as in the flat array. */
static void compare_gradients(const struct anatomy *anatomy, struct mlp *mlp)
{
    uint32_t value = INPUTS;
    for (size_t l = 0; l < 2; l++) {
        const struct mlp_layer *layer = mlp_layer(mlp, l);
        const float *gradients = mlp_gradients(mlp);
        while (anatomy_value(anatomy, value).role != ROLE_WEIGHT)
            value++;
        for (size_t i = 0; i < layer->inputs * layer->outputs; i++, value++) {
            struct anatomy_value weight = anatomy_value(anatomy, value);
            assert_int_equal(weight.role, ROLE_WEIGHT);
            assert_int_equal(weight.layer, l + 1);
            assert_int_equal(weight.neuron, i % layer->outputs + 1);
            assert_true(fabsf(weight.gradient - gradients[layer->weight_offset + i]) <
                        1e-5F);
        }
        for (size_t o = 0; o < layer->outputs; o++, value++) {
            struct anatomy_value bias = anatomy_value(anatomy, value);
            assert_int_equal(bias.role, ROLE_BIAS);
            assert_true(fabsf(bias.gradient - gradients[layer->bias_offset + o]) < 1e-5F);
        }
    }
}

static void test_networks_have_the_trainers_gradients(void **context)
{
    (void)context;
    for (enum loss loss = LOSS_CROSS_ENTROPY; loss <= LOSS_HINGE; loss++)
        for (enum activation activation = ACTIVATION_RELU;
             activation <= ACTIVATION_LINEAR; activation++)
            for (uint8_t label = 0; label < OUTPUTS; label++) {
                struct twins twins;
                struct anatomy *anatomy;
                make_twins(&twins, loss, activation);
                struct anatomy_network network = {.inputs = twins.inputs,
                                                  .input_count = INPUTS,
                                                  .layers = twins.layers,
                                                  .layer_count = 2,
                                                  .end = ANATOMY_LOSS,
                                                  .label = label,
                                                  .loss = loss};
                struct mlp_result result = mlp_gradient(twins.mlp, &label, 1);
                assert_int_equal(anatomy_of_network(&network, &anatomy), ENGINE_OK);
                assert_int_equal(anatomy_run(anatomy), ENGINE_OK);
                assert_true(anatomy_count(anatomy) <= anatomy_count_values(&network));
                assert_true(fabs(output_of(anatomy) - result.loss_sum) < 1e-5);
                compare_gradients(anatomy, twins.mlp);
                expect_chain_rule(anatomy);
                anatomy_free(anatomy);
                mlp_free(twins.mlp);
            }
}

/* out = tanh(w.x + b), loss = (out - target)^2: by hand. */
static void test_a_neuron_by_hand(void **context)
{
    (void)context;
    const float inputs[] = {2, 0}, weights[] = {-3, 1}, bias = 6.8813735870195432F;
    struct anatomy_layer layer = {weights, &bias, 1, ACTIVATION_TANH};
    struct anatomy_network network = {
        .inputs = inputs, .input_count = 2, .layers = &layer, .layer_count = 1};
    struct anatomy *anatomy;
    assert_int_equal(anatomy_of_network(&network, &anatomy), ENGINE_OK);
    assert_int_equal(anatomy_run(anatomy), ENGINE_OK);
    static const struct {
        const char *label;
        double data, gradient;
    } expected[] = {
        {"x1",    2,        -1.5},
        {"w1",    -3,       1   },
        {"x2",    0,        0.5 },
        {"w2",    1,        0   },
        {"w1*x1", -6,       0.5 },
        {"sum",   0.881374, 0.5 },
        {"out",   0.707107, 1   },
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct anatomy_value value =
            anatomy_value(anatomy, find(anatomy, expected[i].label));
        assert_true(fabs(value.data - expected[i].data) < 1e-5);
        assert_true(fabs(value.gradient - expected[i].gradient) < 1e-5);
    }
    anatomy_free(anatomy);
    network.end = ANATOMY_SQUARED;
    network.target = 1;
    assert_int_equal(anatomy_of_network(&network, &anatomy), ENGINE_OK);
    assert_int_equal(anatomy_run(anatomy), ENGINE_OK);
    double error = sqrt(0.5) - 1;
    assert_true(fabs(output_of(anatomy) - error * error) < 1e-6);
    assert_true(fabs(anatomy_value(anatomy, find(anatomy, "w1")).gradient -
                     2 * error * 0.5 * 2) < 1e-5);
    anatomy_free(anatomy);
}

/* Only the output that was asked about has gradients behind it. */
static void test_a_layers_outputs_are_apart(void **context)
{
    (void)context;
    const float inputs[] = {1, 2}, weights[] = {1, 2, 3, 4}, biases[] = {0.5F, -0.5F};
    struct anatomy_layer layer = {weights, biases, 2, ACTIVATION_LINEAR};
    struct anatomy_network network = {
        .inputs = inputs, .input_count = 2, .layers = &layer, .layer_count = 1, .of = 1};
    struct anatomy *anatomy;
    assert_int_equal(anatomy_of_network(&network, &anatomy), ENGINE_OK);
    assert_int_equal(anatomy_run(anatomy), ENGINE_OK);
    assert_true(anatomy_value(anatomy, find(anatomy, "out1")).data == 5.5F);
    assert_true(output_of(anatomy) == 10.5F);
    assert_true(anatomy_value(anatomy, find(anatomy, "w2.1")).gradient == 1);
    assert_true(anatomy_value(anatomy, find(anatomy, "w1.1")).gradient == 0);
    anatomy_free(anatomy);
}

/* Sizes that would overflow are refused before anything is allocated or read. */
static void test_too_large_is_refused_unseen(void **context)
{
    (void)context;
    struct anatomy_layer layers[3] = {
        {NULL, NULL, SIZE_MAX / 2, ACTIVATION_RELU},
        {NULL, NULL, SIZE_MAX / 3, ACTIVATION_RELU},
        {NULL, NULL, 2,            ACTIVATION_RELU}
    };
    struct anatomy_network network = {
        .input_count = 2, .layers = layers, .layer_count = 3};
    struct anatomy *anatomy = NULL;
    assert_int_equal(anatomy_of_network(&network, &anatomy), ENGINE_INVALID);
    network.input_count = SIZE_MAX;
    assert_int_equal(anatomy_of_network(&network, &anatomy), ENGINE_INVALID);
    layers[0].outputs = 250; /* 250 (3 * 2 + 2) + 2 + what follows */
    network.input_count = 2;
    network.layer_count = 1;
    assert_int_equal(anatomy_of_network(&network, &anatomy), ENGINE_INVALID);
    assert_null(anatomy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formulas_and_their_derivatives),
        cmocka_unit_test(test_contributions_add_up),
        cmocka_unit_test(test_micrograds_expression),
        cmocka_unit_test(test_refuses_with_a_position),
        cmocka_unit_test(test_formulas_end_somewhere),
        cmocka_unit_test(test_formulas_have_so_many_names),
        cmocka_unit_test(test_formulas_without_an_operation),
        cmocka_unit_test(test_other_lines_hand_nothing_on),
        cmocka_unit_test(test_networks_have_the_trainers_gradients),
        cmocka_unit_test(test_a_neuron_by_hand),
        cmocka_unit_test(test_a_layers_outputs_are_apart),
        cmocka_unit_test(test_too_large_is_refused_unseen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
