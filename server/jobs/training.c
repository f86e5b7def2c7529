/* Training one run on a worker's thread: from its row to a trainer, from the trainer's
 * callbacks to the recorder, and to the run's end. */
#include <stdio.h>
#include <string.h>

#include "server/jobs/internal.h"
#include "server/json/config_json.h"
#include "server/json/layer_json.h"
#include "server/json/point_json.h"

/* With the lock held: waits until the disk and the batch have room for one more point. */
static void wait_for_room(struct job *job)
{
    while (!atomic_load(&job->store_failed) &&
           (atomic_load(&job->jobs->disk_full) ||
            job->filling->point_count == BATCH_POINTS ||
            job->filling->noise_count == BATCH_PROBES ||
            job->filling->step_count + job->staged_count > BATCH_STEPS))
        pthread_cond_wait(&job->jobs->work_done, &job->jobs->lock);
}

/* With the lock held: moves what the training thread has gathered into the batch. */
static void hand_over_steps(struct job *job)
{
    struct batch *batch = job->filling;
    size_t room = BATCH_STEPS - batch->step_count;
    size_t count = job->staged_count < room ? job->staged_count : room;
    memcpy(batch->steps + batch->step_count, job->staged, count * sizeof *job->staged);
    batch->step_count += count;
    job->staged_count = 0;
}

static void hand_over_state(struct job *job)
{
    struct checkpoint *filled = job->spare;
    job->spare = job->newest;
    job->newest = filled;
    job->has_newest = true;
}

/* A point with histograms took a probe, and so it has a noise scale. */
static void hand_over_layers(struct batch *batch, struct trainer *trainer, int64_t step)
{
    size_t count, histograms_before = batch->histogram_count;
    const struct layer_stats *stats = trainer_layers(trainer, &count);
    struct noise_scale noise = trainer_noise(trainer);
    for (size_t i = 0; i < count; i++) {
        layer_from_trainer(&stats[i], step, (int)i,
                           &batch->histograms[batch->histogram_count],
                           &batch->layers[batch->layer_count++]);
        batch->histogram_count += stats[i].probed;
    }
    if (batch->histogram_count > histograms_before)
        batch->noises[batch->noise_count++] = noise_from_trainer(&noise, step);
}

/* A request that came before stands. */
static void judge(struct job *job, const struct trainer *trainer,
                  const struct train_point *point)
{
    const struct jobs_observer *observer = &job->jobs->observer;
    int none = REQUEST_NONE;
    double share = (double)trainer_step(trainer) / (double)trainer_total_steps(trainer);
    if (job->sweep && observer->judge &&
        observer->judge(observer->context, job->sweep, job->run, point, share))
        atomic_compare_exchange_strong(&job->request, &none, REQUEST_PRUNE);
}

/* A point without its checkpoint must not be recorded, so running out of memory for the
 * snapshot ends the run. */
static void on_point(void *context, struct trainer *trainer,
                     const struct train_point *point)
{
    struct job *job = context;
    struct jobs *jobs = job->jobs;
    if (trainer_snapshot(trainer, job->spare) != ENGINE_OK) {
        atomic_store(&job->store_failed, true);
        return;
    }
    pthread_mutex_lock(&jobs->lock);
    wait_for_room(job);
    if (!atomic_load(&job->store_failed)) {
        hand_over_steps(job);
        hand_over_layers(job->filling, trainer, point->step);
        point_from_trainer(point, &job->filling->points[job->filling->point_count++]);
        hand_over_state(job);
        if (point->train_seconds > 0)
            job->samples_per_second = (double)point->samples / point->train_seconds;
        pthread_cond_signal(&jobs->work_added);
    }
    pthread_mutex_unlock(&jobs->lock);
    judge(job, trainer, point);
}

static void on_steps(void *context, const struct step_bucket *bucket)
{
    struct job *job = context;
    if (job->staged_count == STAGED_STEPS)
        return;
    job->staged[job->staged_count++] =
        (struct db_step_bucket){.first_step = bucket->first_step,
                                .last_step = bucket->last_step,
                                .loss_min = bucket->loss_min,
                                .loss_mean = bucket->loss_mean,
                                .loss_max = bucket->loss_max};
}

