/* What the rest of the server asks of jobs: their start and end, and the verbs on runs.
 * Rows that no trainer has change in the store; trainers are reached through the
 * executor.
 */
#include "server/jobs/jobs.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/jobs/executor.h"
#include "server/jobs/internal.h"

#define MAX_WORKERS 64

double jobs_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

struct timespec jobs_timespec(double seconds)
{
    double whole = floor(seconds);
    return (struct timespec){(time_t)whole, (long)((seconds - whole) * 1e9)};
}

void jobs_publish(struct jobs *jobs, int64_t run)
{
    hub_publish_current(jobs->hub, jobs->db, run);
    if (jobs->observer.changed)
        jobs->observer.changed(jobs->observer.context);
}

static bool init_job(struct jobs *jobs, struct job *job)
{
    job->jobs = jobs;
    job->filling = calloc(1, sizeof *job->filling);
    job->writing = calloc(1, sizeof *job->writing);
    return job->filling && job->writing && checkpoint_new(&job->spare) == ENGINE_OK &&
           checkpoint_new(&job->newest) == ENGINE_OK &&
           checkpoint_new(&job->writing_state) == ENGINE_OK;
}

static void clear_job(struct job *job)
{
    free(job->filling);
    free(job->writing);
    checkpoint_free(job->spare);
    checkpoint_free(job->newest);
    checkpoint_free(job->writing_state);
}

static bool copy_dirs(struct jobs *jobs, const struct jobs_options *options)
{
    jobs->dataset_dirs = calloc(options->dataset_dir_count + 1, sizeof(char *));
    for (size_t i = 0; jobs->dataset_dirs && i < options->dataset_dir_count; i++) {
        jobs->dataset_dirs[i] = strdup(options->dataset_dirs[i]);
        if (!jobs->dataset_dirs[i])
            return false;
        jobs->dataset_dir_count++;
    }
    return jobs->dataset_dirs != NULL;
}

/* Timed waits go by the clock that nobody sets. */
static void init_locks(struct jobs *jobs)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->queue_changed, &monotonic);
    pthread_cond_init(&jobs->work_added, &monotonic);
    pthread_cond_init(&jobs->work_done, &monotonic);
    pthread_mutex_init(&jobs->dataset_lock, NULL);
    pthread_cond_init(&jobs->dataset_opened, NULL);
    pthread_condattr_destroy(&monotonic);
}

static bool init_jobs(struct jobs *jobs, const struct jobs_options *options)
{
    jobs->db = options->db;
    jobs->hub = options->hub;
    jobs->observer = options->observer;
    jobs->wakes = 1;
    jobs->data_dir = strdup(options->data_dir);
    jobs->environment = strdup(options->environment);
    jobs->jobs = calloc((size_t)options->workers, sizeof *jobs->jobs);
    dataset_list(&jobs->dataset_count);
    jobs->datasets = calloc(jobs->dataset_count, sizeof *jobs->datasets);
    if (!jobs->data_dir || !jobs->environment || !jobs->jobs || !jobs->datasets ||
        !copy_dirs(jobs, options))
        return false;
    for (int i = 0; i < options->workers; i++) {
        jobs->job_count++;
        if (!init_job(jobs, &jobs->jobs[i]))
            return false;
    }
    return true;
}

static void free_jobs(struct jobs *jobs)
{
    for (size_t i = 0; i < jobs->job_count; i++)
        clear_job(&jobs->jobs[i]);
    for (size_t i = 0; i < jobs->dataset_dir_count; i++)
        free(jobs->dataset_dirs[i]);
    for (size_t i = 0; jobs->datasets && i < jobs->dataset_count; i++)
        dataset_close(jobs->datasets[i].dataset);
    free(jobs->dataset_dirs);
    free(jobs->datasets);
    free(jobs->interrupted);
    free(jobs->jobs);
    free(jobs->data_dir);
    free(jobs->environment);
    free(jobs);
}

struct jobs *jobs_start(const struct jobs_options *options, char *reason, size_t size)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    snprintf(reason, size, "not enough memory");
    if (!jobs)
        return NULL;
    init_locks(jobs);
    if (options->workers < 1 || options->workers > MAX_WORKERS ||
        !init_jobs(jobs, options)) {
        free_jobs(jobs);
        return NULL;
    }
    enum db_status reconciled = reconcile(jobs);
    if (reconciled != DB_OK) {
        snprintf(reason, size, "cannot take up the runs of the last start: %s",
                 db_status_name(reconciled));
        free_jobs(jobs);
        return NULL;
    }
    int error = executor_start(jobs);
    if (error) {
        snprintf(reason, size, "cannot start threads: %s", strerror(error));
        jobs_shutdown(jobs);
        return NULL;
    }
    return jobs;
}

void jobs_interrupt(struct jobs *jobs)
{
    executor_interrupt(jobs);
}

bool jobs_wait(struct jobs *jobs, double seconds)
{
    return executor_wait(jobs, seconds);
}

void jobs_shutdown(struct jobs *jobs)
{
    executor_interrupt(jobs);
    executor_join(jobs);
    free_jobs(jobs);
}

void jobs_wake(struct jobs *jobs)
{
    executor_submit(jobs);
}

