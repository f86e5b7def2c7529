/* The numbers of one sample of a dataset. */
#ifndef SERVER_JSON_SAMPLE_JSON_H
#define SERVER_JSON_SAMPLE_JSON_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "engine/data/dataset.h"

/* Adds row `index` as "NAME": [...]: pixels from 0 to 255, or coordinates as they are. As
 * one node: a thousand pictures are too many nodes to be built one a pixel. */
void sample_add_values(cJSON *object, const char *name, const struct dataset_split *split,
                       size_t features, size_t index);

#endif
