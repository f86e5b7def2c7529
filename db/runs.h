/* Runs: one row each, with the summary that lists and pages show.
 *
 * The store does not interpret `config`, `environment` and `tags`: they are JSON texts
 * made and read by the server; the columns that lists sort and filter by are copied out
 * of the config in `struct db_run_facts` by the caller. */
#ifndef DB_RUNS_H
#define DB_RUNS_H

#include "db/db.h"

enum run_state {
    RUN_QUEUED,
    RUN_RUNNING,
    RUN_PAUSED,
    RUN_FINISHED,
    RUN_STOPPED,
    RUN_FAILED,
    RUN_DIVERGED,
    RUN_PRUNED,
    RUN_STATE_COUNT,
};

#define RUN_MASK(state) (1u << (state))
#define RUN_LIVE        (RUN_MASK(RUN_QUEUED) | RUN_MASK(RUN_RUNNING) | RUN_MASK(RUN_PAUSED))

const char *run_state_name(enum run_state state); /* "queued", ... */
bool run_state_from_name(const char *name, enum run_state *out);

/* Columns that `?sort=` and filters know, copied out of the config. */
struct db_run_facts {
    char dataset[32], optimizer[16], activation[16], batching[16], engine[16];
    char layers[96]; /* "784-128-10" */
    double lr;
    int64_t batch_size, epochs, seed, parameters;
    int64_t total_steps;    /* planned: progress = last step / total_steps */
    double target_accuracy; /* NaN: none */
    double time_budget_s;   /* NaN: none */
};

struct db_run_summary {
    int64_t points, last_step, last_samples, best_step;
    double last_epoch;
    double best_test_accuracy, best_val_accuracy;
    double last_lr, last_train_loss, last_train_accuracy, last_test_loss,
        last_test_accuracy, last_val_loss, last_val_accuracy, last_grad_norm;
    double train_seconds, cpu_seconds;
    double time_to_target; /* train_seconds of the first point that met it; NaN: none */
};

#define DB_SPARK_MAX 32

struct db_run {
    int64_t id;
    enum run_state state;
    /* Of a running run: what it was last asked to become, which its trainer or the next
     * start heeds. RUN_QUEUED: to go on after all; RUN_STATE_COUNT: nothing was asked. */
    enum run_state wanted;
    char *name, *stop_reason /* NULL: none */, *error /* NULL: none */;
    char *config, *environment /* NULL until started */, *tags, *notes;
    bool archived;
    int64_t sweep, parent;                      /* 0: none */
    double created_at, started_at, finished_at; /* Unix seconds; NaN: not yet */
    int64_t checkpoint_step;                    /* -1: no checkpoint */
    struct db_run_facts facts;
    struct db_run_summary summary;
    /* Test (or validation, where there is one) accuracies thinned to at most
     * DB_SPARK_MAX; only filled by db_run_list. */
    float spark[DB_SPARK_MAX];
    size_t spark_count;
};
void db_run_clear(struct db_run *run);

/* What a launch gives. Strings are borrowed for the call. */
struct db_run_insert {
    const char *name, *config, *tags, *notes; /* tags: JSON array of strings */
    int64_t parent, sweep;                    /* 0: none */
    int64_t sweep_index;                      /* its place in the sweep, from 0 */
    struct db_run_facts facts;
    /* NULL, or the client's Idempotency-Key with a digest of its request body. A key seen
     * before with the same digest gives the first run's id and `*existing = true`;
     * with another digest DB_CONFLICT. Keys are kept for at least 24 h. */
    const char *idempotency_key, *idempotency_digest;
    int64_t max_queued; /* with so many queued already: DB_QUEUE_FULL */
};
/* Inserts the run `queued`. */
DB_MUST_CHECK enum db_status db_run_create(struct db *db,
                                           const struct db_run_insert *insert,
                                           int64_t *id, bool *existing);
DB_MUST_CHECK enum db_status db_run_get(struct db *db, int64_t id, struct db_run *out);

/* Moves a run to `to` if its state is in `from_mask`, atomically; else DB_CONFLICT with
 * the state it is in (`actual` may be NULL). Sets started_at on the first `running`,
 * finished_at on any state that is not live (cleared when it becomes live again).
 * `stop_reason`, `error` may be NULL (cleared). */
DB_MUST_CHECK enum db_status db_run_transition(struct db *db, int64_t id,
                                               unsigned from_mask, enum run_state to,
                                               const char *stop_reason, const char *error,
                                               enum run_state *actual);

/* Asks a run to become RUN_PAUSED or RUN_STOPPED ("user"). One that waits does so now;
 * one that is running notes that it is wanted. `*was`: the state it was in, also for
 * DB_CONFLICT: it has ended, is to end, or is paused already. */
DB_MUST_CHECK enum db_status db_run_ask(struct db *db, int64_t id, enum run_state to,
                                        enum run_state *was);

/* Only the fields that are not NULL are changed. `config` and `facts` go together. */
struct db_run_patch {
    const char *name, *notes, *tags;
    const bool *archived;
    const char *config;
    const struct db_run_facts *facts;
};
DB_MUST_CHECK enum db_status db_run_patch(struct db *db, int64_t id,
                                          const struct db_run_patch *patch);

DB_MUST_CHECK enum db_status db_run_set_environment(struct db *db, int64_t id,
                                                    const char *environment);

/* Deletes the run and all that hangs on it; DB_CONFLICT if it is live. */
DB_MUST_CHECK enum db_status db_run_delete(struct db *db, int64_t id,
                                           enum run_state *actual);

/* A page of runs. Strings may be NULL (no filter). */
struct db_run_query {
    unsigned state_mask; /* 0: all */
    const char *dataset, *tag, *name_contains;
    int64_t sweep;      /* 0: any */
    int archived;       /* -1: any, 0, 1 */
    const char *sort;   /* API column name, "-" before it for descending; NULL: -id */
    int64_t limit;      /* 1 .. 1000 */
    const char *cursor; /* as given by the page before; NULL: from the start */
};
struct db_run_page {
    struct db_run *runs;
    size_t count;
    int64_t total;     /* rows that match, over all pages */
    char *next_cursor; /* NULL: last page */
};
void db_run_page_clear(struct db_run_page *page);
DB_MUST_CHECK enum db_status db_run_list(struct db *db, const struct db_run_query *query,
                                         struct db_run_page *out);

/* Names that `sort` accepts, NULL-terminated; static storage. */
const char *const *db_run_sort_columns(void);

/* Moves the oldest queued run to `running`; DB_NOT_FOUND if none is queued. */
DB_MUST_CHECK enum db_status db_run_claim(struct db *db, int64_t *id);

/* Ids in `state`, oldest first; `*ids` is malloc'd. For reconciliation. */
DB_MUST_CHECK enum db_status db_run_ids(struct db *db, enum run_state state,
                                        int64_t **ids, size_t *count);

/* Runs per state, RUN_STATE_COUNT numbers. */
DB_MUST_CHECK enum db_status db_run_counts(struct db *db, int64_t *counts);

#endif
