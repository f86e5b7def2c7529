#include "server/sweeps/sweeper.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/array.h"
#include "server/sweeps/internal.h"

/* While sweeps run they are looked at this often (seconds) without being woken: their
 * time budgets, and launches that the store refused. */
#define LOOK_SECONDS 0.5

struct sweeper *sweeper_new(struct db *db, struct hub *hub, int workers,
                            int64_t queue_limit)
{
    struct sweeper *sweeper = calloc(1, sizeof *sweeper);
    if (!sweeper)
        return NULL;
    sweeper->db = db;
    sweeper->hub = hub;
    sweeper->workers = workers;
    sweeper->queue_limit = queue_limit;
    pthread_mutex_init(&sweeper->lock, NULL);
    clock_condition_init(&sweeper->woken);
    return sweeper;
}

void sweeper_free(struct sweeper *sweeper)
{
    if (!sweeper)
        return;
    for (size_t i = 0; i < sweeper->active_count; i++)
        active_free(sweeper->actives[i]);
    pthread_cond_destroy(&sweeper->woken);
    pthread_mutex_destroy(&sweeper->lock);
    free(sweeper->actives);
    free(sweeper->settle);
    free(sweeper);
}

/* --- what jobs call ----------------------------------------------------------------- */

/* With the lock held. */
static struct active *find_active(struct sweeper *sweeper, int64_t sweep)
{
    for (size_t i = 0; i < sweeper->active_count; i++)
        if (sweeper->actives[i]->id == sweep)
            return sweeper->actives[i];
    return NULL;
}

static bool judge(void *context, int64_t sweep, int64_t run,
                  const struct train_point *point, double share)
{
    struct sweeper *sweeper = context;
    bool prune = false;
    pthread_mutex_lock(&sweeper->lock);
    struct active *active = find_active(sweeper, sweep);
    if (active && active->pruner) {
        double seconds =
            sweep_spec_seconds(&active->spec, point->train_seconds, point->cpu_seconds);
        struct pruner_point heard = {
            .seconds = seconds,
            .samples = point->samples,
            .accuracy =
                isnan(point->val_accuracy) ? point->test_accuracy : point->val_accuracy,
            .end_seconds = share > 0 ? seconds / share : INFINITY};
        prune = pruner_hear(active->pruner, run, &heard);
    }
    pthread_mutex_unlock(&sweeper->lock);
    return prune;
}

static void changed(void *context)
{
    struct sweeper *sweeper = context;
    pthread_mutex_lock(&sweeper->lock);
    sweeper->changed = true;
    if (sweeper->active_count > 0)
        pthread_cond_signal(&sweeper->woken);
    pthread_mutex_unlock(&sweeper->lock);
}

struct jobs_observer sweeper_observer(struct sweeper *sweeper)
{
    return (struct jobs_observer){sweeper, judge, changed};
}

/* --- sweeps come and go ------------------------------------------------------------- */

void sweeper_wake(struct sweeper *sweeper, int64_t sweep)
{
    pthread_mutex_lock(&sweeper->lock);
    if (array_grow(&sweeper->settle, sweeper->settle_count, &sweeper->settle_capacity,
                   sizeof *sweeper->settle))
        sweeper->settle[sweeper->settle_count++] = sweep;
    else
        sweeper->missed = true;
    pthread_cond_signal(&sweeper->woken);
    pthread_mutex_unlock(&sweeper->lock);
}

void sweeper_drop(struct sweeper *sweeper, struct active *active)
{
    pthread_mutex_lock(&sweeper->lock);
    for (size_t i = 0; i < sweeper->active_count; i++)
        if (sweeper->actives[i] == active)
            sweeper->actives[i] = sweeper->actives[--sweeper->active_count];
    pthread_mutex_unlock(&sweeper->lock);
    active_free(active);
}

static void fail_sweep(struct sweeper *sweeper, int64_t id, const char *error)
{
    if (db_sweep_transition(sweeper->db, id, SWEEP_MASK(SWEEP_RUNNING), SWEEP_STOPPED,
                            "error", error, NULL) == DB_OK)
        hub_publish_current_sweep(sweeper->hub, sweeper->db, id);
}

