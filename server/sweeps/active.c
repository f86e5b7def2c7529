#include "server/sweeps/active.h"

#include <math.h>
#include <stdlib.h>

/* A share of a run's budget (or of its samples) at which asha's first rung stands: three
 * rungs lie between it and the end. */
#define FIRST_RUNG (1.0 / 64)

static enum trial_state state_of(enum run_state state)
{
    switch (state) {
    case RUN_QUEUED:
    case RUN_RUNNING:
    case RUN_PAUSED:
        return TRIAL_LIVE;
    case RUN_FINISHED:
        return TRIAL_DONE;
    case RUN_STOPPED:
        return TRIAL_STOPPED;
    case RUN_FAILED:
        return TRIAL_FAILED;
    case RUN_DIVERGED:
        return TRIAL_DIVERGED;
    case RUN_PRUNED:
        return TRIAL_PRUNED;
    case RUN_STATE_COUNT:
        break;
    }
    return TRIAL_FAILED;
}

struct trial active_trial(const struct sweep_spec *spec, const struct db_trial *trial,
                          struct trial_step *steps)
{
    for (size_t i = 0; i < trial->step_count; i++) {
        const struct db_trial_step *step = &trial->steps[i];
        steps[i] = (struct trial_step){
            .seconds = sweep_spec_seconds(spec, step->train_seconds, step->cpu_seconds),
            .accuracy = step->accuracy,
            .samples = step->samples,
            .step = step->step};
    }
    return (struct trial){.cell = (size_t)(trial->index / spec->repeats),
                          .state = state_of(trial->state),
                          .final_loss = trial->final_loss,
                          .steps = steps,
                          .count = trial->step_count};
}

/* Rungs stand at training seconds where runs have a budget of them, else at samples. */
static enum engine_status make_pruner(struct active *active)
{
    const struct sweep_spec *spec = &active->spec;
    bool budget = isfinite(spec->goal.budget);
    double whole = budget ? spec->goal.budget : sweep_spec_samples(spec);
    struct pruner_options options = {.kind = spec->pruner,
                                     .resource = budget ? PRUNER_SECONDS : PRUNER_SAMPLES,
                                     .first_rung = whole * FIRST_RUNG,
                                     .goal = spec->goal};
    return pruner_new(&options, &active->pruner);
}

/* Room for the history of all planned runs. */
static bool make_room(struct active *active)
{
    size_t room = (size_t)active->spec.total_runs;
    if (active->spec.sampler != SAMPLER_TPE)
        return true;
    active->points = calloc(room, sizeof *active->points);
    active->located = calloc(room, sizeof *active->located);
    active->scores = calloc(room, sizeof *active->scores);
    active->room = room;
    return active->points && active->located && active->scores;
}

void active_note_end(struct active *active, const struct db_trial *trial)
{
    size_t index = (size_t)trial->index;
    struct trial_step *steps = malloc((trial->step_count + 1) * sizeof *steps);
    if (steps && index < active->room) {
        struct trial judged = active_trial(&active->spec, trial, steps);
        active->scores[index] = trial_score(&judged, &active->spec.goal);
    }
    free(steps);
}

/* One point of a run: where it stood, or came to. */
static void teach_point(struct active *active, int64_t run,
                        const struct db_trial_step *step)
{
    double seconds =
        sweep_spec_seconds(&active->spec, step->train_seconds, step->cpu_seconds);
    struct pruner_point point = {.seconds = seconds,
                                 .samples = step->samples,
                                 .accuracy = step->accuracy,
                                 .end_seconds = INFINITY};
    pruner_hear(active->pruner, run, &point);
}

/* Its steps, and how far it came without another: that is where a rung may stand. */
void active_teach(struct active *active, const struct db_trial *trial)
{
    for (size_t i = 0; i < trial->step_count; i++)
        teach_point(active, trial->run, &trial->steps[i]);
    if (trial->step_count > 0) {
        struct db_trial_step last = trial->steps[trial->step_count - 1];
        bool went_on = trial->last_step > last.step;
        last.train_seconds = trial->train_seconds;
        last.cpu_seconds = trial->cpu_seconds;
        last.samples = trial->last_step * trial->batch_size;
        if (went_on)
            teach_point(active, trial->run, &last);
    }
    if (!(RUN_MASK(trial->state) & RUN_LIVE))
        pruner_end(active->pruner, trial->run, trial->state == RUN_PRUNED);
}

