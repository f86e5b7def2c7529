#include "server/http/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/utf8.h"
#include "server/http/internal.h"
#include "server/json/build.h"
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

static bool is_utf8(const char *text)
{
    return !text || utf8_is_valid(text, strlen(text));
}

/* The name's place in the list, or -1. */
static int find_name(const char *const *names, const char *name)
{
    for (int i = 0; names && names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static enum MHD_Result check_parameter(void *context, enum MHD_ValueKind kind,
                                       const char *name, const char *value)
{
    struct query_check *check = context;
    (void)kind;
    if (!is_utf8(name) || !is_utf8(value)) {
        request_add_problem(check->request, is_utf8(name) ? name : "",
                            "must be UTF-8 text");
        return MHD_YES;
    }
    int place = find_name(check->names, name);
    if (place < 0)
        request_add_problem(check->request, name, "is not a parameter of this address");
    else if (check->seen & (1u << place))
        request_add_problem(check->request, name, "must stand there once");
    else if (!value)
        request_add_problem(check->request, name, "needs a value: %s=...", name);
    if (place >= 0)
        check->seen |= 1u << place;
    return MHD_YES;
}

void request_allow_query(struct request *request, const char *const *names)
{
    struct query_check check = {.request = request, .names = names};
    MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, check_parameter,
                              &check);
}

void request_allow_members(struct request *request, const char *const *names)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, request->json)
    {
        if (find_name(names, member->string) < 0)
            request_add_problem(request, member->string,
                                "is not a field of this request");
    }
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

double request_query_number(struct request *request, const char *name, double above,
                            double maximum, double otherwise)
{
    const char *text = request_query(request, name);
    if (!text)
        return otherwise;
    char *end;
    double value = strtod(text, &end);
    bool number = end != text && *end == '\0' && strlen(text) < 40 &&
                  strspn(text, "+-.0123456789eE") == strlen(text);
    if (number && value > above && value <= maximum)
        return value;
    request_add_problem(request, name, "must be a number above %.16g, at most %.16g",
                        above, maximum);
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

/* False: no memory. */
bool request_harden(struct MHD_Response *response)
{
    bool done = true;
    for (size_t i = 0; i < sizeof security_headers / sizeof *security_headers; i++)
        done = MHD_add_response_header(response, security_headers[i][0],
                                       security_headers[i][1]) == MHD_YES &&
               done;
    if (!MHD_get_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL))
        done = MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL,
                                       "no-store") == MHD_YES &&
               done;
    return done;
}

static enum MHD_Result queue_kept(struct request *request)
{
    struct MHD_Response *response = request->response;
    request->response = NULL;
    enum MHD_Result queued =
        MHD_queue_response(request->connection, request->status, response);
    if (response != request->server->no_memory)
        MHD_destroy_response(response);
    return queued;
}

/* An answer that is not whole is not given. */
enum MHD_Result reply_queue(struct request *request, unsigned status,
                            struct MHD_Response *response)
{
    if (response && !request_harden(response)) {
        MHD_destroy_response(response);
        response = NULL;
    }
    request->status = response ? status : MHD_HTTP_SERVICE_UNAVAILABLE;
    request->response = response ? response : request->server->no_memory;
    return request->offloaded ? MHD_YES : queue_kept(request);
}

enum MHD_Result reply_no_memory(struct request *request)
{
    return reply_queue(request, MHD_HTTP_SERVICE_UNAVAILABLE, NULL);
}

enum MHD_Result reply_offloaded(struct request *request)
{
    return request->response ? queue_kept(request) : MHD_NO;
}

enum MHD_Result request_offload(struct request *request,
                                enum MHD_Result (*handler)(struct request *request))
{
    if (offload_submit(request->server->offload, request, handler))
        return MHD_YES;
    return reply_unavailable(request, "too many slow requests wait, or the server is "
                                      "stopping; try again");
}

