/* GET /openapi.json, made from the table of routes and the engine's table of fields, so
 * that neither can drift from what the server does. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "server/http/routes.h"
#include "server/json/number.h"
#include "server/routes/handlers.h"
#include "server/version.h"

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
        cJSON_AddItemToObject(schema,
                              field->minimum_excluded ? "exclusiveMinimum" : "minimum",
                              number_to_json(field->minimum));
    if (isfinite(field->maximum) && field->maximum < DBL_MAX)
        cJSON_AddItemToObject(schema,
                              field->maximum_excluded ? "exclusiveMaximum" : "maximum",
                              number_to_json(field->maximum));
}

static cJSON *type_of(const struct config_field *field)
{
    if (!field->nullable)
        return cJSON_CreateString(json_type(field));
    cJSON *types = cJSON_CreateArray();
    cJSON_AddItemToArray(types, cJSON_CreateString(json_type(field)));
    cJSON_AddItemToArray(types, cJSON_CreateString("null"));
    return types;
}

static cJSON *field_schema(const struct train_config *defaults,
                           const struct config_field *field)
{
    cJSON *schema = cJSON_CreateObject();
    cJSON_AddItemToObject(schema, "type", type_of(field));
    if (field->type == CONFIG_INTEGER || field->type == CONFIG_NUMBER)
        add_range(schema, field);
    if (field->type == CONFIG_CHOICE) {
        cJSON *choices = cJSON_AddArrayToObject(schema, "enum");
        for (size_t i = 0; field->choices[i]; i++)
            cJSON_AddItemToArray(choices, cJSON_CreateString(field->choices[i]));
    }
    if (field->type == CONFIG_LAYERS) {
        cJSON *items = cJSON_AddObjectToObject(schema, "items");
        cJSON_AddStringToObject(items, "type", "integer");
        add_range(items, field);
        cJSON_AddItemToObject(schema, "maxItems", number_to_json(MLP_MAX_HIDDEN));
    }
    cJSON_AddItemToObject(schema, "default", config_field_to_json(defaults, field));
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
        cJSON_AddItemToObject(properties, words[i].name, cJSON_Parse(words[i].schema));
}

static cJSON *config_schema(void)
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
        cJSON_AddItemToObject(properties, fields[i].name,
                              field_schema(&defaults, &fields[i]));
    return schema;
}

/* "/runs/:id/points" as "/runs/{id}/points"; notes the variable's name, "" for none. */
static void template_path(const char *path, char *out, size_t size, char *variable)
{
    const char *colon = strchr(path, ':');
    *variable = '\0';
    if (!colon) {
        snprintf(out, size, "%s", path);
        return;
    }
    size_t length = strcspn(colon + 1, "/");
    snprintf(variable, 16, "%.*s", (int)length, colon + 1);
    snprintf(out, size, "%.*s{%s}%s", (int)(colon - path), path, variable,
             colon + 1 + length);
}

static void add_parameter(cJSON *list, const char *name, const char *place,
                          const char *type)
{
    cJSON *parameter = cJSON_CreateObject();
    cJSON_AddStringToObject(parameter, "name", name);
    cJSON_AddStringToObject(parameter, "in", place);
    cJSON_AddBoolToObject(parameter, "required", strcmp(place, "path") == 0);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(parameter, "schema"), "type", type);
    cJSON_AddItemToArray(list, parameter);
}

static const char *query_type(const char *name)
{
    static const char *const integers[] = {"sweep", "limit", "offset", "since_step",
                                           "max"};
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)
        if (strcmp(integers[i], name) == 0)
            return "integer";
    return "string";
}

static cJSON *describe_parameters(const struct route *route, const char *variable)
{
    cJSON *list = cJSON_CreateArray();
    if (*variable)
        add_parameter(list, variable, "path",
                      strcmp(variable, "id") == 0 ? "integer" : "string");
    for (size_t i = 0; route->query && route->query[i]; i++)
        add_parameter(list, route->query[i], "query", query_type(route->query[i]));
    return list;
}

static void describe_body(cJSON *operation, const struct route *route)
{
    bool launches = strcmp(route->path, "/runs") == 0;
    cJSON *body = cJSON_AddObjectToObject(operation, "requestBody");
    cJSON *content = cJSON_AddObjectToObject(body, "content");
    cJSON *media = cJSON_AddObjectToObject(content, "application/json");
    cJSON *schema = cJSON_AddObjectToObject(media, "schema");
    if (launches)
        cJSON_AddStringToObject(schema, "$ref", "#/components/schemas/RunConfig");
    else
        cJSON_AddStringToObject(schema, "type", "object");
}

static cJSON *describe_operation(const struct route *route, const char *variable)
{
    cJSON *operation = cJSON_CreateObject();
    cJSON_AddStringToObject(operation, "summary", route->summary);
    cJSON_AddItemToObject(operation, "parameters", describe_parameters(route, variable));
    if (route->flags & ROUTE_BODY)
        describe_body(operation, route);
    cJSON *responses = cJSON_AddObjectToObject(operation, "responses");
    cJSON *success = cJSON_AddObjectToObject(responses, "2XX");
    cJSON_AddStringToObject(success, "description", route->summary);
    cJSON *failure = cJSON_AddObjectToObject(responses, "default");
    cJSON_AddStringToObject(failure, "description",
                            "What went wrong, as application/problem+json (RFC 9457)");
    return operation;
}

static cJSON *describe_paths(void)
{
    cJSON *paths = cJSON_CreateObject();
    for (size_t i = 0; i < route_count; i++) {
        char path[64], variable[16], method[8] = "";
        template_path(routes[i].path, path, sizeof path, variable);
        for (size_t c = 0; routes[i].method[c] && c + 1 < sizeof method; c++)
            method[c] = (char)(routes[i].method[c] + ('a' - 'A'));
        cJSON *entry = cJSON_GetObjectItemCaseSensitive(paths, path);
        if (!entry)
            entry = cJSON_AddObjectToObject(paths, path);
        cJSON_AddItemToObject(entry, method, describe_operation(&routes[i], variable));
    }
    return paths;
}

enum MHD_Result openapi_get(struct request *request)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "openapi", "3.1.0");
    cJSON *info = cJSON_AddObjectToObject(object, "info");
    cJSON_AddStringToObject(info, "title", "Sweetspot");
    cJSON_AddStringToObject(info, "version", version_number());
    cJSON_AddItemToObject(object, "paths", describe_paths());
    cJSON *components = cJSON_AddObjectToObject(object, "components");
    cJSON *schemas = cJSON_AddObjectToObject(components, "schemas");
    cJSON_AddItemToObject(schemas, "RunConfig", config_schema());
    return reply_json(request, MHD_HTTP_OK, object);
}
