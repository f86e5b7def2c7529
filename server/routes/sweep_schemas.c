/* What the API takes and gives about sweeps. */
#include "server/routes/schema_tables.h"

/* One line a member. */
// clang-format off
static const struct member spec[] = {
    {"name", "optional string", "At most 200 characters."},
    {"notes", "optional string", "At most 10,000 characters."},
    {"base", "optional object", "Fields of a run's config that stay."},
    {"space", "object", "1 to 12 of a config's fields, each {values: [...]}, {uniform: [low, high]}, log_uniform, int_uniform or int_log_uniform."},
    {"sampler", "optional string", "grid, random, sobol or tpe."},
    {"pruner", "optional string", "none, median, asha or projection."},
    {"objective", "optional string", "time_to_target, accuracy_within, best_accuracy or final_loss."},
    {"max_runs", "optional integer?", "Seeds counted; null: the whole grid, else 30 settings."},
    {"repeats", "optional integer", "Seeds a setting, 1 to 100: base.seed and those after it."},
    {"parallel", "optional integer?", "Runs at a time; null: as many as there are workers."},
    {"time_budget_s", "optional number?", "Seconds for the whole sweep."},
    {"timed", "optional boolean", "One run at a time, ranked by training seconds; else by CPU seconds."},
    {"seed", "optional integer", "Of the sampler."},
    {"eval_samples", "optional integer?", "Samples between points; null: base.eval_every, or a 20th of an epoch."},
    {0},
};

static const struct member changes[] = {
    {"name", "optional string", "Any field of a sweep's description that should differ."},
    {"notes", "optional string", ""},
    {"base", "optional object", ""},
    {"space", "optional object", ""},
    {"sampler", "optional string", ""},
    {"pruner", "optional string", ""},
    {"objective", "optional string", ""},
    {"max_runs", "optional integer?", ""},
    {"repeats", "optional integer", ""},
    {"parallel", "optional integer?", ""},
    {"time_budget_s", "optional number?", ""},
    {"timed", "optional boolean", ""},
    {"seed", "optional integer", ""},
    {"eval_samples", "optional integer?", ""},
    {0},
};

static const struct member sweep[] = {
    {"id", "integer", "Counts up from 1."},
    {"name", "string", ""},
    {"notes", "string", ""},
    {"state", "string", "running, paused, finished or stopped."},
    {"stop_reason", "string?", "runs_done, time_budget, user or error."},
    {"error", "string?", "What went wrong, in a sentence."},
    {"spec", "SweepSpec", "All of it, defaults filled in; can be posted again."},
    {"total_runs", "integer", "Planned."},
    {"launched", "integer", "Begun so far."},
    {"settings", "integer", "Planned; each is run under all seeds."},
    {"counts", "RunCounts", "Its runs by state."},
    {"progress", "number", "0 to 1."},
    {"eta_seconds", "number?", "On the clock of the wall."},
    {"wall_seconds", "number", "Spent running so far."},
    {"created_at", "time", ""},
    {"finished_at", "time?", ""},
    {0},
};

static const struct member counts[] = {
    {"queued", "integer", ""},
    {"running", "integer", ""},
    {"paused", "integer", ""},
    {"finished", "integer", ""},
    {"stopped", "integer", ""},
    {"failed", "integer", ""},
    {"diverged", "integer", ""},
    {"pruned", "integer", ""},
    {0},
};

static const struct member sweeps[] = {
    {"sweeps", "[Sweep]", "Newest first."},
    {"next_cursor", "string?", "For the next page; null on the last."},
    {"total", "integer", "On all pages."},
    {0},
};

static const struct member patch[] = {
    {"name", "optional string", "At most 200 characters."},
    {"notes", "optional string", "At most 10,000 characters."},
    {0},
};

static const struct member extension[] = {
    {"max_runs", "optional integer?", "At least as many as it has."},
    {"time_budget_s", "optional number?", "At least as long as it has; null: no limit."},
    {0},
};

static const struct member estimate[] = {
    {"total_runs", "integer", ""},
    {"settings", "integer", ""},
    {"samples_per_run", "number", "The most that one run may train on."},
    {"grid", "boolean", "Whether every point of the space is run."},
    {0},
};

static const struct member analysis[] = {
    {"sweep", "integer", ""},
    {"state", "string", ""},
    {"objective", "string", "What is judged by; also of the query."},
    {"target", "number", "Accuracy."},
    {"budget", "number?", "Seconds of training; null: none."},
    {"clock", "string", "What seconds are here: cpu_seconds or train_seconds."},
    {"metric", "string", "What accuracies are here: val_accuracy or test_accuracy."},
    {"train_count", "integer", "Samples in an epoch."},
    {"parameters", "[SweepParameter]", ""},
    {"trials", "[Trial]", "Its runs, oldest first."},
    {"cells", "[Cell]", "Its settings in the order of their launch."},
    {"answer", "Answer?", "Null while no setting has a value."},
    {"sweet_spot", "SweetSpot?", "Null without 3 batch sizes that reached the target."},
    {"importance", "[Importance]?", "Null with fewer than 10 settings that count."},
    {"importance_trials", "integer", "Settings that the importance speaks of."},
    {0},
};

static const struct member parameter[] = {
    {"name", "string", "A field of the config."},
    {"kind", "string", "choice, real or integer."},
    {"log", "boolean", "Whether its range is even in the logarithm."},
    {"values", "[any]?", "Of a choice."},
    {"low", "number?", "Of a range."},
    {"high", "number?", "Of a range."},
    {0},
};

