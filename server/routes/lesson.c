/* POST /anatomy/train: some steps of a small MLP, and what its units answer where.
 * Nothing is kept: the page brings the parameters back. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/anatomy/lesson.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/routes/anatomy_reading.h"
#include "server/routes/handlers.h"

#define MOST_SECONDS 0.5
#define MOST_STEP    1000000000

/* What a question asks for. */
struct question {
    struct train_config config;
    struct layers_read layers; /* count 0: the run's first weights */
    int64_t step;
    size_t steps, grid; /* grid 0: no surface */
    bool units;
};

static const char *const config_members[] = {
    "dataset", "hidden",     "activation", "init", "init_bias", "loss",
    "lr",      "batch_size", "batching",   "seed", "labels",    NULL};

static const char *const members[] = {
    "dataset", "hidden",     "activation", "init",  "init_bias", "loss",
    "lr",      "batch_size", "batching",   "seed",  "labels",    "step",
    "layers",  "steps",      "grid",       "units", NULL};

/* The config's fields are judged as those of a run are. */
static void read_config(struct request *request, struct train_config *config)
{
    struct config_problems problems = {.count = 0};
    cJSON *object = cJSON_CreateObject();
    for (size_t i = 0; config_members[i]; i++) {
        const cJSON *value = json_member_of(request, config_members[i]);
        if (value)
            json_add(object, config_members[i], cJSON_Duplicate(value, true));
    }
    config_from_json(object, config, &problems);
    cJSON_Delete(object);
    config->engine = ENGINE_KIND_SCALAR;
    for (size_t i = 0; i < problems.count; i++)
        request_add_problem(request, problems.list[i].field, "%s",
                            problems.list[i].message);
}

static void check_size(struct request *request, const struct train_config *config)
{
    const struct dataset_info *info = config_dataset(config);
    if (info->features != 2)
        request_add_problem(request, "dataset", "must be one of points in the plane");
    else if (config_parameter_count(config) > LESSON_MAX_PARAMETERS)
        request_add_problem(request, "hidden", "makes %zu parameters; at most %d here",
                            config_parameter_count(config), LESSON_MAX_PARAMETERS);
    if (config->batch_size > config_train_count(config))
        request_add_problem(request, "batch_size", "must be at most %lld, all of %s",
                            (long long)config_train_count(config), info->name);
}

static bool read_flag(struct request *request, const char *field)
{
    const cJSON *value = json_member_of(request, field);
    if (value && !cJSON_IsBool(value))
        request_add_problem(request, field, "must be true or false");
    return cJSON_IsTrue(value);
}

/* Layers of the shape that `hidden` asks for. */
static void read_parameters(struct request *request, struct question *question)
{
    const cJSON *list = json_member_of(request, "layers");
    struct mlp_shape shape = config_shape(&question->config);
    if (!list || cJSON_IsNull(list) || request->problems.count ||
        !read_layers(request, list, shape.inputs, &question->layers))
        return;
    bool fits = question->layers.count == shape.hidden_count + 1;
    for (size_t i = 0; fits && i < question->layers.count; i++)
        fits = question->layers.layers[i].outputs ==
               (i < shape.hidden_count ? shape.hidden[i] : shape.outputs);
    if (!fits)
        request_add_problem(request, "layers",
                            "must be the hidden ones and one of %zu outputs",
                            shape.outputs);
}

static void read_question(struct request *request, struct question *question)
{
    request_allow_members(request, members);
    read_config(request, &question->config);
    if (!request->problems.count)
        check_size(request, &question->config);
    question->step = (int64_t)read_whole(request, "step", 0, MOST_STEP, 0);
    question->steps = (size_t)read_whole(request, "steps", 0, LESSON_MAX_STEPS, 0);
    question->grid = (size_t)read_whole(request, "grid", 0, LESSON_MAX_GRID, 0);
    question->units = read_flag(request, "units");
    if (question->grid == 1)
        request_add_problem(request, "grid", "must be 0 (no surface) or 2 to %d",
                            LESSON_MAX_GRID);
    read_parameters(request, question);
}

/* From (outputs, inputs), as they are sent, to the flat array. */
static void set_parameters(struct lesson *lesson, const struct layers_read *read)
{
    float *parameters = lesson_parameters(lesson);
    for (size_t l = 0; l < read->count; l++) {
        const struct mlp_layer *layer = lesson_layer(lesson, l);
        const struct anatomy_layer *from = &read->layers[l];
        for (size_t o = 0; o < layer->outputs; o++) {
            parameters[layer->bias_offset + o] = from->biases[o];
            for (size_t i = 0; i < layer->inputs; i++)
                parameters[layer->weight_offset + i * layer->outputs + o] =
                    from->weights[o * layer->inputs + i];
        }
    }
}

/* --- the answer -----------------------------------------------------------------------
 */

/* A number of a list, as text: thousands of nodes would be large. NaN is null. */
static size_t print_number(char *text, size_t room, int digits, double value)
{
    int length = isfinite(value) ? snprintf(text, room, "%.*g", digits, value)
                                 : snprintf(text, room, "null");
    return (size_t)length;
}