/* False where it should be tried again later. */
static bool take_up(struct sweeper *sweeper, const struct db_sweep *row)
{
    struct active *active;
    enum db_status status = active_new(sweeper->db, row, &active);
    if (status == DB_INVALID)
        fail_sweep(sweeper, row->id, "its stored description cannot be read");
    if (status != DB_OK)
        return status == DB_INVALID;
    active->started_at = clock_seconds();
    pthread_mutex_lock(&sweeper->lock);
    bool added = array_grow(&sweeper->actives, sweeper->active_count,
                            &sweeper->active_capacity, sizeof(struct active *));
    if (added)
        sweeper->actives[sweeper->active_count++] = active;
    pthread_mutex_unlock(&sweeper->lock);
    if (!added)
        active_free(active);
    return added;
}

bool sweeper_act_on_runs(struct sweeper *sweeper, int64_t sweep, unsigned mask,
                         enum jobs_status (*act)(struct jobs *, int64_t,
                                                 enum run_state *))
{
    int64_t *runs;
    size_t count;
    enum run_state actual;
    bool done = true;
    if (db_sweep_run_ids(sweeper->db, sweep, mask, &runs, &count) != DB_OK)
        return false;
    for (size_t i = 0; i < count; i++)
        done = act(sweeper->jobs, runs[i], &actual) != JOBS_FAILED && done;
    free(runs);
    return done;
}

/* It was extended while it came to its end: there is more to do. */
static bool reopen(struct sweeper *sweeper, const struct db_sweep *row)
{
    enum db_status status =
        db_sweep_transition(sweeper->db, row->id, SWEEP_MASK(SWEEP_FINISHED),
                            SWEEP_RUNNING, NULL, NULL, NULL);
    if (status != DB_OK)
        return status == DB_CONFLICT || status == DB_NOT_FOUND;
    hub_publish_current_sweep(sweeper->hub, sweeper->db, row->id);
    return take_up(sweeper, row);
}

/* Does what a sweep's row says: its plan may have changed, or its state, and with that
 * what is wanted of its runs. False: try again later. */
static bool settle(struct sweeper *sweeper, int64_t id)
{
    struct db_sweep row;
    bool done = true;
    enum db_status status = db_sweep_get(sweeper->db, id, &row);
    struct active *active = find_active(sweeper, id);
    if (active)
        sweeper_drop(sweeper, active);
    if (status == DB_NOT_FOUND)
        return sweeper_purge(sweeper, id);
    if (status != DB_OK)
        return false;
    switch (row.state) {
    case SWEEP_RUNNING:
        done = take_up(sweeper, &row);
        break;
    case SWEEP_PAUSED:
    case SWEEP_STOPPED:
        done = sweeper_act_on_runs(sweeper, id, RUN_MASK(RUN_RUNNING), jobs_heed);
        break;
    case SWEEP_FINISHED:
        done = row.launched >= row.total_runs || reopen(sweeper, &row);
        break;
    case SWEEP_DELETING:
    case SWEEP_STATE_COUNT:
        break;
    }
    db_sweep_clear(&row);
    return done;
}

/* --- the thread --------------------------------------------------------------------- */

/* With the lock held: waits for something to do; false to end. */
static bool wait_for_work(struct sweeper *sweeper)
{
    double until = clock_seconds() + LOOK_SECONDS;
    struct timespec time = clock_timespec(until);
    bool named = sweeper->settle_count > 0 || sweeper->missed;
    bool idle = sweeper->active_count == 0 && !named;
    bool busy = named || sweeper->changed;
    if (!sweeper->stopping && idle)
        pthread_cond_wait(&sweeper->woken, &sweeper->lock);
    else if (!sweeper->stopping && (!busy || sweeper->refused))
        pthread_cond_timedwait(&sweeper->woken, &sweeper->lock, &time);
    sweeper->changed = sweeper->refused = false;
    return !sweeper->stopping;
}