/* What a run so far was and came to. */
static void recall(struct active *active, const struct db_trial *trial)
{
    struct train_config config;
    struct config_problems problems = {.count = 0};
    size_t setting = (size_t)(trial->index / active->spec.repeats);
    active_teach(active, trial);
    if (RUN_MASK(trial->state) & RUN_LIVE)
        active->live[active->live_count++] = trial->run;
    if ((size_t)trial->index >= active->room)
        return;
    if (!active->located[setting]) {
        config_from_text(trial->config, &config, &problems);
        active->located[setting] =
            sweep_spec_locate(&active->spec, &config, &active->points[setting]);
    }
    active_note_end(active, trial);
}

static enum db_status load_history(struct db *db, struct active *active)
{
    struct db_trials trials;
    enum db_status status = db_trials_read(db, active->id, 0, &trials);
    if (status != DB_OK)
        return status;
    active->live = calloc(trials.count + 1, sizeof *active->live);
    for (size_t i = 0; active->live && i < trials.count; i++)
        recall(active, &trials.trials[i]);
    db_trials_clear(&trials);
    return active->live ? DB_OK : DB_NO_MEMORY;
}

enum db_status active_new(struct db *db, const struct db_sweep *row, struct active **out)
{
    struct config_problems problems = {.count = 0};
    struct active *active = calloc(1, sizeof *active);
    if (!active)
        return DB_NO_MEMORY;
    active->id = row->id;
    active->launched = row->launched;
    active->spent = row->wall_seconds;
    enum db_status status = DB_INVALID;
    if (sweep_spec_parse(row->spec, &active->spec, &problems))
        status =
            make_room(active) && make_pruner(active) == ENGINE_OK ? DB_OK : DB_NO_MEMORY;
    if (status == DB_OK)
        status = load_history(db, active);
    if (status == DB_OK)
        *out = active;
    else
        active_free(active);
    return status;
}

void active_free(struct active *active)
{
    if (!active)
        return;
    sweep_spec_clear(&active->spec);
    pruner_free(active->pruner);
    free(active->live);
    free(active->points);
    free(active->located);
    free(active->scores);
    free(active);
}

/* Each setting's median over the seeds that were launched. */
static bool find_medians(const struct active *active, size_t settings,
                         struct score *medians)
{
    size_t repeats = (size_t)active->spec.repeats, launched = (size_t)active->launched;
    for (size_t i = 0; i < settings; i++) {
        size_t first = i * repeats;
        size_t count = launched - first < repeats ? launched - first : repeats;
        if (!scores_median(active->scores + first, count, active->spec.goal.objective,
                           &medians[i]))
            return false;
    }
    return true;
}

/* The settings so far that are known, with their losses: those without a score yet run.
 * `history` has room for all. */
static bool make_history(const struct active *active, size_t settings,
                         struct sampler_trial *history, size_t *count)
{
    struct score *medians = calloc(settings + 1, sizeof *medians);
    double *losses = calloc(settings + 1, sizeof *losses);
    bool done = medians && losses && find_medians(active, settings, medians) &&
                scores_losses(medians, settings, active->spec.goal.objective, losses);
    *count = 0;
    for (size_t i = 0; done && i < settings; i++)
        if (active->located[i])
            history[(*count)++] = (struct sampler_trial){active->points[i], losses[i]};
    free(medians);
    free(losses);
    return done;
}

/* A setting's first run asks the sampler; those under further seeds take its point. */
static enum engine_status find_point(struct active *active, size_t setting,
                                     struct search_point *point)
{
    const struct sweep_spec *spec = &active->spec;
    struct sampler_trial *history = NULL;
    size_t count = 0;
    bool tpe = spec->sampler == SAMPLER_TPE;
    if (tpe && active->launched % spec->repeats != 0 && active->located[setting]) {
        *point = active->points[setting];
        return ENGINE_OK;
    }
    if (tpe) {
        history = calloc(setting + 1, sizeof *history);
        if (!history || !make_history(active, setting, history, &count)) {
            free(history);
            return ENGINE_NO_MEMORY;
        }
    }
    enum engine_status status =
        sampler_suggest(spec->sampler, &spec->space, (uint64_t)spec->seed, setting,
                        history, count, point);
    if (status == ENGINE_OK && tpe) {
        active->points[setting] = *point;
        active->located[setting] = true;
    }
    free(history);
    return status;
}

enum engine_status active_next(struct active *active, struct train_config *config)
{
    struct search_point point;
    int64_t repeats = active->spec.repeats;
    size_t setting = (size_t)(active->launched / repeats);
    enum engine_status status = find_point(active, setting, &point);
    if (status == ENGINE_OK)
        sweep_spec_config(&active->spec, &point, active->launched % repeats, config);
    return status;
}