/* `count` numbers, `stride` apart, as one JSON list. NULL: no memory. */
static cJSON *list_to_json(const float *values, size_t count, size_t stride, int digits)
{
    size_t room = count * 24 + 3, length = 0;
    char *text = malloc(room);
    if (!text)
        return NULL;
    text[length++] = '[';
    for (size_t i = 0; i < count; i++) {
        if (i)
            text[length++] = ',';
        length += print_number(text + length, room - length, digits,
                               (double)values[i * stride]);
    }
    text[length++] = ']';
    text[length] = '\0';
    cJSON *list = cJSON_CreateRaw(text);
    free(text);
    return list;
}

/* 9 digits bring a float back to the bit. */
#define EXACT  9
#define COARSE 4

static cJSON *layers_to_json(struct lesson *lesson)
{
    const float *parameters = lesson_parameters(lesson);
    cJSON *list = cJSON_CreateArray();
    for (size_t l = 0; l < lesson_layer_count(lesson); l++) {
        const struct mlp_layer *layer = lesson_layer(lesson, l);
        cJSON *object = cJSON_CreateObject();
        cJSON *weights = cJSON_AddArrayToObject(object, "weights");
        for (size_t o = 0; o < layer->outputs; o++)
            json_append(weights, list_to_json(parameters + layer->weight_offset + o,
                                              layer->inputs, layer->outputs, EXACT));
        json_add(object, "biases",
                 list_to_json(parameters + layer->bias_offset, layer->outputs, 1, EXACT));
        json_append(list, object);
    }
    return list;
}

static cJSON *units_to_json(const struct lesson *lesson, size_t size)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t l = 0; l + 1 < lesson_layer_count(lesson); l++) {
        size_t units = lesson_layer(lesson, l)->outputs;
        cJSON *layer = cJSON_CreateArray();
        for (size_t u = 0; u < units; u++)
            json_append(layer, list_to_json(lesson_units(lesson, l) + u, size * size,
                                            units, COARSE));
        json_append(list, layer);
    }
    return list;
}

static cJSON *range_to_json(double low, double high)
{
    cJSON *list = cJSON_CreateArray();
    json_append(list, number_to_json(low));
    json_append(list, number_to_json(high));
    return list;
}

static cJSON *surface_to_json(struct lesson *lesson, const struct question *question)
{
    static const size_t most = (size_t)LESSON_MAX_GRID * LESSON_MAX_GRID;
    struct lesson_area area = lesson_area(lesson);
    size_t size = question->grid;
    float *output = malloc(most * sizeof *output);
    if (size == 0 || !output) {
        free(output);
        return cJSON_CreateNull();
    }
    lesson_survey(lesson, size, output);
    cJSON *object = cJSON_CreateObject();
    json_add(object, "x", range_to_json(area.x_low, area.x_high));
    json_add(object, "y", range_to_json(area.y_low, area.y_high));
    number_add(object, "size", (double)size);
    json_add(object, "output", list_to_json(output, size * size, 1, COARSE));
    json_add(object, "units",
             question->units ? units_to_json(lesson, size) : cJSON_CreateNull());
    free(output);
    return object;
}

static cJSON *lesson_to_json(struct lesson *lesson, const struct question *question,
                             const double *losses, size_t taken)
{
    struct mlp_result result = lesson_evaluate(lesson);
    int64_t epoch = lesson_steps_per_epoch(lesson);
    cJSON *object = cJSON_CreateObject();
    number_add(object, "step", (double)lesson_step(lesson));
    number_add(object, "epoch", (double)lesson_step(lesson) / (double)epoch);
    number_add(object, "steps_per_epoch", (double)epoch);
    json_add(object, "layers", layers_to_json(lesson));
    cJSON *list = cJSON_AddArrayToObject(object, "losses");
    for (size_t i = 0; i < taken; i++)
        json_append(list, number_to_json(losses[i]));
    number_add(object, "train_loss", result.loss_sum / (double)result.rows);
    number_add(object, "train_accuracy", (double)result.correct / (double)result.rows);
    json_add(object, "surface", surface_to_json(lesson, question));
    return object;
}

static enum MHD_Result teach(struct request *request, const struct question *question)
{
    const struct dataset *dataset = NULL;
    struct lesson *lesson = NULL;
    struct engine_error error = {""};
    const char *name = config_dataset(&question->config)->name;
    double *losses = calloc(question->steps + 1, sizeof *losses);
    enum engine_status status =
        jobs_dataset(request->options->jobs, name, &dataset, &error);
    if (status == ENGINE_OK)
        status = lesson_new(&question->config, dataset, question->step, &lesson);
    if (status != ENGINE_OK || !losses) {
        lesson_free(lesson);
        jobs_dataset_done(request->options->jobs, dataset);
        free(losses);
        return reply_problem(request, 500, "the network cannot be built: %s",
                             engine_status_name(status));
    }
    if (question->layers.count)
        set_parameters(lesson, &question->layers);
    size_t taken = lesson_train(lesson, question->steps, MOST_SECONDS, losses);
    cJSON *object = lesson_to_json(lesson, question, losses, taken);
    lesson_free(lesson);
    jobs_dataset_done(request->options->jobs, dataset);
    free(losses);
    return reply_json(request, MHD_HTTP_OK, object);
}

enum MHD_Result anatomy_train(struct request *request)
{
    struct question *question = calloc(1, sizeof *question);
    if (!question)
        return reply_db_failure(request, DB_NO_MEMORY);
    read_question(request, question);
    enum MHD_Result result =
        request->problems.count ? reply_bad_fields(request) : teach(request, question);
    free(question);
    return result;
}
