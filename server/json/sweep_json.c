#include "server/json/sweep_json.h"

#include <math.h>

#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/run_json.h"
#include "server/json/time_json.h"

static int64_t live_runs(const struct db_sweep *sweep)
{
    return sweep->counts[RUN_QUEUED] + sweep->counts[RUN_RUNNING] +
           sweep->counts[RUN_PAUSED];
}

/* Runs that have ended, deleted ones among them. */
static double ended_runs(const struct db_sweep *sweep)
{
    return fmax(0, (double)(sweep->launched - live_runs(sweep)));
}

static double progress_of(const struct db_sweep *sweep)
{
    if (sweep->state == SWEEP_FINISHED || sweep->total_runs == 0)
        return 1;
    return fmin(1, ended_runs(sweep) / (double)sweep->total_runs);
}

/* The rest of the runs at the pace of those that have ended. */
static double eta_of(const struct db_sweep *sweep)
{
    double ended = ended_runs(sweep);
    if (sweep->state != SWEEP_RUNNING || ended < 1)
        return NAN;
    return sweep->wall_seconds / ended * fmax(0, (double)sweep->total_runs - ended);
}

static cJSON *counts_of(const struct db_sweep *sweep)
{
    cJSON *object = cJSON_CreateObject();
    for (int state = 0; state < RUN_STATE_COUNT; state++)
        number_add(object, run_state_name((enum run_state)state),
                   (double)sweep->counts[state]);
    return object;
}

cJSON *sweep_description(const struct db_sweep *sweep)
{
    cJSON *description = cJSON_Parse(sweep->spec);
    cJSON_DeleteItemFromObjectCaseSensitive(description, "name");
    cJSON_DeleteItemFromObjectCaseSensitive(description, "notes");
    cJSON_AddStringToObject(description, "name", sweep->name);
    cJSON_AddStringToObject(description, "notes", sweep->notes);
    return description;
}

/* Exact, as it is stored. */
static cJSON *spec_of(const cJSON *description)
{
    char *text = number_print_tree(description);
    cJSON *spec = text ? cJSON_CreateRaw(text) : cJSON_CreateNull();
    cJSON_free(text);
    return spec;
}

cJSON *sweep_to_json(const struct db_sweep *sweep)
{
    cJSON *description = sweep_description(sweep);
    const cJSON *repeats = cJSON_GetObjectItemCaseSensitive(description, "repeats");
    double seeds = cJSON_IsNumber(repeats) ? fmax(1, repeats->valuedouble) : 1;
    cJSON *object = cJSON_CreateObject();
    number_add(object, "id", (double)sweep->id);
    cJSON_AddStringToObject(object, "name", sweep->name);
    cJSON_AddStringToObject(object, "notes", sweep->notes);
    cJSON_AddStringToObject(object, "state", sweep_state_name(sweep->state));
    json_add(object, "stop_reason", run_text_to_json(sweep->stop_reason));
    json_add(object, "error", run_text_to_json(sweep->error));
    json_add(object, "spec", spec_of(description));
    cJSON_Delete(description);
    number_add(object, "total_runs", (double)sweep->total_runs);
    number_add(object, "launched", (double)sweep->launched);
    number_add(object, "settings", ceil((double)sweep->total_runs / seeds));
    json_add(object, "counts", counts_of(sweep));
    number_add(object, "progress", progress_of(sweep));
    number_add(object, "eta_seconds", eta_of(sweep));
    number_add(object, "wall_seconds", sweep->wall_seconds);
    json_add(object, "created_at", time_to_json(sweep->created_at));
    json_add(object, "finished_at", time_to_json(sweep->finished_at));
    return object;
}
