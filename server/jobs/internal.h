/* What the files of server/jobs/ share.
 *
 * Each worker thread has one `struct job` for the run it trains. The training thread
 * fills it, the recorder empties it: both sides swap whole buffers under `jobs->lock`, so
 * that neither holds the lock while it copies, writes or calls anything. */
#ifndef SERVER_JOBS_INTERNAL_H
#define SERVER_JOBS_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "db/points.h"
#include "server/clock.h"
#include "server/jobs/executor.h"
#include "server/jobs/jobs.h"

/* A trainer further ahead of the recorder than this waits for it. */
#define BATCH_POINTS 1024
/* The trainer gives at most 64 step buckets between two points. */
#define BATCH_STEPS  (64 * 256)
#define STAGED_STEPS 128
/* Histograms are large; few points take a probe. */
#define BATCH_PROBES 64

/* Rows that wait to be recorded. */
struct batch {
    struct db_point points[BATCH_POINTS];
    struct db_layer layers[BATCH_POINTS * MLP_MAX_LAYERS];
    struct db_histograms histograms[BATCH_PROBES * MLP_MAX_LAYERS]; /* of `layers` */
    struct db_noise noises[BATCH_PROBES];                           /* one a probe */
    struct db_step_bucket steps[BATCH_STEPS];
    size_t point_count, layer_count, histogram_count, noise_count, step_count;
};
void batch_clear(struct batch *batch);

struct job {
    struct jobs *jobs;
    pthread_t thread;

    /* Read by the trainer before every step. */
    atomic_int request; /* enum job_request */
    atomic_bool store_failed;
    atomic_uint limits_generation;

    /* Guarded by jobs->lock. */
    int64_t run; /* 0: idle */
    struct trainer_limits limits;
    struct batch *filling;
    struct checkpoint *newest; /* behind the last point of `filling` */
    bool has_newest;
    bool ended, end_recorded;
    bool end_lost;            /* not even that the run failed could be stored, so far */
    bool left_behind;         /* the process ends on a full disk: the next one goes on */
    enum run_state end_state; /* RUN_STATE_COUNT: the row stays running */
    const char *stop_reason;
    char error[512];
    double samples_per_second;

    /* The training thread's own. */
    int64_t sweep; /* of the run; 0: none */
    struct checkpoint *spare;
    struct db_step_bucket staged[STAGED_STEPS];
    size_t staged_count;
    unsigned limits_seen;

    /* The recorder's own. */
    struct batch *writing;
    struct checkpoint *writing_state;
    bool wrote_before;
    double last_write; /* monotonic seconds */
    int64_t file_step; /* the checkpoint file on disk; -1: none */
};

struct dataset_slot {
    struct dataset *dataset; /* NULL: not open yet */
    bool opening;
    size_t users;
};

struct jobs {
    struct db *db;
    struct hub *hub;
    struct jobs_observer observer;
    char *data_dir, *environment;
    char **dataset_dirs;
    size_t dataset_dir_count;

    pthread_mutex_t lock;         /* guards the jobs' handed-over fields and all below */
    pthread_cond_t queue_changed; /* for workers */
    pthread_cond_t work_added;    /* for the recorder */
    pthread_cond_t work_done;     /* room in a batch, an end recorded, a worker gone */
    unsigned wakes;               /* counts jobs_wake */
    atomic_bool stopping;         /* also read without the lock, before every step */
    atomic_bool disk_full;        /* trainers wait; changed by the recorder alone */
    bool recorder_stopping;
    int64_t *interrupted; /* runs to take up before the queue, oldest first */
    size_t interrupted_count, interrupted_taken;

    struct job *jobs;
    size_t job_count, threads_started;
    pthread_t recorder;
    bool recorder_started;
    atomic_int threads_alive;

    pthread_mutex_t dataset_lock; /* guards the slots */
    pthread_cond_t dataset_opened;
    struct dataset_slot *datasets;
};

/* Trains the claimed run of `row` to its end, and until that end is recorded. */
void training_run(struct job *job, const struct db_run *row);
/* Ends a run that cannot be trained; `error` NULL: what the recorder left there. */
void training_fail(struct job *job, const char *error);

void *worker_main(void *job);
void *recorder_main(void *jobs);

/* Brings rows and files left by an earlier process into a state to go on from, and fills
 * `jobs->interrupted`. */
enum db_status reconcile(struct jobs *jobs);

/* The path of a run's checkpoint; the folder is made if `create`. False: does not fit. */
bool files_checkpoint_path(const struct jobs *jobs, int64_t run, int64_t step, char *path,
                           size_t size);
bool files_make_folder(const struct jobs *jobs, int64_t run);
void files_remove_run(const struct jobs *jobs, int64_t run);
/* Removes a run's checkpoints but the one of `step`, and leftovers of broken writes. */
void files_remove_others(const struct jobs *jobs, int64_t run, int64_t step);
/* Calls `visit` for the id of each run that has a folder. */
void files_each_run(struct jobs *jobs, void (*visit)(struct jobs *jobs, int64_t run));

/* What a trainer is to be asked where its run's row wants it to become `wanted`. */
enum job_request job_request_for(enum run_state wanted);

/* With the lock held: waits for the queue to change, but for a second at most. */
void jobs_wait_a_second(struct jobs *jobs);
/* The same without the lock; returns at once where the process is to end. */
void jobs_pause_a_second(struct jobs *jobs);

#endif
