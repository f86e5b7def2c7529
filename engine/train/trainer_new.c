/* Setting a trainer up, from nothing or from a checkpoint, and taking its snapshot. */
#include <stdlib.h>
#include <string.h>

#include "engine/train/probe.h"
#include "engine/train/trainer_state.h"

/* Rows a call when measuring: enough to be quick, few enough to stay in the cache. */
#define MEASURE_ROWS 250

static enum engine_status check_fit(const struct train_config *config,
                                    const struct dataset *dataset,
                                    const struct checkpoint *from,
                                    struct engine_error *error)
{
    struct config_problem problem;
    if (config_check(config, &problem, 1) > 0)
        return engine_fail(error, ENGINE_INVALID, "%s %s", problem.field,
                           problem.message);
    if (strcmp(config_dataset(config)->name, dataset->info->name) != 0)
        return engine_fail(error, ENGINE_INVALID,
                           "the config wants %s, the dataset is %s",
                           config_dataset(config)->name, dataset->info->name);
    if (from == NULL)
        return ENGINE_OK;
    if (from->last == NULL)
        return engine_fail(error, ENGINE_INVALID, "the checkpoint is empty");
    const char *field = state_difference(config, &from->config);
    if (field != NULL)
        return engine_fail(error, ENGINE_INVALID,
                           "the checkpoint was made with another %s", field);
    return ENGINE_OK;
}

static enum engine_status new_loader(struct trainer *trainer)
{
    enum engine_status status =
        dataset_view_load(&trainer->config, &trainer->view, &trainer->loader);
    if (status == ENGINE_OK)
        trainer->steps_per_epoch = loader_batches_per_epoch(trainer->loader);
    return status;
}

static enum engine_status new_model(struct trainer *trainer)
{
    struct mlp_shape shape = config_shape(&trainer->config);
    size_t rows = (size_t)trainer->config.batch_size;
    size_t count = loader_train_count(trainer->loader);
    rows = rows < count ? rows : count;
    trainer->max_rows = rows > MEASURE_ROWS ? rows : MEASURE_ROWS;
    return mlp_new(&shape, trainer->max_rows, &trainer->mlp);
}

static enum engine_status new_optimizer(struct trainer *trainer)
{
    const struct train_config *config = &trainer->config;
    struct optimizer_options options = {
        .kind = (enum optimizer_kind)config->optimizer,
        .momentum = config->momentum,
        .nesterov = config->nesterov,
        .weight_decay = config->weight_decay,
        .beta1 = config->beta1,
        .beta2 = config->beta2,
        .eps = config->eps,
    };
    return optimizer_new(&options, mlp_size(trainer->mlp), &trainer->optimizer);
}

static enum engine_status new_buffers(struct trainer *trainer)
{
    size_t size = mlp_size(trainer->mlp);
    trainer->test_count = (size_t)config_test_count(&trainer->config);
    trainer->labels = malloc(trainer->max_rows);
    trainer->test_rows = malloc(trainer->test_count * sizeof *trainer->test_rows);
    trainer->best = calloc(size, sizeof *trainer->best);
    trainer->before = calloc(size, sizeof *trainer->before);
    if (trainer->labels == NULL || trainer->test_rows == NULL || trainer->best == NULL ||
        trainer->before == NULL)
        return ENGINE_NO_MEMORY;
    for (size_t i = 0; i < trainer->test_count; i++)
        trainer->test_rows[i] = (uint32_t)i;
    return ENGINE_OK;
}

static enum engine_status build(struct trainer *trainer, const struct dataset *dataset)
{
    enum engine_status status =
        dataset_view_open(&trainer->config, dataset, &trainer->view);
    if (status == ENGINE_OK)
        status = new_loader(trainer);
    if (status == ENGINE_OK)
        status = new_model(trainer);
    if (status == ENGINE_OK)
        status = new_optimizer(trainer);
    if (status == ENGINE_OK)
        status = new_buffers(trainer);
    if (status == ENGINE_OK && trainer->config.diagnostics)
        status = probe_new(trainer, &trainer->probe);
    return status;
}

void trainer_initialise(const struct train_config *config, struct mlp *mlp)
{
    struct rng rng;
    rng_init(&rng, (uint64_t)config->seed, RNG_STREAM_INIT);
    mlp_initialise(mlp, (enum init)config->init, &rng);
    mlp_shift_hidden_biases(mlp, (float)config->init_bias);
}

/* A copy of `count` floats; none has no address to copy from. */
static void copy(float *to, const float *from, size_t count)
{
    if (count > 0)
        memcpy(to, from, count * sizeof *to);
}

static enum engine_status take_up(struct trainer *trainer, const struct checkpoint *from,
                                  struct engine_error *error)
{
    size_t size = mlp_size(trainer->mlp), count;
    float *state = optimizer_state(trainer->optimizer, &count);
    if (from->size != size || from->optimizer_size != count)
        return engine_fail(error, ENGINE_INVALID, "the checkpoint is of another model");
    copy(mlp_parameters(trainer->mlp), from->last, size);
    copy(trainer->best, from->best, size);
    copy(state, from->optimizer, count);
    trainer->state = from->state;
    loader_seek(trainer->loader, from->state.step / trainer->steps_per_epoch,
                from->state.step % trainer->steps_per_epoch);
    return ENGINE_OK;
}

enum engine_status trainer_new(const struct train_config *config,
                               const struct dataset *dataset,
                               const struct checkpoint *from, struct trainer **out,
                               struct engine_error *error)
{
    enum engine_status status = check_fit(config, dataset, from, error);
    if (status != ENGINE_OK)
        return status;
    struct trainer *trainer = calloc(1, sizeof *trainer);
    if (trainer == NULL)
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory to train");
    trainer->config = *config;
    trainer->limits = (struct trainer_limits){config->epochs, config->target_accuracy,
                                              config->time_budget_s};
    status = build(trainer, dataset);
    if (status != ENGINE_OK)
        engine_fail(error, status, "cannot set up the training: %s",
                    engine_status_name(status));
    else if (from == NULL)
        trainer_initialise(config, trainer->mlp);
    else
        status = take_up(trainer, from, error);
    if (status != ENGINE_OK) {
        trainer_free(trainer);
        return status;
    }
    *out = trainer;
    return ENGINE_OK;
}

void trainer_free(struct trainer *trainer)
{
    if (trainer == NULL)
        return;
    probe_free(trainer->probe);
    optimizer_free(trainer->optimizer);
    mlp_free(trainer->mlp);
    loader_free(trainer->loader);
    dataset_view_close(&trainer->view);
    free(trainer->labels);
    free(trainer->test_rows);
    free(trainer->best);
    free(trainer->before);
    free(trainer);
}

enum engine_status trainer_snapshot(const struct trainer *trainer,
                                    struct checkpoint *into)
{
    size_t count;
    const float *state = optimizer_state(trainer->optimizer, &count);
    enum engine_status status = checkpoint_reserve(into, trainer->mlp, count);
    if (status != ENGINE_OK)
        return status;
    into->config = trainer->config;
    into->state = trainer->state;
    copy(into->last, mlp_parameters(trainer->mlp), into->size);
    copy(into->best, trainer->best, into->size);
    copy(into->optimizer, state, count);
    return ENGINE_OK;
}