void jobs_set_limits(struct jobs *jobs, int64_t run, const struct trainer_limits *limits)
{
    executor_set_limits(jobs, run, limits);
}

size_t jobs_worker_info(struct jobs *jobs, struct jobs_worker_info *out, size_t max)
{
    return executor_poll(jobs, out, max);
}

bool jobs_alive(struct jobs *jobs)
{
    return executor_is_alive(jobs);
}

static enum jobs_status from_db(enum db_status status)
{
    switch (status) {
    case DB_OK:
        return JOBS_OK;
    case DB_NOT_FOUND:
        return JOBS_NOT_FOUND;
    case DB_CONFLICT:
        return JOBS_CONFLICT;
    case DB_INVALID:
    case DB_NO_MEMORY:
    case DB_BUSY:
    case DB_NEWER:
    case DB_FULL:
    case DB_QUEUE_FULL:
    case DB_ERROR:
        break;
    }
    return JOBS_FAILED;
}

/* For moments in which a row says `running` and no trainer can be asked: between a
 * worker's claim and its start, and between a trainer's end and its record. */
#define MOMENTS        400
#define MOMENT_SECONDS 0.005

static void wait_a_moment(void)
{
    nanosleep(&(struct timespec){0, (long)(MOMENT_SECONDS * 1e9)}, NULL);
}

/* A live trainer is asked, and only its own end changes the row; a run that waits changes
 * in the database. */
static enum jobs_status interrupt_run(struct jobs *jobs, int64_t run,
                                      enum job_request request, unsigned waiting,
                                      enum run_state to, const char *reason,
                                      enum run_state *actual)
{
    for (int moment = 0; moment < MOMENTS; moment++) {
        *actual = RUN_RUNNING;
        enum jobs_status asked = executor_cancel(jobs, run, request);
        if (asked != JOBS_NOT_FOUND)
            return asked;
        enum jobs_status status =
            from_db(db_run_transition(jobs->db, run, waiting, to, reason, NULL, actual));
        if (status == JOBS_OK)
            jobs_publish(jobs, run);
        if (status != JOBS_CONFLICT || *actual != RUN_RUNNING)
            return status;
        if (executor_is_stuck(jobs, run))
            break;
        wait_a_moment();
    }
    return JOBS_FAILED;
}

enum jobs_status jobs_stop(struct jobs *jobs, int64_t run, enum run_state *actual)
{
    unsigned waiting = RUN_MASK(RUN_QUEUED) | RUN_MASK(RUN_PAUSED);
    return interrupt_run(jobs, run, REQUEST_STOP, waiting, RUN_STOPPED, "user", actual);
}

enum jobs_status jobs_expire(struct jobs *jobs, int64_t run, enum run_state *actual)
{
    unsigned waiting = RUN_MASK(RUN_QUEUED) | RUN_MASK(RUN_PAUSED);
    return interrupt_run(jobs, run, REQUEST_EXPIRE, waiting, RUN_STOPPED,
                         "sweep_time_budget", actual);
}

enum jobs_status jobs_pause(struct jobs *jobs, int64_t run, enum run_state *actual)
{
    unsigned waiting = RUN_MASK(RUN_QUEUED);
    return interrupt_run(jobs, run, REQUEST_PAUSE, waiting, RUN_PAUSED, NULL, actual);
}

bool jobs_is_pausing(struct jobs *jobs, int64_t run)
{
    return executor_is_pausing(jobs, run);
}

enum jobs_status jobs_resume(struct jobs *jobs, int64_t run, enum run_state *actual)
{
    unsigned mask = RUN_MASK(RUN_PAUSED) | RUN_MASK(RUN_STOPPED) | RUN_MASK(RUN_FAILED);
    enum jobs_status status =
        from_db(db_run_transition(jobs->db, run, mask, RUN_QUEUED, NULL, NULL, actual));
    if (status != JOBS_OK)
        return status;
    jobs_publish(jobs, run);
    jobs_wake(jobs);
    return JOBS_OK;
}

enum jobs_status jobs_delete(struct jobs *jobs, int64_t run, enum run_state *actual)
{
    enum jobs_status status = from_db(db_run_delete(jobs->db, run, actual));
    if (status != JOBS_OK)
        return status;
    files_remove_run(jobs, run);
    hub_publish_deleted(jobs->hub, run);
    return JOBS_OK;
}

void jobs_remove_files(struct jobs *jobs, int64_t run)
{
    files_remove_run(jobs, run);
}

/* The recorder may replace the file between the look at the row and the opening: then the
 * row names the next one. */
enum jobs_status jobs_read_checkpoint(struct jobs *jobs, int64_t run,
                                      struct checkpoint *into)
{
    enum jobs_status status = JOBS_FAILED;
    for (int attempt = 0; attempt < 5 && status == JOBS_FAILED; attempt++) {
        struct db_run row;
        char path[4096];
        status = from_db(db_run_get(jobs->db, run, &row));
        if (status != JOBS_OK)
            return status;
        int64_t step = row.checkpoint_step;
        db_run_clear(&row);
        if (step < 0)
            return JOBS_NOT_FOUND;
        if (!files_checkpoint_path(jobs, run, step, path, sizeof path) ||
            checkpoint_read(path, into, NULL) != ENGINE_OK)
            status = JOBS_FAILED;
    }
    return status;
}
