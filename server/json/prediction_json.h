/* What a model answers to one sample, as every route gives it. */
#ifndef SERVER_JSON_PREDICTION_JSON_H
#define SERVER_JSON_PREDICTION_JSON_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "engine/nn/mlp.h"

/* A row of `count` outputs, of which `label` has the largest: probabilities (softmax)
 * with cross-entropy; with mse and hinge, which know none, the outputs as they are. */
cJSON *prediction_outputs(enum loss loss, const float *outputs, size_t count,
                          size_t label);

#endif
