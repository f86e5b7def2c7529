#include "server/routes/config_schema.h"

#include <float.h>
#include <math.h>

#include "server/json/build.h"
#include "server/json/config_json.h"
#include "server/json/number.h"

static const char *json_type(const struct config_field *field)
{
    switch (field->type) {
    case CONFIG_CHOICE:
        return "string";
    case CONFIG_INTEGER:
        return "integer";
    case CONFIG_NUMBER:
        return "number";
    case CONFIG_BOOL:
        return "boolean";
    case CONFIG_LAYERS:
        return "array";
    }
    return "null";
}

static void add_range(cJSON *schema, const struct config_field *field)
{
    if (isfinite(field->minimum) && field->minimum > -DBL_MAX)
        json_add(schema, field->minimum_excluded ? "exclusiveMinimum" : "minimum",
                 number_to_json(field->minimum));
    if (isfinite(field->maximum) && field->maximum < DBL_MAX)
        json_add(schema, field->maximum_excluded ? "exclusiveMaximum" : "maximum",
                 number_to_json(field->maximum));
}

static cJSON *type_of(const struct config_field *field)
{
    if (!field->nullable)
        return cJSON_CreateString(json_type(field));
    cJSON *types = cJSON_CreateArray();
    json_append(types, cJSON_CreateString(json_type(field)));
    json_append(types, cJSON_CreateString("null"));
    return types;
}

static cJSON *field_schema(const struct train_config *defaults,
                           const struct config_field *field)
{
    cJSON *schema = cJSON_CreateObject();
    json_add(schema, "type", type_of(field));
    if (field->type == CONFIG_INTEGER || field->type == CONFIG_NUMBER)
        add_range(schema, field);
    if (field->type == CONFIG_CHOICE) {
        cJSON *choices = cJSON_AddArrayToObject(schema, "enum");
        const char *choice;
        for (size_t i = 0; (choice = config_choice(field, &i)); i++)
            json_append(choices, cJSON_CreateString(choice));
    }
    if (field->type == CONFIG_LAYERS) {
        cJSON *items = cJSON_AddObjectToObject(schema, "items");
        cJSON_AddStringToObject(items, "type", "integer");
        add_range(items, field);
        json_add(schema, "maxItems", number_to_json(MLP_MAX_HIDDEN));
    }
    json_add(schema, "default", config_field_to_json(defaults, field));
    cJSON_AddStringToObject(schema, "description", field->help);
    return schema;
}

static void add_word_schemas(cJSON *properties)
{
    static const struct {
        const char *name, *schema;
    } words[] = {
        {"name",  "{\"type\":\"string\",\"maxLength\":200,\"default\":\"\","
                 "\"description\":\"What to call the run.\"}"        },
        {"tags",  "{\"type\":\"array\",\"maxItems\":20,\"default\":[],\"items\":"
                 "{\"type\":\"string\",\"minLength\":1,\"maxLength\":50},"
                 "\"description\":\"Words to find the run by.\"}"    },
        {"notes", "{\"type\":\"string\",\"maxLength\":10000,\"default\":\"\","
                  "\"description\":\"Anything worth remembering.\"}"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        json_add(properties, words[i].name, cJSON_Parse(words[i].schema));
}

cJSON *config_schema(void)
{
    struct train_config defaults;
    size_t count;
    const struct config_field *fields = config_fields(&count);
    config_init(&defaults);
    cJSON *schema = cJSON_CreateObject();
    cJSON_AddStringToObject(schema, "type", "object");
    cJSON_AddFalseToObject(schema, "additionalProperties");
    cJSON *properties = cJSON_AddObjectToObject(schema, "properties");
    add_word_schemas(properties);
    for (size_t i = 0; i < count; i++)
        json_add(properties, fields[i].name, field_schema(&defaults, &fields[i]));
    return schema;
}
