/* Times as RFC 3339 in UTC with milliseconds: "2026-01-31T12:00:00.000Z". */
#ifndef SERVER_JSON_TIME_JSON_H
#define SERVER_JSON_TIME_JSON_H

#include <cjson/cJSON.h>

#define TIME_TEXT_MAX 32

/* `seconds` since 1970; writes TIME_TEXT_MAX bytes at most. NaN gives "". */
void time_format(double seconds, char *text);

/* A string node, null for NaN. NULL: no memory. */
cJSON *time_to_json(double seconds);

#endif
