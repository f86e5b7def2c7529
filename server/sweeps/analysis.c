#include "server/sweeps/analysis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/points.h"
#include "engine/search/importance.h"
#include "server/sweeps/active.h"

static int compare_numbers(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return (one > two) - (one < two);
}

/* NaN: none, or an infinite one. */
static double median_of(double *values, size_t count)
{
    if (count == 0)
        return NAN;
    qsort(values, count, sizeof *values, compare_numbers);
    double median = (values[(count - 1) / 2] + values[count / 2]) / 2;
    return isfinite(median) ? median : NAN;
}

/* --- one setting -------------------------------------------------------------------- */

double analysis_spent(const struct analysis *analysis, const struct db_trial *row)
{
    return sweep_spec_seconds(&analysis->spec, row->train_seconds, row->cpu_seconds);
}

enum { COST_SECONDS, COST_STEPS, COST_SAMPLES, COST_PER_STEP, COSTS };

struct setting_cost analysis_cost(const struct analysis *analysis, size_t cell)
{
    double values[COSTS][SWEEP_MAX_REPEATS];
    size_t count = 0, timed = 0;
    for (size_t i = 0; i < analysis->rows.count && count < SWEEP_MAX_REPEATS; i++) {
        const struct trial *trial = &analysis->trials[i];
        const struct score score = trial_score(trial, &analysis->goal);
        if (trial->cell != cell || !score.counts)
            continue;
        const struct trial_step *step =
            score.reached ? trial_counting_step(trial, &analysis->goal) : NULL;
        values[COST_SECONDS][count] = step ? step->seconds : INFINITY;
        values[COST_STEPS][count] = step ? (double)step->step : INFINITY;
        values[COST_SAMPLES][count++] = step ? (double)step->samples : INFINITY;
        const struct db_trial *row = &analysis->rows.trials[i];
        if (row->last_step > 0)
            values[COST_PER_STEP][timed++] =
                analysis_spent(analysis, row) / (double)row->last_step;
    }
    return (struct setting_cost){.seconds = median_of(values[COST_SECONDS], count),
                                 .steps = median_of(values[COST_STEPS], count),
                                 .samples = median_of(values[COST_SAMPLES], count),
                                 .seconds_per_step =
                                     median_of(values[COST_PER_STEP], timed)};
}

double analysis_test_accuracy(const struct analysis *analysis, size_t cell)
{
    double values[SWEEP_MAX_REPEATS];
    size_t count = 0;
    bool chosen =
        analysis->row.state == SWEEP_FINISHED || analysis->row.state == SWEEP_STOPPED;
    for (size_t i = 0; chosen && i < analysis->rows.count && count < SWEEP_MAX_REPEATS;
         i++)
        if (analysis->trials[i].cell == cell &&
            !isnan(analysis->rows.trials[i].test_accuracy))
            values[count++] = analysis->rows.trials[i].test_accuracy;
    return median_of(values, count);
}

const struct db_trial *analysis_first_run(const struct analysis *analysis, size_t cell)
{
    for (size_t i = 0; i < analysis->rows.count; i++)
        if (analysis->trials[i].cell == cell)
            return &analysis->rows.trials[i];
    return NULL;
}

/* --- loading ------------------------------------------------------------------------ */

static bool judge_trials(struct analysis *analysis)
{
    size_t steps = 0, used = 0, count = analysis->rows.count;
    for (size_t i = 0; i < count; i++)
        steps += analysis->rows.trials[i].step_count;
    analysis->steps = calloc(steps + 1, sizeof *analysis->steps);
    analysis->trials = calloc(count + 1, sizeof *analysis->trials);
    if (!analysis->steps || !analysis->trials)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct db_trial *row = &analysis->rows.trials[i];
        struct trial *trial = &analysis->trials[i];
        *trial = active_trial(&analysis->spec, row, analysis->steps + used);
        used += row->step_count;
        if (trial->cell >= analysis->cell_count)
            analysis->cell_count = trial->cell + 1;
    }
    return true;
}

