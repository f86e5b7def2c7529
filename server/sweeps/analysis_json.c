#include "server/sweeps/analysis_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/json/build.h"
#include "server/json/number.h"
#include "server/sweeps/space_json.h"

static void add_count(cJSON *object, const char *name, size_t value)
{
    number_add(object, name, (double)value);
}

static const char *clock_name(const struct analysis *analysis)
{
    return analysis->spec.timed ? "train_seconds" : "cpu_seconds";
}

static const char *metric_name(const struct analysis *analysis)
{
    return analysis->by_validation ? "val_accuracy" : "test_accuracy";
}

/* --- trials: as text, since a tree of every step would be large --------------------- */

#define STEP_TEXT_MAX (4 * (NUMBER_TEXT_MAX + 1) + 2)

static cJSON *steps_to_json(const struct trial *trial)
{
    char *text = malloc(trial->count * STEP_TEXT_MAX + 3);
    if (!text)
        return NULL;
    size_t used = 0;
    text[used++] = '[';
    for (size_t i = 0; i < trial->count; i++) {
        const struct trial_step *step = &trial->steps[i];
        double values[] = {step->seconds, step->accuracy, (double)step->samples,
                           (double)step->step};
        text[used++] = i ? ',' : ' ';
        for (size_t v = 0; v < 4; v++) {
            text[used++] = v ? ',' : '[';
            used += (size_t)number_format(values[v], text + used);
        }
        text[used++] = ']';
    }
    snprintf(text + used, 2, "]");
    cJSON *json = cJSON_CreateRaw(text);
    free(text);
    return json;
}

static cJSON *trial_to_json(const struct analysis *analysis, size_t index)
{
    const struct db_trial *row = &analysis->rows.trials[index];
    const struct trial *trial = &analysis->trials[index];
    cJSON *object = cJSON_CreateObject();
    number_add(object, "run", (double)row->run);
    add_count(object, "cell", trial->cell);
    cJSON_AddStringToObject(object, "state", run_state_name(row->state));
    number_add(object, "seed", (double)row->seed);
    number_add(object, "seconds", analysis_spent(analysis, row));
    number_add(object, "final_loss", row->final_loss);
    number_add(object, "test_accuracy", row->test_accuracy);
    json_add(object, "steps", steps_to_json(trial));
    return object;
}

/* --- cells ------------------------------------------------------------------------ */

static cJSON *values_of(const struct analysis *analysis, size_t cell)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < analysis->spec.space.count; i++)
        json_append(list, analysis->located[cell]
                              ? space_value_to_json(&analysis->spec, i,
                                                    analysis->points[cell].values[i])
                              : cJSON_CreateNull());
    return list;
}

static cJSON *cell_to_json(const struct analysis *analysis, size_t index)
{
    const struct cell *cell = &analysis->cells[index];
    cJSON *object = cJSON_CreateObject();
    json_add(object, "values", values_of(analysis, index));
    number_add(object, "rank", cell->rank ? (double)cell->rank : NAN);
    json_add(object, "reached",
             cell->score.counts ? cJSON_CreateBool(cell->score.reached)
                                : cJSON_CreateNull());
    number_add(object, "value", cell->score.value);
    number_add(object, "accuracy", cell->score.accuracy);
    number_add(object, "low", cell->low);
    number_add(object, "high", cell->high);
    add_count(object, "trials", cell->trials);
    add_count(object, "counted", cell->counted);
    add_count(object, "reached_trials", cell->reached);
    add_count(object, "live", cell->live);
    add_count(object, "pruned", cell->pruned);
    add_count(object, "diverged", cell->diverged);
    add_count(object, "failed", cell->failed);
    return object;
}

/* --- the answer ------------------------------------------------------------------- */

/* The answer's config, to be launched alone: for the goal that it answers. */
static cJSON *config_of(const struct analysis *analysis, const struct db_trial *row)
{
    struct train_config config;
    struct config_problems problems = {.count = 0};
    config_from_text(row->config, &config, &problems);
    if (analysis->goal.objective == OBJECTIVE_TIME_TO_TARGET)
        config.target_accuracy = analysis->goal.target;
    if (isfinite(analysis->goal.budget))
        config.time_budget_s = analysis->goal.budget;
    return config_to_json(&config);
}

static cJSON *runner_up_of(const struct analysis *analysis)
{
    if (analysis->second == SIZE_MAX || !analysis->cells[analysis->second].score.reached)
        return cJSON_CreateNull();
    double value = analysis->cells[analysis->second].score.value;
    cJSON *object = cJSON_CreateObject();
    add_count(object, "cell", analysis->second);
    number_add(object, "value", value);
    number_add(object, "ratio", value / analysis->cells[analysis->best].score.value);
    return object;
}

static void add_runs(const struct analysis *analysis, cJSON *object)
{
    cJSON *runs = cJSON_AddArrayToObject(object, "runs");
    for (size_t i = 0; i < analysis->rows.count; i++)
        if (analysis->trials[i].cell == analysis->best)
            json_append(runs, number_to_json((double)analysis->rows.trials[i].run));
}

