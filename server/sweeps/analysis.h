/* What a sweep has found out so far: its runs judged by a goal, the answer, the sweet
 * spot of batch size, and what matters how much. Computed anew from what is stored at
 * each request; nothing is kept. */
#ifndef SERVER_SWEEPS_ANALYSIS_H
#define SERVER_SWEEPS_ANALYSIS_H

#include "db/sweeps.h"
#include "engine/search/sweetspot.h"
#include "server/sweeps/spec.h"

/* What the runs of one setting needed, at the step that counts for the goal: medians over
 * those that count. One that has no such step took for ever, so that seeds which failed
 * do not flatter the rest. NaN: none. */
struct setting_cost {
    double seconds, steps, samples;
    double seconds_per_step; /* over whole runs */
};

/* A batch size with its best setting. */
struct batch_point {
    size_t cell;
    double batch_size;
    struct setting_cost cost;
};

struct analysis {
    struct db_sweep row;
    struct sweep_spec spec;
    struct goal goal;
    bool by_validation;       /* else accuracies are of the test set */
    struct db_trials rows;    /* as stored */
    struct trial *trials;     /* the same as the engine judges them */
    struct trial_step *steps; /* theirs */
    struct cell *cells;       /* by setting */
    struct search_point *points;
    bool *located; /* whether the setting's point is known: a run of it is there */
    size_t cell_count;

    size_t best, second; /* settings; SIZE_MAX: none */
    struct batch_point *batches;
    size_t batch_count;
    struct sweetspot sweetspot;
    bool has_sweetspot;
    double noise_scale; /* in samples, of the batches' runs; NaN: not recorded */
    double shares[SEARCH_MAX_DIMENSIONS];
    bool has_shares;
    size_t shares_from; /* settings that they speak of */
};

/* `goal` is what to judge by; its parts that are NaN (budget: 0) are taken from the
 * sweep.
 */
DB_MUST_CHECK enum db_status analysis_make(struct db *db, int64_t sweep,
                                           const struct goal *goal, bool own_objective,
                                           struct analysis *out);
void analysis_clear(struct analysis *analysis);

struct setting_cost analysis_cost(const struct analysis *analysis, size_t cell);

/* All the seconds of training that a run has spent, by the sweep's clock. */
double analysis_spent(const struct analysis *analysis, const struct db_trial *row);

/* The median over a setting's runs; NaN while the sweep can still choose: it is looked at
 * when nothing is chosen by it any more. */
double analysis_test_accuracy(const struct analysis *analysis, size_t cell);

/* The row of a setting's first run; NULL: none is there. */
const struct db_trial *analysis_first_run(const struct analysis *analysis, size_t cell);

#endif
