#include "engine/train/trainer.h"

#include <math.h>
#include <string.h>

#include "engine/autograd/gemm.h"
#include "engine/train/trainer_state.h"

static const struct trainer_callbacks no_callbacks;

int64_t trainer_step(const struct trainer *trainer)
{
    return trainer->state.step;
}

int64_t trainer_total_steps(const struct trainer *trainer)
{
    return trainer->limits.epochs * trainer->steps_per_epoch;
}

const struct layer_stats *trainer_layers(const struct trainer *trainer, size_t *count)
{
    *count = mlp_layer_count(trainer->mlp);
    return trainer->layers;
}

struct noise_scale trainer_noise(const struct trainer *trainer)
{
    return trainer->noise;
}

const char *trainer_end_name(enum trainer_end end)
{
    static const char *const names[] = {
        [TRAINER_EPOCHS_DONE] = "epochs_done",
        [TRAINER_TARGET_REACHED] = "target_reached",
        [TRAINER_TIME_BUDGET] = "time_budget",
        [TRAINER_EARLY_STOPPING] = "early_stopping",
        [TRAINER_NOT_FINITE] = "not_finite",
        [TRAINER_INTERRUPTED] = "interrupted",
    };
    return names[end];
}

const char *trainer_backend(void)
{
    return gemm_default()->name;
}

bool trainer_at_point(const struct trainer *trainer)
{
    return trainer->state.points > 0 && trainer->state.point_step == trainer->state.step;
}

/* Whether a point belongs behind step `step` (counted from 1). */
static bool point_is_due(const struct trainer *trainer, int64_t step)
{
    int64_t every = trainer->config.eval_every > 0 ? trainer->config.eval_every
                                                   : trainer->steps_per_epoch;
    return step % every == 0 || step >= trainer_total_steps(trainer);
}

/* Never before the first step: a point needs one. At a point only the seconds that it has
 * shown count, so that whether it is the last is known while it is measured. */
static bool budget_is_spent(const struct trainer *trainer)
{
    double since = trainer_at_point(trainer) ? 0 : stopwatch_elapsed(&trainer->watch);
    return trainer->limits.time_budget_s > 0 && trainer->state.step > 0 &&
           trainer->state.train_seconds + since >= trainer->limits.time_budget_s;
}

void trainer_load(struct trainer *trainer, const struct dataset_split *split,
                  const uint32_t *rows, size_t count)
{
    dataset_gather(split, trainer->view.info->features, rows, count,
                   mlp_inputs(trainer->mlp), trainer->labels);
}

/* Depends on nothing that a checkpoint does not hold, so that a run which was cut off
 * between its last point and its end ends the same way when it is taken up. */
enum trainer_end trainer_find_end(const struct trainer *trainer)
{
    const struct train_state *state = &trainer->state;
    const struct trainer_limits *limits = &trainer->limits;
    if (state->not_finite)
        return TRAINER_NOT_FINITE;
    if (trainer_at_point(trainer) && trainer->config.stop_at_target &&
        limits->target_accuracy > 0 && state->last_accuracy >= limits->target_accuracy)
        return TRAINER_TARGET_REACHED;
    if (state->step >= trainer_total_steps(trainer))
        return TRAINER_EPOCHS_DONE;
    if (trainer_at_point(trainer) && trainer->config.patience > 0 &&
        state->points_since_best >= trainer->config.patience)
        return TRAINER_EARLY_STOPPING;
    if (budget_is_spent(trainer))
        return TRAINER_TIME_BUDGET;
    return TRAINER_INTERRUPTED;
}

static enum trainer_signal poll_limits(struct trainer *trainer)
{
    const struct trainer_callbacks *callbacks = trainer->callbacks;
    if (callbacks->poll == NULL)
        return TRAINER_CONTINUE;
    struct trainer_limits limits = trainer->limits;
    enum trainer_signal signal = callbacks->poll(callbacks->context, &limits);
    if (limits.epochs < 1)
        limits.epochs = trainer->limits.epochs;
    trainer->limits = limits;
    return signal;
}

static void account(struct trainer *trainer, struct mlp_result result)
{
    struct train_state *state = &trainer->state;
    state->step++;
    state->samples += (int64_t)result.rows;
    state->seen += (int64_t)result.rows;
    state->correct += (int64_t)result.correct;
    state->loss_sum += result.loss_sum;
    state->not_finite = !isfinite(result.loss_sum);
    trainer->gradient_step = state->step;
    trainer_bucket_add(trainer, result.loss_sum / (double)result.rows);
}

/* Steps are counted from 1 here, as in `state.step`. */
static void update(struct trainer *trainer, int64_t step)
{
    const struct train_config *config = &trainer->config;
    float *parameters = mlp_parameters(trainer->mlp);
    float *gradients = mlp_gradients(trainer->mlp);
    size_t size = mlp_size(trainer->mlp);
    if (point_is_due(trainer, step)) {
        memcpy(trainer->before, parameters, size * sizeof(float));
        trainer->before_step = step;
    }
    if (config->grad_clip > 0)
        trainer->grad_norm = optimizer_clip(gradients, size, config->grad_clip);
    optimizer_step(trainer->optimizer, parameters, gradients, trainer->state.lr, step);
}

/* What draws this step's dropout: the seed's and the step's, so that a run taken up again
 * drops the same units. */
static uint64_t dropout_key(const struct trainer *trainer)
{
    struct rng rng;
    if (trainer->config.dropout <= 0)
        return 0;
    rng_init(&rng, (uint64_t)trainer->config.seed,
             ((uint64_t)RNG_STREAM_DROPOUT << 56) + (uint64_t)trainer->state.step);
    return rng_next(&rng) | 1;
}

/* One batch: gather, gradient, update. A loss that is not finite updates nothing. */
static void take_step(struct trainer *trainer)
{
    const struct train_config *config = &trainer->config;
    size_t count;
    const uint32_t *rows = loader_next(trainer->loader, &count);
    trainer_load(trainer, &trainer->view.train, rows, count);
    struct mlp_result result =
        mlp_gradient_dropped(trainer->mlp, trainer->labels, count, dropout_key(trainer));
    trainer->state.lr = schedule_rate((enum schedule_kind)config->schedule, config->lr,
                                      trainer->state.step, trainer_total_steps(trainer),
                                      config->warmup_steps);
    account(trainer, result);
    if (!trainer->state.not_finite)
        update(trainer, trainer->state.step);
}

/* The limits are brought up to date first, then judged; a reason to end goes before an
 * interruption, and is given only behind a point that shows it. */
static enum trainer_end train(struct trainer *trainer)
{
    for (;;) {
        bool interrupted = poll_limits(trainer) == TRAINER_INTERRUPT;
        enum trainer_end end = trainer_find_end(trainer);
        bool goes_on = end == TRAINER_INTERRUPTED;
        if (!goes_on && trainer_at_point(trainer))
            return end;
        if (goes_on && interrupted)
            return TRAINER_INTERRUPTED;
        if (goes_on)
            take_step(trainer);
        if (!goes_on || trainer->state.not_finite ||
            point_is_due(trainer, trainer->state.step))
            trainer_measure(trainer);
    }
}

enum trainer_end trainer_run(struct trainer *trainer,
                             const struct trainer_callbacks *callbacks)
{
    trainer->callbacks = callbacks != NULL ? callbacks : &no_callbacks;
    stopwatch_start(&trainer->watch);
    enum trainer_end end = train(trainer);
    stopwatch_stop(&trainer->watch, &trainer->state.train_seconds,
                   &trainer->state.cpu_seconds);
    return end;
}
