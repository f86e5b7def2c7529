/* Neurons, layers and MLPs as graphs to look at. */
#include <stdlib.h>

#include "engine/anatomy/internal.h"
#include "engine/autograd/labels.h"
#include "engine/nn/neuron.h"
#include "engine/nn/value_losses.h"

struct building {
    struct anatomy *anatomy;
    const struct anatomy_network *network;
    uint32_t *x;        /* what the next layer looks at */
    uint32_t *products; /* scratch of one neuron */
    uint32_t *outputs;  /* of the layer that is being built */
    size_t width;       /* numbers in x */
};

/* Sums may not overflow: what is too large already is not made larger. */
static size_t add_capped(size_t a, size_t b)
{
    return a > ANATOMY_MAX_VALUES || b > ANATOMY_MAX_VALUES ? ANATOMY_MAX_VALUES + 1
                                                            : a + b;
}

size_t anatomy_count_values(const struct anatomy_network *network)
{
    size_t inputs = network->input_count, count = inputs;
    for (size_t i = 0; i < network->layer_count; i++) {
        size_t outputs = network->layers[i].outputs;
        if (inputs > ANATOMY_MAX_VALUES || outputs > ANATOMY_MAX_VALUES)
            return ANATOMY_MAX_VALUES + 1;
        count = add_capped(count, outputs * (3 * inputs + 2));
        inputs = outputs;
    }
    size_t loss = network->end == ANATOMY_LOSS      ? 9 * inputs + 3
                  : network->end == ANATOMY_SQUARED ? 3
                                                    : 0;
    return add_capped(count, loss);
}

/* Parameters are leaves in a row, weights as (inputs, outputs): see neuron.h. */
static struct neuron add_parameters(struct building *building, size_t index)
{
    struct anatomy *anatomy = building->anatomy;
    const struct anatomy_layer *layer = &building->network->layers[index];
    size_t inputs = building->width, outputs = layer->outputs;
    struct neuron neuron = {.inputs = building->x,
                            .input_count = inputs,
                            .weight = (uint32_t)values_count(anatomy->graph),
                            .activation = layer->activation};
    for (size_t i = 0; i < inputs; i++)
        for (size_t o = 0; o < outputs; o++) {
            uint32_t leaf = value_leaf(anatomy->graph, layer->weights[o * inputs + i]);
            anatomy_tag(anatomy, leaf, ROLE_WEIGHT, index + 1, o + 1);
            if (outputs == 1)
                anatomy_label(anatomy, leaf, "w%zu", i + 1);
            else
                anatomy_label(anatomy, leaf, "w%zu.%zu", o + 1, i + 1);
        }
    neuron.bias = (uint32_t)values_count(anatomy->graph);
    for (size_t o = 0; o < outputs; o++) {
        uint32_t leaf = value_leaf(anatomy->graph, layer->biases[o]);
        anatomy_tag(anatomy, leaf, ROLE_BIAS, index + 1, o + 1);
        if (outputs == 1)
            anatomy_label(anatomy, leaf, "b");
        else
            anatomy_label(anatomy, leaf, "b%zu", o + 1);
    }
    return neuron;
}

/* What one neuron is made of, after its building: products, their sum, its output. */
static void label_neuron(struct building *building, size_t layer, size_t o,
                         uint32_t first, uint32_t output)
{
    struct anatomy *anatomy = building->anatomy;
    const struct anatomy_network *network = building->network;
    bool last = layer + 1 == network->layer_count;
    bool alone = network->layers[layer].outputs == 1;
    uint32_t end = (uint32_t)values_count(anatomy->graph);
    for (uint32_t value = first; value < end; value++)
        anatomy_tag(anatomy, value, ROLE_INNER, layer + 1, o + 1);
    for (size_t i = 0; i < building->width; i++) {
        const char *input = value_label(anatomy->graph, building->x[i]);
        if (alone)
            anatomy_label(anatomy, building->products[i], "w%zu*%s", i + 1,
                          input ? input : "");
        else
            anatomy_label(anatomy, building->products[i], "w%zu.%zu*%s", o + 1, i + 1,
                          input ? input : "");
    }
    uint32_t sum =
        network->layers[layer].activation == ACTIVATION_LINEAR ? output : end - 2;
    if (sum != output)
        anatomy_label(anatomy, sum, "sum");
    if (last)
        anatomy_tag(anatomy, output, ROLE_OUTPUT, layer + 1, o + 1);
    if (last && alone)
        anatomy_label(anatomy, output, "out");
    else
        anatomy_label(anatomy, output, last ? "out%zu" : "h%zu", o + 1);
}

