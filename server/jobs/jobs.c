#include "server/jobs/jobs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/jobs/internal.h"

#define MAX_WORKERS 64

double jobs_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void jobs_publish(struct jobs *jobs, int64_t run)
{
    hub_publish_current(jobs->hub, jobs->db, run);
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
    pthread_cond_init(&jobs->work_done, NULL);
    pthread_mutex_init(&jobs->dataset_lock, NULL);
    pthread_cond_init(&jobs->dataset_opened, NULL);
    pthread_condattr_destroy(&monotonic);
}

static bool init_jobs(struct jobs *jobs, const struct jobs_options *options)
{
    jobs->db = options->db;
    jobs->hub = options->hub;
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

/* Counted as alive from here on, so that health is right from the first moment. */
static int start_thread(struct jobs *jobs, pthread_t *thread, void *(*main)(void *),
                        void *context)
{
    atomic_fetch_add(&jobs->threads_alive, 1);
    int error = pthread_create(thread, NULL, main, context);
    if (error)
        atomic_fetch_sub(&jobs->threads_alive, 1);
    return error;
}

static int start_threads(struct jobs *jobs)
{
    int error = start_thread(jobs, &jobs->recorder, recorder_main, jobs);
    jobs->recorder_started = !error;
    for (size_t i = 0; i < jobs->job_count && !error; i++) {
        struct job *job = &jobs->jobs[i];
        error = start_thread(jobs, &job->thread, worker_main, job);
        jobs->threads_started += !error;
    }
    return error;
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
    int error = start_threads(jobs);
    if (error) {
        snprintf(reason, size, "cannot start threads: %s", strerror(error));
        jobs_shutdown(jobs);
        return NULL;
    }
    return jobs;
}

void jobs_interrupt(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    atomic_store(&jobs->stopping, true);
    pthread_cond_broadcast(&jobs->queue_changed);
    pthread_mutex_unlock(&jobs->lock);
}

void jobs_shutdown(struct jobs *jobs)
{
    jobs_interrupt(jobs);
    for (size_t i = 0; i < jobs->threads_started; i++)
        pthread_join(jobs->jobs[i].thread, NULL);
    pthread_mutex_lock(&jobs->lock);
    jobs->recorder_stopping = true;
    pthread_cond_broadcast(&jobs->work_added);
    pthread_mutex_unlock(&jobs->lock);
    if (jobs->recorder_started)
        pthread_join(jobs->recorder, NULL);
    free_jobs(jobs);
}

void jobs_wake(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->wakes++;
    pthread_cond_broadcast(&jobs->queue_changed);
    pthread_mutex_unlock(&jobs->lock);
}

/* With the lock held: the job that trains `run`, or NULL. One whose trainer has ended
 * counts no more: another worker may have the run by now. */
static struct job *find_job(struct jobs *jobs, int64_t run)
{
    for (size_t i = 0; i < jobs->job_count; i++)
        if (jobs->jobs[i].run == run && !jobs->jobs[i].ended)
            return &jobs->jobs[i];
    return NULL;
}

/* Asks a live trainer; a stop stands above a pause. One that has ended already cannot be
 * asked: its row is about to say so. */
static enum jobs_status ask(struct jobs *jobs, int64_t run, enum job_request request)
{
    enum jobs_status status = JOBS_NOT_FOUND;
    pthread_mutex_lock(&jobs->lock);
    struct job *job = find_job(jobs, run);
    if (job) {
        bool stops = atomic_load(&job->request) == REQUEST_STOP;
        status = stops && request == REQUEST_PAUSE ? JOBS_CONFLICT : JOBS_ACCEPTED;
        if (status == JOBS_ACCEPTED)
            atomic_store(&job->request, request);
    }
    pthread_mutex_unlock(&jobs->lock);
    return status;
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

/* Whether such a moment may last: the process is ending, or the disk takes no end. */
static bool is_stuck(struct jobs *jobs, int64_t run)
{
    bool stuck = atomic_load(&jobs->stopping);
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < jobs->job_count; i++) {
        const struct job *job = &jobs->jobs[i];
        stuck =
            stuck || (job->run == run && job->ended && atomic_load(&job->store_failed));
    }
    pthread_mutex_unlock(&jobs->lock);
    return stuck;
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
        enum jobs_status asked = ask(jobs, run, request);
        if (asked != JOBS_NOT_FOUND)
            return asked;
        enum jobs_status status =
            from_db(db_run_transition(jobs->db, run, waiting, to, reason, NULL, actual));
        if (status == JOBS_OK)
            jobs_publish(jobs, run);
        if (status != JOBS_CONFLICT || *actual != RUN_RUNNING)
            return status;
        if (is_stuck(jobs, run))
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

enum jobs_status jobs_pause(struct jobs *jobs, int64_t run, enum run_state *actual)
{
    unsigned waiting = RUN_MASK(RUN_QUEUED);
    return interrupt_run(jobs, run, REQUEST_PAUSE, waiting, RUN_PAUSED, NULL, actual);
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

void jobs_set_limits(struct jobs *jobs, int64_t run, const struct trainer_limits *limits)
{
    pthread_mutex_lock(&jobs->lock);
    struct job *job = find_job(jobs, run);
    if (job) {
        job->limits = *limits;
        atomic_fetch_add(&job->limits_generation, 1);
    }
    pthread_mutex_unlock(&jobs->lock);
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

size_t jobs_worker_info(struct jobs *jobs, struct jobs_worker_info *out, size_t max)
{
    size_t count = jobs->job_count < max ? jobs->job_count : max;
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < count; i++)
        out[i] = (struct jobs_worker_info){jobs->jobs[i].run,
                                           jobs->jobs[i].samples_per_second};
    pthread_mutex_unlock(&jobs->lock);
    return count;
}

bool jobs_alive(struct jobs *jobs)
{
    return (size_t)atomic_load(&jobs->threads_alive) == jobs->job_count + 1;
}
