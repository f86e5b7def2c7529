/* What a run measured: points, per-layer statistics and bucketed step losses. */
#ifndef DB_POINTS_H
#define DB_POINTS_H

#include "db/db.h"
#include "db/runs.h"

struct db_point {
    int64_t step;
    double epoch;
    int64_t samples;
    double train_seconds, cpu_seconds, wall_time, lr;
    double train_loss, train_accuracy, test_loss, test_accuracy, val_loss, val_accuracy,
        grad_norm;
    bool is_best;
};

struct db_layer {
    int64_t step;
    int layer; /* 0: the first hidden layer */
    double weight_norm, grad_norm, update_ratio;
};

struct db_step_bucket {
    int64_t first_step, last_step;
    double loss_min, loss_mean, loss_max;
};

/* One durable piece of a run's history. In one transaction: the rows are added, the
 * summary is brought up to date from them and `checkpoint_step` is set. So the points in
 * the database never go past the checkpoint that a restart takes up. */
struct db_record {
    int64_t run;
    const struct db_point *points;
    size_t point_count;
    const struct db_layer *layers;
    size_t layer_count;
    const struct db_step_bucket *steps;
    size_t step_count;
    int64_t checkpoint_step; /* -1: leave as it is */
    /* RUN_STATE_COUNT: state stays. Otherwise the state to move to from `running`, with
     * its reason, in the same transaction; a run in another state is DB_CONFLICT. */
    enum run_state end_state;
    const char *stop_reason, *error;
    double train_seconds, cpu_seconds; /* NaN: those of the last point */
};
/* Writes several runs' records in one transaction (one fsync for all). */
DB_MUST_CHECK enum db_status db_record(struct db *db, const struct db_record *records,
                                       size_t count);

/* Removes what lies past `step` and recomputes the summary (at start, for safety). */
DB_MUST_CHECK enum db_status db_cut_after(struct db *db, int64_t run, int64_t step);

/* Points with step > since_step, oldest first; with max > 0 thinned to about `max` by
 * buckets that keep each metric's minimum and maximum (test_accuracy, test_loss,
 * train_loss) and always the first and last point. `*points` is malloc'd. */
DB_MUST_CHECK enum db_status db_points(struct db *db, int64_t run, int64_t since_step,
                                       int64_t max, struct db_point **points,
                                       size_t *count);
DB_MUST_CHECK enum db_status db_layers(struct db *db, int64_t run, int64_t since_step,
                                       struct db_layer **layers, size_t *count);
/* Merged to at most `max` buckets (0: as stored). */
DB_MUST_CHECK enum db_status db_steps(struct db *db, int64_t run, int64_t since_step,
                                      int64_t max, struct db_step_bucket **steps,
                                      size_t *count);

#endif
