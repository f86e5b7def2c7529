/* What is done to a sweep: stop, pause, resume, extend, clone. The row changes here; the
 * sweeper brings the runs in line with it. */
#include <math.h>
#include <stdlib.h>

#include "server/http/internal.h"
#include "server/json/number.h"
#include "server/json/sweep_json.h"
#include "server/routes/handlers.h"
#include "server/sweeps/spec.h"

static enum MHD_Result tell(struct request *request)
{
    struct http_options const *options = request->options;
    hub_publish_current_sweep(options->hub, options->db, request->id);
    sweeper_wake(options->sweeper, request->id);
    return reply_sweep(request, MHD_HTTP_OK, request->id);
}

static enum MHD_Result move(struct request *request, const char *verb, unsigned from,
                            enum sweep_state to, const char *reason)
{
    enum sweep_state actual = SWEEP_RUNNING;
    request_allow_members(request, NULL);
    if (request->problems.count)
        return reply_bad_fields(request);
    enum db_status status = db_sweep_transition(request->options->db, request->id, from,
                                                to, reason, NULL, &actual);
    if (status == DB_CONFLICT)
        return reply_problem(request, 409, "the sweep is %s: it cannot be %s",
                             sweep_state_name(actual), verb);
    return status == DB_OK ? tell(request) : reply_db_failure(request, status);
}

enum MHD_Result sweeps_stop(struct request *request)
{
    unsigned from = SWEEP_MASK(SWEEP_RUNNING) | SWEEP_MASK(SWEEP_PAUSED);
    return move(request, "stopped", from, SWEEP_STOPPED, "user");
}

enum MHD_Result sweeps_pause(struct request *request)
{
    return move(request, "paused", SWEEP_MASK(SWEEP_RUNNING), SWEEP_PAUSED, NULL);
}

enum MHD_Result sweeps_resume(struct request *request)
{
    unsigned from = SWEEP_MASK(SWEEP_PAUSED) | SWEEP_MASK(SWEEP_STOPPED);
    return move(request, "resumed", from, SWEEP_RUNNING, NULL);
}

/* The sweep's description as it is now; NULL when an answer has been queued. */
static cJSON *read_description(struct request *request, struct db_sweep *sweep,
                               enum MHD_Result *result)
{
    enum db_status status = db_sweep_get(request->options->db, request->id, sweep);
    cJSON *description = status == DB_OK ? sweep_description(sweep) : NULL;
    if (description)
        return description;
    if (status == DB_OK)
        db_sweep_clear(sweep);
    *result = reply_db_failure(request, status == DB_OK ? DB_NO_MEMORY : status);
    return NULL;
}

/* The members of the body take the place of the description's. */
static void apply_changes(const struct request *request, cJSON *description)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, request->json)
    {
        cJSON_DeleteItemFromObjectCaseSensitive(description, member->string);
        cJSON_AddItemToObject(description, member->string, cJSON_Duplicate(member, true));
    }
}

/* More of what there was, and of nothing less. */
static void check_extension(struct request *request, const struct db_sweep *sweep,
                            const struct sweep_spec *before,
                            const struct sweep_spec *after)
{
    if (after->total_runs < sweep->total_runs)
        request_add_problem(request, "max_runs",
                            "must be at least %lld, as many as it has",
                            (long long)sweep->total_runs);
    if (after->time_budget_s < before->time_budget_s && isinf(before->time_budget_s))
        request_add_problem(request, "time_budget_s", "must be null: it has no limit");
    else if (after->time_budget_s < before->time_budget_s)
        request_add_problem(request, "time_budget_s",
                            "must be at least %.16g, or null for no limit",
                            before->time_budget_s);
    if (request->problems.count == 0 && after->total_runs == sweep->total_runs &&
        after->time_budget_s == before->time_budget_s)
        request_add_problem(
            request, "max_runs",
            "must be above %lld (a grid has no more runs than its points), "
            "or give time_budget_s more",
            (long long)sweep->total_runs);
}

/* A sweep that has ended goes on; one that is live stays in its state. */
static enum db_status store_extension(struct request *request,
                                      const struct sweep_spec *spec)
{
    struct db *db = request->options->db;
    unsigned ended = SWEEP_MASK(SWEEP_FINISHED) | SWEEP_MASK(SWEEP_STOPPED);
    char *text = number_print_tree(spec->json);
    if (!text)
        return DB_NO_MEMORY;
    enum db_status status =
        db_sweep_patch(db, request->id, NULL, NULL, text, spec->total_runs);
    cJSON_free(text);
    if (status == DB_OK)
        status =
            db_sweep_transition(db, request->id, ended, SWEEP_RUNNING, NULL, NULL, NULL);
    return status == DB_CONFLICT ? DB_OK : status;
}

static enum MHD_Result extend(struct request *request, const struct db_sweep *sweep,
                              cJSON *description)
{
    struct sweep_spec before, after;
    struct config_problems stored = {.count = 0};
    enum db_status status = DB_ERROR;
    if (!sweep_spec_read(description, &before, &stored))
        return reply_db_failure(request, DB_ERROR);
    apply_changes(request, description);
    if (sweep_spec_read(description, &after, &request->problems)) {
        check_extension(request, sweep, &before, &after);
        if (request->problems.count == 0)
            status = store_extension(request, &after);
        sweep_spec_clear(&after);
    }
    sweep_spec_clear(&before);
    if (request->problems.count)
        return reply_bad_fields(request);
    return status == DB_OK ? tell(request) : reply_db_failure(request, status);
}

enum MHD_Result sweeps_extend(struct request *request)
{
    static const char *const names[] = {"max_runs", "time_budget_s", NULL};
    struct db_sweep sweep;
    enum MHD_Result result;
    request_allow_members(request, names);
    if (request->problems.count)
        return reply_bad_fields(request);
    cJSON *description = read_description(request, &sweep, &result);
    if (!description)
        return result;
    result = extend(request, &sweep, description);
    db_sweep_clear(&sweep);
    cJSON_Delete(description);
    return result;
}

enum MHD_Result sweeps_clone(struct request *request)
{
    struct db_sweep sweep;
    enum MHD_Result result;
    cJSON *description = read_description(request, &sweep, &result);
    if (!description)
        return result;
    db_sweep_clear(&sweep);
    apply_changes(request, description);
    result = create_sweep(request, description);
    cJSON_Delete(description);
    return result;
}
