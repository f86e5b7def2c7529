/* Sweeps: one row each, and what their runs came to. A sweep's runs are rows of `runs`
 * that name it, each with its index in the sweep; the two are written together, so that
 * none is lost and none launched twice.
 *
 * The store does not interpret `spec`: it is a JSON text made and read by the server. */
#ifndef DB_SWEEPS_H
#define DB_SWEEPS_H

#include "db/runs.h"

enum sweep_state {
    SWEEP_RUNNING,
    SWEEP_PAUSED,
    SWEEP_FINISHED,
    SWEEP_STOPPED,
    SWEEP_DELETING, /* gone for all but db_sweep_ids and what deletes the rest of it */
    SWEEP_STATE_COUNT,
};

#define SWEEP_MASK(state) (1u << (state))

const char *sweep_state_name(enum sweep_state state); /* "running", ... */

struct db_sweep {
    int64_t id;
    enum sweep_state state;
    char *name, *notes, *spec;
    char *stop_reason, *error;       /* NULL: none */
    int64_t total_runs, launched;    /* planned, and begun so far */
    int64_t counts[RUN_STATE_COUNT]; /* of its runs that are there, by state */
    double created_at, finished_at;  /* Unix seconds; NaN: not yet */
    double wall_seconds;             /* spent in `running`, up to now */
};
void db_sweep_clear(struct db_sweep *sweep);

/* Inserts it `running`, with no runs yet. */
DB_MUST_CHECK enum db_status db_sweep_create(struct db *db, const char *name,
                                             const char *notes, const char *spec,
                                             int64_t total_runs, int64_t *id);
DB_MUST_CHECK enum db_status db_sweep_get(struct db *db, int64_t id,
                                          struct db_sweep *out);

/* At most `limit` sweeps with ids below `before` (0: from the newest), newest first.
 * `*sweeps` is malloc'd; clear each and free it. `*total`: of all. */
DB_MUST_CHECK enum db_status db_sweep_list(struct db *db, int64_t before, int64_t limit,
                                           struct db_sweep **sweeps, size_t *count,
                                           int64_t *total);

/* Moves a sweep to `to` if its state is in `from_mask`, else DB_CONFLICT with the state
 * it is in (`actual` may be NULL). `stop_reason` and `error` may be NULL (cleared). */
DB_MUST_CHECK enum db_status
db_sweep_transition(struct db *db, int64_t id, unsigned from_mask, enum sweep_state to,
                    const char *stop_reason, const char *error, enum sweep_state *actual);

/* What is done to a sweep and to its runs at once, so that a process which ends leaves
 * none behind that trains on in a stopped sweep, or waits in one that goes on. Runs that
 * wait change their state; those that train note what they are wanted to become. `*runs`
 * (malloc'd) are those that were live: to be told, and published. DB_CONFLICT: its state,
 * given in `actual`, does not allow it. */

/* Running or paused -> stopped ("user"); so are its live runs. */
DB_MUST_CHECK enum db_status db_sweep_stop(struct db *db, int64_t id,
                                           enum sweep_state *actual, int64_t **runs,
                                           size_t *count);
/* Running -> paused; so are its runs that wait or train. */
DB_MUST_CHECK enum db_status db_sweep_pause(struct db *db, int64_t id,
                                            enum sweep_state *actual, int64_t **runs,
                                            size_t *count);
/* Paused or stopped -> running; its paused runs are queued. */
DB_MUST_CHECK enum db_status db_sweep_resume(struct db *db, int64_t id,
                                             enum sweep_state *actual, int64_t **runs,
                                             size_t *count);

/* Only what is not NULL is changed. */
DB_MUST_CHECK enum db_status db_sweep_patch(struct db *db, int64_t id, const char *name,
                                            const char *notes);

/* Gives it the plan `spec` in place of `before`; one that has ended runs again.
 * DB_CONFLICT: its plan is not `before` any more. */
DB_MUST_CHECK enum db_status db_sweep_extend(struct db *db, int64_t id,
                                             const char *before, const char *spec,
                                             int64_t total_runs);

/* Inserts a run of a sweep as `insert` says: DB_CONFLICT if the sweep does not run or the
 * run's index is not its next. */
DB_MUST_CHECK enum db_status
db_sweep_launch(struct db *db, const struct db_run_insert *insert, int64_t *run);

/* Starts the clock of a sweep that an earlier process left running: the time in between
 * is not the sweep's. */
DB_MUST_CHECK enum db_status db_sweep_take_up(struct db *db, int64_t id);

/* Brings a running sweep's `wall_seconds` up to date in the store, so that a process
 * which ends loses none of it. */
DB_MUST_CHECK enum db_status db_sweep_keep_time(struct db *db, int64_t id);

/* Deletes a sweep: from here on it is not found, and none of its runs may change. What is
 * left of it goes with db_sweep_delete_runs. DB_CONFLICT if it runs or one of its runs is
 * live. */
DB_MUST_CHECK enum db_status db_sweep_delete(struct db *db, int64_t id);
/* Deletes at most `limit` runs of a sweep that is being deleted, whose ids are given for
 * their files, and with the last of them its row. None: nothing is left. */
DB_MUST_CHECK enum db_status db_sweep_delete_runs(struct db *db, int64_t id, size_t limit,
                                                  int64_t **runs, size_t *count);

/* Ids of all sweeps in a state of the mask; of a sweep's runs in a state of the mask.
 * Oldest first; `*ids` is malloc'd. */
DB_MUST_CHECK enum db_status db_sweep_ids(struct db *db, unsigned mask, int64_t **ids,
                                          size_t *count);
DB_MUST_CHECK enum db_status db_sweep_run_ids(struct db *db, int64_t sweep, unsigned mask,
                                              int64_t **ids, size_t *count);

/* A point at which a run's accuracy was better than at any before. */
struct db_trial_step {
    double train_seconds, cpu_seconds, accuracy;
    int64_t samples, step;
};

/* What one run of a sweep came to. */
struct db_trial {
    int64_t run, index, seed, batch_size;
    enum run_state state;
    char *config;
    double train_seconds, cpu_seconds, final_loss, test_accuracy; /* last; NaN: none */
    int64_t last_step;
    const struct db_trial_step *steps;
    size_t step_count;
};

/* The runs of a sweep, oldest first (run != 0: only that one) with their steps. Accuracy
 * and loss are of validation where there is some, else of the test. */
struct db_trials {
    struct db_trial *trials;
    size_t count;
    struct db_trial_step *steps; /* of all */
};
DB_MUST_CHECK enum db_status db_trials_read(struct db *db, int64_t sweep, int64_t run,
                                            struct db_trials *out);
void db_trials_clear(struct db_trials *trials);

#endif
