/* The executor of this process: one thread a worker, and the recorder they share. */
#include "server/jobs/executor.h"

#include "server/jobs/internal.h"

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

int executor_start(struct jobs *jobs)
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

void executor_interrupt(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    atomic_store(&jobs->stopping, true);
    pthread_cond_broadcast(&jobs->queue_changed);
    pthread_mutex_unlock(&jobs->lock);
}

bool executor_wait(struct jobs *jobs, double seconds)
{
    double until = clock_seconds() + seconds;
    struct timespec time = clock_timespec(until);
    int recorder = jobs->recorder_started;
    pthread_mutex_lock(&jobs->lock);
    while (atomic_load(&jobs->threads_alive) > recorder && clock_seconds() < until)
        pthread_cond_timedwait(&jobs->work_done, &jobs->lock, &time);
    bool ended = atomic_load(&jobs->threads_alive) <= recorder;
    pthread_mutex_unlock(&jobs->lock);
    return ended;
}

void executor_join(struct jobs *jobs)
{
    for (size_t i = 0; i < jobs->threads_started; i++)
        pthread_join(jobs->jobs[i].thread, NULL);
    pthread_mutex_lock(&jobs->lock);
    jobs->recorder_stopping = true;
    pthread_cond_broadcast(&jobs->work_added);
    pthread_mutex_unlock(&jobs->lock);
    if (jobs->recorder_started)
        pthread_join(jobs->recorder, NULL);
}

void executor_submit(struct jobs *jobs)
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

/* Asks a live trainer; whatever ends the run stands above a pause. One that has ended
 * already cannot be asked: its row is about to say so. */
enum jobs_status executor_cancel(struct jobs *jobs, int64_t run, enum job_request request)
{
    enum jobs_status status = JOBS_NOT_FOUND;
    pthread_mutex_lock(&jobs->lock);
    struct job *job = find_job(jobs, run);
    if (job) {
        bool ends = atomic_load(&job->request) > REQUEST_PAUSE;
        status = ends && request == REQUEST_PAUSE ? JOBS_CONFLICT : JOBS_ACCEPTED;
        if (status == JOBS_ACCEPTED)
            atomic_store(&job->request, request);
    }
    pthread_mutex_unlock(&jobs->lock);
    return status;
}

void executor_set_limits(struct jobs *jobs, int64_t run,
                         const struct trainer_limits *limits)
{
    pthread_mutex_lock(&jobs->lock);
    struct job *job = find_job(jobs, run);
    if (job) {
        job->limits = *limits;
        atomic_fetch_add(&job->limits_generation, 1);
    }
    pthread_mutex_unlock(&jobs->lock);
}

size_t executor_poll(struct jobs *jobs, struct jobs_worker_info *out, size_t max)
{
    size_t count = jobs->job_count < max ? jobs->job_count : max;
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < count; i++)
        out[i] = (struct jobs_worker_info){jobs->jobs[i].run,
                                           jobs->jobs[i].samples_per_second};
    pthread_mutex_unlock(&jobs->lock);
    return count;
}

bool executor_is_alive(struct jobs *jobs)
{
    return (size_t)atomic_load(&jobs->threads_alive) == jobs->job_count + 1;
}
