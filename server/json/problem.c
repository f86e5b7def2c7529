#include "server/json/problem.h"

#include "server/json/build.h"
#include "server/json/number.h"

const char *problem_title(unsigned status)
{
    static const struct {
        unsigned status;
        const char *title;
    } titles[] = {
        {400, "Bad Request"           },
        {401, "Unauthorized"          },
        {403, "Forbidden"             },
        {404, "Not Found"             },
        {405, "Method Not Allowed"    },
        {409, "Conflict"              },
        {413, "Content Too Large"     },
        {415, "Unsupported Media Type"},
        {421, "Misdirected Request"   },
        {500, "Internal Server Error" },
        {503, "Service Unavailable"   },
        {507, "Insufficient Storage"  },
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "Error";
}

static cJSON *field_errors(const struct config_problems *fields)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; fields && i < fields->count; i++) {
        cJSON *entry = cJSON_CreateObject();
        cJSON_AddStringToObject(entry, "field", fields->list[i].field);
        cJSON_AddStringToObject(entry, "message", fields->list[i].message);
        json_append(list, entry);
    }
    return list;
}

cJSON *problem_to_json(unsigned status, const char *detail,
                       const struct config_problems *fields)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "type", "about:blank");
    cJSON_AddStringToObject(object, "title", problem_title(status));
    json_add(object, "status", number_to_json(status));
    cJSON_AddStringToObject(object, "detail", detail);
    json_add(object, "errors", field_errors(fields));
    return object;
}
