/* The recorder thread: makes what trainers hand over durable, then public.
 *
 * A round takes what is pending of every run that is due, writes each run's newest state
 * to its checkpoint file, then all rows in one transaction, and only then tells the hub.
 * The row names the checkpoint's step, so a crash at any point leaves a row and a file
 * that fit each other. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/jobs/internal.h"

/* Rounds of one run are this far apart (seconds), but for its first point and its end: as
 * often as the page draws. Each costs a checkpoint, an fsync and time on a busy core. */
#define ROUND_SECONDS 0.25
#define ATTEMPTS      4

void batch_clear(struct batch *batch)
{
    batch->point_count = batch->layer_count = batch->histogram_count =
        batch->noise_count = batch->step_count = 0;
}

static bool has_work(const struct job *job)
{
    return job->run && !job->end_recorded &&
           (job->filling->point_count > 0 || job->ended);
}

/* Seconds until the job's work may be written; 0: now. With the lock held. */
static double time_left(const struct job *job, double now)
{
    bool full = job->filling->point_count > BATCH_POINTS / 2 ||
                job->filling->noise_count > BATCH_PROBES / 2 ||
                job->filling->step_count > BATCH_STEPS / 2;
    if (job->ended || !job->wrote_before || full)
        return 0;
    return fmax(0, job->last_write + ROUND_SECONDS - now);
}

/* One run's share of a round. */
struct share {
    struct job *job;
    int64_t run;
    bool has_state, ended, failed;
    bool full; /* `failed` for want of room on the disk */
    bool lost; /* nothing of its end could be stored, not even that it failed */
    struct db_record record;
    char error[512];
};

/* After a round that could not be stored nothing more of the run may be: its points would
 * have a hole. */
static void drop_if_failed(struct job *job)
{
    if (!atomic_load(&job->store_failed))
        return;
    batch_clear(job->filling);
    job->has_newest = false;
}

/* With the lock held: the job's buffers change hands. */
static void take(struct job *job, struct share *share)
{
    drop_if_failed(job);
    struct batch *taken = job->filling;
    job->filling = job->writing;
    batch_clear(job->filling);
    job->writing = taken;
    *share = (struct share){
        .job = job, .run = job->run, .has_state = job->has_newest, .ended = job->ended};
    if (job->has_newest) {
        struct checkpoint *state = job->newest;
        job->newest = job->writing_state;
        job->writing_state = state;
        job->has_newest = false;
    }
    snprintf(share->error, sizeof share->error, "%s", job->error);
    share->record = (struct db_record){
        .run = job->run,
        .points = taken->points,
        .point_count = taken->point_count,
        .layers = taken->layers,
        .layer_count = taken->layer_count,
        .noises = taken->noises,
        .noise_count = taken->noise_count,
        .steps = taken->steps,
        .step_count = taken->step_count,
        .checkpoint_step = -1,
        .end_state = job->ended ? job->end_state : RUN_STATE_COUNT,
        .stop_reason = job->stop_reason,
        .train_seconds = NAN,
        .cpu_seconds = NAN,
    };
}

/* With the lock held: waits until a run is due or the recorder is to end (0 shares). */
static size_t wait_for_shares(struct jobs *jobs, struct share *shares)
{
    for (;;) {
        double now = clock_seconds(), soonest = INFINITY;
        size_t count = 0;
        for (size_t i = 0; i < jobs->job_count; i++) {
            struct job *job = &jobs->jobs[i];
            double left = has_work(job) ? time_left(job, now) : INFINITY;
            if (left <= 0)
                take(job, &shares[count++]);
            soonest = fmin(soonest, left);
        }
        if (count > 0 || jobs->recorder_stopping)
            return count;
        if (isinf(soonest)) {
            pthread_cond_wait(&jobs->work_added, &jobs->lock);
        } else {
            struct timespec time = clock_timespec(now + soonest);
            pthread_cond_timedwait(&jobs->work_added, &jobs->lock, &time);
        }
    }
}

static void write_checkpoint(struct jobs *jobs, struct share *share)
{
    char path[4096];
    struct engine_error error = {"the checkpoint's folder cannot be made"};
    enum engine_status status = ENGINE_IO;
    if (!share->has_state)
        return;
    int64_t step = checkpoint_step(share->job->writing_state);
    if (share->job->file_step < 0 && !files_make_folder(jobs, share->run))
        status = engine_status_of(errno);
    else if (files_checkpoint_path(jobs, share->run, step, path, sizeof path))
        status = checkpoint_write(share->job->writing_state, path, &error);
    share->failed = status != ENGINE_OK;
    share->full = status == ENGINE_FULL;
    share->record.checkpoint_step = step;
    if (share->failed)
        snprintf(share->error, sizeof share->error, "%s", error.text);
}

/* Tells trainers to wait or to go on, and pages of it. */
static void set_disk_full(struct jobs *jobs, bool full)
{
    if (atomic_load(&jobs->disk_full) == full)
        return;
    pthread_mutex_lock(&jobs->lock);
    atomic_store(&jobs->disk_full, full);
    pthread_cond_broadcast(&jobs->work_done);
    pthread_mutex_unlock(&jobs->lock);
    if (atomic_load(&jobs->stopping))
        return;
    hub_publish_disk(jobs->hub, full);
    fprintf(stderr, full ? "sweetspot: the disk is full; runs wait for room\n"
                         : "sweetspot: runs no longer wait for room on the disk\n");
}

