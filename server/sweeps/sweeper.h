/* The sweeper: the thread that launches the runs of sweeps and ends what is not worth its
 * time.
 *
 * The database is the plan: a sweep's row says how many of its runs have been launched,
 * and each launch is one transaction with its run's row. So the sweeper can be cut off at
 * any moment; at the next start it goes on from what is stored. It keeps as many runs of
 * each running sweep queued or training as the sweep wants at a time. */
#ifndef SERVER_SWEEPS_SWEEPER_H
#define SERVER_SWEEPS_SWEEPER_H

#include "db/sweeps.h"
#include "server/events/hub.h"
#include "server/jobs/jobs.h"

struct sweeper;

/* What jobs are to call; made before them and freed after. NULL: no memory. */
struct sweeper *sweeper_new(struct db *db, struct hub *hub, int workers,
                            int64_t queue_limit);
struct jobs_observer sweeper_observer(struct sweeper *sweeper);
void sweeper_free(struct sweeper *sweeper);

/* Starts the thread, which takes up all running sweeps. 0, or an error number. */
int sweeper_start(struct sweeper *sweeper, struct jobs *jobs);
/* Ends the thread; before jobs are shut down. */
void sweeper_stop(struct sweeper *sweeper);

/* A sweep has been created, or its row changed: the sweeper does what it says. From any
 * thread, as all below. */
void sweeper_wake(struct sweeper *sweeper, int64_t sweep);

/* What is done to a sweep as a whole, and to its runs: stored at once, then done and
 * published. As db_sweep_stop and so on: DB_CONFLICT with the state it is in. */
enum db_status sweeper_stop_sweep(struct sweeper *sweeper, int64_t sweep,
                                  enum sweep_state *actual);
enum db_status sweeper_pause_sweep(struct sweeper *sweeper, int64_t sweep,
                                   enum sweep_state *actual);
enum db_status sweeper_resume_sweep(struct sweeper *sweeper, int64_t sweep,
                                    enum sweep_state *actual);
/* Deletes it with its runs and their files; what the store refuses to delete now is
 * deleted later. DB_CONFLICT: it or one of its runs is live. */
enum db_status sweeper_delete_sweep(struct sweeper *sweeper, int64_t sweep);

#endif
