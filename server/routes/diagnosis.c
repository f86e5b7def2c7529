/* GET /runs/{id}/diagnosis: why isn't it learning? */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/points.h"
#include "engine/diagnosis/diagnosis.h"
#include "server/json/diagnosis_json.h"
#include "server/json/number.h"
#include "server/routes/handlers.h"

/* More say little that these do not. */
#define MAX_POINTS 300
#define MAX_STEPS  512
#define MAX_LAYERS 64

/* What the evidence points to. */
struct gathered {
    struct train_config config;
    struct evidence evidence;
    struct train_point *points;
    struct step_bucket *steps;
    struct layer_record *layers;
    struct data_look data;
    struct network_look first, last;
};

static void gathered_free(struct gathered *gathered)
{
    if (!gathered)
        return;
    free(gathered->points);
    free(gathered->steps);
    free(gathered->layers);
    free(gathered);
}

static struct train_point point_of(const struct db_point *row)
{
    return (struct train_point){
        .step = row->step,
        .epoch = row->epoch,
        .samples = row->samples,
        .train_seconds = row->train_seconds,
        .cpu_seconds = row->cpu_seconds,
        .wall_time = row->wall_time,
        .lr = row->lr,
        .train_loss = row->train_loss,
        .train_accuracy = row->train_accuracy,
        .test_loss = row->test_loss,
        .test_accuracy = row->test_accuracy,
        .val_loss = row->val_loss,
        .val_accuracy = row->val_accuracy,
        .grad_norm = row->grad_norm,
        .is_best = row->is_best,
    };
}

static enum db_status gather_points(struct db *db, int64_t run, struct gathered *gathered)
{
    struct db_point *rows;
    size_t count;
    enum db_status status = db_points(db, run, -1, MAX_POINTS, &rows, &count);
    if (status != DB_OK)
        return status;
    gathered->points = malloc((count + 1) * sizeof *gathered->points);
    for (size_t i = 0; gathered->points && i < count; i++)
        gathered->points[i] = point_of(&rows[i]);
    if (gathered->points && count) {
        gathered->evidence.step = rows[count - 1].step;
        gathered->evidence.samples = rows[count - 1].samples;
    }
    free(rows);
    gathered->evidence.points = gathered->points;
    gathered->evidence.point_count = count;
    return gathered->points ? DB_OK : DB_NO_MEMORY;
}

static enum db_status gather_steps(struct db *db, int64_t run, struct gathered *gathered)
{
    struct db_step_bucket *rows;
    size_t count;
    enum db_status status = db_steps(db, run, -1, MAX_STEPS, &rows, &count);
    if (status != DB_OK)
        return status;
    gathered->steps = malloc((count + 1) * sizeof *gathered->steps);
    for (size_t i = 0; gathered->steps && i < count; i++)
        gathered->steps[i] =
            (struct step_bucket){rows[i].first_step, rows[i].last_step, rows[i].loss_min,
                                 rows[i].loss_mean, rows[i].loss_max};
    free(rows);
    gathered->evidence.steps = gathered->steps;
    gathered->evidence.step_count = count;
    return gathered->steps ? DB_OK : DB_NO_MEMORY;
}

static enum db_status gather_layers(struct db *db, int64_t run, struct gathered *gathered)
{
    struct db_layer *rows;
    size_t count;
    enum db_status status = db_layers(db, run, -1, MAX_LAYERS, &rows, &count);
    if (status != DB_OK)
        return status;
    gathered->layers = malloc((count + 1) * sizeof *gathered->layers);
    for (size_t i = 0; gathered->layers && i < count; i++)
        gathered->layers[i] = (struct layer_record){rows[i].step, (size_t)rows[i].layer,
                                                    rows[i].update_ratio};
    free(rows);
    gathered->evidence.layers = gathered->layers;
    gathered->evidence.layer_count = count;
    return gathered->layers ? DB_OK : DB_NO_MEMORY;
}

