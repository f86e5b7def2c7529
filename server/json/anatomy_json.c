#include "server/json/anatomy_json.h"

#include <stdio.h>

#include "server/json/build.h"
#include "server/json/number.h"

static cJSON *group_to_json(const struct anatomy_value *value)
{
    char text[48];
    if (value->layer == 0)
        return cJSON_CreateNull();
    snprintf(text, sizeof text, "layer %zu neuron %zu", value->layer, value->neuron);
    return cJSON_CreateString(text);
}

static cJSON *value_to_json(const struct anatomy *anatomy, uint32_t id)
{
    struct anatomy_value value = anatomy_value(anatomy, id);
    enum value_op op = value.node->op;
    cJSON *object = cJSON_CreateObject();
    number_add(object, "id", id);
    cJSON_AddStringToObject(object, "label", value.label);
    cJSON_AddStringToObject(object, "op", op == VALUE_LEAF ? "" : value_op_name(op));
    cJSON *inputs = cJSON_AddArrayToObject(object, "inputs");
    cJSON *local = cJSON_AddArrayToObject(object, "local");
    for (size_t k = 0; k < value_op_arity(op); k++) {
        json_append(inputs, number_to_json(value.node->inputs[k]));
        json_append(local, number_to_json(value.local[k]));
    }
    if (op == VALUE_POW)
        number_add(object, "constant", value.node->constant);
    number_add(object, "data", value.data);
    number_add(object, "grad", value.gradient);
    json_add(object, "group", group_to_json(&value));
    cJSON_AddStringToObject(object, "role", anatomy_role_name(value.role));
    return object;
}

cJSON *anatomy_to_json(const struct anatomy *anatomy)
{
    const uint32_t *order = anatomy_order(anatomy);
    size_t count = anatomy_count(anatomy);
    cJSON *object = cJSON_CreateObject();
    cJSON *nodes = cJSON_AddArrayToObject(object, "nodes");
    cJSON *forward = cJSON_AddArrayToObject(object, "forward");
    cJSON *backward = cJSON_AddArrayToObject(object, "backward");
    for (uint32_t i = 0; i < count; i++)
        json_append(nodes, value_to_json(anatomy, i));
    for (size_t i = 0; i < count; i++)
        json_append(forward, number_to_json(order[i]));
    for (size_t i = count; i-- > 0;)
        if (anatomy_is_reached(anatomy, order[i]))
            json_append(backward, number_to_json(order[i]));
    number_add(object, "output", anatomy_output(anatomy));
    return object;
}
