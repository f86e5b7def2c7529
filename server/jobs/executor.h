/* Where runs are trained: what jobs know of their workers.
 *
 * A run is submitted by its row in the queue, cancelled by its id, and its worker polled;
 * results come back through the store. This process's executor is worker threads; one
 * that starts trainers elsewhere has to offer no more than this. */
#ifndef SERVER_JOBS_EXECUTOR_H
#define SERVER_JOBS_EXECUTOR_H

#include "server/jobs/jobs.h"

enum job_request {
    REQUEST_NONE,
    REQUEST_PAUSE,
    REQUEST_PRUNE,
    REQUEST_EXPIRE,
    REQUEST_STOP,
};

/* 0, or the error number of the thread that could not be started. */
int executor_start(struct jobs *jobs);

/* Tells all trainers to stop at their next step and workers to take no more runs. */
void executor_interrupt(struct jobs *jobs);
/* True if all workers have ended within `seconds`. */
bool executor_wait(struct jobs *jobs, double seconds);
/* After `executor_interrupt`: waits for all threads, with all they had recorded. */
void executor_join(struct jobs *jobs);

/* A run has been queued. */
void executor_submit(struct jobs *jobs);

/* Asks the run's trainer to end. JOBS_ACCEPTED: it will, within a step. JOBS_CONFLICT: a
 * pause, where it was told to end. JOBS_NOT_FOUND: none trains it. */
enum jobs_status executor_cancel(struct jobs *jobs, int64_t run,
                                 enum job_request request);
void executor_set_limits(struct jobs *jobs, int64_t run,
                         const struct trainer_limits *limits);

/* What each worker does now. */
size_t executor_poll(struct jobs *jobs, struct jobs_worker_info *out, size_t max);
bool executor_is_alive(struct jobs *jobs);

#endif