static enum db_status gather_rows(struct db *db, const struct db_run *run,
                                  struct gathered *gathered)
{
    struct config_problems problems = {.count = 0};
    if (!config_from_text(run->config, &gathered->config, &problems))
        return DB_INVALID;
    gathered->evidence.config = &gathered->config;
    gathered->evidence.live = RUN_MASK(run->state) & RUN_LIVE;
    gathered->evidence.diverged = run->state == RUN_DIVERGED;
    enum db_status status = gather_points(db, run->id, gathered);
    if (status == DB_OK)
        status = gather_steps(db, run->id, gathered);
    return status == DB_OK ? gather_layers(db, run->id, gathered) : status;
}

/* The last weights, where there are any to look at. */
static void look_at_last(struct jobs *jobs, int64_t run, const struct dataset *dataset,
                         struct gathered *gathered)
{
    struct checkpoint *checkpoint = NULL;
    if (checkpoint_new(&checkpoint) != ENGINE_OK)
        return;
    if (jobs_read_checkpoint(jobs, run, checkpoint) == JOBS_OK &&
        network_look_last(&gathered->config, dataset, checkpoint, &gathered->last) ==
            ENGINE_OK)
        gathered->evidence.last = &gathered->last;
    checkpoint_free(checkpoint);
}

static enum engine_status take_looks(struct jobs *jobs, int64_t run,
                                     struct gathered *gathered,
                                     struct engine_error *error)
{
    const struct dataset *dataset = NULL;
    const struct train_config *config = &gathered->config;
    enum engine_status status =
        jobs_dataset(jobs, config_dataset(config)->name, &dataset, error);
    if (status != ENGINE_OK)
        return status;
    status = data_look_take(config, dataset, &gathered->data);
    if (status == ENGINE_OK)
        status = network_look_first(config, dataset, &gathered->first);
    if (status == ENGINE_OK) {
        gathered->evidence.data = &gathered->data;
        gathered->evidence.first = &gathered->first;
        look_at_last(jobs, run, dataset, gathered);
    } else {
        engine_fail(error, status, "the run's network cannot be built: %s",
                    engine_status_name(status));
    }
    jobs_dataset_done(jobs, dataset);
    return status;
}

static enum MHD_Result reply_diagnosis(struct request *request, enum run_state state,
                                       const struct gathered *gathered)
{
    struct diagnosis *diagnosis = diagnosis_make(&gathered->evidence);
    if (!diagnosis)
        return reply_db_failure(request, DB_NO_MEMORY);
    cJSON *object = cJSON_CreateObject();
    number_add(object, "run", (double)request->id);
    cJSON_AddStringToObject(object, "state", run_state_name(state));
    number_add(object, "step", (double)gathered->evidence.step);
    number_add(object, "samples", (double)gathered->evidence.samples);
    diagnosis_add(object, diagnosis, &gathered->config);
    free(diagnosis);
    return reply_json(request, MHD_HTTP_OK, object);
}

enum MHD_Result runs_diagnosis(struct request *request)
{
    struct db_run run;
    struct engine_error error = {""};
    enum engine_status looked = ENGINE_OK;
    enum MHD_Result result;
    enum db_status status = db_run_get(request->options->db, request->id, &run);
    if (status != DB_OK)
        return reply_db_failure(request, status);
    enum run_state state = run.state;
    struct gathered *gathered = calloc(1, sizeof *gathered);
    status = gathered ? gather_rows(request->options->db, &run, gathered) : DB_NO_MEMORY;
    db_run_clear(&run);
    if (status == DB_OK)
        looked = take_looks(request->options->jobs, request->id, gathered, &error);
    if (status != DB_OK)
        result = reply_db_failure(request, status);
    else if (looked != ENGINE_OK) /* without its data there is nothing to look at */
        result = reply_problem(request, looked == ENGINE_NOT_FOUND ? 404 : 500, "%s",
                               error.text);
    else
        result = reply_diagnosis(request, state, gathered);
    gathered_free(gathered);
    return result;
}
