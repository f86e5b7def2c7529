#include "server/routes/anatomy_reading.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const cJSON *json_member_of(const struct request *request, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(request->json, name);
}

static bool is_float(const cJSON *value)
{
    return cJSON_IsNumber(value) && isfinite((float)value->valuedouble);
}

float read_number(struct request *request, const char *field, const cJSON *value,
                  float otherwise)
{
    if (value && is_float(value))
        return (float)value->valuedouble;
    if (value)
        request_add_problem(request, field, "must be a number of at most 3.4e38");
    return otherwise;
}

double read_whole(struct request *request, const char *field, double minimum,
                  double maximum, double otherwise)
{
    const cJSON *value = json_member_of(request, field);
    if (!value)
        return otherwise;
    double number = cJSON_IsNumber(value) ? value->valuedouble : NAN;
    if (number >= minimum && number <= maximum && number == floor(number))
        return number;
    request_add_problem(request, field, "must be a whole number from %.16g to %.16g",
                        minimum, maximum);
    return otherwise;
}

size_t read_numbers(struct request *request, const char *field, const cJSON *list,
                    size_t count, float *out)
{
    size_t most = count ? count : ANATOMY_MAX_VALUES, read = 0;
    size_t size = cJSON_IsArray(list) ? (size_t)cJSON_GetArraySize(list) : 0;
    bool valid = size >= 1 && size <= most && (count == 0 || size == count);
    const cJSON *item;
    if (valid)
        cJSON_ArrayForEach(item, list)
        {
            valid = valid && is_float(item);
            out[read++] = valid ? (float)item->valuedouble : 0;
        }
    if (valid)
        return read;
    if (count)
        request_add_problem(request, field, "must be a list of %zu numbers", count);
    else
        request_add_problem(request, field, "must be a list of 1 to %d numbers",
                            ANATOMY_MAX_VALUES);
    return 0;
}

int read_choice(struct request *request, const char *field)
{
    const struct config_field *of = config_find(field);
    const cJSON *value = json_member_of(request, field);
    struct train_config config;
    struct config_problem problem;
    config_init(&config);
    if (value && !config_set_json(&config, of, value, &problem))
        request_add_problem(request, field, "%s", problem.message);
    const char *text = config_get_text(&config, of);
    int choice = 0;
    while (strcmp(of->choices[choice], text) != 0)
        choice++;
    return choice;
}

enum activation read_activation(struct request *request, const char *field)
{
    return (enum activation)read_choice(request, field);
}

/* A neuron's weights and its bias need room. */
static bool has_room(struct request *request, const char *field,
                     const struct layers_read *into, size_t more)
{
    if (more <= ANATOMY_MAX_VALUES && into->used + more <= ANATOMY_MAX_VALUES)
        return true;
    request_add_problem(request, field, "has more than %d numbers", ANATOMY_MAX_VALUES);
    return false;
}

bool read_one_layer(struct request *request, const char *field, const cJSON *layer,
                    size_t inputs, struct layers_read *into)
{
    const cJSON *weights = cJSON_GetObjectItemCaseSensitive(layer, "weights");
    const cJSON *biases = cJSON_GetObjectItemCaseSensitive(layer, "biases");
    const cJSON *row;
    size_t outputs = cJSON_IsArray(weights) ? (size_t)cJSON_GetArraySize(weights) : 0;
    size_t before = request->problems.count;
    if (outputs == 0) {
        request_add_problem(request, field,
                            "needs weights: a list of %zu numbers for each neuron",
                            inputs);
        return false;
    }
    if (inputs == 0 || !has_room(request, field, into, outputs * (inputs + 1)))
        return false;
    struct anatomy_layer *read = &into->layers[into->count++];
    *read = (struct anatomy_layer){.weights = into->numbers + into->used,
                                   .outputs = outputs,
                                   .activation = ACTIVATION_LINEAR};
    cJSON_ArrayForEach(row, weights)
    {
        if (request->problems.count == before)
            read_numbers(request, field, row, inputs, into->numbers + into->used);
        into->used += inputs;
    }
    read->biases = into->numbers + into->used;
    if (request->problems.count == before)
        read_numbers(request, "biases", biases, outputs, into->numbers + into->used);
    into->used += outputs;
    return request->problems.count == before;
}

static bool has_layer_members(const cJSON *layer)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, layer)
    {
        if (strcmp(member->string, "weights") != 0 &&
            strcmp(member->string, "biases") != 0)
            return false;
    }
    return cJSON_IsObject(layer);
}

bool read_layers(struct request *request, const cJSON *list, size_t inputs,
                 struct layers_read *into)
{
    const cJSON *layer;
    size_t count = cJSON_IsArray(list) ? (size_t)cJSON_GetArraySize(list) : 0;
    if (count < 1 || count > MLP_MAX_LAYERS) {
        request_add_problem(request, "layers", "must be a list of 1 to %d layers",
                            MLP_MAX_LAYERS);
        return false;
    }
    cJSON_ArrayForEach(layer, list)
    {
        char field[32];
        snprintf(field, sizeof field, "layers[%zu]", into->count);
        if (!has_layer_members(layer)) {
            request_add_problem(request, field, "must be {\"weights\", \"biases\"}");
            return false;
        }
        if (!read_one_layer(request, field, layer, inputs, into))
            return false;
        inputs = into->layers[into->count - 1].outputs;
    }
    return true;
}
