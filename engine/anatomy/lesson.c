#include "engine/anatomy/lesson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/nn/optimizer.h"
#include "engine/nn/schedule.h"
#include "engine/train/stopwatch.h"
#include "engine/train/trainer.h"
#include "engine/train/view.h"

#define MARGIN 0.1 /* of the data's extent, on each side */

struct lesson {
    struct train_config config;
    struct dataset_view view;
    struct loader *loader;
    struct optimizer *optimizer;
    struct mlp *scalar; /* trains */
    struct mlp *tensor; /* answers: many points at once, the same numbers to rounding */
    uint8_t *labels;    /* (the larger of a batch and the grid) */
    uint32_t *rows;     /* 0, 1, ... of the training samples */
    int64_t step;
};

static size_t surveyed_rows(void)
{
    return (size_t)LESSON_MAX_GRID * LESSON_MAX_GRID;
}

static enum engine_status open_loader(struct lesson *lesson)
{
    enum engine_status status =
        dataset_view_load(&lesson->config, &lesson->view, &lesson->loader);
    if (status == ENGINE_OK) {
        int64_t epoch = loader_batches_per_epoch(lesson->loader);
        loader_seek(lesson->loader, lesson->step / epoch, lesson->step % epoch);
    }
    return status;
}

static enum engine_status build_networks(struct lesson *lesson)
{
    struct mlp_shape shape = config_shape(&lesson->config);
    struct optimizer_options options = {.kind = OPTIMIZER_SGD};
    shape.engine = ENGINE_KIND_SCALAR;
    enum engine_status status =
        mlp_new(&shape, (size_t)lesson->config.batch_size, &lesson->scalar);
    shape.engine = ENGINE_KIND_TENSOR;
    if (status == ENGINE_OK)
        status = mlp_new(&shape, surveyed_rows(), &lesson->tensor);
    if (status == ENGINE_OK)
        status = optimizer_new(&options, mlp_size(lesson->scalar), &lesson->optimizer);
    return status;
}

static enum engine_status make_rows(struct lesson *lesson)
{
    size_t count = lesson->view.train.count, batch = (size_t)lesson->config.batch_size;
    size_t most = batch > surveyed_rows() ? batch : surveyed_rows();
    lesson->labels = calloc(most, 1);
    lesson->rows = calloc(count, sizeof *lesson->rows);
    if (lesson->labels == NULL || lesson->rows == NULL)
        return ENGINE_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        lesson->rows[i] = (uint32_t)i;
    return ENGINE_OK;
}

enum engine_status lesson_new(const struct train_config *config,
                              const struct dataset *dataset, int64_t step,
                              struct lesson **out)
{
    struct lesson *lesson = calloc(1, sizeof *lesson);
    if (lesson == NULL)
        return ENGINE_NO_MEMORY;
    lesson->config = *config;
    lesson->step = step;
    enum engine_status status = dataset_view_open(config, dataset, &lesson->view);
    if (status == ENGINE_OK)
        status = open_loader(lesson);
    if (status == ENGINE_OK)
        status = build_networks(lesson);
    if (status == ENGINE_OK)
        status = make_rows(lesson);
    if (status != ENGINE_OK) {
        lesson_free(lesson);
        return status;
    }
    trainer_initialise(config, lesson->scalar);
    *out = lesson;
    return ENGINE_OK;
}

void lesson_free(struct lesson *lesson)
{
    if (lesson == NULL)
        return;
    mlp_free(lesson->scalar);
    mlp_free(lesson->tensor);
    optimizer_free(lesson->optimizer);
    loader_free(lesson->loader);
    dataset_view_close(&lesson->view);
    free(lesson->labels);
    free(lesson->rows);
    free(lesson);
}

size_t lesson_layer_count(const struct lesson *lesson)
{
    return mlp_layer_count(lesson->scalar);
}

const struct mlp_layer *lesson_layer(const struct lesson *lesson, size_t index)
{
    return mlp_layer(lesson->scalar, index);
}

float *lesson_parameters(struct lesson *lesson)
{
    return mlp_parameters(lesson->scalar);
}

int64_t lesson_step(const struct lesson *lesson)
{
    return lesson->step;
}

int64_t lesson_steps_per_epoch(const struct lesson *lesson)
{
    return loader_batches_per_epoch(lesson->loader);
}

