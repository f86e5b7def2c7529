/* The schema of a run's config, from the engine's table of fields. */
#ifndef SERVER_ROUTES_CONFIG_SCHEMA_H
#define SERVER_ROUTES_CONFIG_SCHEMA_H

#include <cjson/cJSON.h>

/* Types, ranges, choices, defaults and descriptions of every field, and the words that a
 * person may attach. The caller deletes. */
cJSON *config_schema(void);

#endif
