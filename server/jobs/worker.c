/* A worker thread: claims the oldest queued run, has it trained, takes the next. */
#include "server/jobs/internal.h"

void jobs_wait_a_second(struct jobs *jobs)
{
    struct timespec time = clock_timespec(clock_seconds() + 1);
    pthread_cond_timedwait(&jobs->queue_changed, &jobs->lock, &time);
}

void jobs_pause_a_second(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    if (!atomic_load(&jobs->stopping))
        jobs_wait_a_second(jobs);
    pthread_mutex_unlock(&jobs->lock);
}

static void begin(struct job *job, int64_t run)
{
    pthread_mutex_lock(&job->jobs->lock);
    job->run = run;
    batch_clear(job->filling);
    job->has_newest = job->ended = job->end_recorded = false;
    job->end_lost = job->left_behind = false;
    job->samples_per_second = 0;
    job->error[0] = '\0';
    job->staged_count = 0;
    job->wrote_before = false;
    job->file_step = -1;
    atomic_store(&job->request, REQUEST_NONE);
    atomic_store(&job->store_failed, false);
    job->limits_seen = atomic_load(&job->limits_generation);
    pthread_mutex_unlock(&job->jobs->lock);
}

static void end(struct job *job)
{
    pthread_mutex_lock(&job->jobs->lock);
    job->run = 0;
    job->samples_per_second = 0;
    pthread_mutex_unlock(&job->jobs->lock);
}

/* What was wanted of the run before its job could be found; what was asked since stands.
 */
static void heed(struct job *job, enum run_state wanted)
{
    int none = REQUEST_NONE;
    atomic_compare_exchange_strong(&job->request, &none, (int)job_request_for(wanted));
}

/* The row is read only after the job can be found, so that a stop that misses the job is
 * seen in the row, and one that misses the row finds the job. */
static void run_job(struct job *job, int64_t run)
{
    struct jobs *jobs = job->jobs;
    struct db_run row;
    begin(job, run);
    enum db_status status = db_run_get(jobs->db, run, &row);
    if (status == DB_OK) {
        if (row.state == RUN_RUNNING) {
            if (db_run_set_environment(jobs->db, run, jobs->environment) == DB_OK)
                jobs_publish(jobs, run);
            heed(job, row.wanted);
            training_run(job, &row);
        }
        db_run_clear(&row);
    } else if (status != DB_NOT_FOUND) {
        training_fail(job, "the run's row could not be read");
    }
    end(job);
}

/* A run that the last process was training, else the oldest in the queue. */
static enum db_status claim(struct jobs *jobs, int64_t *run)
{
    enum db_status status = DB_CONFLICT;
    while (status == DB_CONFLICT || status == DB_NOT_FOUND) {
        pthread_mutex_lock(&jobs->lock);
        bool any = jobs->interrupted_taken < jobs->interrupted_count;
        *run = any ? jobs->interrupted[jobs->interrupted_taken++] : 0;
        pthread_mutex_unlock(&jobs->lock);
        if (!any)
            return db_run_claim(jobs->db, run);
        status = db_run_transition(jobs->db, *run, RUN_MASK(RUN_QUEUED), RUN_RUNNING,
                                   NULL, NULL, NULL);
    }
    return status;
}

/* True to go on claiming; false to end. Waits while nothing has changed since `seen`, but
 * not for long after a claim that the store refused. */
static bool wait_for_queue(struct jobs *jobs, unsigned *seen, bool refused)
{
    pthread_mutex_lock(&jobs->lock);
    if (refused && !atomic_load(&jobs->stopping) && jobs->wakes == *seen)
        jobs_wait_a_second(jobs);
    while (!refused && !atomic_load(&jobs->stopping) && jobs->wakes == *seen)
        pthread_cond_wait(&jobs->queue_changed, &jobs->lock);
    *seen = jobs->wakes;
    bool go_on = !atomic_load(&jobs->stopping);
    pthread_mutex_unlock(&jobs->lock);
    return go_on;
}

void *worker_main(void *context)
{
    struct job *job = context;
    struct jobs *jobs = job->jobs;
    unsigned seen = 0; /* jobs->wakes starts at 1: the first look is at once */
    enum db_status status = DB_NOT_FOUND;
    while (wait_for_queue(jobs, &seen, status != DB_NOT_FOUND)) {
        int64_t run;
        while (!atomic_load(&jobs->stopping) && (status = claim(jobs, &run)) == DB_OK)
            run_job(job, run);
    }
    pthread_mutex_lock(&jobs->lock);
    atomic_fetch_sub(&jobs->threads_alive, 1);
    pthread_cond_broadcast(&jobs->work_done);
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}