static const struct member trial[] = {
    {"run", "integer", ""},
    {"cell", "integer", "Its setting: an index of cells."},
    {"state", "string", "As a run's."},
    {"seed", "integer", ""},
    {"seconds", "number?", "All that it has spent."},
    {"final_loss", "number?", "At its last point."},
    {"test_accuracy", "number?", "At its last point."},
    {"steps", "[[number]]", "[seconds, accuracy, samples, step] of each point with a new best accuracy."},
    {0},
};

static const struct member cell[] = {
    {"values", "[any]", "One a parameter; null where every run of it was deleted."},
    {"rank", "integer?", "1 is the best; null: nothing can be said yet."},
    {"reached", "boolean?", "Whether its median run has a value."},
    {"value", "number?", "The median over seeds."},
    {"accuracy", "number?", "The median run's best within the budget."},
    {"low", "number?", "The least value of its runs."},
    {"high", "number?", "The greatest."},
    {"trials", "integer", "Its runs."},
    {"counted", "integer", "Those that count for the median."},
    {"reached_trials", "integer", "Those that have a value."},
    {"live", "integer", ""},
    {"pruned", "integer", ""},
    {"diverged", "integer", ""},
    {"failed", "integer", ""},
    {0},
};

static const struct member answer[] = {
    {"cell", "integer", "The best setting."},
    {"runs", "[integer]", "Its runs."},
    {"seeds", "integer", "Those that count."},
    {"value", "number", "The median over seeds."},
    {"low", "number", "The least."},
    {"high", "number", "The greatest."},
    {"steps", "number?", "Medians at the target, or at the best accuracy."},
    {"samples", "number?", ""},
    {"epochs", "number?", ""},
    {"config", "object", "To launch it alone."},
    {"never", "integer", "Settings that count and have no value."},
    {"settings", "integer", "Settings that count."},
    {"runner_up", "RunnerUp?", ""},
    {"test_accuracy", "number?", "Median over its runs; null while the sweep can still choose."},
    {0},
};

static const struct member runner_up[] = {
    {"cell", "integer", ""},
    {"value", "number", ""},
    {"ratio", "number", "Over the answer's value."},
    {0},
};

static const struct member sweet_spot[] = {
    {"points", "[BatchPoint]", "Each batch size with its best setting."},
    {"steps_min", "Estimate", "Steps to the target with the largest batches."},
    {"samples_min", "Estimate", "Samples to the target with the smallest."},
    {"critical_batch", "Estimate", "samples_min / steps_min."},
    {"noise_scale", "number?", "The gradient's, in samples, as those runs recorded it."},
    {"forecast", "[BatchForecast]", "What the fit expects from the least to the greatest size."},
    {"best", "BatchForecast", "The soonest of them."},
    {"half_ratio", "number?", "Time at half that size over its time."},
    {"double_ratio", "number?", "Time at twice that size over its time."},
    {0},
};

static const struct member batch_point[] = {
    {"batch_size", "number", ""},
    {"cell", "integer", ""},
    {"steps", "number", "Medians over seeds, at the target."},
    {"samples", "number", ""},
    {"seconds_per_step", "number?", ""},
    {"seconds", "number", ""},
    {0},
};

static const struct member batch_forecast[] = {
    {"batch_size", "number", ""},
    {"steps", "number", ""},
    {"samples", "number", ""},
    {"seconds", "number?", ""},
    {0},
};

static const struct member interval[] = {
    {"value", "number", ""},
    {"low", "number?", "Of a 95 % interval."},
    {"high", "number?", ""},
    {0},
};

static const struct member importance[] = {
    {"name", "string", ""},
    {"share", "number", "0 to 1; within the range searched."},
    {0},
};

static const struct member projection_answer[] = {
    {"target", "number?", "Accuracy; the run's own unless asked for."},
    {"horizon", "number?", "Seconds of training that it looks ahead to."},
    {"points", "integer", "That it goes by."},
    {"metric", "string", "val_accuracy or test_accuracy."},
    {"projection", "Projection?", "Null with fewer than 4 points."},
    {0},
};

static const struct member projection[] = {
    {"reached", "boolean", "A point has met the target."},
    {"chance", "number", "That the target is met before the horizon."},
    {"seconds", "number?", "Median training time to the target, given that it is met."},
    {"seconds_low", "number?", "Of an 80 % interval."},
    {"seconds_high", "number?", ""},
    {"level", "number", "The best accuracy at the horizon."},
    {"level_low", "number", "Of an 80 % interval."},
    {"level_high", "number", ""},
    {0},
};

const struct schema sweep_schemas[] = {
    {"SweepSpec", spec},
    {"SweepChanges", changes},
    {"Sweep", sweep},
    {"RunCounts", counts},
    {"Sweeps", sweeps},
    {"SweepPatch", patch},
    {"SweepExtension", extension},
    {"SweepEstimate", estimate},
    {"Analysis", analysis},
    {"SweepParameter", parameter},
    {"Trial", trial},
    {"Cell", cell},
    {"Answer", answer},
    {"RunnerUp", runner_up},
    {"SweetSpot", sweet_spot},
    {"BatchPoint", batch_point},
    {"BatchForecast", batch_forecast},
    {"Estimate", interval},
    {"Importance", importance},
    {"ProjectionAnswer", projection_answer},
    {"Projection", projection},
};
// clang-format on

const size_t sweep_schema_count = sizeof sweep_schemas / sizeof *sweep_schemas;
