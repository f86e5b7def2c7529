/* A diagnosis as GET /runs/{id}/diagnosis gives it. */
#ifndef SERVER_JSON_DIAGNOSIS_JSON_H
#define SERVER_JSON_DIAGNOSIS_JSON_H

#include <cjson/cJSON.h>

#include "engine/diagnosis/diagnosis.h"

/* Adds "findings", "checks" and "one_batch" to `object`; fixes are told as what they
 * change in `config`, the run's. Missing members mean that memory was out. */
void diagnosis_add(cJSON *object, const struct diagnosis *diagnosis,
                   const struct train_config *config);

#endif
