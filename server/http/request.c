#include "server/http/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/http/internal.h"
#include "server/json/problem.h"

const char *request_header(const struct request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *request_query(const struct request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

void request_add_problem(struct request *request, const char *field, const char *format,
                         ...)
{
    char message[sizeof request->problems.list[0].message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    config_add_problem(&request->problems, field, message);
}

struct query_check {
    struct request *request;
    const char *const *names;
    unsigned seen; /* a bit per allowed name */
};

static enum MHD_Result check_parameter(void *context, enum MHD_ValueKind kind,
                                       const char *name, const char *value)
{
    struct query_check *check = context;
    (void)kind;
    (void)value;
    for (unsigned i = 0; check->names[i]; i++) {
        if (strcmp(check->names[i], name) != 0)
            continue;
        if (check->seen & (1u << i))
            request_add_problem(check->request, name, "must stand there once");
        check->seen |= 1u << i;
        return MHD_YES;
    }
    request_add_problem(check->request, name, "is not a parameter of this address");
    return MHD_YES;
}

void request_allow_query(struct request *request, const char *const *names)
{
    struct query_check check = {.request = request, .names = names};
    MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, check_parameter,
                              &check);
}

int64_t request_query_integer(struct request *request, const char *name, int64_t minimum,
                              int64_t maximum, int64_t otherwise)
{
    const char *text = request_query(request, name);
    if (!text)
        return otherwise;
    char *end;
    long long value = strtoll(text, &end, 10);
    bool whole = end != text && *end == '\0' && strlen(text) < 19 &&
                 strspn(text, "-0123456789") == strlen(text);
    if (whole && value >= minimum && value <= maximum)
        return value;
    request_add_problem(request, name, "must be a whole number from %lld to %lld",
                        (long long)minimum, (long long)maximum);
    return otherwise;
}

static const char *const security_headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
     "frame-ancestors 'none'"                     },
    {"X-Content-Type-Options",       "nosniff"    },
    {"X-Frame-Options",              "DENY"       },
    {"Referrer-Policy",              "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy",   "same-origin"},
};

enum MHD_Result reply_queue(struct request *request, unsigned status,
                            struct MHD_Response *response)
{
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < sizeof security_headers / sizeof *security_headers; i++)
        MHD_add_response_header(response, security_headers[i][0], security_headers[i][1]);
    if (!MHD_get_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL))
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result queued = MHD_queue_response(request->connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

/* Takes over `text`; NULL (no memory) closes the connection. */
static struct MHD_Response *text_response(char *text, size_t size, const char *type)
{
    if (!text)
        return NULL;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size, text, MHD_RESPMEM_MUST_FREE);
    if (response)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    else
        free(text);
    return response;
}

static struct MHD_Response *document(cJSON *object, const char *type)
{
    char *text = object ? cJSON_PrintUnformatted(object) : NULL;
    cJSON_Delete(object);
    return text_response(text, text ? strlen(text) : 0, type);
}

static enum MHD_Result reply_document(struct request *request, unsigned status,
                                      cJSON *object, const char *type)
{
    return reply_queue(request, status, document(object, type));
}

enum MHD_Result reply_json_at(struct request *request, unsigned status, cJSON *object,
                              const char *location)
{
    struct MHD_Response *response = document(object, "application/json");
    if (response)
        MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, location);
    return reply_queue(request, status, response);
}

enum MHD_Result reply_method_not_allowed(struct request *request, const char *allowed)
{
    cJSON *problem = problem_to_json(405, "this address has no such method", NULL);
    struct MHD_Response *response = document(problem, "application/problem+json");
    if (response)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, allowed);
    return reply_queue(request, MHD_HTTP_METHOD_NOT_ALLOWED, response);
}

enum MHD_Result reply_json(struct request *request, unsigned status, cJSON *object)
{
    return reply_document(request, status, object, "application/json");
}

enum MHD_Result reply_empty(struct request *request, unsigned status)
{
    return reply_queue(request, status,
                       MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT));
}

enum MHD_Result reply_bytes(struct request *request, char *bytes, size_t size,
                            const char *type, const char *file_name)
{
    struct MHD_Response *response = text_response(bytes, size, type);
    if (response && file_name) {
        char disposition[128];
        snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"",
                 file_name);
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION,
                                disposition);
    }
    return reply_queue(request, MHD_HTTP_OK, response);
}

enum MHD_Result reply_problem(struct request *request, unsigned status,
                              const char *format, ...)
{
    char detail[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    return reply_document(request, status, problem_to_json(status, detail, NULL),
                          "application/problem+json");
}

enum MHD_Result reply_bad_fields(struct request *request)
{
    cJSON *problem =
        problem_to_json(400, "some fields are not valid; see errors", &request->problems);
    return reply_document(request, 400, problem, "application/problem+json");
}

enum MHD_Result reply_db_failure(struct request *request, enum db_status status)
{
    switch (status) {
    case DB_NOT_FOUND:
        return reply_problem(request, 404, "there is no such run");
    case DB_CONFLICT:
        return reply_problem(request, 409, "the run's state does not allow this");
    case DB_INVALID:
        return reply_problem(request, 400, "the store refused an argument");
    case DB_QUEUE_FULL:
        return reply_problem(request, 503, "the queue is full: %lld runs wait already",
                             (long long)request->options->queue_limit);
    case DB_FULL:
        return reply_problem(request, 507, "the disk is full: nothing was changed");
    case DB_BUSY:
        return reply_problem(request, 503, "the database is busy; try again");
    case DB_OK:
    case DB_NO_MEMORY:
    case DB_NEWER:
    case DB_ERROR:
        break;
    }
    return reply_problem(request, 500, "the store failed: %s", db_status_name(status));
}
