/* One run of training, from config and dataset to weights.
 *
 * The trainer owns no thread: `trainer_run` trains on the caller's. It is deterministic:
 * the same binary, config, seed and CPU type give the same bits, whether or not the run
 * was interrupted, snapshotted and taken up again. Active training seconds leave out
 * evaluation, callbacks and pauses; CPU seconds are the calling thread's over the same
 * stretches. */
#ifndef ENGINE_TRAIN_TRAINER_H
#define ENGINE_TRAIN_TRAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/data/dataset.h"
#include "engine/status.h"
#include "engine/train/checkpoint.h"
#include "engine/train/config.h"
#include "engine/train/histogram.h"

/* One measurement. Values that do not apply (validation without a split, ...) or are not
 * finite are NaN. */
struct train_point {
    int64_t step;
    double epoch; /* a fraction where points are finer than epochs */
    int64_t samples;
    double train_seconds, cpu_seconds;
    double wall_time; /* Unix seconds, UTC */
    double lr;
    double train_loss, train_accuracy; /* mean over the samples since the point before */
    double test_loss, test_accuracy;   /* over the whole test set, if test_at says so */
    double val_loss, val_accuracy;     /* over the held-out split */
    double grad_norm;                  /* L2 of the last step's gradient */
    bool is_best; /* best so far by val_accuracy if there is one, else test_accuracy */
};

/* One layer at one point. NaN where a value is not finite or not known: the update at a
 * point that no step could foresee (budget spent, limits lowered), and everything from
 * the probe at a point that took none. */
struct layer_stats {
    double weight_norm;
    double grad_norm;    /* of the weight matrix at the last step, after clipping */
    double update_ratio; /* ||dw|| / ||w|| of the last step */
    bool probed;         /* whether this point took a probe: all below is of it */
    double activation_mean, activation_deviation; /* of what the layer hands on */
    double dead_fraction; /* hidden relu: units that are 0 for every probe sample */
    double
        saturated_fraction; /* hidden: tanh beyond +-0.97, sigmoid beyond 0.03 .. 0.97 */
    struct histogram weights, gradients, activations;
};

/* The gradient noise scale at one point (McCandlish et al. 2018, arXiv 1812.06162,
 * appendix A.1), from the probe's gradients at fixed weights. The first two are unbiased
 * estimates, so that means over points are too; their ratio is not. NaN without a probe.
 */
struct noise_scale {
    double gradient_squared;  /* |G|^2 of the true gradient; may come out below 0 */
    double gradient_variance; /* tr(Sigma) of one sample's gradient */
    double scale;             /* tr(Sigma) / |G|^2, in samples; NaN if |G|^2 <= 0 */
};

/* Training loss of `last_step - first_step + 1` steps. At most 64 buckets lie between
 * two points, and none spans a point. */
struct step_bucket {
    int64_t first_step, last_step;
    double loss_min, loss_mean, loss_max;
};

/* What may change while a run is live. 0 is null, as in the config. */
struct trainer_limits {
    int64_t epochs;
    double target_accuracy;
    double time_budget_s;
};

enum trainer_signal { TRAINER_CONTINUE, TRAINER_INTERRUPT };

enum trainer_end {
    TRAINER_EPOCHS_DONE,
    TRAINER_TARGET_REACHED,
    TRAINER_TIME_BUDGET,
    TRAINER_EARLY_STOPPING,
    TRAINER_NOT_FINITE,
    TRAINER_INTERRUPTED, /* `poll` said so; snapshot and resume later */
};

struct trainer;

/* All are called on the training thread; any may be NULL. */
struct trainer_callbacks {
    void *context;
    /* At every point. May call `trainer_snapshot` and `trainer_layers`. */
    void (*on_point)(void *context, struct trainer *trainer,
                     const struct train_point *point);
    void (*on_steps)(void *context, const struct step_bucket *bucket);
    /* Before every step, so keep it to an atomic load; may change `limits`. */
    enum trainer_signal (*poll)(void *context, struct trainer_limits *limits);
};

/* `dataset` must outlive the trainer. With a checkpoint, goes on exactly where it was
 * made (ENGINE_INVALID if it does not fit the config). Free with `trainer_free`. */
ENGINE_MUST_CHECK enum engine_status trainer_new(const struct train_config *config,
                                                 const struct dataset *dataset,
                                                 const struct checkpoint *from,
                                                 struct trainer **out,
                                                 struct engine_error *error);
void trainer_free(struct trainer *trainer);

/* The weights that a run of `config` starts from; `mlp` is of its shape. */
void trainer_initialise(const struct train_config *config, struct mlp *mlp);

/* Trains until it ends; calling it again after TRAINER_INTERRUPTED goes on. */
enum trainer_end trainer_run(struct trainer *trainer,
                             const struct trainer_callbacks *callbacks);

/* Copies the resumable state. `into` is filled in place; it allocates only the first
 * time, so snapshots in a loop cost a memcpy. Only between steps: from `on_point` or
 * when `trainer_run` has returned. */
ENGINE_MUST_CHECK enum engine_status trainer_snapshot(const struct trainer *trainer,
                                                      struct checkpoint *into);

/* The layers' statistics at the last point; `count` of them, owned by the trainer. */
const struct layer_stats *trainer_layers(const struct trainer *trainer, size_t *count);

/* The noise scale at the last point. */
struct noise_scale trainer_noise(const struct trainer *trainer);

/* Steps done and planned under the current limits. */
int64_t trainer_step(const struct trainer *trainer);
int64_t trainer_total_steps(const struct trainer *trainer);

const char *trainer_end_name(enum trainer_end end); /* "epochs_done", ... of the API */

/* "libxsmm", "cblas" or "naive": the matrix-product back end of this build. */
const char *trainer_backend(void);

#endif
