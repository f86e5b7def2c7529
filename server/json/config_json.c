#include "server/json/config_json.h"

#include <stdio.h>
#include <string.h>

#include "engine/utf8.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/reader.h"

static struct config_problem *next_problem(struct config_problems *problems)
{
    static const size_t last = CONFIG_MAX_PROBLEMS - 1;
    return &problems->list[problems->count < last ? problems->count : last];
}

/* Cuts what is too long between characters, so that the answer stays UTF-8. */
static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%.*s", (int)utf8_fitting(text, size - 1), text);
}

void config_add_problem(struct config_problems *problems, const char *field,
                        const char *message)
{
    struct config_problem *problem = next_problem(problems);
    copy_text(problem->field, sizeof problem->field, field);
    copy_text(problem->message, sizeof problem->message, message);
    if (problems->count < CONFIG_MAX_PROBLEMS)
        problems->count++;
}

static bool set_layers(struct train_config *config, const struct config_field *field,
                       const cJSON *value, struct config_problem *problem)
{
    double widths[MLP_MAX_HIDDEN + 1]; /* one too many is for the engine to refuse */
    size_t count = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, value)
    {
        if (!cJSON_IsNumber(item)) {
            snprintf(problem->field, sizeof problem->field, "%s", field->name);
            snprintf(problem->message, sizeof problem->message,
                     "must be a list of whole numbers");
            return false;
        }
        if (count <= MLP_MAX_HIDDEN)
            widths[count++] = item->valuedouble;
    }
    return config_set_layers(config, field, widths, count, problem);
}

static const char *type_name(const struct config_field *field)
{
    switch (field->type) {
    case CONFIG_CHOICE:
        return "a text";
    case CONFIG_INTEGER:
        return "a whole number";
    case CONFIG_NUMBER:
        return "a number";
    case CONFIG_BOOL:
        return "true or false";
    case CONFIG_LAYERS:
        return "a list of whole numbers";
    }
    return "";
}

static bool refuse_type(const struct config_field *field, struct config_problem *problem)
{
    snprintf(problem->field, sizeof problem->field, "%s", field->name);
    snprintf(problem->message, sizeof problem->message, "must be %s%s", type_name(field),
             field->nullable ? " or null" : "");
    return false;
}

bool config_set_json(struct train_config *config, const struct config_field *field,
                     const cJSON *value, struct config_problem *problem)
{
    bool number = field->type == CONFIG_INTEGER || field->type == CONFIG_NUMBER;
    if (cJSON_IsNull(value) && field->nullable)
        return config_set_null(config, field, problem);
    if (cJSON_IsNumber(value) && number)
        return config_set_number(config, field, value->valuedouble, problem);
    if (cJSON_IsBool(value) && field->type == CONFIG_BOOL)
        return config_set_bool(config, field, cJSON_IsTrue(value), problem);
    if (cJSON_IsString(value) && field->type == CONFIG_CHOICE)
        return config_set_text(config, field, value->valuestring, problem);
    if (cJSON_IsArray(value) && field->type == CONFIG_LAYERS)
        return set_layers(config, field, value, problem);
    return refuse_type(field, problem);
}

static bool belongs_to_the_run(const char *name)
{
    return strcmp(name, "name") == 0 || strcmp(name, "tags") == 0 ||
           strcmp(name, "notes") == 0;
}

bool config_from_json(const cJSON *object, struct train_config *config,
                      struct config_problems *problems)
{
    size_t before = problems->count;
    config_init(config);
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        const struct config_field *field = config_find(member->string);
        if (!field && !belongs_to_the_run(member->string))
            config_add_problem(problems, member->string, "is not a field of a config");
        struct config_problem problem;
        if (field && !config_set_json(config, field, member, &problem))
            config_add_problem(problems, problem.field, problem.message);
    }
    if (problems->count == before)
        problems->count +=
            config_check(config, problems->list + before, CONFIG_MAX_PROBLEMS - before);
    return problems->count == before;
}

cJSON *config_read_object(const char *text, struct config_problems *problems)
{
    char reason[200];
    cJSON *object = json_read_object(text, strlen(text), reason, sizeof reason);
    if (!object)
        config_add_problem(problems, "", reason);
    return object;
}

bool config_from_text(const char *text, struct train_config *config,
                      struct config_problems *problems)
{
    cJSON *object = config_read_object(text, problems);
    config_init(config);
    bool valid = object && config_from_json(object, config, problems);
    cJSON_Delete(object);
    return valid;
}

static cJSON *layers_to_json(const struct train_config *config)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < config->hidden_count; i++)
        json_append(list, number_to_json((double)config->hidden[i]));
    return list;
}

cJSON *config_field_to_json(const struct train_config *config,
                            const struct config_field *field)
{
    if (config_is_null(config, field))
        return cJSON_CreateNull();
    switch (field->type) {
    case CONFIG_CHOICE:
        return cJSON_CreateString(config_get_text(config, field));
    case CONFIG_INTEGER:
    case CONFIG_NUMBER:
        return number_to_json(config_get_number(config, field));
    case CONFIG_BOOL:
        return cJSON_CreateBool(config_get_bool(config, field));
    case CONFIG_LAYERS:
        return layers_to_json(config);
    }
    return NULL;
}

cJSON *config_to_json(const struct train_config *config)
{
    cJSON *object = cJSON_CreateObject();
    size_t count;
    const struct config_field *fields = config_fields(&count);
    for (size_t i = 0; object && i < count; i++) {
        cJSON *value = config_field_to_json(config, &fields[i]);
        if (!value || !json_add(object, fields[i].name, value)) {
            cJSON_Delete(object);
            return NULL;
        }
    }
    return object;
}

/* Where the member that `text` begins with ends, if its key is `name`; else NULL. */
static const char *skip_member(const char *text, const char *name)
{
    char key[64];
    int length = snprintf(key, sizeof key, "\"%s\":", name);
    if (strncmp(text, key, (size_t)length) != 0)
        return NULL;
    text += length;
    if (*text == '[')
        text = strchr(text, ']');
    else if (*text == '"')
        text = strchr(text + 1, '"');
    return text ? text + strcspn(text, ",}") : NULL;
}

bool config_text_is_current(const char *text)
{
    size_t count;
    const struct config_field *fields = config_fields(&count);
    const char *at = json_is_line(text) && *text == '{' ? text : NULL;
    for (size_t i = 0; at && i < count; i++)
        at = *at == (i ? ',' : '{') ? skip_member(at + 1, fields[i].name) : NULL;
    return at && strcmp(at, "}") == 0;
}
