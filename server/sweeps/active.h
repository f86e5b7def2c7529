/* A running sweep as the sweeper knows it: what is planned, which runs are live, and what
 * those that ended came to. The sweeper's thread owns it all but the pruner. */
#ifndef SERVER_SWEEPS_ACTIVE_H
#define SERVER_SWEEPS_ACTIVE_H

#include "db/sweeps.h"
#include "server/sweeps/spec.h"

struct active {
    int64_t id;
    struct sweep_spec spec;
    int64_t launched;
    double started_at,
        spent;             /* monotonic: since when it is active; seconds before that */
    struct pruner *pruner; /* guarded by the sweeper's lock */
    int64_t *live;         /* runs that were live when it was last looked at */
    size_t live_count;
    /* tpe's history: points by setting, and whether they are known (a setting's runs may
     * have been deleted); scores by run index. */
    struct search_point *points;
    bool *located;
    struct score *scores;
    size_t room; /* runs */
    double published;
    bool expired; /* its time budget is spent */
    bool told;    /* all its runs have been told so */
};

/* Takes a sweep up from its row and the runs it has. DB_INVALID: its spec is damaged. */
DB_MUST_CHECK enum db_status active_new(struct db *db, const struct db_sweep *row,
                                        struct active **out);
void active_free(struct active *active);

/* The config of the next run, and its place. ENGINE_NO_MEMORY: try again later. */
ENGINE_MUST_CHECK enum engine_status active_next(struct active *active,
                                                 struct train_config *config);

/* What a run came to, for the sampler. */
void active_note_end(struct active *active, const struct db_trial *trial);
/* The same for the pruner; with the sweeper's lock held. */
void active_teach(struct active *active, const struct db_trial *trial);

/* A trial as the engine judges it. `steps` gets trial->step_count elements. */
struct trial active_trial(const struct sweep_spec *spec, const struct db_trial *trial,
                          struct trial_step *steps);

#endif
