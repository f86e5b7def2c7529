/* Reading a sweep's description: every field with its default, all problems at once. */
#include "server/sweeps/spec.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/data/dataset.h"
#include "engine/utf8.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/reader.h"
#include "server/json/run_json.h"
#include "server/sweeps/space_json.h"

static const char *const members[] = {
    "name",          "notes",     "base",     "space",        "sampler",
    "pruner",        "objective", "max_runs", "repeats",      "parallel",
    "time_budget_s", "timed",     "seed",     "eval_samples", NULL,
};

/* What the reading functions share. */
struct reading {
    struct sweep_spec *spec;
    struct config_problems *problems;
};

static void complain(struct reading *reading, const char *field, const char *message)
{
    config_add_problem(reading->problems, field, message);
}

static const cJSON *member_of(const struct reading *reading, const char *name)
{
    return json_member(reading->spec->json, name);
}

static void set_member(struct sweep_spec *spec, const char *name, cJSON *value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(spec->json, name);
    json_add(spec->json, name, value);
}

static void refuse_unknown(struct reading *reading)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, reading->spec->json)
    {
        bool known = false;
        for (size_t i = 0; members[i]; i++)
            known = known || strcmp(members[i], member->string) == 0;
        if (!known)
            complain(reading, member->string, "is not a field of a sweep");
    }
}

static void read_text(struct reading *reading, const char *name, size_t max)
{
    char message[64];
    const cJSON *member = member_of(reading, name);
    snprintf(message, sizeof message, "must be a text of at most %zu characters", max);
    if (!member)
        set_member(reading->spec, name, cJSON_CreateString(""));
    else if (!cJSON_IsString(member) || utf8_count(member->valuestring) > max)
        complain(reading, name, message);
}

/* A number of the range, or `otherwise` with null or nothing; both go into the JSON. */
static double read_number(struct reading *reading, const char *name, bool whole,
                          double low, double high, double otherwise, bool nullable)
{
    char message[128];
    const cJSON *member = member_of(reading, name);
    if (!member)
        set_member(reading->spec, name,
                   nullable ? cJSON_CreateNull() : number_to_json(otherwise));
    if (!member || (nullable && cJSON_IsNull(member)))
        return otherwise;
    double value = member->valuedouble;
    if (cJSON_IsNumber(member) && value >= low && value <= high &&
        (!whole || value == floor(value)))
        return value;
    snprintf(message, sizeof message, "must be a %snumber from %.16g to %.16g%s",
             whole ? "whole " : "", low, high, nullable ? ", or null" : "");
    complain(reading, name, message);
    return otherwise;
}

static bool read_bool(struct reading *reading, const char *name)
{
    const cJSON *member = member_of(reading, name);
    if (!member)
        set_member(reading->spec, name, cJSON_CreateFalse());
    else if (!cJSON_IsBool(member))
        complain(reading, name, "must be true or false");
    return cJSON_IsTrue(member);
}

/* One of `count` names; `otherwise` where there is nothing. */
static int read_choice(struct reading *reading, const char *name,
                       const char *(*name_of)(int choice), int count, int otherwise)
{
    char message[160] = "must be one of ";
    const cJSON *member = member_of(reading, name);
    if (!member) {
        set_member(reading->spec, name, cJSON_CreateString(name_of(otherwise)));
        return otherwise;
    }
    for (int i = 0; i < count; i++) {
        size_t used = strlen(message);
        if (cJSON_IsString(member) && strcmp(member->valuestring, name_of(i)) == 0)
            return i;
        snprintf(message + used, sizeof message - used, "%s%s", i ? ", " : "",
                 name_of(i));
    }
    complain(reading, name, message);
    return otherwise;
}

static const char *sampler_choice(int choice)
{
    return sampler_name((enum sampler_kind)choice);
}

static const char *pruner_choice(int choice)
{
    return pruner_name((enum pruner_kind)choice);
}

static const char *objective_choice(int choice)
{
    return objective_name((enum objective)choice);
}

static bool is_varied(const struct sweep_spec *spec, const char *name)
{
    return json_member(json_member(spec->json, "space"), name) != NULL;
}

/* Fields of the base that the space varies say nothing; what a run's own words are does
 * not belong to a config. */
static void strip_base(struct sweep_spec *spec, cJSON *base)
{
    static const char *const words[] = {"name", "tags", "notes"};
    const cJSON *space = json_member(spec->json, "space"), *member;
    cJSON_ArrayForEach(member, space)
    {
        cJSON_DeleteItemFromObjectCaseSensitive(base, member->string);
    }
    for (size_t i = 0; i < 3; i++)
        cJSON_DeleteItemFromObjectCaseSensitive(base, words[i]);
}