/* The point of each setting, from the config of a run of it. */
static void locate_cells(struct analysis *analysis)
{
    for (size_t i = 0; i < analysis->rows.count; i++) {
        size_t cell = analysis->trials[i].cell;
        struct train_config config;
        struct config_problems problems = {.count = 0};
        if (analysis->located[cell])
            continue;
        config_from_text(analysis->rows.trials[i].config, &config, &problems);
        analysis->by_validation |= config.validation_samples > 0;
        analysis->located[cell] =
            sweep_spec_locate(&analysis->spec, &config, &analysis->points[cell]);
    }
}

static bool sum_up(struct analysis *analysis)
{
    size_t count = analysis->cell_count;
    analysis->cells = calloc(count + 1, sizeof *analysis->cells);
    analysis->points = calloc(count + 1, sizeof *analysis->points);
    analysis->located = calloc(count + 1, sizeof *analysis->located);
    analysis->batches = calloc(count + 1, sizeof *analysis->batches);
    if (!analysis->cells || !analysis->points || !analysis->located ||
        !analysis->batches ||
        !trials_sum_up(analysis->trials, analysis->rows.count, &analysis->goal,
                       analysis->cells, count))
        return false;
    locate_cells(analysis);
    analysis->best = analysis->second = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        if (analysis->cells[i].rank == 1)
            analysis->best = i;
        if (analysis->cells[i].rank == 2)
            analysis->second = i;
    }
    return true;
}

/* --- the sweet spot ----------------------------------------------------------------- */

/* The index of the parameter in the space, or its count. */
static size_t find_parameter(const struct sweep_spec *spec, const char *name)
{
    size_t i = 0;
    while (i < spec->space.count && strcmp(spec->parameters[i].field->name, name) != 0)
        i++;
    return i;
}

static double batch_size_of(const struct analysis *analysis, size_t dimension,
                            size_t cell)
{
    const struct sweep_parameter *parameter = &analysis->spec.parameters[dimension];
    double value = analysis->points[cell].values[dimension];
    if (!parameter->values)
        return value;
    return cJSON_GetArrayItem(parameter->values, (int)value)->valuedouble;
}

/* For each batch size that got there the setting that did so best. */
static void find_batches(struct analysis *analysis, size_t dimension)
{
    for (size_t cell = 0; cell < analysis->cell_count; cell++) {
        const struct cell *found = &analysis->cells[cell];
        if (!analysis->located[cell] || !found->score.reached)
            continue;
        double batch_size = batch_size_of(analysis, dimension, cell);
        size_t i = 0;
        while (i < analysis->batch_count && analysis->batches[i].batch_size != batch_size)
            i++;
        struct batch_point *batch = &analysis->batches[i];
        if (i == analysis->batch_count)
            *batch = (struct batch_point){.cell = cell, .batch_size = batch_size};
        else if (found->rank < analysis->cells[batch->cell].rank)
            batch->cell = cell;
        analysis->batch_count += i == analysis->batch_count;
    }
    for (size_t i = 0; i < analysis->batch_count; i++)
        analysis->batches[i].cost = analysis_cost(analysis, analysis->batches[i].cell);
}

/* The ratio of means is far less biased than the mean of ratios. */
static void find_noise(struct db *db, struct analysis *analysis)
{
    double squared = 0, variance = 0;
    for (size_t i = 0; i < analysis->rows.count; i++) {
        bool used = false;
        struct db_noise *noises;
        size_t count;
        for (size_t b = 0; b < analysis->batch_count; b++)
            used = used || analysis->batches[b].cell == analysis->trials[i].cell;
        if (!used ||
            db_noises(db, analysis->rows.trials[i].run, -1, &noises, &count) != DB_OK)
            continue;
        for (size_t n = 0; n < count; n++) {
            bool known = isfinite(noises[n].gradient_squared) &&
                         isfinite(noises[n].gradient_variance);
            squared += known ? noises[n].gradient_squared : 0;
            variance += known ? noises[n].gradient_variance : 0;
        }
        free(noises);
    }
    analysis->noise_scale = squared > 0 ? variance / squared : NAN;
}