struct MHD_Response *response_from_static(const void *bytes, size_t size)
{
    /* PERSISTENT: libmicrohttpd only reads, although its parameter is not const. */
    union {
        const void *in;
        void *out;
    } buffer = {.in = bytes};
    return MHD_create_response_from_buffer(size, buffer.out, MHD_RESPMEM_PERSISTENT);
}

struct MHD_Response *response_with(struct MHD_Response *response, const char *name,
                                   const char *value)
{
    if (!response || MHD_add_response_header(response, name, value) == MHD_YES)
        return response;
    MHD_destroy_response(response);
    return NULL;
}

/* Takes over `text`; NULL (no memory) closes the connection. */
static struct MHD_Response *text_response(char *text, size_t size, const char *type)
{
    if (!text)
        return NULL;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size, text, MHD_RESPMEM_MUST_FREE);
    if (!response)
        free(text);
    return response_with(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
}

static struct MHD_Response *document(cJSON *object, const char *type)
{
    char *text = json_take_text(object);
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
    return reply_queue(request, status,
                       response_with(response, MHD_HTTP_HEADER_LOCATION, location));
}

/* A problem with one more header. */
static enum MHD_Result reply_problem_with(struct request *request, unsigned status,
                                          const char *detail, const char *header,
                                          const char *value)
{
    struct MHD_Response *response =
        document(problem_to_json(status, detail, NULL), "application/problem+json");
    return reply_queue(request, status, response_with(response, header, value));
}

enum MHD_Result reply_method_not_allowed(struct request *request, const char *allowed)
{
    return reply_problem_with(request, MHD_HTTP_METHOD_NOT_ALLOWED,
                              "this address has no such method", MHD_HTTP_HEADER_ALLOW,
                              allowed);
}

enum MHD_Result reply_refusal(struct request *request, unsigned status,
                              const char *reason)
{
    return reply_problem_with(request, status, reason, MHD_HTTP_HEADER_CONNECTION,
                              "close");
}

enum MHD_Result reply_unavailable(struct request *request, const char *reason)
{
    return reply_problem_with(request, MHD_HTTP_SERVICE_UNAVAILABLE, reason,
                              MHD_HTTP_HEADER_RETRY_AFTER, "1");
}

enum MHD_Result reply_unauthorised(struct request *request, const char *reason)
{
    return reply_problem_with(request, MHD_HTTP_UNAUTHORIZED, reason,
                              MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
}

enum MHD_Result reply_json(struct request *request, unsigned status, cJSON *object)
{
    return reply_document(request, status, object, "application/json");
}

enum MHD_Result reply_problem_object(struct request *request, unsigned status,
                                     cJSON *object)
{
    return reply_document(request, status, object, "application/problem+json");
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
        response =
            response_with(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, disposition);
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
    detail[utf8_fitting(detail, sizeof detail)] = '\0';
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
    bool sweep = strncmp(request->path, "/sweeps", 7) == 0;
    const char *what = sweep ? "sweep" : "run";
    switch (status) {
    case DB_NOT_FOUND:
        return reply_problem(request, 404, "there is no such %s", what);
    case DB_CONFLICT:
        return reply_problem(request, 409, "the %s's state does not allow this", what);
    case DB_INVALID:
        return reply_problem(request, 400, "the store refused an argument");
    case DB_QUEUE_FULL:
        return reply_problem(request, 503, "the queue is full: %lld runs wait already",
                             (long long)request->options->queue_limit);
    case DB_FULL:
        return reply_problem(request, 507, "the disk is full: nothing was changed");
    case DB_BUSY:
        return reply_problem(request, 503, "the database is busy; try again");
    case DB_NO_MEMORY:
        return reply_no_memory(request);
    case DB_OK:
    case DB_NEWER:
    case DB_FOREIGN:
    case DB_ERROR:
        break;
    }
    return reply_problem(request, 500, "the store failed: %s", db_status_name(status));
}
