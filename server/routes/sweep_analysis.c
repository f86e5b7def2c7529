/* What a sweep has found out: as JSON, and its runs as a table. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "server/routes/handlers.h"
#include "server/sweeps/analysis_json.h"

/* What the query asks to judge by; true if it names no objective. */
static bool read_goal(struct request *request, struct goal *goal)
{
    const char *objective = request_query(request, "objective");
    const char *budget = request_query(request, "budget");
    bool unlimited = budget && strcmp(budget, "none") == 0;
    goal->target = request_query_number(request, "target", 0, 1, NAN);
    goal->budget =
        unlimited ? INFINITY
                  : request_query_number(request, "budget", 0, CONFIG_MAX_SECONDS, 0);
    for (int i = 0; objective && i <= OBJECTIVE_FINAL_LOSS; i++)
        if (strcmp(objective_name((enum objective)i), objective) == 0) {
            goal->objective = (enum objective)i;
            return false;
        }
    if (objective)
        request_add_problem(request, "objective",
                            "must be one of time_to_target, accuracy_within, "
                            "best_accuracy, final_loss");
    return true;
}

/* False when an answer has been queued. */
static bool make(struct request *request, struct analysis *analysis,
                 enum MHD_Result *result)
{
    struct goal goal = {.objective = OBJECTIVE_TIME_TO_TARGET};
    bool own_objective = read_goal(request, &goal);
    if (request->problems.count) {
        *result = reply_bad_fields(request);
        return false;
    }
    enum db_status status =
        analysis_make(request->options->db, request->id, &goal, own_objective, analysis);
    if (status != DB_OK)
        *result = reply_db_failure(request, status);
    return status == DB_OK;
}

enum MHD_Result sweeps_analysis(struct request *request)
{
    struct analysis analysis;
    enum MHD_Result result;
    if (!make(request, &analysis, &result))
        return result;
    cJSON *object = analysis_to_json(&analysis);
    analysis_clear(&analysis);
    return reply_json(request, MHD_HTTP_OK, object);
}

enum MHD_Result sweeps_csv(struct request *request)
{
    struct analysis analysis;
    enum MHD_Result result;
    char name[48];
    size_t length = 0;
    if (!make(request, &analysis, &result))
        return result;
    char *text = analysis_to_csv(&analysis, &length);
    analysis_clear(&analysis);
    snprintf(name, sizeof name, "sweep-%lld-runs.csv", (long long)request->id);
    return reply_bytes(request, text, length, "text/csv; charset=utf-8", name);
}