static void take_limits(struct job *job, unsigned generation,
                        struct trainer_limits *limits)
{
    pthread_mutex_lock(&job->jobs->lock);
    *limits = job->limits;
    pthread_mutex_unlock(&job->jobs->lock);
    job->limits_seen = generation;
}

static enum trainer_signal poll_job(void *context, struct trainer_limits *limits)
{
    struct job *job = context;
    unsigned generation =
        atomic_load_explicit(&job->limits_generation, memory_order_acquire);
    if (generation != job->limits_seen)
        take_limits(job, generation, limits);
    bool wanted =
        atomic_load_explicit(&job->request, memory_order_relaxed) != REQUEST_NONE ||
        atomic_load_explicit(&job->store_failed, memory_order_relaxed) ||
        atomic_load_explicit(&job->jobs->stopping, memory_order_relaxed);
    return wanted ? TRAINER_INTERRUPT : TRAINER_CONTINUE;
}

struct end {
    enum run_state state; /* RUN_STATE_COUNT: goes on at the next start */
    const char *reason;
};

static struct end end_of_interrupted(struct job *job)
{
    switch ((enum job_request)atomic_load(&job->request)) {
    case REQUEST_STOP:
        return (struct end){RUN_STOPPED, "user"};
    case REQUEST_EXPIRE:
        return (struct end){RUN_STOPPED, "sweep_time_budget"};
    case REQUEST_PRUNE:
        return (struct end){RUN_PRUNED, "pruner"};
    case REQUEST_PAUSE:
        return (struct end){RUN_PAUSED, NULL};
    case REQUEST_NONE:
        break;
    }
    return (struct end){RUN_STATE_COUNT, NULL};
}

static struct end end_of(struct job *job, enum trainer_end end)
{
    switch (end) {
    case TRAINER_EPOCHS_DONE:
    case TRAINER_TARGET_REACHED:
    case TRAINER_TIME_BUDGET:
    case TRAINER_EARLY_STOPPING:
        return (struct end){RUN_FINISHED, trainer_end_name(end)};
    case TRAINER_NOT_FINITE:
        return (struct end){RUN_DIVERGED, trainer_end_name(end)};
    case TRAINER_INTERRUPTED:
        break;
    }
    return end_of_interrupted(job);
}

/* While not even the failure of the run can be stored its row says `running`; so the run
 * stays this worker's, who tries again until the disk takes it or the process ends. */
static void insist_on_failure(struct job *job)
{
    struct jobs *jobs = job->jobs;
    pthread_mutex_lock(&jobs->lock);
    while (job->end_lost && !atomic_load(&jobs->stopping)) {
        jobs_wait_a_second(jobs);
        pthread_mutex_unlock(&jobs->lock);
        enum db_status status =
            db_run_transition(jobs->db, job->run, RUN_MASK(RUN_RUNNING), RUN_FAILED,
                              "error", job->error, NULL);
        if (status == DB_OK)
            jobs_publish(jobs, job->run);
        pthread_mutex_lock(&jobs->lock);
        job->end_lost =
            status != DB_OK && status != DB_CONFLICT && status != DB_NOT_FOUND;
    }
    pthread_mutex_unlock(&jobs->lock);
}

/* Gives the run's end to the recorder and waits until it is recorded (or given up). */
static void finish(struct job *job, struct end end, bool with_state)
{
    struct jobs *jobs = job->jobs;
    pthread_mutex_lock(&jobs->lock);
    wait_for_room(job);
    hand_over_steps(job);
    if (with_state)
        hand_over_state(job);
    job->end_state = end.state;
    job->stop_reason = end.reason;
    job->ended = true;
    job->samples_per_second = 0;
    pthread_cond_signal(&jobs->work_added);
    while (!job->end_recorded)
        pthread_cond_wait(&jobs->work_done, &jobs->lock);
    pthread_mutex_unlock(&jobs->lock);
}

