#include "server/json/prediction_json.h"

#include <math.h>

#include "server/json/build.h"
#include "server/json/number.h"

static cJSON *plain_outputs(const float *outputs, size_t count)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < count; i++)
        json_append(list, number_to_json(outputs[i]));
    return list;
}

static cJSON *probabilities(const float *logits, size_t count, size_t label)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += exp((double)logits[i] - (double)logits[label]);
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < count; i++) {
        double share = exp((double)logits[i] - (double)logits[label]) / sum;
        json_append(list, number_to_json(share));
    }
    return list;
}

cJSON *prediction_outputs(enum loss loss, const float *outputs, size_t count,
                          size_t label)
{
    return loss == LOSS_CROSS_ENTROPY ? probabilities(outputs, count, label)
                                      : plain_outputs(outputs, count);
}
