/* What the files of the HTTP layer share. */
#ifndef SERVER_HTTP_INTERNAL_H
#define SERVER_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "server/clock.h"
#include "server/http/request.h"
#include "server/http/server.h"

#define HTTP_MAX_BODY        ((size_t)64 * 1024)
#define HTTP_MAX_CONNECTIONS 512

struct http_server {
    struct http_options options;
    struct MHD_Daemon *daemon;
    int port;
    double started; /* seconds of the monotonic clock */
    struct connections *connections;
    struct ticker *ticker;
    struct offload *offload;
    atomic_int uploads;             /* under way */
    struct MHD_Response *no_memory; /* what is answered when nothing else can be */
};

/* The guard: whether a request may come in at all. Looks at the request line and headers
 * only. 0: it may; else the HTTP status to refuse it with and a sentence. */
unsigned guard_check(const struct request *request, const char **reason);

/* A response of bytes that outlive it; NULL: no memory. */
struct MHD_Response *response_from_static(const void *bytes, size_t size);

/* The response (NULL: there is none) with one more header; NULL: no memory. */
struct MHD_Response *response_with(struct MHD_Response *response, const char *name,
                                   const char *value);

/* Adds the headers that every answer carries; false: no memory. */
bool request_harden(struct MHD_Response *response);

/* The cookie that carries the token for a browser. */
#define GUARD_COOKIE "sweetspot_token"

/* True for 127.0.0.0/8 and ::1. */
bool guard_bind_is_local(const char *address);

/* True if the request carries the token (header or cookie), or none is asked for. */
bool guard_is_authorised(const struct request *request);
/* 8 to 200 ASCII characters that fit a header and a cookie (RFC 6265) as they are. */
bool guard_token_is_valid(const char *token);
/* Compares in time that does not depend on where they differ. */
bool guard_token_matches(const char *token, const char *given);

/* Connections that do not finish a request in time, and those that nobody uses any more,
 * are shut down. */
struct connections *connections_new(void);
void connections_free(struct connections *connections);
void connections_notice(void *connections, struct MHD_Connection *connection, void **slot,
                        enum MHD_ConnectionNotificationCode code);
/* A request of this connection has begun to arrive, has arrived whole, is answered. */
void connections_request_begins(struct connections *connections,
                                struct MHD_Connection *connection);
/* One that may be large has come on: its time begins anew. */
void connections_request_grows(struct connections *connections,
                               struct MHD_Connection *connection);
void connections_request_arrived(struct connections *connections,
                                 struct MHD_Connection *connection);
void connections_request_ends(struct connections *connections,
                              struct MHD_Connection *connection);
void connections_reap(struct connections *connections);

/* A thread that calls the hub's and the connections' upkeep about once a second. */
struct ticker *ticker_start(struct hub *hub, struct connections *connections);
void ticker_stop(struct ticker *ticker);

/* The threads that slow handlers run on, so that libmicrohttpd's stay free. NULL: no
 * memory, or no threads (errno). */
struct offload *offload_start(void);
#define OFFLOAD_THREADS     3 /* one more than uploads can take at a time */
#define OFFLOAD_MAX_WAITING 64
/* From the access handler, when a request is whole: suspends its connection and has
 * `handler` called on one of the threads, where its answer is kept. Then the connection
 * is resumed, and the access handler called again to queue it. False, with nothing done:
 * OFFLOAD_MAX_WAITING wait already, or it is about to stop. */
bool offload_submit(struct offload *offload, struct request *request,
                    enum MHD_Result (*handler)(struct request *));
/* Takes no more, refuses those that wait, and gives those at work `seconds` to end. */
bool offload_drain(struct offload *offload, double seconds);
/* The same however long they take; afterwards no connection is suspended by it. */
void offload_stop(struct offload *offload);
/* When nothing can be submitted any more. */
void offload_free(struct offload *offload);

/* The route for a request's method and path, whose variables go into the request. */
const struct route *router_find(struct request *request);
/* Calls the request's route, or answers 404, 405 or an asset. */
enum MHD_Result router_dispatch(struct request *request);

/* "/" and "/assets/...": MHD_NO if there is no such file. */
bool assets_serve(struct request *request, enum MHD_Result *result);

#endif
