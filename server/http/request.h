/* One request on its way through a handler, and the ways to answer it. */
#ifndef SERVER_HTTP_REQUEST_H
#define SERVER_HTTP_REQUEST_H

#include <cjson/cJSON.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/db.h"
#include "server/http/server.h"
#include "server/jobs/jobs.h"
#include "server/json/config_json.h"

struct http_server;
struct route;
struct upload;

struct request {
    struct http_server *server;
    const struct http_options *options;
    struct MHD_Connection *connection;
    const char *method;
    const char *path;
    bool raw_uri_is_bad;       /* absolute, or with an encoded NUL */
    bool started;              /* the handler has seen its headers */
    const struct route *route; /* NULL: none has this path and method */
    struct upload *upload;     /* of a route that takes files (upload.h) */
    int64_t id;                /* of `:id` in the route */
    char word[64];             /* of `:name` in the route */
    char *body;                /* NUL-terminated; NULL: none */
    size_t body_size;
    bool body_too_large, body_lost;  /* lost: no memory for it */
    cJSON *json;                     /* the parsed body where the route wants one */
    struct config_problems problems; /* gathered while reading it */
    /* Of a route whose handler runs on a thread beside libmicrohttpd's (offload.c): */
    bool offloaded;
    enum MHD_Result (*handler)(struct request *request);
    struct request *next; /* in the queue for those threads */
    /* The answer until it is queued: of an offloaded request, what its handler gave. */
    struct MHD_Response *response;
    unsigned status;
};

/* --- answers: each queues the response (of an offloaded request: once its connection
 * is resumed) and releases what it was given --- */

enum MHD_Result reply_json(struct request *request, unsigned status, cJSON *object);
/* The same with a Location header. */
enum MHD_Result reply_json_at(struct request *request, unsigned status, cJSON *object,
                              const char *location);
enum MHD_Result reply_empty(struct request *request, unsigned status);
/* Takes over malloc'd `bytes`. `file_name`: NULL, or offered as a download. */
enum MHD_Result reply_bytes(struct request *request, char *bytes, size_t size,
                            const char *type, const char *file_name);
enum MHD_Result reply_problem(struct request *request, unsigned status,
                              const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A problem document that the caller has made (NULL: no memory). */
enum MHD_Result reply_problem_object(struct request *request, unsigned status,
                                     cJSON *object);
/* 405 with the methods that the address has. */
enum MHD_Result reply_method_not_allowed(struct request *request, const char *allowed);
/* A problem after which the connection closes: what follows it is not to be trusted. */
enum MHD_Result reply_refusal(struct request *request, unsigned status,
                              const char *reason);
/* 503, to be tried again in a second. */
enum MHD_Result reply_unavailable(struct request *request, const char *reason);
/* 503 for want of memory: what could be said of it has none either. */
enum MHD_Result reply_no_memory(struct request *request);
/* 401, naming the scheme. */
enum MHD_Result reply_unauthorised(struct request *request, const char *reason);
/* 400 with everything in `request->problems`. */
enum MHD_Result reply_bad_fields(struct request *request);
/* The one place that maps the store's status to HTTP. */
enum MHD_Result reply_db_failure(struct request *request, enum db_status status);
/* The security headers and queueing that every response goes through. */
enum MHD_Result reply_queue(struct request *request, unsigned status,
                            struct MHD_Response *response);
/* Queues what the handler of an offloaded request gave; MHD_NO (the connection closes) if
 * that was nothing. */
enum MHD_Result reply_offloaded(struct request *request);

/* Has `handler` answer on a thread beside libmicrohttpd's, since it may take long: what
 * ROUTE_SLOW does for every request of a route. From here on the request is that
 * thread's. */
enum MHD_Result request_offload(struct request *request,
                                enum MHD_Result (*handler)(struct request *request));

/* --- reading: problems go to request->problems, all of them --- */

const char *request_header(const struct request *request, const char *name);
/* The value of a query parameter, or NULL. */
const char *request_query(const struct request *request, const char *name);
/* Notes a problem for each query parameter that is not in the NULL-terminated list (NULL:
 * none), stands there twice, has no value or is not UTF-8. */
void request_allow_query(struct request *request, const char *const *names);
/* The same for members of the body that the list does not have. */
void request_allow_members(struct request *request, const char *const *names);
/* A whole number in [minimum, maximum] from the query, or `otherwise` if it is not there.
 */
int64_t request_query_integer(struct request *request, const char *name, int64_t minimum,
                              int64_t maximum, int64_t otherwise);
/* A number above `above`, at most `maximum`, in the same way. */
double request_query_number(struct request *request, const char *name, double above,
                            double maximum, double otherwise);
void request_add_problem(struct request *request, const char *field, const char *format,
                         ...) __attribute__((format(printf, 3, 4)));

#endif