/* Takes the list of sweeps whose rows have changed. */
static int64_t *take_settle(struct sweeper *sweeper, size_t *count)
{
    int64_t *taken = sweeper->settle;
    *count = sweeper->settle_count;
    sweeper->settle = NULL;
    sweeper->settle_count = sweeper->settle_capacity = 0;
    return taken;
}

static void settle_all(struct sweeper *sweeper, const int64_t *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (settle(sweeper, ids[i]))
            continue;
        sweeper_wake(sweeper, ids[i]);
        pthread_mutex_lock(&sweeper->lock);
        sweeper->refused = true;
        pthread_mutex_unlock(&sweeper->lock);
    }
}

static void tell_of_clock(int64_t sweep)
{
    fprintf(stderr, "sweetspot: the clock of sweep %lld could not be stored\n",
            (long long)sweep);
}

/* The clocks of sweeps that an earlier process left running go on from now. */
static bool start_clocks(struct sweeper *sweeper)
{
    int64_t *ids = NULL;
    size_t count = 0;
    if (db_sweep_ids(sweeper->db, SWEEP_MASK(SWEEP_RUNNING), &ids, &count) != DB_OK)
        return false;
    for (size_t i = 0; i < count; i++)
        if (db_sweep_take_up(sweeper->db, ids[i]) != DB_OK)
            tell_of_clock(ids[i]);
    free(ids);
    return true;
}

/* Does what the row of each sweep says. At the start, that those go on which an earlier
 * process left running, or was deleting; and wherever one could not be remembered. */
static void look_at_all(struct sweeper *sweeper)
{
    int64_t *ids = NULL;
    size_t count = 0;
    sweeper->clocks_run = sweeper->clocks_run || start_clocks(sweeper);
    bool known =
        sweeper->clocks_run &&
        db_sweep_ids(sweeper->db, (1u << SWEEP_STATE_COUNT) - 1, &ids, &count) == DB_OK;
    if (known)
        settle_all(sweeper, ids, count);
    free(ids);
    pthread_mutex_lock(&sweeper->lock);
    sweeper->missed = sweeper->missed || !known;
    sweeper->refused = sweeper->refused || !known;
    pthread_mutex_unlock(&sweeper->lock);
}

/* For the next start: its time does not begin anew. */
static void keep_times(struct sweeper *sweeper)
{
    for (size_t i = 0; i < sweeper->active_count; i++)
        if (db_sweep_keep_time(sweeper->db, sweeper->actives[i]->id) != DB_OK)
            tell_of_clock(sweeper->actives[i]->id);
}

static void *sweeper_main(void *context)
{
    struct sweeper *sweeper = context;
    pthread_mutex_lock(&sweeper->lock);
    sweeper->missed = true;
    while (wait_for_work(sweeper)) {
        size_t count;
        bool missed = sweeper->missed;
        int64_t *ids = take_settle(sweeper, &count);
        sweeper->missed = false;
        pthread_mutex_unlock(&sweeper->lock);
        settle_all(sweeper, ids, count);
        if (missed)
            look_at_all(sweeper);
        free(ids);
        /* An advance may drop the one it is given, and puts the last in its place. */
        for (size_t i = sweeper->active_count; i-- > 0;)
            sweeper_advance(sweeper, sweeper->actives[i]);
        pthread_mutex_lock(&sweeper->lock);
    }
    pthread_mutex_unlock(&sweeper->lock);
    keep_times(sweeper);
    return NULL;
}

int sweeper_start(struct sweeper *sweeper, struct jobs *jobs)
{
    sweeper->jobs = jobs;
    int error = pthread_create(&sweeper->thread, NULL, sweeper_main, sweeper);
    sweeper->started = !error;
    return error;
}

void sweeper_stop(struct sweeper *sweeper)
{
    if (!sweeper || !sweeper->started)
        return;
    pthread_mutex_lock(&sweeper->lock);
    sweeper->stopping = true;
    pthread_cond_signal(&sweeper->woken);
    pthread_mutex_unlock(&sweeper->lock);
    pthread_join(sweeper->thread, NULL);
    sweeper->started = false;
}
