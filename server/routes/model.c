/* The trained model: download and prediction, from the newest durable checkpoint. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/nn/mlp.h"
#include "server/http/internal.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/prediction_json.h"
#include "server/routes/handlers.h"

#define MAX_ROWS 256
/* Reading a model with more parameters than this holds a thread up for tens of ms. */
#define MANY_PARAMETERS 500000

/* 404: no run, or one that has not been snapshotted yet. */
static enum MHD_Result reply_no_weights(struct request *request)
{
    struct db_run run;
    enum db_status status = db_run_get(request->options->db, request->id, &run);
    if (status != DB_OK)
        return reply_db_failure(request, status);
    db_run_clear(&run);
    return reply_problem(request, 404,
                         "this run has no weights yet: they come with its first point");
}

bool model_read_checkpoint(struct request *request, struct checkpoint **out,
                           enum MHD_Result *result)
{
    struct checkpoint *checkpoint = NULL;
    if (checkpoint_new(&checkpoint) != ENGINE_OK) {
        *result = reply_db_failure(request, DB_NO_MEMORY);
        return false;
    }
    enum jobs_status status =
        jobs_read_checkpoint(request->options->jobs, request->id, checkpoint);
    if (status == JOBS_OK) {
        *out = checkpoint;
        return true;
    }
    checkpoint_free(checkpoint);
    *result = status == JOBS_NOT_FOUND
                  ? reply_no_weights(request)
                  : reply_problem(request, 500, "the run's checkpoint cannot be read");
    return false;
}

static enum checkpoint_which read_which(struct request *request)
{
    const char *text = request_query(request, "which");
    if (text && strcmp(text, "best") != 0 && strcmp(text, "last") != 0)
        request_add_problem(request, "which", "must be best or last");
    return text && strcmp(text, "last") == 0 ? CHECKPOINT_LAST : CHECKPOINT_BEST;
}

enum MHD_Result model_download(struct request *request)
{
    enum MHD_Result result;
    struct checkpoint *checkpoint;
    enum checkpoint_which which = read_which(request);
    if (request->problems.count)
        return reply_bad_fields(request);
    if (!model_read_checkpoint(request, &checkpoint, &result))
        return result;
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct engine_error error = {""};
    enum engine_status status =
        checkpoint_export_model(checkpoint, which, &bytes, &size, &error);
    checkpoint_free(checkpoint);
    if (status != ENGINE_OK)
        return reply_problem(request, 500, "%s", error.text);
    char name[64];
    snprintf(name, sizeof name, "run-%lld-%s.safetensors", (long long)request->id,
             which == CHECKPOINT_LAST ? "last" : "best");
    return reply_bytes(request, (char *)bytes, size, "application/octet-stream", name);
}

static bool read_row(const cJSON *row, size_t columns, float *out)
{
    size_t count = 0;
    const cJSON *item;
    if (!cJSON_IsArray(row) || (size_t)cJSON_GetArraySize(row) != columns)
        return false;
    cJSON_ArrayForEach(item, row)
    {
        if (!cJSON_IsNumber(item))
            return false;
        out[count++] = (float)item->valuedouble;
        if (!isfinite(out[count - 1]))
            return false;
    }
    return true;
}

/* Rows of {"inputs": [[...]]} into `out` (MAX_ROWS, columns); 0 with a problem. */
static size_t read_inputs(struct request *request, size_t columns, float *out)
{
    static const char *const members[] = {"inputs", NULL};
    const cJSON *inputs = cJSON_GetObjectItemCaseSensitive(request->json, "inputs");
    const cJSON *row;
    size_t count = 0;
    int rows = cJSON_IsArray(inputs) ? cJSON_GetArraySize(inputs) : 0;
    bool valid = rows >= 1 && rows <= MAX_ROWS;
    cJSON_ArrayForEach(row, inputs)
    {
        valid = valid && read_row(row, columns, out + count * columns);
        count += valid;
    }
    request_allow_members(request, members);
    if (valid)
        return count;
    request_add_problem(request, "inputs", "must be 1 to %d lists of %zu numbers each",
                        MAX_ROWS, columns);
    return 0;
}

static cJSON *predict(struct mlp *mlp, size_t rows)
{
    size_t columns = mlp_layer(mlp, mlp_layer_count(mlp) - 1)->outputs;
    const float *logits = mlp_forward(mlp, rows);
    cJSON *object = cJSON_CreateObject();
    cJSON *outputs = cJSON_AddArrayToObject(object, "outputs");
    cJSON *labels = cJSON_AddArrayToObject(object, "labels");
    for (size_t r = 0; r < rows; r++) {
        const float *row = logits + r * columns;
        size_t label = mlp_label(mlp, row);
        json_append(outputs, prediction_outputs(mlp_loss(mlp), row, columns, label));
        json_append(labels, number_to_json((double)label));
    }
    return object;
}

static enum MHD_Result predict_now(struct request *request)
{
    enum MHD_Result result;
    struct checkpoint *checkpoint;
    struct mlp *mlp = NULL;
    struct engine_error error = {""};
    if (!model_read_checkpoint(request, &checkpoint, &result))
        return result;
    enum engine_status status =
        checkpoint_build_model(checkpoint, CHECKPOINT_BEST, MAX_ROWS, &mlp, &error);
    checkpoint_free(checkpoint);
    if (status != ENGINE_OK)
        return reply_problem(request, 500, "%s", error.text);
    size_t rows = read_inputs(request, mlp_layer(mlp, 0)->inputs, mlp_inputs(mlp));
    result = request->problems.count
                 ? reply_bad_fields(request)
                 : reply_json(request, MHD_HTTP_OK, predict(mlp, rows));
    mlp_free(mlp);
    return result;
}

/* Whoever draws waits for the answer: small models are not to queue behind slow requests.
 */
enum MHD_Result model_predict(struct request *request)
{
    struct db_run run;
    enum db_status status = db_run_get(request->options->db, request->id, &run);
    if (status != DB_OK)
        return reply_db_failure(request, status);
    bool large = run.facts.parameters > MANY_PARAMETERS;
    db_run_clear(&run);
    return large ? request_offload(request, predict_now) : predict_now(request);
}
