/* What a trainer must remember from step to step, shared by trainer and checkpoint and
 * by nobody else. All of it goes into the checkpoint, so that a run taken up again
 * measures the same points. */
#ifndef ENGINE_TRAIN_STATE_H
#define ENGINE_TRAIN_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/train/checkpoint.h"
#include "engine/train/config.h"

/* Counters only; epoch and batch follow from `step`. Fields are int64_t or double, so
 * that one table describes them all. */
struct train_state {
    int64_t step, samples;
    double train_seconds, cpu_seconds;
    int64_t points, point_step; /* points so far, and the last one's step */
    double lr;                  /* of the last step */
    double loss_sum;            /* of the samples since the last point */
    int64_t correct, seen;      /* of the same samples */
    int64_t best_step;
    double best_accuracy;
    int64_t points_since_best;
    double last_accuracy;  /* at the last point: what target and best go by */
    int64_t probe_samples; /* samples trained on at the last probe */
    int64_t bucket_first;  /* first step of the open bucket */
    int64_t bucket_steps;  /* steps in it; 0: none is open */
    double bucket_min, bucket_max, bucket_sum;
    int64_t not_finite; /* 1: the last step's loss was not */
};

/* Numbers as they lie in the mlp's flat arrays, padding included. */
struct checkpoint {
    struct train_config config;
    struct train_state state;
    struct mlp_layer layers[MLP_MAX_LAYERS];
    size_t layer_count;
    size_t size;      /* floats of `last` and `best` */
    float *last;      /* NULL: nothing has been snapshotted or read */
    float *best;      /* meaningful if state.points > 0 */
    float *optimizer; /* optimizer_size floats */
    size_t optimizer_size;
};

/* Makes room for `mlp`'s parameters and takes over its layout; allocates only if it does
 * not fit already. */
ENGINE_MUST_CHECK enum engine_status checkpoint_reserve(struct checkpoint *checkpoint,
                                                        const struct mlp *mlp,
                                                        size_t optimizer_size);

#define STATE_TEXT_SIZE 4096

/* Writes config and state as "name=value name=value ..."; doubles as the hex digits of
 * their bits. Returns false if it does not fit. */
bool state_print(const struct train_config *config, const struct train_state *state,
                 char *text, size_t size);

/* Reads that form; names that are not there keep their default. False if anything is
 * unknown, out of range or malformed. */
bool state_parse(const char *text, struct train_config *config,
                 struct train_state *state);

/* NULL if a run of `a` may go on as `b`, else the name of the first field that must not
 * differ (limits such as epochs may). */
const char *state_difference(const struct train_config *a, const struct train_config *b);

#endif