/* `error` NULL: what the recorder left there, or else the lack of memory. */
static void fail(struct job *job, const char *error)
{
    pthread_mutex_lock(&job->jobs->lock);
    if (error)
        snprintf(job->error, sizeof job->error, "%s", error);
    if (!job->error[0])
        snprintf(job->error, sizeof job->error, "not enough memory");
    pthread_mutex_unlock(&job->jobs->lock);
    finish(job, (struct end){RUN_FAILED, "error"}, false);
}

void training_fail(struct job *job, const char *error)
{
    fail(job, error);
    insist_on_failure(job);
}

static bool is_left_behind(struct job *job)
{
    pthread_mutex_lock(&job->jobs->lock);
    bool left = job->left_behind;
    pthread_mutex_unlock(&job->jobs->lock);
    return left;
}

static void fail_or_leave(struct job *job, const char *error)
{
    if (is_left_behind(job))
        finish(job, (struct end){RUN_STATE_COUNT, NULL}, false);
    else
        fail(job, error);
}

static void train(struct job *job, struct trainer *trainer)
{
    struct trainer_callbacks callbacks = {
        .context = job, .on_point = on_point, .on_steps = on_steps, .poll = poll_job};
    enum trainer_end end = trainer_run(trainer, &callbacks);
    if (atomic_load(&job->store_failed) ||
        trainer_snapshot(trainer, job->spare) != ENGINE_OK)
        fail_or_leave(job, NULL);
    else
        finish(job, end_of(job, end), true);
}

/* Waits for room like a run that goes on; DB_FULL: the process ends first. */
static enum db_status cut_after(struct job *job, int64_t run, int64_t step)
{
    struct jobs *jobs = job->jobs;
    enum db_status status = db_cut_after(jobs->db, run, step);
    while (status == DB_FULL && !atomic_load(&jobs->stopping)) {
        jobs_pause_a_second(jobs);
        status = db_cut_after(jobs->db, run, step);
    }
    if (status == DB_FULL) {
        pthread_mutex_lock(&jobs->lock);
        job->left_behind = true;
        pthread_mutex_unlock(&jobs->lock);
    }
    return status;
}

/* Where the run goes on from: its checkpoint, or the start with no points. */
static bool load_state(struct job *job, const struct db_run *row,
                       const struct checkpoint **from, struct engine_error *error)
{
    char path[4096];
    *from = NULL;
    if (cut_after(job, row->id, row->checkpoint_step) != DB_OK) {
        snprintf(error->text, sizeof error->text, "the store failed");
        return false;
    }
    job->file_step = row->checkpoint_step;
    files_remove_others(job->jobs, row->id, row->checkpoint_step);
    if (row->checkpoint_step < 0)
        return true;
    files_checkpoint_path(job->jobs, row->id, row->checkpoint_step, path, sizeof path);
    if (checkpoint_read(path, job->spare, error) != ENGINE_OK)
        return false;
    *from = job->spare;
    return true;
}

/* Once the recorder is through with the run: what its states hold, several times the
 * network, may be what the store lacked, or the next request. */
static void release(struct job *job)
{
    checkpoint_clear(job->spare);
    checkpoint_clear(job->newest);
    checkpoint_clear(job->writing_state);
}

void training_run(struct job *job, const struct db_run *row)
{
    struct train_config config;
    struct config_problems problems = {.count = 0};
    struct engine_error error = {""};
    const struct dataset *dataset = NULL;
    const struct checkpoint *from;
    struct trainer *trainer = NULL;
    job->sweep = row->sweep;
    if (!config_from_text(row->config, &config, &problems)) {
        snprintf(error.text, sizeof error.text, "%s %s", problems.list[0].field,
                 problems.list[0].message);
        training_fail(job, error.text);
        return;
    }
    const char *name = config_dataset(&config)->name;
    if (jobs_dataset(job->jobs, name, &dataset, &error) != ENGINE_OK ||
        !load_state(job, row, &from, &error) ||
        trainer_new(&config, dataset, from, &trainer, &error) != ENGINE_OK) {
        fail_or_leave(job, error.text);
    } else {
        train(job, trainer);
        trainer_free(trainer);
    }
    jobs_dataset_done(job->jobs, dataset);
    release(job);
    insist_on_failure(job);
}