static void find_sweetspot(struct db *db, struct analysis *analysis)
{
    struct batch_cost costs[SWEETSPOT_MAX_SIZES];
    size_t count = 0, dimension = find_parameter(&analysis->spec, "batch_size");
    if (dimension == analysis->spec.space.count ||
        analysis->goal.objective != OBJECTIVE_TIME_TO_TARGET)
        return;
    find_batches(analysis, dimension);
    for (size_t i = 0; i < analysis->batch_count && count < SWEETSPOT_MAX_SIZES; i++) {
        const struct batch_point *batch = &analysis->batches[i];
        costs[count++] = (struct batch_cost){batch->batch_size, batch->cost.steps,
                                             batch->cost.seconds_per_step};
    }
    analysis->has_sweetspot = sweetspot_fit(costs, count, &analysis->sweetspot);
    if (analysis->has_sweetspot)
        find_noise(db, analysis);
}

/* --- importance --------------------------------------------------------------------- */

/* Of all settings that count and of which a run is there. */
static size_t fill_losses(const struct analysis *analysis, const double *losses,
                          struct sampler_trial *trials)
{
    size_t used = 0;
    for (size_t i = 0; i < analysis->cell_count; i++)
        if (analysis->located[i] && !isnan(losses[i]))
            trials[used++] = (struct sampler_trial){analysis->points[i], losses[i]};
    return used;
}

static bool find_shares(struct analysis *analysis)
{
    size_t count = analysis->cell_count;
    struct sampler_trial *trials = calloc(count + 1, sizeof *trials);
    struct score *scores = calloc(count + 1, sizeof *scores);
    double *losses = calloc(count + 1, sizeof *losses);
    for (size_t i = 0; scores && i < count; i++)
        scores[i] = analysis->cells[i].score;
    bool done = trials && scores && losses &&
                scores_losses(scores, count, analysis->goal.objective, losses);
    if (done) {
        analysis->shares_from = fill_losses(analysis, losses, trials);
        analysis->has_shares = importance_of(&analysis->spec.space, trials,
                                             analysis->shares_from, analysis->shares);
    }
    free(losses);
    free(scores);
    free(trials);
    return done;
}

/* ------------------------------------------------------------------------------------ */

static void choose_goal(struct analysis *analysis, const struct goal *goal,
                        bool own_objective)
{
    analysis->goal = analysis->spec.goal;
    if (!own_objective)
        analysis->goal.objective = goal->objective;
    if (!isnan(goal->target))
        analysis->goal.target = goal->target;
    if (goal->budget > 0)
        analysis->goal.budget = goal->budget;
    if (isnan(analysis->goal.target))
        analysis->goal.target = SWEEP_TARGET;
}

enum db_status analysis_make(struct db *db, int64_t sweep, const struct goal *goal,
                             bool own_objective, struct analysis *out)
{
    struct analysis analysis = {.noise_scale = NAN};
    struct config_problems problems = {.count = 0};
    enum db_status status = db_sweep_get(db, sweep, &analysis.row);
    if (status == DB_OK &&
        !sweep_spec_parse(analysis.row.spec, &analysis.spec, &problems))
        status = DB_ERROR;
    if (status == DB_OK)
        status = db_trials_read(db, sweep, 0, &analysis.rows);
    if (status == DB_OK) {
        choose_goal(&analysis, goal, own_objective);
        if (!judge_trials(&analysis) || !sum_up(&analysis) || !find_shares(&analysis))
            status = DB_NO_MEMORY;
    }
    if (status != DB_OK) {
        analysis_clear(&analysis);
        return status;
    }
    find_sweetspot(db, &analysis);
    *out = analysis;
    return DB_OK;
}

void analysis_clear(struct analysis *analysis)
{
    db_sweep_clear(&analysis->row);
    sweep_spec_clear(&analysis->spec);
    db_trials_clear(&analysis->rows);
    free(analysis->trials);
    free(analysis->steps);
    free(analysis->cells);
    free(analysis->points);
    free(analysis->located);
    free(analysis->batches);
}
