/* Points: what is measured between stretches of training. */
#include <math.h>
#include <string.h>

#include "engine/train/probe.h"
#include "engine/train/trainer_state.h"

#define BUCKETS_PER_INTERVAL 64

static void pause_watch(struct trainer *trainer)
{
    stopwatch_stop(&trainer->watch, &trainer->state.train_seconds,
                   &trainer->state.cpu_seconds);
}

static int64_t bucket_width(const struct trainer *trainer)
{
    int64_t interval = trainer->config.eval_every > 0 ? trainer->config.eval_every
                                                      : trainer->steps_per_epoch;
    return (interval + BUCKETS_PER_INTERVAL - 1) / BUCKETS_PER_INTERVAL;
}

static void close_bucket(struct trainer *trainer)
{
    struct train_state *state = &trainer->state;
    if (state->bucket_steps == 0)
        return;
    struct step_bucket bucket = {
        .first_step = state->bucket_first,
        .last_step = state->bucket_first + state->bucket_steps - 1,
        .loss_min = finite_or_nan(state->bucket_min),
        .loss_mean = finite_or_nan(state->bucket_sum / (double)state->bucket_steps),
        .loss_max = finite_or_nan(state->bucket_max),
    };
    state->bucket_steps = 0;
    if (trainer->callbacks->on_steps != NULL)
        trainer->callbacks->on_steps(trainer->callbacks->context, &bucket);
}

void trainer_bucket_add(struct trainer *trainer, double loss)
{
    struct train_state *state = &trainer->state;
    if (state->bucket_steps == 0) {
        state->bucket_first = state->step;
        state->bucket_min = state->bucket_max = loss;
        state->bucket_sum = 0;
    }
    /* Written so that a NaN sticks. */
    if (!(loss >= state->bucket_min))
        state->bucket_min = loss;
    if (!(loss <= state->bucket_max))
        state->bucket_max = loss;
    state->bucket_sum += loss;
    if (++state->bucket_steps < bucket_width(trainer))
        return;
    pause_watch(trainer);
    close_bucket(trainer);
    stopwatch_start(&trainer->watch);
}

/* Mean loss and accuracy over rows of a split, in batches as large as the model takes. */
static void evaluate(struct trainer *trainer, const struct dataset_split *split,
                     const uint32_t *rows, size_t count, double *loss, double *accuracy)
{
    double loss_sum = 0;
    size_t correct = 0;
    for (size_t done = 0, part; done < count; done += part) {
        part = count - done < trainer->max_rows ? count - done : trainer->max_rows;
        trainer_load(trainer, split, rows + done, part);
        struct mlp_result result = mlp_evaluate(trainer->mlp, trainer->labels, part);
        loss_sum += result.loss_sum;
        correct += result.correct;
    }
    *loss = finite_or_nan(loss_sum / (double)count);
    *accuracy = (double)correct / (double)count;
}

static double distance(const float *a, const float *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
    return sqrt(sum);
}

/* Of the weight matrices. What the last step did is only known where that step has been
 * taken by this very trainer: else NaN. */
static void measure_layers(struct trainer *trainer)
{
    const float *now = mlp_parameters(trainer->mlp);
    const float *gradients = mlp_gradients(trainer->mlp);
    int64_t step = trainer->state.step;
    trainer->noise = (struct noise_scale){NAN, NAN, NAN};
    for (size_t i = 0; i < mlp_layer_count(trainer->mlp); i++) {
        const struct mlp_layer *layer = mlp_layer(trainer->mlp, i);
        size_t offset = layer->weight_offset, count = layer->inputs * layer->outputs;
        struct layer_stats *stats = &trainer->layers[i];
        *stats = (struct layer_stats){
            .weight_norm = finite_or_nan(optimizer_norm(now + offset, count)),
            .grad_norm = NAN,
            .update_ratio = NAN,
            .activation_mean = NAN,
            .activation_deviation = NAN,
            .dead_fraction = NAN,
            .saturated_fraction = NAN,
        };
        if (trainer->gradient_step == step)
            stats->grad_norm = finite_or_nan(optimizer_norm(gradients + offset, count));
        if (trainer->before_step == step)
            stats->update_ratio =
                finite_or_nan(distance(now + offset, trainer->before + offset, count) /
                              stats->weight_norm);
    }
}

