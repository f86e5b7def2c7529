/* What the API takes and gives, for its own description. */
#ifndef SERVER_ROUTES_SCHEMAS_H
#define SERVER_ROUTES_SCHEMAS_H

#include <cjson/cJSON.h>

/* components.schemas of OpenAPI 3.1: all of them, the run's config made from the engine's
 * table of fields. The caller deletes. */
cJSON *schemas_to_json(void);

/* {"$ref": "#/components/schemas/<name>"} */
cJSON *schema_reference(const char *name);

#endif
