/* Stop, pause and resume. */
#include "server/routes/handlers.h"

static enum MHD_Result act(struct request *request, const char *verb,
                           enum jobs_status (*action)(struct jobs *, int64_t,
                                                      enum run_state *))
{
    enum run_state state = RUN_QUEUED;
    request_allow_members(request, NULL);
    if (request->problems.count)
        return reply_bad_fields(request);
    switch (action(request->options->jobs, request->id, &state)) {
    case JOBS_OK:
        return reply_run(request, MHD_HTTP_OK, request->id);
    case JOBS_ACCEPTED:
        return reply_run(request, MHD_HTTP_ACCEPTED, request->id);
    case JOBS_NOT_FOUND:
        return reply_db_failure(request, DB_NOT_FOUND);
    case JOBS_CONFLICT:
        return reply_problem(request, 409, "the run is %s: it cannot be %s",
                             run_state_name(state), verb);
    case JOBS_FAILED:
        break;
    }
    return reply_db_failure(request, DB_ERROR);
}

enum MHD_Result runs_stop(struct request *request)
{
    return act(request, "stopped", jobs_stop);
}

enum MHD_Result runs_pause(struct request *request)
{
    return act(request, "paused", jobs_pause);
}

enum MHD_Result runs_resume(struct request *request)
{
    return act(request, "resumed", jobs_resume);
}
