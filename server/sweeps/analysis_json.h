/* An analysis as JSON and as a table of runs. */
#ifndef SERVER_SWEEPS_ANALYSIS_JSON_H
#define SERVER_SWEEPS_ANALYSIS_JSON_H

#include <cjson/cJSON.h>

#include "server/sweeps/analysis.h"

/* The answer of GET /sweeps/{id}/analysis. NULL: no memory. */
cJSON *analysis_to_json(const struct analysis *analysis);

/* One row a run, a column a parameter; malloc'd. NULL: no memory. */
char *analysis_to_csv(const struct analysis *analysis, size_t *length);

#endif
