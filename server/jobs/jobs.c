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

static void init_locks(struct jobs *jobs)
{
    pthread_mutex_init(&jobs->lock, NULL);
    clock_condition_init(&jobs->queue_changed);
    clock_condition_init(&jobs->work_added);
    clock_condition_init(&jobs->work_done);
    pthread_mutex_init(&jobs->dataset_lock, NULL);
    pthread_cond_init(&jobs->dataset_opened, NULL);
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
    jobs->datasets = calloc(DATASET_MAX, sizeof *jobs->datasets);
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
    for (size_t i = 0; jobs->datasets && i < DATASET_MAX; i++)
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

void jobs_join(struct jobs *jobs)
{
    executor_interrupt(jobs);
    executor_join(jobs);
}

void jobs_free(struct jobs *jobs)
{
    if (jobs)
        free_jobs(jobs);
}

void jobs_shutdown(struct jobs *jobs)
{
    jobs_join(jobs);
    jobs_free(jobs);
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

bool jobs_disk_full(struct jobs *jobs)
{
    return atomic_load(&jobs->disk_full);
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
    case DB_FOREIGN:
    case DB_FULL:
    case DB_QUEUE_FULL:
    case DB_ERROR:
        break;
    }
    return JOBS_FAILED;
}

enum job_request job_request_for(enum run_state wanted)
{
    return wanted == RUN_STOPPED  ? REQUEST_STOP
           : wanted == RUN_PAUSED ? REQUEST_PAUSE
                                  : REQUEST_NONE;
}

/* What is wanted of a running run stands in its row first. A worker that has just claimed
 * it, and has no trainer yet, reads it there; so does who records the end of a trainer.
 * A trainer that there is is told also where the store fails. */
static enum jobs_status ask(struct jobs *jobs, int64_t run, enum run_state to,
                            enum run_state *actual)
{
    enum jobs_status stored = from_db(db_run_ask(jobs->db, run, to, actual));
    if (stored == JOBS_NOT_FOUND)
        return stored;
    if (stored == JOBS_OK && *actual != RUN_RUNNING) {
        jobs_publish(jobs, run);
        return JOBS_OK;
    }
    enum jobs_status told = executor_cancel(jobs, run, job_request_for(to));
    if (told != JOBS_NOT_FOUND)
        return told;
    return stored == JOBS_OK ? JOBS_ACCEPTED : stored;
}

enum jobs_status jobs_stop(struct jobs *jobs, int64_t run, enum run_state *actual)
{
    return ask(jobs, run, RUN_STOPPED, actual);
}

enum jobs_status jobs_pause(struct jobs *jobs, int64_t run, enum run_state *actual)
{
    return ask(jobs, run, RUN_PAUSED, actual);
}

/* A run that has been claimed but has no trainer yet, or whose trainer's end is not
 * recorded yet, cannot be told now. */
enum jobs_status jobs_expire(struct jobs *jobs, int64_t run, enum run_state *actual)
{
    unsigned waiting = RUN_MASK(RUN_QUEUED) | RUN_MASK(RUN_PAUSED);
    enum jobs_status status = from_db(db_run_transition(
        jobs->db, run, waiting, RUN_STOPPED, "sweep_time_budget", NULL, actual));
    if (status == JOBS_OK)
        jobs_publish(jobs, run);
    if (status != JOBS_CONFLICT || *actual != RUN_RUNNING)
        return status;
    status = executor_cancel(jobs, run, REQUEST_EXPIRE);
    return status == JOBS_NOT_FOUND ? JOBS_FAILED : status;
}

enum jobs_status jobs_heed(struct jobs *jobs, int64_t run, enum run_state *actual)
{
    struct db_run row;
    enum jobs_status status = from_db(db_run_get(jobs->db, run, &row));
    if (status != JOBS_OK)
        return status;
    enum job_request request = job_request_for(row.wanted);
    *actual = row.state;
    db_run_clear(&row);
    if (*actual == RUN_RUNNING && request != REQUEST_NONE)
        executor_cancel(jobs, run, request);
    return JOBS_OK;
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