/* Whether to try once more, after a pause. A full disk costs no run, however long it
 * stays so; whatever else is wrong has a few attempts to pass. A process that is to end
 * has no time for either. */
static bool try_again(struct jobs *jobs, bool full, int attempt)
{
    if (atomic_load(&jobs->stopping) || (!full && attempt + 1 >= ATTEMPTS))
        return false;
    if (!full) {
        nanosleep(&(struct timespec){0, 50000000L << attempt}, NULL);
        return true;
    }
    set_disk_full(jobs, true);
    jobs_pause_a_second(jobs);
    return true;
}

static void write_checkpoints(struct jobs *jobs, struct share *shares, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int attempt = 0;
        do {
            write_checkpoint(jobs, &shares[i]);
        } while (shares[i].failed && try_again(jobs, shares[i].full, attempt++));
    }
}

static void write_row(struct jobs *jobs, struct share *share)
{
    enum db_status status =
        share->failed ? DB_OK : db_record(jobs->db, &share->record, 1);
    if (status == DB_OK)
        return;
    share->failed = true;
    share->full = status == DB_FULL;
    if (status == DB_CONFLICT)
        snprintf(share->error, sizeof share->error,
                 "its row is gone or does not say running");
    else
        snprintf(share->error, sizeof share->error, "the store failed: %s",
                 db_status_name(status));
}

/* Neither a row that is gone nor one that another state has been written to comes back.
 */
static bool worth_another_try(enum db_status status)
{
    return status != DB_OK && status != DB_NOT_FOUND && status != DB_CONFLICT;
}

/* All in one transaction; where that fails, each by itself, so that one run's trouble
 * does not become the others'. */
static void write_rows(struct jobs *jobs, struct share *shares, size_t count)
{
    struct db_record records[64];
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        shares[i].record.error = shares[i].error[0] ? shares[i].error : NULL;
        if (!shares[i].failed)
            records[used++] = shares[i].record;
    }
    enum db_status status = DB_OK;
    int attempt = 0;
    do {
        status = used > 0 ? db_record(jobs->db, records, used) : DB_OK;
    } while (worth_another_try(status) && try_again(jobs, status == DB_FULL, attempt++));
    for (size_t i = 0; i < count && status != DB_OK; i++)
        write_row(jobs, &shares[i]);
}

static void publish(struct jobs *jobs, struct share *share)
{
    struct job *job = share->job;
    for (size_t i = 0; i < share->record.point_count; i++)
        hub_publish_point(jobs->hub, share->run, &share->record.points[i]);
    jobs_publish(jobs, share->run);
    if (share->record.checkpoint_step >= 0 &&
        job->file_step != share->record.checkpoint_step) {
        char path[4096];
        if (job->file_step >= 0 &&
            files_checkpoint_path(jobs, share->run, job->file_step, path, sizeof path))
            unlink(path);
        job->file_step = share->record.checkpoint_step;
    }
}

/* The run cannot be recorded: once its trainer has ended it is `failed`, where at least
 * that can be stored and its row says `running`; one that says otherwise keeps its word.
 * One that ends with the process, or on a disk that is still full then, stays `running`:
 * the next start takes it up where it is durable. */
static void give_up(struct jobs *jobs, struct share *share)
{
    if (!atomic_load(&share->job->store_failed))
        fprintf(stderr, "sweetspot: run %lld could not be recorded: %s\n",
                (long long)share->run, share->error);
    if (!share->ended || share->full || share->record.end_state == RUN_STATE_COUNT)
        return;
    enum db_status status = db_run_transition(jobs->db, share->run, RUN_MASK(RUN_RUNNING),
                                              RUN_FAILED, "error", share->error, NULL);
    share->lost = worth_another_try(status);
    if (status == DB_OK)
        jobs_publish(jobs, share->run);
}

/* The trainer sees `store_failed` only when the reason stands beside it. */
static void settle(struct jobs *jobs, struct share *share)
{
    pthread_mutex_lock(&jobs->lock);
    struct job *job = share->job;
    if (share->failed) {
        if (!job->error[0])
            snprintf(job->error, sizeof job->error, "%s", share->error);
        job->left_behind = share->full;
        atomic_store(&job->store_failed, true);
    }
    job->wrote_before = true;
    job->last_write = clock_seconds();
    if (share->ended) {
        job->end_recorded = true;
        job->end_lost = share->lost;
    }
    pthread_cond_broadcast(&jobs->work_done);
    pthread_mutex_unlock(&jobs->lock);
}

static void do_round(struct jobs *jobs, struct share *shares, size_t count)
{
    write_checkpoints(jobs, shares, count);
    write_rows(jobs, shares, count);
    set_disk_full(jobs, false);
    for (size_t i = 0; i < count; i++) {
        if (shares[i].failed)
            give_up(jobs, &shares[i]);
        else
            publish(jobs, &shares[i]);
        settle(jobs, &shares[i]);
    }
}

void *recorder_main(void *context)
{
    struct jobs *jobs = context;
    struct share shares[64];
    size_t count;
    do {
        pthread_mutex_lock(&jobs->lock);
        count = wait_for_shares(jobs, shares);
        pthread_mutex_unlock(&jobs->lock);
        do_round(jobs, shares, count);
    } while (count > 0);
    atomic_fetch_sub(&jobs->threads_alive, 1);
    return NULL;
}
