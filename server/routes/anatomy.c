/* POST /anatomy: a formula, a neuron, a layer or an MLP taken apart by the scalar engine.
 * Nothing is kept. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/anatomy/anatomy.h"
#include "server/json/anatomy_json.h"
#include "server/json/problem.h"
#include "server/routes/anatomy_reading.h"
#include "server/routes/handlers.h"

static enum MHD_Result reply_anatomy(struct request *request, struct anatomy *anatomy)
{
    enum engine_status status = anatomy_run(anatomy);
    enum MHD_Result result =
        status == ENGINE_OK ? reply_json(request, MHD_HTTP_OK, anatomy_to_json(anatomy))
                            : reply_db_failure(request, DB_NO_MEMORY);
    anatomy_free(anatomy);
    return result;
}

/* --- formulas -------------------------------------------------------------------------
 */

/* 400 that also says where in the text, for a page to point there. */
static enum MHD_Result reply_formula_error(struct request *request,
                                           const struct formula_error *error)
{
    request_add_problem(request, "text", "%s", error->text);
    cJSON *object = problem_to_json(MHD_HTTP_BAD_REQUEST, "the formula cannot be read",
                                    &request->problems);
    cJSON *errors = cJSON_GetObjectItemCaseSensitive(object, "errors");
    cJSON *first = cJSON_GetArrayItem(errors, 0);
    if (first)
        cJSON_AddNumberToObject(first, "position", (double)error->position);
    return reply_problem_object(request, MHD_HTTP_BAD_REQUEST, object);
}

static void set_values(struct request *request, struct anatomy *anatomy)
{
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(request->json, "values");
    const cJSON *member;
    if (values && !cJSON_IsObject(values)) {
        request_add_problem(request, "values", "must be an object of numbers");
        return;
    }
    cJSON_ArrayForEach(member, values)
    {
        if (!cJSON_IsNumber(member) || !isfinite((float)member->valuedouble))
            request_add_problem(request, "values", "%s must be a number", member->string);
        else
            anatomy_set(anatomy, member->string, (float)member->valuedouble);
    }
}

/* Values of names that the formula does not have (any more) are no error: the page may
 * still send those of the letter that was just deleted. */
static enum MHD_Result trace_formula(struct request *request)
{
    static const char *const members[] = {"kind", "text", "values", NULL};
    const cJSON *text = cJSON_GetObjectItemCaseSensitive(request->json, "text");
    struct anatomy *anatomy;
    struct formula_error error;
    request_allow_members(request, members);
    if (!cJSON_IsString(text))
        request_add_problem(request, "text", "must be a text: d = a*b + c.tanh()");
    if (request->problems.count)
        return reply_bad_fields(request);
    enum engine_status status = anatomy_of_formula(text->valuestring, &anatomy, &error);
    if (status == ENGINE_FORMAT)
        return reply_formula_error(request, &error);
    if (status != ENGINE_OK)
        return reply_db_failure(request, DB_NO_MEMORY);
    set_values(request, anatomy);
    if (request->problems.count) {
        anatomy_free(anatomy);
        return reply_bad_fields(request);
    }
    return reply_anatomy(request, anatomy);
}

/* --- networks -------------------------------------------------------------------------
 */

/* What a network is read into. */
struct reading {
    float inputs[ANATOMY_MAX_VALUES];
    struct layers_read layers;
    struct anatomy_network network;
};

static void read_inputs(struct request *request, struct reading *reading)
{
    reading->network.inputs = reading->inputs;
    reading->network.input_count = read_numbers(
        request, "inputs", json_member_of(request, "inputs"), 0, reading->inputs);
}

static void use_layers(struct reading *reading)
{
    reading->network.layers = reading->layers.layers;
    reading->network.layer_count = reading->layers.count;
}