/* Before clipping; NaN where the last step was taken by an earlier trainer. */
static double gradient_norm(const struct trainer *trainer)
{
    if (trainer->gradient_step != trainer->state.step)
        return NAN;
    if (trainer->config.grad_clip > 0 && !trainer->state.not_finite)
        return finite_or_nan(trainer->grad_norm);
    return finite_or_nan(
        optimizer_norm(mlp_gradients(trainer->mlp), mlp_size(trainer->mlp)));
}

/* Goes by what the run is judged by: validation where there is some, else the test. */
static bool update_best(struct trainer *trainer, double accuracy)
{
    struct train_state *state = &trainer->state;
    state->last_accuracy = accuracy;
    if (state->points > 1 && !(accuracy > state->best_accuracy)) {
        state->points_since_best++;
        return false;
    }
    state->best_accuracy = accuracy;
    state->best_step = state->step;
    state->points_since_best = 0;
    memcpy(trainer->best, mlp_parameters(trainer->mlp),
           mlp_size(trainer->mlp) * sizeof(float));
    return true;
}

static struct train_point describe_interval(const struct trainer *trainer)
{
    const struct train_state *state = &trainer->state;
    double seen = (double)state->seen;
    return (struct train_point){
        .step = state->step,
        .epoch = (double)state->step / (double)trainer->steps_per_epoch,
        .samples = state->samples,
        .train_seconds = state->train_seconds,
        .cpu_seconds = state->cpu_seconds,
        .wall_time = stopwatch_unix_time(),
        .lr = state->lr,
        .train_loss = finite_or_nan(state->loss_sum / seen),
        .train_accuracy = finite_or_nan((double)state->correct / seen),
        .test_loss = NAN,
        .test_accuracy = NAN,
        .val_loss = NAN,
        .val_accuracy = NAN,
        .grad_norm = NAN,
    };
}

static void start_interval(struct train_state *state)
{
    state->points++;
    state->point_step = state->step;
    state->loss_sum = 0;
    state->correct = 0;
    state->seen = 0;
}

/* The held-out split if there is one, and the test set where it is asked for: at the end
 * means behind the step after which none is taken. The interval has been started, so that
 * the run's end can be told. */
static void evaluate_splits(struct trainer *trainer, struct train_point *point)
{
    size_t held_out;
    const uint32_t *validation = loader_validation(trainer->loader, &held_out);
    if (held_out > 0) {
        evaluate(trainer, &trainer->view.train, validation, held_out, &point->val_loss,
                 &point->val_accuracy);
        point->is_best = update_best(trainer, point->val_accuracy);
    }
    if (trainer->config.test_at == TEST_AT_POINTS ||
        trainer_find_end(trainer) != TRAINER_INTERRUPTED)
        evaluate(trainer, &trainer->view.test, trainer->test_rows, trainer->test_count,
                 &point->test_loss, &point->test_accuracy);
    if (held_out == 0)
        point->is_best = update_best(trainer, point->test_accuracy);
}

void trainer_measure(struct trainer *trainer)
{
    pause_watch(trainer);
    close_bucket(trainer);
    struct train_point point = describe_interval(trainer);
    measure_layers(trainer);
    point.grad_norm = gradient_norm(trainer);
    if (probe_is_due(trainer))
        probe_take(trainer);
    start_interval(&trainer->state);
    evaluate_splits(trainer, &point);
    if (trainer->callbacks->on_point != NULL)
        trainer->callbacks->on_point(trainer->callbacks->context, trainer, &point);
    stopwatch_start(&trainer->watch);
}