static void set_base_field(struct reading *reading, const cJSON *member)
{
    char field[80];
    struct config_problem problem;
    const struct config_field *known = config_find(member->string);
    snprintf(field, sizeof field, "base.%.64s", member->string);
    if (!known)
        complain(reading, field, "is not a field of a config");
    else if (!config_set_json(&reading->spec->base, known, member, &problem))
        complain(reading, field, problem.message);
}

static void read_base(struct reading *reading)
{
    struct sweep_spec *spec = reading->spec;
    const cJSON *member;
    if (!member_of(reading, "base"))
        set_member(spec, "base", cJSON_CreateObject());
    cJSON *base = cJSON_GetObjectItemCaseSensitive(spec->json, "base");
    config_init(&spec->base);
    if (!cJSON_IsObject(base)) {
        complain(reading, "base", "must be an object of a config's fields");
        return;
    }
    strip_base(spec, base);
    cJSON_ArrayForEach(member, base)
    {
        set_base_field(reading, member);
    }
}

/* Gives a field of the base a value of the sweep's own, unless its owner did. */
static void fill_base(struct sweep_spec *spec, const char *name, cJSON *value)
{
    struct config_problem problem;
    cJSON *base = cJSON_GetObjectItemCaseSensitive(spec->json, "base");
    if (json_member(base, name) || is_varied(spec, name)) {
        cJSON_Delete(value);
        return;
    }
    if (config_set_json(&spec->base, config_find(name), value, &problem))
        json_add(base, name, value);
    else
        cJSON_Delete(value);
}

/* Of the datasets and numbers of training samples that may come up. */
static int64_t least_training_set(const struct sweep_spec *spec)
{
    int64_t least = config_train_count(&spec->base) + spec->base.validation_samples;
    struct search_point point = {{0}};
    for (size_t i = 0; i < spec->space.count; i++) {
        const struct search_dimension *dimension = &spec->space.dimensions[i];
        const char *name = spec->parameters[i].field->name;
        if (strcmp(name, "dataset") != 0 && strcmp(name, "train_samples") != 0)
            continue;
        for (size_t choice = 0; choice < dimension->count || choice == 0; choice++) {
            struct train_config config;
            point.values[i] = dimension->count ? (double)choice : dimension->low;
            sweep_spec_config(spec, &point, 0, &config);
            int64_t count = config_train_count(&config) + config.validation_samples;
            least = count < least ? count : least;
        }
        point.values[i] = 0;
    }
    return least;
}

/* A search chooses by validation, and looks at the test set once, at the end. */
static void fill_defaults(struct sweep_spec *spec)
{
    bool for_time = spec->goal.objective == OBJECTIVE_TIME_TO_TARGET;
    bool enough = least_training_set(spec) >= SWEEP_LEAST_SAMPLES;
    if (for_time)
        fill_base(spec, "target_accuracy", cJSON_CreateNumber(SWEEP_TARGET));
    if (for_time &&
        (spec->base.target_accuracy > 0 || is_varied(spec, "target_accuracy")))
        fill_base(spec, "stop_at_target", cJSON_CreateTrue());
    fill_base(spec, "validation_samples",
              cJSON_CreateNumber(enough ? SWEEP_VALIDATION : 0));
    if (spec->base.validation_samples > 0)
        fill_base(spec, "test_at", cJSON_CreateString("end"));
}

static void check_goal(struct reading *reading)
{
    struct sweep_spec *spec = reading->spec;
    const struct train_config *base = &spec->base;
    spec->goal.target = base->target_accuracy > 0 ? base->target_accuracy : NAN;
    spec->goal.budget = base->time_budget_s > 0 ? base->time_budget_s : INFINITY;
    if (spec->goal.objective == OBJECTIVE_TIME_TO_TARGET && isnan(spec->goal.target))
        complain(reading, "base.target_accuracy",
                 "is what time_to_target measures the time to: it cannot be null");
    if (spec->goal.objective == OBJECTIVE_ACCURACY_WITHIN && isinf(spec->goal.budget))
        complain(reading, "base.time_budget_s",
                 "is what accuracy_within compares at: give the seconds");
}