static cJSON *answer_of(const struct analysis *analysis)
{
    size_t settings = 0, reached = 0;
    for (size_t i = 0; i < analysis->cell_count; i++) {
        settings += analysis->cells[i].rank > 0;
        reached += analysis->cells[i].rank > 0 && analysis->cells[i].score.reached;
    }
    if (analysis->best == SIZE_MAX || !analysis->cells[analysis->best].score.reached)
        return cJSON_CreateNull();
    const struct cell *cell = &analysis->cells[analysis->best];
    struct setting_cost cost = analysis_cost(analysis, analysis->best);
    cJSON *object = cJSON_CreateObject();
    add_count(object, "cell", analysis->best);
    add_runs(analysis, object);
    add_count(object, "seeds", cell->counted);
    number_add(object, "value", cell->score.value);
    number_add(object, "low", cell->low);
    number_add(object, "high", cell->high);
    number_add(object, "steps", cost.steps);
    number_add(object, "samples", cost.samples);
    number_add(object, "epochs",
               cost.samples / (double)config_train_count(&analysis->spec.base));
    json_add(object, "config",
             config_of(analysis, analysis_first_run(analysis, analysis->best)));
    add_count(object, "never", settings - reached);
    add_count(object, "settings", settings);
    json_add(object, "runner_up", runner_up_of(analysis));
    number_add(object, "test_accuracy", analysis_test_accuracy(analysis, analysis->best));
    return object;
}

/* --- the sweet spot --------------------------------------------------------------- */

static void add_estimate(cJSON *object, const char *name, const struct estimate *estimate)
{
    cJSON *inner = cJSON_AddObjectToObject(object, name);
    number_add(inner, "value", estimate->value);
    number_add(inner, "low", estimate->low);
    number_add(inner, "high", estimate->high);
}

static cJSON *forecast_to_json(const struct batch_forecast *forecast)
{
    cJSON *object = cJSON_CreateObject();
    number_add(object, "batch_size", forecast->batch_size);
    number_add(object, "steps", forecast->steps);
    number_add(object, "samples", forecast->samples);
    number_add(object, "seconds", forecast->seconds);
    return object;
}

static cJSON *batch_to_json(const struct batch_point *batch)
{
    cJSON *object = cJSON_CreateObject();
    number_add(object, "batch_size", batch->batch_size);
    add_count(object, "cell", batch->cell);
    number_add(object, "steps", batch->cost.steps);
    number_add(object, "samples", batch->cost.samples);
    number_add(object, "seconds_per_step", batch->cost.seconds_per_step);
    number_add(object, "seconds", batch->cost.seconds);
    return object;
}

static cJSON *sweetspot_of(const struct analysis *analysis)
{
    const struct sweetspot *found = &analysis->sweetspot;
    if (!analysis->has_sweetspot)
        return cJSON_CreateNull();
    cJSON *object = cJSON_CreateObject();
    cJSON *points = cJSON_AddArrayToObject(object, "points");
    for (size_t i = 0; i < analysis->batch_count; i++)
        json_append(points, batch_to_json(&analysis->batches[i]));
    add_estimate(object, "steps_min", &found->steps_min);
    add_estimate(object, "samples_min", &found->samples_min);
    add_estimate(object, "critical_batch", &found->critical_batch);
    number_add(object, "noise_scale", analysis->noise_scale);
    cJSON *forecast = cJSON_AddArrayToObject(object, "forecast");
    for (size_t i = 0; i < found->forecast_count; i++)
        json_append(forecast, forecast_to_json(&found->forecast[i]));
    json_add(object, "best", forecast_to_json(&found->best));
    number_add(object, "half_ratio", found->half_ratio);
    number_add(object, "double_ratio", found->double_ratio);
    return object;
}

/* ---------------------------------------------------------------------------------- */

static cJSON *importance_json(const struct analysis *analysis)
{
    if (!analysis->has_shares)
        return cJSON_CreateNull();
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < analysis->spec.space.count; i++) {
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "name", analysis->spec.parameters[i].field->name);
        number_add(object, "share", analysis->shares[i]);
        json_append(list, object);
    }
    return list;
}

cJSON *analysis_to_json(const struct analysis *analysis)
{
    cJSON *object = cJSON_CreateObject();
    if (!object)
        return NULL;
    number_add(object, "sweep", (double)analysis->row.id);
    cJSON_AddStringToObject(object, "state", sweep_state_name(analysis->row.state));
    cJSON_AddStringToObject(object, "objective",
                            objective_name(analysis->goal.objective));
    number_add(object, "target", analysis->goal.target);
    number_add(object, "budget", analysis->goal.budget);
    cJSON_AddStringToObject(object, "clock", clock_name(analysis));
    cJSON_AddStringToObject(object, "metric", metric_name(analysis));
    number_add(object, "train_count", (double)config_train_count(&analysis->spec.base));
    cJSON *parameters = cJSON_AddArrayToObject(object, "parameters");
    for (size_t i = 0; i < analysis->spec.space.count; i++)
        json_append(parameters, space_parameter_to_json(&analysis->spec, i));
    cJSON *trials = cJSON_AddArrayToObject(object, "trials");
    for (size_t i = 0; i < analysis->rows.count; i++)
        json_append(trials, trial_to_json(analysis, i));
    cJSON *cells = cJSON_AddArrayToObject(object, "cells");
    for (size_t i = 0; i < analysis->cell_count; i++)
        json_append(cells, cell_to_json(analysis, i));
    json_add(object, "answer", answer_of(analysis));
    json_add(object, "sweet_spot", sweetspot_of(analysis));
    json_add(object, "importance", importance_json(analysis));
    add_count(object, "importance_trials", analysis->shares_from);
    return object;
}
