/* What the API takes and gives about anatomy. */
#include "server/routes/schema_tables.h"

/* One line a member. */
// clang-format off
static const struct member question[] = {
    {"kind", "string", "expression, neuron, layer or mlp."},
    {"text", "optional string", "expression: d = a*b + c.tanh(), one assignment a line or between ;."},
    {"values", "optional object", "expression: numbers of its variables; 1 otherwise."},
    {"inputs", "optional [number]", "The others: what the network looks at."},
    {"weights", "optional [any]", "neuron: a list of numbers; layer: one such list a neuron."},
    {"bias", "optional number", "neuron."},
    {"biases", "optional [number]", "layer: one a neuron."},
    {"activation", "optional string", "relu, tanh, sigmoid, gelu or linear; of an mlp's hidden layers."},
    {"target", "optional number?", "neuron: with one, (output - target)^2 is differentiated."},
    {"of", "optional integer", "layer: which output is differentiated, from 0."},
    {"layers", "optional [AnatomyLayer]", "mlp."},
    {"loss", "optional string?", "mlp: cross_entropy, mse or hinge; null: its first output."},
    {"label", "optional integer", "mlp: the class that the loss wants."},
    {0},
};

static const struct member layer[] = {
    {"weights", "[any]", "A list of numbers a neuron."},
    {"biases", "[number]", "One a neuron."},
    {0},
};

static const struct member trace[] = {
    {"nodes", "[AnatomyNode]", "Every value."},
    {"forward", "[integer]", "Their ids, each behind what it is made of."},
    {"backward", "[integer]", "The ids in the order that the walk back visits."},
    {"output", "integer", "The id of what is differentiated."},
    {0},
};

static const struct member node[] = {
    {"id", "integer", ""},
    {"label", "string", "May be empty."},
    {"op", "string", "Empty for a leaf; else +, -, *, /, **, neg, exp, log, relu, tanh, sigmoid or gelu."},
    {"inputs", "[integer]", "What it is made of."},
    {"local", "[any]", "d value / d each input; times grad it is what that input gets."},
    {"constant", "optional number", "The exponent of **."},
    {"data", "number?", ""},
    {"grad", "number?", "d output / d value."},
    {"group", "string?", "The neuron it belongs to."},
    {"role", "string", "input, weight, bias, output, loss, target, variable, constant or inner."},
    {0},
};

static const struct member lesson[] = {
    {"dataset", "string", "One of points in the plane."},
    {"hidden", "optional [integer]", "This and the next fields as of a run."},
    {"activation", "optional string", ""},
    {"init", "optional string", ""},
    {"init_bias", "optional number", ""},
    {"loss", "optional string", ""},
    {"lr", "optional number", ""},
    {"batch_size", "optional integer", ""},
    {"batching", "optional string", ""},
    {"labels", "optional string", ""},
    {"seed", "optional integer", ""},
    {"step", "optional integer", "How many steps the parameters have behind them."},
    {"layers", "optional [AnatomyLayer]", "The parameters; without, those that a run begins with."},
    {"steps", "optional integer", "To take, at most 5,000 and for half a second."},
    {"grid", "optional integer", "Points a side of the surface, at most 64; 0: none."},
    {"units", "optional boolean", "Whether hidden units' surfaces are wanted."},
    {0},
};

static const struct member answer[] = {
    {"step", "integer", "Behind the parameters now."},
    {"epoch", "number", ""},
    {"steps_per_epoch", "integer", ""},
    {"layers", "[AnatomyLayer]", ""},
    {"losses", "[any]", "One a step; null where not finite."},
    {"train_loss", "number?", "Over all training samples."},
    {"train_accuracy", "number", ""},
    {"surface", "Surface?", ""},
    {0},
};

static const struct member surface[] = {
    {"x", "[number]", "From, to."},
    {"y", "[number]", "From, to."},
    {"size", "integer", "Points a side."},
    {"output", "[any]", "Probability of class 1 (without cross-entropy: its output less the other), rows from y's low end."},
    {"units", "any", "A list a hidden layer, of a list a unit; or null."},
    {0},
};

const struct schema anatomy_schemas[] = {
    {"AnatomyQuestion", question},
    {"AnatomyLayer", layer},
    {"Anatomy", trace},
    {"AnatomyNode", node},
    {"Lesson", lesson},
    {"LessonAnswer", answer},
    {"Surface", surface},
};
// clang-format on

const size_t anatomy_schema_count = sizeof anatomy_schemas / sizeof *anatomy_schemas;