static void read_neuron(struct request *request, struct reading *reading)
{
    static const char *const members[] = {"kind",       "inputs", "weights", "bias",
                                          "activation", "target", NULL};
    const cJSON *bias = json_member_of(request, "bias");
    const cJSON *target = json_member_of(request, "target");
    struct anatomy_layer *layer = &reading->layers.layers[0];
    request_allow_members(request, members);
    read_inputs(request, reading);
    *layer = (struct anatomy_layer){.weights = reading->layers.numbers, .outputs = 1};
    layer->activation = read_activation(request, "activation");
    size_t count = reading->network.input_count;
    read_numbers(request, "weights", json_member_of(request, "weights"), count,
                 reading->layers.numbers);
    layer->biases = reading->layers.numbers + count;
    reading->layers.numbers[count] = read_number(request, "bias", bias, 0);
    reading->layers.count = 1;
    if (target && !cJSON_IsNull(target)) {
        reading->network.end = ANATOMY_SQUARED;
        reading->network.target = read_number(request, "target", target, 0);
    }
    use_layers(reading);
}

static void read_layer(struct request *request, struct reading *reading)
{
    static const char *const members[] = {"kind",       "inputs", "weights", "biases",
                                          "activation", "of",     NULL};
    request_allow_members(request, members);
    read_inputs(request, reading);
    read_one_layer(request, "weights", request->json, reading->network.input_count,
                   &reading->layers);
    reading->layers.layers[0].activation = read_activation(request, "activation");
    size_t outputs = reading->layers.layers[0].outputs;
    reading->network.of =
        (size_t)read_whole(request, "of", 0, outputs ? (double)outputs - 1 : 0, 0);
    use_layers(reading);
}

static void read_loss(struct request *request, struct reading *reading)
{
    struct anatomy_network *network = &reading->network;
    const cJSON *loss = json_member_of(request, "loss");
    size_t outputs = reading->layers.count
                         ? reading->layers.layers[reading->layers.count - 1].outputs
                         : 1;
    if (!loss || cJSON_IsNull(loss)) {
        if (json_member_of(request, "label"))
            request_add_problem(request, "label", "is for a loss to judge by");
        return;
    }
    network->end = ANATOMY_LOSS;
    network->loss = (enum loss)read_choice(request, "loss");
    network->label =
        (size_t)read_whole(request, "label", 0, outputs > 1 ? (double)outputs - 1 : 1, 0);
    if (network->loss == LOSS_CROSS_ENTROPY && outputs == 1)
        request_add_problem(request, "loss", "cross_entropy needs two outputs or more");
}

static void read_mlp(struct request *request, struct reading *reading)
{
    static const char *const members[] = {"kind", "inputs", "layers", "activation",
                                          "loss", "label",  NULL};
    request_allow_members(request, members);
    read_inputs(request, reading);
    read_layers(request, json_member_of(request, "layers"), reading->network.input_count,
                &reading->layers);
    enum activation activation = read_activation(request, "activation");
    for (size_t i = 0; i + 1 < reading->layers.count; i++)
        reading->layers.layers[i].activation = activation;
    read_loss(request, reading);
    use_layers(reading);
}

static enum MHD_Result trace_network(struct request *request,
                                     void (*read)(struct request *, struct reading *))
{
    struct anatomy *anatomy;
    struct reading *reading = calloc(1, sizeof *reading);
    if (!reading)
        return reply_db_failure(request, DB_NO_MEMORY);
    read(request, reading);
    if (!request->problems.count &&
        anatomy_count_values(&reading->network) > ANATOMY_MAX_VALUES)
        request_add_problem(request, "inputs",
                            "with these layers make more than %d values, the most that "
                            "are taken apart",
                            ANATOMY_MAX_VALUES);
    if (request->problems.count) {
        free(reading);
        return reply_bad_fields(request);
    }
    enum engine_status status = anatomy_of_network(&reading->network, &anatomy);
    free(reading);
    return status == ENGINE_OK ? reply_anatomy(request, anatomy)
                               : reply_db_failure(request, DB_NO_MEMORY);
}

enum MHD_Result anatomy_trace(struct request *request)
{
    const cJSON *kind = json_member_of(request, "kind");
    const char *word = cJSON_IsString(kind) ? kind->valuestring : "";
    if (strcmp(word, "expression") == 0)
        return trace_formula(request);
    if (strcmp(word, "neuron") == 0)
        return trace_network(request, read_neuron);
    if (strcmp(word, "layer") == 0)
        return trace_network(request, read_layer);
    if (strcmp(word, "mlp") == 0)
        return trace_network(request, read_mlp);
    request_add_problem(request, "kind", "must be expression, neuron, layer or mlp");
    return reply_bad_fields(request);
}