static void add_layer(struct building *building, size_t index)
{
    struct values *graph = building->anatomy->graph;
    size_t outputs = building->network->layers[index].outputs;
    struct neuron neuron = add_parameters(building, index);
    neuron.stride = outputs;
    for (size_t o = 0; o < outputs; o++) {
        uint32_t first = (uint32_t)values_count(graph);
        struct neuron one = neuron;
        one.weight += (uint32_t)o;
        one.bias += (uint32_t)o;
        building->outputs[o] = neuron_build(graph, &one, building->products);
        label_neuron(building, index, o, first, building->outputs[o]);
    }
    for (size_t o = 0; o < outputs; o++)
        building->x[o] = building->outputs[o];
    building->width = outputs;
}

/* One-hot; hinge's targets are -1 and 1, a single output's is 1 for class 1. */
static uint32_t add_targets(struct building *building)
{
    struct anatomy *anatomy = building->anatomy;
    const struct anatomy_network *network = building->network;
    uint32_t first = (uint32_t)values_count(anatomy->graph);
    float off = network->loss == LOSS_HINGE ? -1 : 0;
    for (size_t k = 0; k < building->width; k++) {
        bool on = label_is_on(k, building->width, (uint8_t)network->label);
        uint32_t leaf = value_leaf(anatomy->graph, on ? 1 : off);
        anatomy_tag(anatomy, leaf, ROLE_TARGET, 0, 0);
        anatomy_label(anatomy, leaf, "t%zu", k + 1);
    }
    return first;
}

static uint32_t add_squared(struct building *building)
{
    struct anatomy *anatomy = building->anatomy;
    uint32_t target = value_leaf(anatomy->graph, building->network->target);
    anatomy_tag(anatomy, target, ROLE_TARGET, 0, 0);
    anatomy_label(anatomy, target, "target");
    uint32_t error = value_binary(anatomy->graph, VALUE_SUB, building->x[0], target);
    anatomy_label(anatomy, error, "error");
    return value_pow(anatomy->graph, error, 2);
}

static uint32_t add_end(struct building *building)
{
    struct anatomy *anatomy = building->anatomy;
    const struct anatomy_network *network = building->network;
    uint32_t end = VALUE_NONE;
    switch (network->end) {
    case ANATOMY_OUTPUT:
        return building->x[network->of];
    case ANATOMY_SQUARED:
        end = add_squared(building);
        break;
    case ANATOMY_LOSS: {
        uint32_t targets = add_targets(building);
        end = loss_build(anatomy->graph, network->loss, building->x, targets,
                         building->width);
        break;
    }
    }
    anatomy_tag(anatomy, end, ROLE_LOSS, 0, 0);
    anatomy_label(anatomy, end, "loss");
    return end;
}

static void add_inputs(struct building *building)
{
    struct anatomy *anatomy = building->anatomy;
    const struct anatomy_network *network = building->network;
    building->width = network->input_count;
    for (size_t i = 0; i < network->input_count; i++) {
        building->x[i] = value_leaf(anatomy->graph, network->inputs[i]);
        anatomy_tag(anatomy, building->x[i], ROLE_INPUT, 0, 0);
        anatomy_label(anatomy, building->x[i], "x%zu", i + 1);
    }
}

static enum engine_status build(struct building *building)
{
    add_inputs(building);
    for (size_t i = 0; i < building->network->layer_count; i++)
        add_layer(building, i);
    building->anatomy->output = add_end(building);
    /* Numbers that a loss brings along. */
    struct values *graph = building->anatomy->graph;
    for (uint32_t i = 0; i < values_count(graph); i++)
        if (value_node(graph, i)->op == VALUE_LEAF &&
            building->anatomy->tags[i].role == ROLE_INNER)
            building->anatomy->tags[i].role = ROLE_CONSTANT;
    return values_compile(graph, 1);
}

enum engine_status anatomy_of_network(const struct anatomy_network *network,
                                      struct anatomy **out)
{
    size_t count = anatomy_count_values(network);
    if (count > ANATOMY_MAX_VALUES)
        return ENGINE_INVALID;
    struct building building = {.network = network};
    enum engine_status status = anatomy_new(&building.anatomy);
    building.x = calloc(count, sizeof *building.x);
    building.products = calloc(count, sizeof *building.products);
    building.outputs = calloc(count, sizeof *building.outputs);
    if (status == ENGINE_OK && building.x && building.products && building.outputs)
        status = build(&building);
    else
        status = ENGINE_NO_MEMORY;
    free(building.x);
    free(building.products);
    free(building.outputs);
    if (status == ENGINE_OK)
        *out = building.anatomy;
    else
        anatomy_free(building.anatomy);
    return status;
}
