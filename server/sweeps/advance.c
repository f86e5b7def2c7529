/* A running sweep, step by step: its runs end, others are launched, it is finished. */
#include <stdio.h>
#include <stdlib.h>

#include "server/json/build.h"
#include "server/json/run_json.h"
#include "server/sweeps/internal.h"

/* A sweep that moves on is told of this often (seconds). */
#define PUBLISH_SECONDS 0.5

static void note_end(struct sweeper *sweeper, struct active *active, int64_t run)
{
    struct db_trials trials;
    if (db_trials_read(sweeper->db, active->id, run, &trials) != DB_OK)
        return;
    for (size_t i = 0; i < trials.count; i++)
        active_note_end(active, &trials.trials[i]);
    bool pruned = trials.count > 0 && trials.trials[0].state == RUN_PRUNED;
    pthread_mutex_lock(&sweeper->lock);
    pruner_end(active->pruner, run, pruned);
    pthread_mutex_unlock(&sweeper->lock);
    db_trials_clear(&trials);
}

static bool holds(const int64_t *ids, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* Which runs are live now; those that were and are not have ended. */
static bool look_at_runs(struct sweeper *sweeper, struct active *active)
{
    int64_t *live;
    size_t count;
    if (db_sweep_run_ids(sweeper->db, active->id, RUN_LIVE, &live, &count) != DB_OK)
        return false;
    for (size_t i = 0; i < active->live_count; i++)
        if (!holds(live, count, active->live[i]))
            note_end(sweeper, active, active->live[i]);
    free(active->live);
    active->live = live;
    active->live_count = count;
    return true;
}

/* "batch_size 32, lr 0.1 (seed 2)": runs of a sweep are told apart by what varies. */
static void name_run(const struct active *active, const struct train_config *config,
                     char *name, size_t size)
{
    const struct sweep_spec *spec = &active->spec;
    size_t used = 0;
    name[0] = '\0';
    for (size_t i = 0; i < spec->space.count && used < size; i++) {
        const struct config_field *field = spec->parameters[i].field;
        cJSON *value = config_field_to_json(config, field);
        char *text = json_text(value);
        used += (size_t)snprintf(name + used, size - used, "%s%s %.40s", i ? ", " : "",
                                 field->name, text ? text : "");
        cJSON_free(text);
        cJSON_Delete(value);
    }
    if (spec->repeats > 1 && used < size)
        snprintf(name + used, size - used, " (seed %lld)", (long long)config->seed);
}

static enum db_status insert_run(struct sweeper *sweeper, const struct active *active,
                                 const struct train_config *config, int64_t *run)
{
    json_ran_out();
    char name[200];
    char *text = json_take_text(config_to_json(config));
    if (!text)
        return DB_NO_MEMORY;
    name_run(active, config, name, sizeof name);
    struct db_run_insert insert = {.name = name,
                                   .config = text,
                                   .tags = "[]",
                                   .notes = "",
                                   .sweep = active->id,
                                   .sweep_index = active->launched,
                                   .max_queued = sweeper->queue_limit};
    run_facts(config, &insert.facts);
    enum db_status status = db_sweep_launch(sweeper->db, &insert, run);
    cJSON_free(text);
    return status;
}

static bool add_live(struct active *active, int64_t run)
{
    int64_t *grown =
        realloc(active->live, (active->live_count + 1) * sizeof *active->live);
    if (!grown)
        return false;
    active->live = grown;
    active->live[active->live_count++] = run;
    return true;
}

/* False: not now; the next look tries again. Where the row has moved on, it is read anew
 * first. */
static bool launch_next(struct sweeper *sweeper, struct active *active)
{
    struct train_config config;
    int64_t run;
    if (active_next(active, &config) != ENGINE_OK)
        return false;
    enum db_status status = insert_run(sweeper, active, &config, &run);
    if (status == DB_CONFLICT)
        sweeper_wake(sweeper, active->id);
    if (status != DB_OK)
        return false;
    active->launched++;
    hub_publish_current(sweeper->hub, sweeper->db, run);
    jobs_wake(sweeper->jobs);
    return add_live(active, run);
}

static bool is_out_of_time(const struct active *active)
{
    return active->spent + clock_seconds() - active->started_at >=
           active->spec.time_budget_s;
}

static void finish(struct sweeper *sweeper, struct active *active)
{
    const char *reason = active->expired ? "time_budget" : "runs_done";
    int64_t id = active->id;
    enum db_status status = db_sweep_transition(
        sweeper->db, id, SWEEP_MASK(SWEEP_RUNNING), SWEEP_FINISHED, reason, NULL, NULL);
    if (status != DB_OK && status != DB_CONFLICT && status != DB_NOT_FOUND)
        return;
    sweeper_drop(sweeper, active);
    hub_publish_current_sweep(sweeper->hub, sweeper->db, id);
}

void sweeper_advance(struct sweeper *sweeper, struct active *active)
{
    const struct sweep_spec *spec = &active->spec;
    size_t parallel = (size_t)(spec->parallel ? spec->parallel : sweeper->workers);
    if (!look_at_runs(sweeper, active))
        return;
    active->expired = active->expired || is_out_of_time(active);
    if (active->expired && !active->told)
        active->told = sweeper_act_on_runs(sweeper, active->id, RUN_LIVE, jobs_expire);
    bool any = true;
    while (any && !active->expired && active->live_count < parallel &&
           active->launched < spec->total_runs)
        any = launch_next(sweeper, active);
    bool all = active->expired || active->launched >= spec->total_runs;
    if (all && active->live_count == 0) {
        finish(sweeper, active);
        return;
    }
    if (clock_seconds() - active->published >= PUBLISH_SECONDS) {
        active->published = clock_seconds();
        hub_publish_current_sweep(sweeper->hub, sweeper->db, active->id);
    }
}
