/* What the files of the sweeper share. */
#ifndef SERVER_SWEEPS_INTERNAL_H
#define SERVER_SWEEPS_INTERNAL_H

#include <pthread.h>

#include "server/clock.h"
#include "server/sweeps/active.h"
#include "server/sweeps/sweeper.h"

struct sweeper {
    struct db *db;
    struct hub *hub;
    struct jobs *jobs;
    int workers;
    int64_t queue_limit;
    pthread_t thread;
    bool started;

    pthread_mutex_t lock; /* guards all below, and every pruner */
    pthread_cond_t woken;
    bool changed, stopping;
    int64_t *settle; /* sweeps whose row has changed */
    size_t settle_count, settle_capacity;
    bool clocks_run;         /* the thread's own: those of an earlier process */
    bool missed;             /* some that are in no list: look at all there are */
    bool refused;            /* the store would not settle one: not again at once */
    struct active **actives; /* the array too; its elements are the thread's own */
    size_t active_count, active_capacity;
};

/* Forgets a sweep that runs no more. */
void sweeper_drop(struct sweeper *sweeper, struct active *active);

/* Does `act` to each run of the sweep that is in one of the states. False: that of one
 * failed, or they are not known; to be tried again. */
bool sweeper_act_on_runs(struct sweeper *sweeper, int64_t sweep, unsigned mask,
                         enum jobs_status (*act)(struct jobs *, int64_t,
                                                 enum run_state *));

/* Deletes what is left of a sweep that is being deleted. False: try again later. */
bool sweeper_purge(struct sweeper *sweeper, int64_t sweep);

/* A running sweep's turn: notes which of its runs have ended, launches what is due, ends
 * it where all is done. */
void sweeper_advance(struct sweeper *sweeper, struct active *active);

#endif
