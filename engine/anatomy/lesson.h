/* A lesson: a small network on points in the plane, trained a few steps at a time.
 *
 * Between two calls nothing is kept: whoever asks brings the parameters back. Steps are
 * those of a run with the same config: same first weights, same batches, same bits
 * (plain SGD at a constant rate). */
#ifndef ENGINE_ANATOMY_LESSON_H
#define ENGINE_ANATOMY_LESSON_H

#include "engine/data/dataset.h"
#include "engine/nn/mlp.h"
#include "engine/train/config.h"

#define LESSON_MAX_PARAMETERS 2000
#define LESSON_MAX_STEPS      5000
#define LESSON_MAX_GRID       64

struct lesson;

/* `dataset` is one of points in the plane, must outlive the lesson and be the config's.
 * `step` is how many steps the parameters have behind them; the parameters are those that
 * a run begins with until they are overwritten. Free with `lesson_free`. */
ENGINE_MUST_CHECK enum engine_status lesson_new(const struct train_config *config,
                                                const struct dataset *dataset,
                                                int64_t step, struct lesson **out);
void lesson_free(struct lesson *lesson);

size_t lesson_layer_count(const struct lesson *lesson);
const struct mlp_layer *lesson_layer(const struct lesson *lesson, size_t index);
/* Flat, as `mlp_parameters`. */
float *lesson_parameters(struct lesson *lesson);

/* Trains up to `steps` steps, but not much longer than `seconds`; each batch's mean loss
 * goes to `losses`. Returns how many steps were taken; fewer also where a loss is not
 * finite, which is then the last one. */
size_t lesson_train(struct lesson *lesson, size_t steps, double seconds, double *losses);

int64_t lesson_step(const struct lesson *lesson);
int64_t lesson_steps_per_epoch(const struct lesson *lesson);

/* Mean loss and accuracy over all training samples. */
struct mlp_result lesson_evaluate(struct lesson *lesson);

/* Where the data lies, with a margin around it. */
struct lesson_area {
    double x_low, x_high, y_low, y_high;
};
struct lesson_area lesson_area(const struct lesson *lesson);

/* Answers over `size` x `size` points of the area, row by row from y_low: `output` is the
 * probability of class 1 (of mse and hinge the output itself, class 1's less class 0's).
 * The hidden units' answers stay in `lesson_units`. size: 2 to LESSON_MAX_GRID. */
void lesson_survey(struct lesson *lesson, size_t size, float *output);
/* (size * size, units) of a hidden layer after `lesson_survey`. */
const float *lesson_units(const struct lesson *lesson, size_t layer);

#endif
