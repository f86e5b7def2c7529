/* The table of a run's fields. Choices stand in the order of their enum, so that a
 * choice's index is its value. */
#include <stddef.h>
#include <string.h>

#include "engine/data/dataset.h"
#include "engine/train/config.h"

static const char *const engines[] = {"tensor", NULL};
static const char *const activations[] = {"relu", "tanh",   "sigmoid",
                                          "gelu", "linear", NULL};
static const char *const inits[] = {"torch", "he", "xavier", "micrograd", NULL};
static const char *const losses[] = {"cross_entropy", NULL};
static const char *const optimizers[] = {"sgd", NULL};
static const char *const schedules[] = {"constant", NULL};
static const char *const batchings[] = {"shuffled", "sequential", "one_batch", NULL};

#define RANGE(low, high) .minimum = (low), .maximum = (high)
#define ABOVE(low, high) RANGE(low, high), .minimum_excluded = true
#define BELOW(low, high) RANGE(low, high), .maximum_excluded = true
#define FIELD(label, kind, rule, text)                                                   \
    {                                                                                    \
        .name = #label, .type = (kind), .offset = offsetof(struct train_config, label),  \
        rule, .help = (text)                                                             \
    }
#define CHOICE(label, list, text)           FIELD(label, CONFIG_CHOICE, .choices = (list), text)
#define BOOL(label, text)                   FIELD(label, CONFIG_BOOL, .nullable = false, text)
#define INTEGER(label, range, text)         FIELD(label, CONFIG_INTEGER, range, text)
#define INTEGER_OR_NULL(label, range, text) INTEGER(label, OR_NULL(range), text)
#define NUMBER(label, range, text)          FIELD(label, CONFIG_NUMBER, range, text)
#define NUMBER_OR_NULL(label, range, text)  NUMBER(label, OR_NULL(range), text)
#define OR_NULL(...)                        __VA_ARGS__, .nullable = true

static const struct config_field fields[] = {
    CHOICE(dataset, dataset_names, "What to learn."),
    INTEGER_OR_NULL(train_samples, RANGE(1, 1e9),
                    "Use only the first so many training samples; null uses all."),
    INTEGER_OR_NULL(test_samples, RANGE(1, 1e9),
                    "Test on only the first so many test samples; null uses all."),
    INTEGER(validation_samples, RANGE(0, 1e9),
            "Training samples, chosen by the seed, held out to judge by."),
    CHOICE(engine, engines, "Which engine trains."),
    FIELD(hidden, CONFIG_LAYERS, RANGE(1, 4096),
          "Widths of the hidden layers; none makes a linear classifier."),
    CHOICE(activation, activations, "The function between the layers."),
    CHOICE(init, inits, "How the first weights are drawn."),
    CHOICE(loss, losses, "What training makes small."),
    CHOICE(optimizer, optimizers, "How gradients become steps."),
    NUMBER(lr, ABOVE(0, 1000), "Learning rate: how far a step goes."),
    NUMBER(momentum, BELOW(0, 1), "How much of the last step the next one keeps."),
    BOOL(nesterov, "Look ahead along the momentum before each step."),
    NUMBER(weight_decay, RANGE(0, 10), "Pulls weights towards zero."),
    NUMBER(beta1, BELOW(0, 1), "Adam: how slowly the mean gradient moves."),
    NUMBER(beta2, BELOW(0, 1), "Adam: how slowly the mean square moves."),
    NUMBER(eps, ABOVE(0, 1), "Adam: keeps the divisor away from zero."),
    CHOICE(schedule, schedules, "How the learning rate changes over the run."),
    INTEGER(warmup_steps, RANGE(0, 1e9),
            "Steps over which the learning rate first rises from zero."),
    NUMBER(dropout, BELOW(0, 1), "Share of hidden units switched off at each step."),
    NUMBER_OR_NULL(grad_clip, ABOVE(0, 1e9),
                   "Longest gradient allowed (L2 norm); null never shortens."),
    INTEGER(batch_size, RANGE(1, 65536), "Samples a step."),
    CHOICE(batching, batchings,
           "How an epoch visits the samples; one_batch is a single random batch."),
    INTEGER(epochs, RANGE(1, 100000), "Passes over the training samples."),
    INTEGER_OR_NULL(eval_every, RANGE(1, 1e9),
                    "Steps between measurements; null: at the end of every epoch."),
    NUMBER_OR_NULL(target_accuracy, ABOVE(0, 1),
                   "Accuracy to reach, as a fraction; the time to it is kept."),
    BOOL(stop_at_target, "End the run when the target is reached."),
    NUMBER_OR_NULL(time_budget_s, ABOVE(0, 31536000),
                   "Training seconds after which the run ends; null: no limit."),
    INTEGER_OR_NULL(patience, RANGE(1, 1e9),
                    "Measurements without a new best before it ends; null: never."),
    INTEGER(seed, RANGE(0, 9007199254740991.0),
            "The same seed gives the same run to the last bit."),
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
