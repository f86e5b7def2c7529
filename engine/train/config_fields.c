/* The table of a run's fields. Choices stand in the order of their enum, so that a
 * choice's index is its value. */
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

#define AT(member)       .offset = offsetof(struct train_config, member)
#define RANGE(low, high) .minimum = (low), .maximum = (high)
#define ABOVE(low, high) RANGE(low, high), .minimum_excluded = true
#define BELOW(low, high) RANGE(low, high), .maximum_excluded = true
#define CHOICE(label, list)                                                              \
    .name = #label, .type = CONFIG_CHOICE, AT(label), .choices = (list)
#define INTEGER(label) .name = #label, .type = CONFIG_INTEGER, AT(label)
#define NUMBER(label)  .name = #label, .type = CONFIG_NUMBER, AT(label)
#define BOOL(label)    .name = #label, .type = CONFIG_BOOL, AT(label)

static const struct config_field fields[] = {
    {CHOICE(dataset,                                                                dataset_names),                        .help = "What to learn."                                                                        },
    {                                                                                                                                                         INTEGER(train_samples),                                                                      RANGE(1,                                  1e9),                                                                                 .nullable = true,
     .help = "Use only the first so many training samples; null uses all."},
    {                                                                                                                                                                                                                                                                                                            INTEGER(test_samples),                                                         RANGE(1,                               1e9),                                                                                             .nullable = true,
     .help = "Test on only the first so many test samples; null uses all."},
    {INTEGER(validation_samples),                                                                             RANGE(0,                                                                                        1e9),
     .help = "Training samples, chosen by the seed, held out to choose the best by."},
    {                                                                                                                                                                                                                                                                                                                                     CHOICE(engine,                                                                             engines),                                                                                                      .help = "Which engine trains."                                                                                                                 },
    {.name = "hidden",
     .type = CONFIG_LAYERS,
     AT(hidden),
     RANGE(1, 4096),
     .help = "Widths of the hidden layers; none makes a linear classifier."},
    {                                                                                                                                                                                                                                                                                                                                                                          CHOICE(activation,        activations),                                             .help = "The function between the layers."                                                                                                                            },
    {CHOICE(init,                                                                             inits),                                                                                                        .help = "How the first weights are drawn."},
    {                                                                                                         CHOICE(loss,                                                                   losses),                               .help = "What training makes small."                                                            },
    {                                                CHOICE(optimizer,                                                                  optimizers), .help = "How gradients become steps."                                                                                                },
    {                                                                                                                                                NUMBER(lr),                                                                        ABOVE(0,                                                                1000),                                                                                                 .help = "Learning rate: how far a step goes."},
    {                                                                                                                                          NUMBER(momentum),                                                                           BELOW(0,                                                  1),
     .help = "How much of the last step's direction the next one keeps."},
    {                                                                                                                                                                                                                                                                                             BOOL(nesterov),                                                                             .help = "Look ahead along the momentum before each step."                                                                                              },
    {                                                              NUMBER(weight_decay),                                                                             RANGE(0,                                                                                                      10),              .help = "Pulls weights towards zero."},
    {                                                                                                                                                                    NUMBER(beta1),                                                                             BELOW(0,                                                                                                      1),                                                                                                                   .help = "Adam: how slowly the mean gradient moves."},
    {                                                                                                                                                                  NUMBER(beta2),                                                                             BELOW(0,                                                                                                        1),                                                                                                                   .help = "Adam: how slowly the mean square moves."},
    {                                                                                                                                                                        NUMBER(eps),                                                                             ABOVE(0,                                                                                                    1),                                                                                                                     .help = "Adam: keeps the divisor away from zero."},
    {                                                                                                                                                                                                             CHOICE(schedule,                                                         schedules),                         .help = "How the learning rate changes over the run."                                                                                                                                 },
    {                                                                                                                                                                                                                                                                                                              INTEGER(warmup_steps),                                                               RANGE(0,                                 1e9),
     .help = "Steps over which the learning rate first rises from zero."},
    {                                                                                                     NUMBER(dropout),                                                             BELOW(0,               1),                                                                                                                 .help = "Share of hidden units switched off a step."},
    {                                                                                                                                         NUMBER(grad_clip),                                                                             ABOVE(0,                                                                                                1e9),            .nullable = true,
     .help = "Longest gradient allowed (L2 norm); null never shortens."},
    {                                                                                                                                                            INTEGER(batch_size),                                                                             RANGE(1,                                                                                                    65536),                                                                                                             .help = "Samples a step."},
    {                                                                                                                                                                                                                                                                                                   CHOICE(batching,                                                               batchings),
     .help = "How an epoch visits the samples; one_batch is a single random batch."                                                                                                                           },
    {                                                                                                              INTEGER(epochs),                                                           RANGE(1,             100000),                                                                                                                .help = "Passes over the training samples."},
    {                                                                                                                                         INTEGER(eval_every),                                                                             RANGE(1,                                                                                            1e9),              .nullable = true,
     .help = "Steps between measurements; null measures at the end of every epoch."},
    {                                                                                                                                                                                                                                                                                  NUMBER(target_accuracy),           ABOVE(0,                                                1),                                                                                                                                                                           .nullable = true,
     .help = "Accuracy to reach, as a fraction; the time to it is kept."},
    {                                                                                                                                                                            BOOL(stop_at_target),                                                         .help = "End the run when the target is reached."          },
    {             NUMBER(time_budget_s),                                                                             ABOVE(0,                                                                                                  31536000),                                                                                                                             .nullable = true,
     .help = "Training seconds after which the run ends; null has no limit."},
    {                                                                                                                                                                                                                                                                                                          INTEGER(patience), RANGE(1,                                      1e9), .nullable = true,
     .help = "End after so many measurements without a new best; null never does."},
    {                                                                                                                                                                                                                                                         INTEGER(seed),                   RANGE(0,                                                        9007199254740991.0),
     .help = "The same seed gives the same run to the last bit."},
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
