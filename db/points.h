/* What a run measured: points, statistics of layers, gradient noise and bucketed step
 * losses. */
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

#define DB_HISTOGRAM_BINS 32

/* Counts in bins of equal width from `low` to `high`; both NaN where nothing was finite.
 */
struct db_histogram {
    double low, high;
    uint32_t counts[DB_HISTOGRAM_BINS];
};

struct db_histograms {
    struct db_histogram weights, gradients, activations;
};

struct db_layer {
    int64_t step;
    int layer; /* 0: the first hidden layer */
    double weight_norm, grad_norm, update_ratio;
    double activation_mean, activation_deviation, dead_fraction, saturated_fraction;
    const struct db_histograms *histograms; /* NULL: this point took no probe */
};

/* The gradient noise scale; only points that took a probe have one. */
struct db_noise {
    int64_t step;
    double gradient_squared, gradient_variance, scale;
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
    const struct db_noise *noises;
    size_t noise_count;
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
/* Layers of points with step > since_step, by step and layer; with max > 0 those of about
 * `max` points, probed ones before others and always the first and last. `*layers` is one
 * malloc'd block that holds the histograms too. */
DB_MUST_CHECK enum db_status db_layers(struct db *db, int64_t run, int64_t since_step,
                                       int64_t max, struct db_layer **layers,
                                       size_t *count);
/* Oldest first; `*noises` is malloc'd. */
DB_MUST_CHECK enum db_status db_noises(struct db *db, int64_t run, int64_t since_step,
                                       struct db_noise **noises, size_t *count);
/* Merged to at most `max` buckets (0: as stored). */
DB_MUST_CHECK enum db_status db_steps(struct db *db, int64_t run, int64_t since_step,
                                      int64_t max, struct db_step_bucket **steps,
                                      size_t *count);

#endif
