/* What a config's fields must be to each other, and facts derived from them. */
#include <stdarg.h>
#include <stdio.h>

#include "engine/data/dataset.h"
#include "engine/train/config.h"

struct problems {
    struct config_problem *list;
    size_t max, count;
};

const struct dataset_info *config_dataset(const struct train_config *config)
{
    size_t count;
    return &dataset_list(&count)[config->dataset];
}

/* Training samples in use, before the validation split takes its own. */
static int64_t samples_used(const struct train_config *config)
{
    return config->train_samples > 0 ? config->train_samples
                                     : (int64_t)config_dataset(config)->train_count;
}

int64_t config_train_count(const struct train_config *config)
{
    return samples_used(config) - config->validation_samples;
}

int64_t config_test_count(const struct train_config *config)
{
    return config->test_samples > 0 ? config->test_samples
                                    : (int64_t)config_dataset(config)->test_count;
}

int64_t config_steps_per_epoch(const struct train_config *config)
{
    int64_t count = config_train_count(config);
    if (config->batching == BATCHING_ONE_BATCH || count < 1)
        return 1;
    return (count + config->batch_size - 1) / config->batch_size;
}

struct mlp_shape config_shape(const struct train_config *config)
{
    const struct dataset_info *info = config_dataset(config);
    /* micrograd's max-margin tells two classes apart by the sign of one output. */
    bool one_output = config->loss == LOSS_HINGE && info->classes == 2;
    struct mlp_shape shape = {
        .inputs = info->features,
        .engine = (enum engine_kind)config->engine,
        .outputs = one_output ? 1 : info->classes,
        .hidden_count = config->hidden_count,
        .activation = (enum activation)config->activation,
        .loss = (enum loss)config->loss,
        .dropout = config->dropout,
    };
    for (size_t i = 0; i < config->hidden_count; i++)
        shape.hidden[i] = (size_t)config->hidden[i];
    return shape;
}

size_t config_parameter_count(const struct train_config *config)
{
    struct mlp_shape shape = config_shape(config);
    return mlp_parameter_count(&shape);
}

__attribute__((format(printf, 3, 4))) static void
complain(struct problems *problems, const char *field, const char *format, ...)
{
    if (problems->count == problems->max)
        return;
    struct config_problem *problem = &problems->list[problems->count++];
    snprintf(problem->field, sizeof problem->field, "%s", field);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem->message, sizeof problem->message, format, arguments);
    va_end(arguments);
}

static void check_samples(const struct train_config *config, struct problems *problems)
{
    const struct dataset_info *info = config_dataset(config);
    if (config->train_samples > (int64_t)info->train_count)
        complain(problems, "train_samples", "must be at most %zu, all that %s has",
                 info->train_count, info->name);
    if (config->test_samples > (int64_t)info->test_count)
        complain(problems, "test_samples", "must be at most %zu, all that %s has",
                 info->test_count, info->name);
    if (config->validation_samples >= samples_used(config))
        complain(problems, "validation_samples",
                 "must be below the %lld training samples used, so that some are left",
                 (long long)samples_used(config));
}

/* Bytes of activations and their gradients for one batch. */
static int64_t batch_bytes(const struct train_config *config)
{
    const struct dataset_info *info = config_dataset(config);
    int64_t floats = (int64_t)(info->features + 2 * info->classes);
    for (size_t i = 0; i < config->hidden_count; i++)
        floats += 2 * config->hidden[i];
    int64_t rows = config->batch_size, all = config_train_count(config);
    return (rows < all ? rows : all) * floats * (int64_t)sizeof(float);
}

static void check_size(const struct train_config *config, struct problems *problems)
{
    size_t parameters = config_parameter_count(config);
    if (parameters > CONFIG_MAX_PARAMETERS)
        complain(problems, "hidden", "makes %zu parameters; at most %d are allowed",
                 parameters, CONFIG_MAX_PARAMETERS);
    if (config->engine == ENGINE_KIND_SCALAR && parameters > CONFIG_MAX_SCALAR)
        complain(problems, "engine",
                 "must be tensor for %zu parameters; scalar takes at most %d", parameters,
                 CONFIG_MAX_SCALAR);
    if (batch_bytes(config) > CONFIG_MAX_BATCH_BYTES)
        complain(problems, "batch_size",
                 "needs %lld MiB a batch with these layers; at most %lld are allowed",
                 (long long)(batch_bytes(config) >> 20),
                 (long long)(CONFIG_MAX_BATCH_BYTES >> 20));
}

/* What would have no effect is refused, not ignored. */
static void check_model(const struct train_config *config, struct problems *problems)
{
    if (config->inputs == INPUTS_RAW && config_dataset(config)->width == 0)
        complain(problems, "inputs", "must be scaled for %s: only pictures have raw ones",
                 config_dataset(config)->name);
    if (config->init_bias != 0 && config->hidden_count == 0)
        complain(problems, "init_bias",
                 "must be 0 without hidden layers: it has no bias to move");
    if (config->dropout != 0 && config->hidden_count == 0)
        complain(problems, "dropout",
                 "must be 0 without hidden layers: it has no unit to switch off");
}

static void check_optimizer(const struct train_config *config, struct problems *problems)
{
    bool adam =
        config->optimizer == OPTIMIZER_ADAM || config->optimizer == OPTIMIZER_ADAMW;
    if (adam && config->momentum != 0)
        complain(problems, "momentum", "must be 0: adam and adamw have beta1 instead");
    if (config->nesterov && config->optimizer != OPTIMIZER_SGD)
        complain(problems, "nesterov", "needs the optimizer sgd");
    else if (config->nesterov && config->momentum == 0)
        complain(problems, "nesterov", "needs a momentum above 0");
}

size_t config_check(const struct train_config *config, struct config_problem *list,
                    size_t max)
{
    struct problems problems = {.list = list, .max = max};
    check_samples(config, &problems);
    check_size(config, &problems);
    check_model(config, &problems);
    check_optimizer(config, &problems);
    if (config->test_at == TEST_AT_END && config->validation_samples == 0)
        complain(
            &problems, "test_at",
            "must be points without validation_samples: they are judged by the test");
    if (config->stop_at_target && config->target_accuracy == 0)
        complain(&problems, "stop_at_target", "needs a target_accuracy");
    return problems.count;
}