/* The number of runs, from what was asked for and what the grid has. */
static void count_runs(struct reading *reading)
{
    struct sweep_spec *spec = reading->spec;
    size_t grid = search_grid_size(&spec->space);
    double asked = read_number(reading, "max_runs", true, 1, SWEEP_MAX_RUNS, 0, true);
    double whole = (double)grid * (double)spec->repeats;
    if (spec->sampler == SAMPLER_GRID && grid == 0)
        complain(reading, "sampler",
                 "grid needs values or int_uniform for every parameter");
    if (asked <= 0)
        asked = spec->sampler == SAMPLER_GRID ? whole : 30.0 * (double)spec->repeats;
    if (spec->sampler == SAMPLER_GRID)
        asked = fmin(asked, whole);
    if (asked > SWEEP_MAX_RUNS)
        complain(reading, "max_runs", "comes to more than 5000 runs: give fewer");
    spec->total_runs = (int64_t)fmin(asked, SWEEP_MAX_RUNS);
}

/* The problem of the last config that was looked at, unless there was a valid one. */
static bool try_config(const struct sweep_spec *spec, const struct train_config *config,
                       void *context)
{
    struct config_problem *problem = context;
    (void)spec;
    bool invalid = config_check(config, problem, 1) > 0;
    if (!invalid)
        problem->field[0] = '\0';
    return invalid;
}

static void check_points(struct reading *reading)
{
    char field[80];
    struct config_problem problem = {.field = ""};
    sweep_spec_look(reading->spec, try_config, &problem);
    if (!problem.field[0])
        return;
    snprintf(field, sizeof field, "%s.%s",
             is_varied(reading->spec, problem.field) ? "space" : "base", problem.field);
    complain(reading, field, problem.message);
}

static void read_plan(struct reading *reading)
{
    struct sweep_spec *spec = reading->spec;
    size_t grid = search_grid_size(&spec->space);
    bool fits = grid > 0 && grid <= SWEEP_MAX_RUNS;
    spec->sampler = (enum sampler_kind)read_choice(reading, "sampler", sampler_choice, 4,
                                                   fits ? SAMPLER_GRID : SAMPLER_RANDOM);
    spec->pruner =
        (enum pruner_kind)read_choice(reading, "pruner", pruner_choice, 4, PRUNER_NONE);
    spec->goal.objective = (enum objective)read_choice(
        reading, "objective", objective_choice, 4, OBJECTIVE_TIME_TO_TARGET);
    spec->repeats =
        (int64_t)read_number(reading, "repeats", true, 1, SWEEP_MAX_REPEATS, 1, false);
    spec->timed = read_bool(reading, "timed");
    spec->parallel = (int64_t)read_number(reading, "parallel", true, 1, 64, 0, true);
    spec->time_budget_s = read_number(reading, "time_budget_s", false, 0.001,
                                      CONFIG_MAX_SECONDS, INFINITY, true);
    spec->seed = (int64_t)read_number(reading, "seed", true, 0,
                                      (double)SWEEP_LARGEST_SEED, 1, false);
    spec->eval_samples =
        (int64_t)read_number(reading, "eval_samples", true, 1, 1e9, 0, true);
    if (spec->timed && spec->parallel > 1)
        complain(reading, "parallel", "must be 1 or null with timed: one run at a time");
    if (spec->timed)
        spec->parallel = 1;
}

static void read_all(struct reading *reading)
{
    struct sweep_spec *spec = reading->spec;
    size_t before = reading->problems->count;
    refuse_unknown(reading);
    read_text(reading, "name", RUN_MAX_NAME);
    read_text(reading, "notes", RUN_MAX_NOTES);
    read_base(reading);
    space_read(member_of(reading, "space"), spec, reading->problems);
    read_plan(reading);
    count_runs(reading);
    if (reading->problems->count > before)
        return; /* the rest would speak of consequences */
    fill_defaults(spec);
    check_goal(reading);
    check_points(reading);
}

bool sweep_spec_read(const cJSON *object, struct sweep_spec *out,
                     struct config_problems *problems)
{
    struct sweep_spec spec = {.json = cJSON_Duplicate(object, true)};
    struct reading reading = {&spec, problems};
    size_t before = problems->count;
    if (spec.json)
        read_all(&reading);
    else
        config_add_problem(problems, "", "not enough memory");
    if (problems->count > before) {
        sweep_spec_clear(&spec);
        return false;
    }
    *out = spec;
    return true;
}

bool sweep_spec_parse(const char *text, struct sweep_spec *out,
                      struct config_problems *problems)
{
    cJSON *object = config_read_object(text, problems);
    bool valid = object && sweep_spec_read(object, out, problems);
    cJSON_Delete(object);
    return valid;
}
