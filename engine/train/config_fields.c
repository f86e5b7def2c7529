/* The table of a run's fields. Choices stand in the order of their enum, so that a
 * choice's index is its value. */
#include <stddef.h>
#include <string.h>

#include "engine/data/dataset.h"
#include "engine/train/config.h"

static const char *const engines[] = {"tensor", "scalar", NULL};
static const char *const activations[] = {"relu", "tanh",   "sigmoid",
                                          "gelu", "linear", NULL};
static const char *const inits[] = {"torch", "he", "xavier", "micrograd", "zero", NULL};
static const char *const losses[] = {"cross_entropy", "mse", "hinge", NULL};
static const char *const optimizers[] = {"sgd", "adam", "adamw", "rmsprop", NULL};
static const char *const schedules[] = {"constant", "linear",    "cosine",
                                        "step",     "one_cycle", NULL};
static const char *const batchings[] = {"shuffled", "sequential", "one_batch", "sorted",
                                        NULL};
static const char *const input_ranges[] = {"scaled", "raw", NULL};
static const char *const labellings[] = {"true", "permuted", "constant", NULL};
static const char *const test_times[] = {"points", "end", NULL};

#define RANGE(low, high) .minimum = (low), .maximum = (high)
#define ABOVE(low, high) RANGE(low, high), .minimum_excluded = true
#define BELOW(low, high) RANGE(low, high), .maximum_excluded = true
#define FIELD(label, kind, text, ...)                                                    \
    {                                                                                    \
        .name = #label, .type = (kind), .offset = offsetof(struct train_config, label),  \
        .help = (text), __VA_ARGS__                                                      \
    }
#define CHOICE(label, list, text) FIELD(label, CONFIG_CHOICE, text, .choices = (list))
#define BOOL(label, text)         FIELD(label, CONFIG_BOOL, text, .nullable = false)
#define INTEGER(label, text, ...) FIELD(label, CONFIG_INTEGER, text, __VA_ARGS__)
#define NUMBER(label, text, ...)  FIELD(label, CONFIG_NUMBER, text, __VA_ARGS__)
#define OR_NULL                   .nullable = true

static const struct config_field fields[] = {
    CHOICE(dataset, NULL, "What to learn."),
    INTEGER(train_samples, "Use only the first so many training samples; null uses all.",
            RANGE(1, 1e9), OR_NULL),
    INTEGER(test_samples, "Test on only the first so many test samples; null uses all.",
            RANGE(1, 1e9), OR_NULL),
    INTEGER(validation_samples,
            "Training samples, chosen by the seed, held out to judge by.", RANGE(0, 1e9)),
    CHOICE(inputs, input_ranges,
           "scaled: pixels from 0 to 1. raw: from 0 to 255, as the files have them."),
    CHOICE(
        labels, labellings,
        "Of the training samples; permuted at random or all alike, nothing is learned."),
    CHOICE(engine, engines,
           "tensor: matrices, fast. scalar: every number a Value, as in micrograd."),
    FIELD(hidden, CONFIG_LAYERS,
          "Widths of the hidden layers; none makes a linear classifier.", RANGE(1, 4096)),
    CHOICE(activation, activations, "The function between the layers."),
    CHOICE(init, inits, "How the first weights are drawn."),
    NUMBER(init_bias, "Added to the hidden layers' first biases.", RANGE(-1000, 1000)),
    CHOICE(loss, losses, "What training makes small; hinge is micrograd's max-margin."),
    CHOICE(optimizer, optimizers, "How gradients become steps."),
    NUMBER(lr, "Learning rate: how far a step goes.", ABOVE(0, 1000)),
    NUMBER(momentum, "Share of the last step that the next one keeps (sgd, rmsprop).",
           BELOW(0, 1)),
    BOOL(nesterov, "Look ahead along the momentum before each step (sgd)."),
    NUMBER(weight_decay, "Pulls weights towards zero.", RANGE(0, 10)),
    NUMBER(beta1, "Adam: how slowly the mean gradient moves.", BELOW(0, 1)),
    NUMBER(beta2, "Adam, RMSprop: how slowly the mean square moves.", BELOW(0, 1)),
    NUMBER(eps, "Adam, RMSprop: keeps the divisor away from zero.", ABOVE(0, 1)),
    CHOICE(schedule, schedules, "How the learning rate changes over the run."),
    INTEGER(warmup_steps, "Steps over which the learning rate first rises from zero.",
            RANGE(0, 1e9)),
    NUMBER(dropout, "Share of hidden units switched off at each step.", BELOW(0, 1)),
    NUMBER(grad_clip, "Longest gradient allowed (L2 norm); null never shortens.",
           ABOVE(0, 1e9), OR_NULL),
    INTEGER(batch_size, "Samples a step.", RANGE(1, 65536)),
    CHOICE(batching, batchings,
           "How an epoch visits the samples; one_batch is a single random batch, sorted "
           "goes class by class."),
    INTEGER(epochs, "Passes over the training samples.", RANGE(1, 100000)),
    INTEGER(eval_every, "Steps between measurements; null: at the end of every epoch.",
            RANGE(1, 1e9), OR_NULL),
    NUMBER(target_accuracy, "Accuracy to reach, as a fraction; the time to it is kept.",
           ABOVE(0, 1), OR_NULL),
    BOOL(stop_at_target, "End the run when the target is reached."),
    NUMBER(time_budget_s, "Training seconds after which the run ends; null: no limit.",
           ABOVE(0, CONFIG_MAX_SECONDS), OR_NULL),
    INTEGER(patience, "Measurements without a new best before it ends; null: never.",
            RANGE(1, 1e9), OR_NULL),
    CHOICE(test_at, test_times,
           "Test at every point, or once at the end (with validation samples)."),
    BOOL(diagnostics,
         "Look inside the layers now and then; in a long run at most 5 % of the time."),
    INTEGER(seed, "The same seed gives the same run to the last bit.",
            RANGE(0, 9007199254740991.0)),
};

const struct config_field *config_fields(size_t *count)
{
    *count = sizeof fields / sizeof fields[0];
    return fields;
}

const struct config_field *config_find(const char *name)
{
    size_t count;
    const struct config_field *all = config_fields(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}
