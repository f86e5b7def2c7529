/* Jobs: the queue, the worker threads and the recorder.
 *
 * The database is the queue: `queued` rows, oldest first. A worker claims one by moving
 * it to `running`, trains it with the engine's trainer, and hands points and snapshots to
 * the recorder thread, which makes them durable (checkpoint file, then one transaction)
 * and only then publishes them to the hub. The trainer never waits for a disk or a client
 * unless the recorder is a whole bounded buffer behind.
 *
 * Stop, pause and shutdown are one mechanism: the trainer is interrupted before its next
 * step, its state becomes a checkpoint, and the run's next state is committed with it. */
#ifndef SERVER_JOBS_JOBS_H
#define SERVER_JOBS_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/runs.h"
#include "engine/train/trainer.h"
#include "server/events/hub.h"

struct jobs;

/* Whoever follows the runs of sweeps. Both may be NULL, and are called from any of the
 * jobs' threads with no lock held; neither may call jobs. */
struct jobs_observer {
    void *context;
    /* At each point of a run that belongs to a sweep, on its training thread and before
     * the point is recorded; `share` of its planned steps are done. True: prune it. */
    bool (*judge)(void *context, int64_t sweep, int64_t run,
                  const struct train_point *point, double share);
    /* A run's row has changed. */
    void (*changed)(void *context);
};

struct jobs_options {
    struct db *db;
    struct hub *hub;
    struct jobs_observer observer;
    const char *data_dir; /* checkpoints: DATA/runs/ID/checkpoint-STEP.safetensors */
    const char *const *dataset_dirs; /* for dataset_open */
    size_t dataset_dir_count;
    int workers;             /* 1 .. 64 */
    const char *environment; /* JSON stored with each run as it starts */
};

enum jobs_status {
    JOBS_OK,       /* done: the run's state has changed */
    JOBS_ACCEPTED, /* a live trainer was told; its state changes within a step */
    JOBS_NOT_FOUND,
    JOBS_CONFLICT, /* the run's state does not allow it */
    JOBS_FAILED,   /* the store failed */
};

/* Reconciles (runs left `running` go back to the front of the queue, orphaned checkpoint
 * files are removed), then starts the threads. NULL with a sentence in `reason` on
 * failure. Strings are copied. */
struct jobs *jobs_start(const struct jobs_options *options, char *reason, size_t size);

/* Tells every live trainer to stop at its next step, and workers to take no more runs;
 * returns at once. `jobs_shutdown` does so too, and waits. */
void jobs_interrupt(struct jobs *jobs);

/* Waits for `seconds` at most until interrupted trainers have ended and are recorded.
 * False: one is still at work (evaluating a large model, say); the process may exit
 * nevertheless, since what is stored fits together at every moment. */
bool jobs_wait(struct jobs *jobs, double seconds);

/* Interrupts every live run so that it resumes at the next start (its row stays
 * `running`), records what is pending, joins all threads. */
void jobs_join(struct jobs *jobs);
/* After `jobs_join`; NULL is nothing. */
void jobs_free(struct jobs *jobs);
/* Both. */
void jobs_shutdown(struct jobs *jobs);

/* Wakes a worker after a run has been inserted or requeued. */
void jobs_wake(struct jobs *jobs);

/* queued, paused or running -> stopped ("user"). What is asked of a running run is stored
 * before its trainer is told, and outlives the process. */
enum jobs_status jobs_stop(struct jobs *jobs, int64_t run, enum run_state *actual);
/* The same ("sweep_time_budget"), where a sweep's time is up; not stored. JOBS_FAILED: to
 * be tried again. */
enum jobs_status jobs_expire(struct jobs *jobs, int64_t run, enum run_state *actual);
/* queued or running -> paused. */
enum jobs_status jobs_pause(struct jobs *jobs, int64_t run, enum run_state *actual);
/* Tells a running run's trainer what the run's row wants of it. */
enum jobs_status jobs_heed(struct jobs *jobs, int64_t run, enum run_state *actual);
/* paused, stopped or failed -> queued, to go on from its checkpoint. */
enum jobs_status jobs_resume(struct jobs *jobs, int64_t run, enum run_state *actual);
/* Deletes rows and files of a run that is not live. */
enum jobs_status jobs_delete(struct jobs *jobs, int64_t run, enum run_state *actual);
/* A run's row has been changed together with others: tells whoever follows it. */
void jobs_publish(struct jobs *jobs, int64_t run);
/* Removes the files of a run whose row is gone. */
void jobs_remove_files(struct jobs *jobs, int64_t run);
/* Tells a live trainer its new limits (already stored in its config). */
void jobs_set_limits(struct jobs *jobs, int64_t run, const struct trainer_limits *limits);

/* The newest durable checkpoint, for model download and prediction.
 * JOBS_NOT_FOUND: the run has none yet. */
enum jobs_status jobs_read_checkpoint(struct jobs *jobs, int64_t run,
                                      struct checkpoint *into);

/* For /system and /healthz. */
struct jobs_worker_info {
    int64_t run;               /* 0: idle */
    double samples_per_second; /* of the run it is training; 0: idle */
};
size_t jobs_worker_info(struct jobs *jobs, struct jobs_worker_info *out, size_t max);
/* False if a worker or the recorder thread has ended. */
bool jobs_alive(struct jobs *jobs);

/* Whether runs wait because the disk has no room for what they found. */
bool jobs_disk_full(struct jobs *jobs);

/* A dataset, opened once and shared, until it is given back. */
enum engine_status jobs_dataset(struct jobs *jobs, const char *name,
                                const struct dataset **out, struct engine_error *error);
/* Gives it back; NULL is nothing. It stays open for the next one, unless it has been
 * removed: then it goes with the last user. */
void jobs_dataset_done(struct jobs *jobs, const struct dataset *dataset);
/* Closes one that has been removed, if nobody uses it. */
void jobs_dataset_removed(struct jobs *jobs, const struct dataset_info *info);

#endif
