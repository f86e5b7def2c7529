/* GET /runs/{id}/projection: where a run's accuracy is going. */
#include <math.h>
#include <stdlib.h>

#include "db/points.h"
#include "engine/search/projection.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/routes/handlers.h"

/* More say little that these do not. */
#define MAX_POINTS 300

static cJSON *projection_to_json(const struct projection *projection)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddBoolToObject(object, "reached", projection->reached);
    number_add(object, "chance", projection->chance);
    number_add(object, "seconds", projection->seconds);
    number_add(object, "seconds_low", projection->seconds_low);
    number_add(object, "seconds_high", projection->seconds_high);
    number_add(object, "level", projection->level);
    number_add(object, "level_low", projection->level_low);
    number_add(object, "level_high", projection->level_high);
    return object;
}

/* When the run will have ended at its speed so far, or its budget does it; NaN: there is
 * nothing to go by. */
static double planned_end(const struct db_run *run)
{
    const struct db_run_summary *summary = &run->summary;
    if (summary->last_step <= 0)
        return NAN;
    double end = summary->train_seconds * (double)run->facts.total_steps /
                 (double)summary->last_step;
    return fmin(end, run->facts.time_budget_s); /* the number, where one is NaN */
}

/* What a run is projected to: read from its row and the query. */
struct question {
    double target, horizon;
    bool by_validation;
};

static cJSON *answer(const struct question *question, const struct db_point *points,
                     size_t count)
{
    struct projection_point *shown = malloc((count + 1) * sizeof *shown);
    struct projection projection;
    cJSON *object = cJSON_CreateObject();
    for (size_t i = 0; shown && i < count; i++)
        shown[i] = (struct projection_point){
            points[i].train_seconds,
            question->by_validation ? points[i].val_accuracy : points[i].test_accuracy};
    /* Without a target it still tells where the run levels off: 1 is never passed. */
    double target = isnan(question->target) ? 1 : question->target;
    bool made = shown && !isnan(question->horizon) &&
                projection_make(shown, count, target, question->horizon, &projection);
    free(shown);
    number_add(object, "target", question->target);
    number_add(object, "horizon", question->horizon);
    number_add(object, "points", (double)count);
    cJSON_AddStringToObject(object, "metric",
                            question->by_validation ? "val_accuracy" : "test_accuracy");
    json_add(object, "projection",
             made ? projection_to_json(&projection) : cJSON_CreateNull());
    return object;
}

enum MHD_Result runs_projection(struct request *request)
{
    struct db_run run;
    struct db_point *points;
    size_t count;
    double target = request_query_number(request, "target", 0, 1, NAN);
    double budget = request_query_number(request, "budget", 0, CONFIG_MAX_SECONDS, NAN);
    if (request->problems.count)
        return reply_bad_fields(request);
    enum db_status status = db_run_get(request->options->db, request->id, &run);
    if (status != DB_OK)
        return reply_db_failure(request, status);
    struct question question = {
        .target = isnan(target) ? run.facts.target_accuracy : target,
        .horizon = isnan(budget) ? planned_end(&run) : budget,
        .by_validation = !isnan(run.summary.last_val_accuracy),
    };
    db_run_clear(&run);
    status =
        db_points(request->options->db, request->id, -1, MAX_POINTS, &points, &count);
    if (status != DB_OK)
        return reply_db_failure(request, status);
    cJSON *object = answer(&question, points, count);
    free(points);
    return reply_json(request, MHD_HTTP_OK, object);
}
