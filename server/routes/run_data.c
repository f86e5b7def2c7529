/* What a run measured: points, steps, layers, as JSON and CSV. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/json/build.h"
#include "server/json/layer_json.h"
#include "server/json/number.h"
#include "server/json/point_json.h"
#include "server/routes/handlers.h"

#define LARGEST_STEP (INT64_C(1) << 53)

struct window {
    int64_t since_step, max;
};

/* Checks query and run; false when an answer has been queued. */
static bool read_window(struct request *request, struct window *window,
                        enum MHD_Result *result)
{
    struct db_run run;
    window->since_step =
        request_query_integer(request, "since_step", -1, LARGEST_STEP, -1);
    window->max = request_query_integer(request, "max", 8, 1000000, 0);
    enum db_status found = db_run_get(request->options->db, request->id, &run);
    if (found == DB_OK)
        db_run_clear(&run);
    if (request->problems.count)
        *result = reply_bad_fields(request);
    else if (found != DB_OK)
        *result = reply_db_failure(request, found);
    return request->problems.count == 0 && found == DB_OK;
}

/* {"<name>": [...], "next_cursor": null} */
static cJSON *start_list(const char *name, cJSON **list)
{
    cJSON *object = cJSON_CreateObject();
    *list = cJSON_AddArrayToObject(object, name);
    cJSON_AddNullToObject(object, "next_cursor");
    return object;
}

/* The points that the request asks for; false when an answer has been queued. */
static bool read_points(struct request *request, struct db_point **points, size_t *count,
                        enum MHD_Result *result)
{
    struct window window;
    if (!read_window(request, &window, result))
        return false;
    enum db_status status = db_points(request->options->db, request->id,
                                      window.since_step, window.max, points, count);
    if (status != DB_OK)
        *result = reply_db_failure(request, status);
    return status == DB_OK;
}

enum MHD_Result points_list(struct request *request)
{
    struct db_point *points;
    size_t count;
    enum MHD_Result result;
    if (!read_points(request, &points, &count, &result))
        return result;
    cJSON *list, *object = start_list("points", &list);
    for (size_t i = 0; i < count; i++)
        json_append(list, point_to_json(&points[i]));
    free(points);
    return reply_json(request, MHD_HTTP_OK, object);
}

enum MHD_Result points_csv(struct request *request)
{
    struct db_point *points;
    size_t count, length = 0;
    enum MHD_Result result;
    if (!read_points(request, &points, &count, &result))
        return result;
    char *text = malloc((count + 1) * POINT_CSV_MAX);
    if (text)
        length = (size_t)snprintf(text, POINT_CSV_MAX, "%s", point_csv_header());
    for (size_t i = 0; text && i < count; i++) {
        point_to_csv(&points[i], text + length);
        length += strlen(text + length);
    }
    free(points);
    char name[48];
    snprintf(name, sizeof name, "run-%lld-points.csv", (long long)request->id);
    return reply_bytes(request, text, length, "text/csv; charset=utf-8", name);
}

static cJSON *step_to_json(const struct db_step_bucket *bucket)
{
    cJSON *object = cJSON_CreateObject();
    json_add(object, "first_step", number_to_json((double)bucket->first_step));
    json_add(object, "last_step", number_to_json((double)bucket->last_step));
    json_add(object, "loss_min", number_to_json(bucket->loss_min));
    json_add(object, "loss_mean", number_to_json(bucket->loss_mean));
    json_add(object, "loss_max", number_to_json(bucket->loss_max));
    return object;
}

enum MHD_Result steps_list(struct request *request)
{
    struct window window;
    enum MHD_Result result;
    if (!read_window(request, &window, &result))
        return result;
    struct db_step_bucket *steps = NULL;
    size_t count = 0;
    int64_t max = window.max ? window.max : 1000;
    enum db_status status = db_steps(request->options->db, request->id, window.since_step,
                                     max, &steps, &count);
    if (status != DB_OK)
        return reply_db_failure(request, status);
    cJSON *list, *object = start_list("steps", &list);
    for (size_t i = 0; i < count; i++)
        json_append(list, step_to_json(&steps[i]));
    free(steps);
    return reply_json(request, MHD_HTTP_OK, object);
}

static void add_layers(cJSON *object, const struct db_layer *layers, size_t count)
{
    cJSON *list = cJSON_AddArrayToObject(object, "layers");
    for (size_t i = 0; i < count; i++) {
        /* As text: a tree of every number of a long run would be large. */
        char *text = layer_to_text(&layers[i]);
        json_append(list, text ? cJSON_CreateRaw(text) : cJSON_CreateNull());
        cJSON_free(text);
    }
}

static void add_noises(cJSON *object, const struct db_noise *noises, size_t count)
{
    cJSON *list = cJSON_AddArrayToObject(object, "noise");
    for (size_t i = 0; i < count; i++)
        json_append(list, noise_to_json(&noises[i]));
}

enum MHD_Result layers_list(struct request *request)
{
    struct window window;
    enum MHD_Result result;
    if (!read_window(request, &window, &result))
        return result;
    struct db *db = request->options->db;
    struct db_layer *layers = NULL;
    struct db_noise *noises = NULL;
    size_t layer_count = 0, noise_count = 0;
    int64_t max = window.max ? window.max : 1000;
    enum db_status status =
        db_layers(db, request->id, window.since_step, max, &layers, &layer_count);
    if (status == DB_OK)
        status = db_noises(db, request->id, window.since_step, &noises, &noise_count);
    cJSON *object = status == DB_OK ? cJSON_CreateObject() : NULL;
    if (status == DB_OK) {
        add_layers(object, layers, layer_count);
        add_noises(object, noises, noise_count);
        cJSON_AddNullToObject(object, "next_cursor");
    }
    free(layers);
    free(noises);
    return status == DB_OK ? reply_json(request, MHD_HTTP_OK, object)
                           : reply_db_failure(request, status);
}
