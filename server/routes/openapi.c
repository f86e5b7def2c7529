/* GET /openapi.json, made from the table of routes and the engine's table of fields, so
 * that neither can drift from what the server does. */
#include <stdio.h>
#include <string.h>

#include "server/http/routes.h"
#include "server/json/build.h"
#include "server/routes/handlers.h"
#include "server/routes/schemas.h"
#include "server/version.h"

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
    json_append(list, parameter);
}

static const char *query_type(const char *name)
{
    static const char *const integers[] = {"sweep", "limit", "offset", "since_step",
                                           "max"};
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)
        if (strcmp(integers[i], name) == 0)
            return "integer";
    if (strcmp(name, "target") == 0)
        return "number";
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
    if (route->header)
        add_parameter(list, route->header, "header", "string");
    return list;
}

/* {"<media type>": {"schema": ...}}; nothing for an empty answer. */
static void add_content(cJSON *object, const char *type, const char *what)
{
    if (!*what)
        return;
    bool raw = strchr(what, '/') != NULL;
    cJSON *content = cJSON_AddObjectToObject(object, "content");
    cJSON *media = cJSON_AddObjectToObject(content, raw ? what : type);
    if (!raw)
        json_add(media, "schema", schema_reference(what));
}

static void describe_failure(cJSON *responses)
{
    cJSON *failure = cJSON_AddObjectToObject(responses, "default");
    cJSON_AddStringToObject(failure, "description", "What went wrong (RFC 9457)");
    cJSON *content = cJSON_AddObjectToObject(failure, "content");
    cJSON *media = cJSON_AddObjectToObject(content, "application/problem+json");
    json_add(media, "schema", schema_reference("Problem"));
}

static cJSON *describe_operation(const struct route *route, const char *variable)
{
    cJSON *operation = cJSON_CreateObject();
    cJSON_AddStringToObject(operation, "summary", route->summary);
    json_add(operation, "parameters", describe_parameters(route, variable));
    if (route->takes)
        add_content(cJSON_AddObjectToObject(operation, "requestBody"),
                    route->flags & ROUTE_UPLOAD ? "multipart/form-data"
                                                : "application/json",
                    route->takes);
    cJSON *responses = cJSON_AddObjectToObject(operation, "responses");
    cJSON *success = cJSON_AddObjectToObject(responses, "2XX");
    cJSON_AddStringToObject(success, "description", route->summary);
    add_content(success, "application/json", route->gives);
    describe_failure(responses);
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
        json_add(entry, method, describe_operation(&routes[i], variable));
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
    json_add(object, "paths", describe_paths());
    cJSON *components = cJSON_AddObjectToObject(object, "components");
    json_add(components, "schemas", schemas_to_json());
    return reply_json(request, MHD_HTTP_OK, object);
}
