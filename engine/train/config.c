/* Setting and reading one field of a config. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/train/config.h"

#define LIMIT_TEXT 32

void config_init(struct train_config *config)
{
    *config = (struct train_config){
        .hidden = {128},
        .hidden_count = 1,
        .lr = 0.1,
        .beta1 = 0.9,
        .beta2 = 0.999,
        .eps = 1e-8,
        .batch_size = 32,
        .epochs = 10,
        .diagnostics = true,
        .seed = 1,
    };
}

static void limit_text(double limit, char text[LIMIT_TEXT])
{
    if (limit == floor(limit))
        snprintf(text, LIMIT_TEXT, "%.0f", limit);
    else
        snprintf(text, LIMIT_TEXT, "%g", limit);
}

/* "from 1 to 10", "above 0, at most 10", "from 0 to below 1", ... */
static void range_text(const struct config_field *field, char *text, size_t size)
{
    char low[LIMIT_TEXT], high[LIMIT_TEXT];
    limit_text(field->minimum, low);
    limit_text(field->maximum, high);
    if (field->minimum_excluded)
        snprintf(text, size, "above %s, %s %s", low,
                 field->maximum_excluded ? "below" : "at most", high);
    else
        snprintf(text, size, "from %s to %s%s", low,
                 field->maximum_excluded ? "below " : "", high);
}

const char *config_choice(const struct config_field *field, size_t *index)
{
    if (field->choices != NULL)
        return field->choices[*index];
    size_t count;
    const struct dataset_info *list = dataset_list(&count);
    while (*index < count && dataset_is_removed(&list[*index]))
        ++*index;
    return *index < count ? list[*index].name : NULL;
}

static void choices_text(const struct config_field *field, char *text, size_t size)
{
    size_t used = 0;
    const char *choice;
    for (size_t i = 0; used < size && (choice = config_choice(field, &i)) != NULL; i++) {
        int added = snprintf(text + used, size - used, "%s%s", i > 0 ? ", " : "", choice);
        used += added > 0 ? (size_t)added : 0;
    }
}

static void rule_text(const struct config_field *field, char *text, size_t size)
{
    char range[128] = "";
    switch (field->type) {
    case CONFIG_CHOICE:
        choices_text(field, range, sizeof range);
        snprintf(text, size, "must be one of: %s", range);
        break;
    case CONFIG_INTEGER:
    case CONFIG_NUMBER:
        range_text(field, range, sizeof range);
        snprintf(text, size, "must be a %snumber %s%s",
                 field->type == CONFIG_INTEGER ? "whole " : "", range,
                 field->nullable ? ", or null" : "");
        break;
    case CONFIG_BOOL:
        snprintf(text, size, "must be true or false");
        break;
    case CONFIG_LAYERS:
        range_text(field, range, sizeof range);
        snprintf(text, size, "must be a list of at most %d whole numbers, each %s",
                 MLP_MAX_HIDDEN, range);
        break;
    }
}

/* Says what the field allows; always false, so that setters can return it. */
static bool refuse(const struct config_field *field, struct config_problem *problem)
{
    snprintf(problem->field, sizeof problem->field, "%s", field->name);
    rule_text(field, problem->message, sizeof problem->message);
    return false;
}

static bool in_range(const struct config_field *field, double value)
{
    return isfinite(value) && value >= field->minimum && value <= field->maximum &&
           !(field->minimum_excluded && value == field->minimum) &&
           !(field->maximum_excluded && value == field->maximum);
}

static bool is_whole_in_range(const struct config_field *field, double value)
{
    return in_range(field, value) && value == floor(value);
}

static void *member(struct train_config *config, const struct config_field *field)
{
    return (char *)config + field->offset;
}

static const void *member_of(const struct train_config *config,
                             const struct config_field *field)
{
    return (const char *)config + field->offset;
}

bool config_set_number(struct train_config *config, const struct config_field *field,
                       double value, struct config_problem *problem)
{
    if (field->type == CONFIG_INTEGER && is_whole_in_range(field, value))
        *(int64_t *)member(config, field) = (int64_t)value;
    else if (field->type == CONFIG_NUMBER && in_range(field, value))
        *(double *)member(config, field) = value;
    else
        return refuse(field, problem);
    return true;
}

bool config_set_bool(struct train_config *config, const struct config_field *field,
                     bool value, struct config_problem *problem)
{
    if (field->type != CONFIG_BOOL)
        return refuse(field, problem);
    *(bool *)member(config, field) = value;
    return true;
}

bool config_set_text(struct train_config *config, const struct config_field *field,
                     const char *value, struct config_problem *problem)
{
    const char *choice;
    if (field->type == CONFIG_CHOICE)
        for (size_t i = 0; (choice = config_choice(field, &i)) != NULL; i++)
            if (strcmp(choice, value) == 0) {
                *(int *)member(config, field) = (int)i;
                return true;
            }
    return refuse(field, problem);
}

bool config_set_null(struct train_config *config, const struct config_field *field,
                     struct config_problem *problem)
{
    if (!field->nullable)
        return refuse(field, problem);
    if (field->type == CONFIG_INTEGER)
        *(int64_t *)member(config, field) = 0;
    else
        *(double *)member(config, field) = 0;
    return true;
}

bool config_set_layers(struct train_config *config, const struct config_field *field,
                       const double *values, size_t count, struct config_problem *problem)
{
    if (field->type != CONFIG_LAYERS || count > MLP_MAX_HIDDEN)
        return refuse(field, problem);
    for (size_t i = 0; i < count; i++)
        if (!is_whole_in_range(field, values[i]))
            return refuse(field, problem);
    for (size_t i = 0; i < MLP_MAX_HIDDEN; i++)
        config->hidden[i] = i < count ? (int64_t)values[i] : 0;
    config->hidden_count = count;
    return true;
}

bool config_is_null(const struct train_config *config, const struct config_field *field)
{
    return field->nullable && config_get_number(config, field) == 0;
}

double config_get_number(const struct train_config *config,
                         const struct config_field *field)
{
    if (field->type == CONFIG_INTEGER)
        return (double)*(const int64_t *)member_of(config, field);
    return *(const double *)member_of(config, field);
}

bool config_get_bool(const struct train_config *config, const struct config_field *field)
{
    return *(const bool *)member_of(config, field);
}

const char *config_get_text(const struct train_config *config,
                            const struct config_field *field)
{
    size_t count;
    int index = *(const int *)member_of(config, field);
    return field->choices ? field->choices[index] : dataset_list(&count)[index].name;
}

bool config_same(const struct train_config *a, const struct train_config *b,
                 const struct config_field *field)
{
    switch (field->type) {
    case CONFIG_CHOICE:
        return config_get_text(a, field) == config_get_text(b, field);
    case CONFIG_INTEGER:
    case CONFIG_NUMBER:
        return config_get_number(a, field) == config_get_number(b, field);
    case CONFIG_BOOL:
        return config_get_bool(a, field) == config_get_bool(b, field);
    case CONFIG_LAYERS:
        return a->hidden_count == b->hidden_count &&
               memcmp(a->hidden, b->hidden, a->hidden_count * sizeof *a->hidden) == 0;
    }
    return false;
}
