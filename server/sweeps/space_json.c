#include "server/sweeps/space_json.h"

#include <stdio.h>
#include <string.h>

#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/reader.h"

/* The ways to give a parameter's range. */
static const struct way {
    const char *name;
    enum search_kind kind;
    bool log;
} ways[] = {
    {"values",          SEARCH_CHOICE,  false},
    {"uniform",         SEARCH_REAL,    false},
    {"log_uniform",     SEARCH_REAL,    true },
    {"int_uniform",     SEARCH_INTEGER, false},
    {"int_log_uniform", SEARCH_INTEGER, true },
};

static const struct way *find_way(const cJSON *member)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (strcmp(ways[i].name, member->string) == 0)
            return &ways[i];
    return NULL;
}

/* One parameter as it is read. Each function gives NULL, or what is wrong. */
struct entry {
    const struct config_field *field;
    const cJSON *range; /* the one member: values, or [low, high] */
    const struct way *way;
    struct config_problem problem; /* room for messages */
};

static const char *check_values(struct entry *entry)
{
    struct train_config scratch;
    const cJSON *value, *other;
    int count = cJSON_GetArraySize(entry->range);
    if (!cJSON_IsArray(entry->range) || count < 1 || count > SWEEP_MAX_VALUES)
        return "needs a list of 1 to 200 values";
    config_init(&scratch);
    cJSON_ArrayForEach(value, entry->range)
    {
        if (!config_set_json(&scratch, entry->field, value, &entry->problem))
            return entry->problem.message;
        for (other = value->next; other; other = other->next)
            if (cJSON_Compare(value, other, true))
                return "has a value twice";
    }
    return NULL;
}

static const char *check_range(struct entry *entry)
{
    struct train_config scratch;
    const cJSON *low = cJSON_GetArrayItem(entry->range, 0);
    const cJSON *high = cJSON_GetArrayItem(entry->range, 1);
    enum config_type type = entry->field->type;
    if (type != CONFIG_NUMBER && type != CONFIG_INTEGER)
        return "is not a number: give values";
    if (type == CONFIG_INTEGER && entry->way->kind == SEARCH_REAL)
        return "is a whole number: give values, int_uniform or int_log_uniform";
    if (type == CONFIG_NUMBER && entry->way->kind == SEARCH_INTEGER)
        return "is a number: give values, uniform or log_uniform";
    if (!cJSON_IsArray(entry->range) || cJSON_GetArraySize(entry->range) != 2 ||
        !cJSON_IsNumber(low) || !cJSON_IsNumber(high) ||
        low->valuedouble >= high->valuedouble)
        return "needs two numbers, the lower first";
    config_init(&scratch);
    if (!config_set_json(&scratch, entry->field, low, &entry->problem) ||
        !config_set_json(&scratch, entry->field, high, &entry->problem))
        return entry->problem.message;
    if (entry->way->log && low->valuedouble <= 0)
        return "must be above 0 in a logarithm";
    return NULL;
}

static const char *check_entry(struct entry *entry, const cJSON *member)
{
    entry->field = config_find(member->string);
    if (!entry->field)
        return "is not a field of a config";
    if (strcmp(member->string, "seed") == 0)
        return "cannot be a parameter: use repeats";
    entry->range = cJSON_IsObject(member) ? member->child : NULL;
    entry->way = entry->range && !entry->range->next ? find_way(entry->range) : NULL;
    if (!entry->way)
        return "must have one member: values, uniform, log_uniform, int_uniform or "
               "int_log_uniform";
    return entry->way->kind == SEARCH_CHOICE ? check_values(entry) : check_range(entry);
}

static void add_dimension(struct sweep_spec *spec, const struct entry *entry)
{
    bool choice = entry->way->kind == SEARCH_CHOICE;
    size_t index = spec->space.count++;
    spec->parameters[index] = (struct sweep_parameter){
        .field = entry->field, .values = choice ? entry->range : NULL};
    spec->space.dimensions[index] =
        (struct search_dimension){.kind = entry->way->kind, .log = entry->way->log};
    struct search_dimension *dimension = &spec->space.dimensions[index];
    if (choice) {
        dimension->count = (size_t)cJSON_GetArraySize(entry->range);
    } else {
        dimension->low = cJSON_GetArrayItem(entry->range, 0)->valuedouble;
        dimension->high = cJSON_GetArrayItem(entry->range, 1)->valuedouble;
    }
}

void space_read(const cJSON *space, struct sweep_spec *spec,
                struct config_problems *problems)
{
    const cJSON *member;
    int count = cJSON_GetArraySize(space);
    if (!cJSON_IsObject(space) || count < 1 || count > SEARCH_MAX_DIMENSIONS) {
        config_add_problem(problems, "space",
                           "must be an object of 1 to 12 of a config's fields");
        return;
    }
    cJSON_ArrayForEach(member, space)
    {
        char field[80];
        struct entry entry = {0};
        const char *wrong = check_entry(&entry, member);
        snprintf(field, sizeof field, "space.%.64s", member->string);
        if (wrong)
            config_add_problem(problems, field, wrong);
        else
            add_dimension(spec, &entry);
    }
}

static cJSON *exact(const cJSON *value)
{
    char *text = number_print_tree(value);
    cJSON *copy = text ? cJSON_CreateRaw(text) : cJSON_CreateNull();
    cJSON_free(text);
    return copy;
}

cJSON *space_parameter_to_json(const struct sweep_spec *spec, size_t index)
{
    static const char *const kinds[] = {
        [SEARCH_CHOICE] = "choice", [SEARCH_REAL] = "real", [SEARCH_INTEGER] = "integer"};
    const struct search_dimension *dimension = &spec->space.dimensions[index];
    const struct sweep_parameter *parameter = &spec->parameters[index];
    bool choice = dimension->kind == SEARCH_CHOICE;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", parameter->field->name);
    cJSON_AddStringToObject(object, "kind", kinds[dimension->kind]);
    cJSON_AddBoolToObject(object, "log", dimension->log);
    json_add(object, "values", choice ? exact(parameter->values) : cJSON_CreateNull());
    json_add(object, "low", choice ? cJSON_CreateNull() : number_to_json(dimension->low));
    json_add(object, "high",
             choice ? cJSON_CreateNull() : number_to_json(dimension->high));
    return object;
}

/* The index of the value that the config has; `count` if it is none of them. */
static int find_value(const struct sweep_parameter *parameter,
                      const struct train_config *config, int count)
{
    struct train_config listed;
    struct config_problem problem;
    int index = 0;
    const cJSON *value;
    config_init(&listed);
    cJSON_ArrayForEach(value, parameter->values)
    {
        if (config_set_json(&listed, parameter->field, value, &problem) &&
            config_same(&listed, config, parameter->field))
            return index;
        index++;
    }
    return count;
}

bool sweep_spec_locate(const struct sweep_spec *spec, const struct train_config *config,
                       struct search_point *point)
{
    *point = (struct search_point){{0}};
    for (size_t i = 0; i < spec->space.count; i++) {
        const struct sweep_parameter *parameter = &spec->parameters[i];
        int count = (int)spec->space.dimensions[i].count;
        if (!parameter->values) {
            point->values[i] = config_get_number(config, parameter->field);
            continue;
        }
        int index = find_value(parameter, config, count);
        if (index == count)
            return false;
        point->values[i] = index;
    }
    return true;
}

cJSON *space_value_to_json(const struct sweep_spec *spec, size_t index, double value)
{
    const cJSON *values = spec->parameters[index].values;
    return values ? exact(cJSON_GetArrayItem(values, (int)value)) : number_to_json(value);
}
