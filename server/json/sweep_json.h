/* A sweep's row as JSON. */
#ifndef SERVER_JSON_SWEEP_JSON_H
#define SERVER_JSON_SWEEP_JSON_H

#include <cjson/cJSON.h>

#include "db/sweeps.h"

/* What POST /sweeps would take to make it again: as it was given, under the name and
 * notes that it has by now. NULL: no memory, or the stored text is damaged. */
cJSON *sweep_description(const struct db_sweep *sweep);

/* NULL: no memory. */
cJSON *sweep_to_json(const struct db_sweep *sweep);

#endif
