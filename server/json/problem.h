/* RFC 9457 problem documents: what went wrong, for programs and people. */
#ifndef SERVER_JSON_PROBLEM_H
#define SERVER_JSON_PROBLEM_H

#include <cjson/cJSON.h>

#include "server/json/config_json.h"

/* `fields` may be NULL: {"type", "title", "status", "detail", "errors": [...]}. */
cJSON *problem_to_json(unsigned status, const char *detail,
                       const struct config_problems *fields);

/* "Not Found", ... for the statuses this server uses. */
const char *problem_title(unsigned status);

#endif
