/* What is done to a sweep: stop, pause, resume, extend, clone. */
#include <math.h>
#include <stdlib.h>

#include "server/http/internal.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/sweep_json.h"
#include "server/routes/handlers.h"
#include "server/sweeps/spec.h"

static enum MHD_Result act(struct request *request, const char *verb,
                           enum db_status (*action)(struct sweeper *, int64_t,
                                                    enum sweep_state *))
{
    enum sweep_state actual = SWEEP_RUNNING;
    request_allow_members(request, NULL);
    if (request->problems.count)
        return reply_bad_fields(request);
    enum db_status status = action(request->options->sweeper, request->id, &actual);
    if (status == DB_CONFLICT)
        return reply_problem(request, 409, "the sweep is %s: it cannot be %s",
                             sweep_state_name(actual), verb);
    return status == DB_OK ? reply_sweep(request, MHD_HTTP_OK, request->id)
                           : reply_db_failure(request, status);
}

enum MHD_Result sweeps_stop(struct request *request)
{
    return act(request, "stopped", sweeper_stop_sweep);
}

enum MHD_Result sweeps_pause(struct request *request)
{
    return act(request, "paused", sweeper_pause_sweep);
}

enum MHD_Result sweeps_resume(struct request *request)
{
    return act(request, "resumed", sweeper_resume_sweep);
}

/* The members of the body take the place of the description's. */
static void apply_changes(const struct request *request, cJSON *description)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, request->json)
    {
        cJSON_DeleteItemFromObjectCaseSensitive(description, member->string);
        json_add(description, member->string, cJSON_Duplicate(member, true));
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

/* DB_CONFLICT: it has been extended meanwhile. */
static enum db_status store_extension(struct request *request,
                                      const struct db_sweep *sweep,
                                      const struct sweep_spec *spec)
{
    const struct http_options *options = request->options;
    char *text = number_print_tree(spec->json);
    if (!text)
        return DB_NO_MEMORY;
    enum db_status status =
        db_sweep_extend(options->db, sweep->id, sweep->spec, text, spec->total_runs);
    cJSON_free(text);
    if (status == DB_OK) {
        hub_publish_current_sweep(options->hub, options->db, sweep->id);
        sweeper_wake(options->sweeper, sweep->id);
    }
    return status;
}

/* DB_OK also where there are problems instead. */
static enum db_status extend(struct request *request, const struct db_sweep *sweep,
                             cJSON *description)
{
    struct sweep_spec before, after;
    struct config_problems stored = {.count = 0};
    enum db_status status = DB_OK;
    if (!sweep_spec_read(description, &before, &stored))
        return DB_ERROR;
    apply_changes(request, description);
    if (sweep_spec_read(description, &after, &request->problems)) {
        check_extension(request, sweep, &before, &after);
        if (request->problems.count == 0)
            status = store_extension(request, sweep, &after);
        sweep_spec_clear(&after);
    }
    sweep_spec_clear(&before);
    return status;
}

/* From what it is now; DB_CONFLICT where that is not so any more. */
static enum db_status extend_current(struct request *request)
{
    struct db_sweep sweep;
    enum db_status status = db_sweep_get(request->options->db, request->id, &sweep);
    if (status != DB_OK)
        return status;
    cJSON *description = sweep_description(&sweep);
    status = description ? extend(request, &sweep, description) : DB_NO_MEMORY;
    cJSON_Delete(description);
    db_sweep_clear(&sweep);
    return status;
}

/* Where two extend it at once, the second starts from what the first has made of it. */
enum MHD_Result sweeps_extend(struct request *request)
{
    static const char *const names[] = {"max_runs", "time_budget_s", NULL};
    enum db_status status = DB_CONFLICT;
    request_allow_members(request, names);
    while (status == DB_CONFLICT && !request->problems.count)
        status = extend_current(request);
    if (request->problems.count)
        return reply_bad_fields(request);
    return status == DB_OK ? reply_sweep(request, MHD_HTTP_OK, request->id)
                           : reply_db_failure(request, status);
}

enum MHD_Result sweeps_clone(struct request *request)
{
    struct db_sweep sweep;
    enum db_status status = db_sweep_get(request->options->db, request->id, &sweep);
    if (status != DB_OK)
        return reply_db_failure(request, status);
    cJSON *description = sweep_description(&sweep);
    db_sweep_clear(&sweep);
    if (!description)
        return reply_db_failure(request, DB_NO_MEMORY);
    apply_changes(request, description);
    enum MHD_Result result = create_sweep(request, description);
    cJSON_Delete(description);
    return result;
}
