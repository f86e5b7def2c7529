/* The trainer's inside, shared by its own files only. */
#ifndef ENGINE_TRAIN_TRAINER_STATE_H
#define ENGINE_TRAIN_TRAINER_STATE_H

#include <math.h>

#include "engine/data/loader.h"
#include "engine/nn/optimizer.h"
#include "engine/train/state.h"
#include "engine/train/stopwatch.h"
#include "engine/train/trainer.h"
#include "engine/train/view.h"

struct trainer {
    struct train_config config;
    struct trainer_limits limits;
    struct dataset_view view;
    struct mlp *mlp;
    struct loader *loader;
    struct optimizer *optimizer;
    int64_t steps_per_epoch;
    struct train_state state;
    struct stopwatch watch;                    /* runs while `trainer_run` trains */
    const struct trainer_callbacks *callbacks; /* during `trainer_run` */

    size_t max_rows;
    uint8_t *labels;     /* (max_rows) */
    uint32_t *test_rows; /* 0, 1, ... (test_count) */
    size_t test_count;
    float *best;           /* parameters at the best point */
    float *before;         /* parameters before the step that leads to a point */
    double grad_norm;      /* of the last step's gradient before clipping, if clipped */
    int64_t gradient_step; /* the step whose gradient the mlp holds; 0: none */
    int64_t before_step;   /* the step that `before` precedes; 0: none */
    struct layer_stats layers[MLP_MAX_LAYERS];
    struct noise_scale noise;
    struct probe *probe; /* NULL: diagnostics are off */
};

static inline double finite_or_nan(double value)
{
    return isfinite(value) ? value : NAN;
}

/* Brings `count` rows of a split and their labels to where the mlp and its callers look
 * for a batch. */
void trainer_load(struct trainer *trainer, const struct dataset_split *split,
                  const uint32_t *rows, size_t count);

/* Adds one step's loss to the open bucket; closes it when it is full. */
void trainer_bucket_add(struct trainer *trainer, double loss);

/* Whether the last step has been measured. */
bool trainer_at_point(const struct trainer *trainer);

/* Why no further step may be taken, or TRAINER_INTERRUPTED for no reason. */
enum trainer_end trainer_find_end(const struct trainer *trainer);

/* Measures, brings best and counters up to date, starts the next interval, and only then
 * tells the callbacks, so that a snapshot from there goes on behind the point. The
 * stopwatch stands still meanwhile. */
void trainer_measure(struct trainer *trainer);

#endif