/* As the trainer's step: a loss that is not finite updates nothing. */
static double take_step(struct lesson *lesson)
{
    size_t count;
    const uint32_t *rows = loader_next(lesson->loader, &count);
    dataset_gather(&lesson->view.train, lesson->view.info->features, rows, count,
                   mlp_inputs(lesson->scalar), lesson->labels);
    struct mlp_result result = mlp_gradient(lesson->scalar, lesson->labels, count);
    lesson->step++;
    if (isfinite(result.loss_sum))
        optimizer_step(lesson->optimizer, mlp_parameters(lesson->scalar),
                       mlp_gradients(lesson->scalar), lesson->config.lr, lesson->step);
    return result.loss_sum / (double)count;
}

size_t lesson_train(struct lesson *lesson, size_t steps, double seconds, double *losses)
{
    struct stopwatch watch;
    size_t taken = 0;
    stopwatch_start(&watch);
    while (taken < steps && stopwatch_elapsed(&watch) < seconds) {
        losses[taken] = take_step(lesson);
        if (!isfinite(losses[taken++]))
            break;
    }
    return taken;
}

static void bring_parameters(struct lesson *lesson)
{
    memcpy(mlp_parameters(lesson->tensor), mlp_parameters(lesson->scalar),
           mlp_size(lesson->scalar) * sizeof(float));
}

struct mlp_result lesson_evaluate(struct lesson *lesson)
{
    const struct dataset_split *train = &lesson->view.train;
    struct mlp_result sums = {.rows = 0};
    size_t all = (size_t)config_train_count(&lesson->config);
    bring_parameters(lesson);
    for (size_t done = 0, part; done < all; done += part) {
        part = all - done < surveyed_rows() ? all - done : surveyed_rows();
        dataset_gather(train, lesson->view.info->features, lesson->rows + done, part,
                       mlp_inputs(lesson->tensor), lesson->labels);
        struct mlp_result result = mlp_evaluate(lesson->tensor, lesson->labels, part);
        sums.loss_sum += result.loss_sum;
        sums.correct += result.correct;
        sums.rows += result.rows;
    }
    return sums;
}

struct lesson_area lesson_area(const struct lesson *lesson)
{
    const struct dataset_split *train = &lesson->view.train;
    struct lesson_area area = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t i = 0; i < train->count; i++) {
        area.x_low = fmin(area.x_low, train->values[2 * i]);
        area.x_high = fmax(area.x_high, train->values[2 * i]);
        area.y_low = fmin(area.y_low, train->values[2 * i + 1]);
        area.y_high = fmax(area.y_high, train->values[2 * i + 1]);
    }
    double width = area.x_high - area.x_low, height = area.y_high - area.y_low;
    return (struct lesson_area){area.x_low - MARGIN * width, area.x_high + MARGIN * width,
                                area.y_low - MARGIN * height,
                                area.y_high + MARGIN * height};
}

/* Softmax's share of class 1, by differences so that nothing overflows. */
static float probability_of_one(const float *logits, size_t classes)
{
    double sum = 0;
    for (size_t k = 0; k < classes; k++)
        sum += exp((double)logits[k] - (double)logits[1]);
    return (float)(1 / sum);
}

void lesson_survey(struct lesson *lesson, size_t size, float *output)
{
    struct lesson_area area = lesson_area(lesson);
    size_t classes = lesson_layer(lesson, lesson_layer_count(lesson) - 1)->outputs;
    float *inputs = mlp_inputs(lesson->tensor);
    double last = (double)(size - 1);
    bring_parameters(lesson);
    for (size_t i = 0; i < size * size; i++) {
        size_t column = i % size, row = i / size;
        double right = (double)column / last, up = (double)row / last;
        inputs[2 * i] = (float)(area.x_low + right * (area.x_high - area.x_low));
        inputs[2 * i + 1] = (float)(area.y_low + up * (area.y_high - area.y_low));
    }
    const float *logits = mlp_forward(lesson->tensor, size * size);
    for (size_t i = 0; i < size * size; i++) {
        const float *row = logits + i * classes;
        if (mlp_loss(lesson->tensor) == LOSS_CROSS_ENTROPY)
            output[i] = probability_of_one(row, classes);
        else
            output[i] = classes == 1 ? row[0] : row[1] - row[0];
    }
}

const float *lesson_units(const struct lesson *lesson, size_t layer)
{
    return mlp_activations(lesson->tensor, layer);
}
