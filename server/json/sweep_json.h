/* A sweep's row as JSON. */
#ifndef SERVER_JSON_SWEEP_JSON_H
#define SERVER_JSON_SWEEP_JSON_H

#include <cjson/cJSON.h>

#include "db/sweeps.h"

/* NULL: no memory. */
cJSON *sweep_to_json(const struct db_sweep *sweep);

#endif
