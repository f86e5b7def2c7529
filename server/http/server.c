#include "server/http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/http/internal.h"
#include "server/http/routes.h"
#include "server/http/upload.h"
#include "server/json/build.h"

#define SERVER_THREADS 4
/* A chunked body past the limit is read on this far, so that the answer can be sent. */
#define MAX_DISCARDED (16 * HTTP_MAX_BODY)

/* A path that is another one once it is decoded. */
static bool hides_slash(const char *uri)
{
    const char *query = strchr(uri, '?'), *slash = strcasestr(uri, "%2f");
    return slash && (!query || slash < query);
}

/* The first look at a request: its raw target, before anything is decoded. What this
 * returns is the request's context from here on. */
static void *begin_request(void *context, const char *uri,
                           struct MHD_Connection *connection)
{
    struct http_server *server = context;
    struct request *request = calloc(1, sizeof *request);
    connections_request_begins(server->connections, connection);
    if (!request)
        return NULL;
    request->server = server;
    request->options = &server->options;
    request->connection = connection;
    request->raw_uri_is_bad =
        uri[0] != '/' || strstr(uri, "%00") != NULL || hides_slash(uri);
    return request;
}

/* Never while another thread works on the request: its connection is suspended then, and
 * libmicrohttpd ends none of those. */
static void end_request(void *context, struct MHD_Connection *connection, void **slot,
                        enum MHD_RequestTerminationCode code)
{
    struct http_server *server = context;
    struct request *request = *slot;
    (void)code;
    connections_request_ends(server->connections, connection);
    if (!request)
        return;
    if (request->response && request->response != server->no_memory)
        MHD_destroy_response(request->response);
    upload_free(request->upload);
    cJSON_Delete(request->json);
    free(request->body);
    free(request);
    *slot = NULL;
}

static bool takes_upload(const struct request *request)
{
    return request->route && request->route->flags & ROUTE_UPLOAD;
}

/* Gathers the body; false when it goes on without end. */
static bool take_body(struct request *request, const char *bytes, size_t size)
{
    if (request->upload)
        return upload_take(request, bytes, size);
    if (request->body_size + size > HTTP_MAX_BODY)
        request->body_too_large = true;
    if (request->body_too_large) {
        request->body_size += size;
        return request->body_size < MAX_DISCARDED;
    }
    char *grown =
        request->body_lost ? NULL : realloc(request->body, request->body_size + size + 1);
    if (!grown) {
        request->body_lost = true;
        return true;
    }
    memcpy(grown + request->body_size, bytes, size);
    request->body = grown;
    request->body_size += size;
    grown[request->body_size] = '\0';
    return true;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection,
                              const char *url, const char *method, const char *version,
                              const char *upload, size_t *upload_size, void **slot)
{
    struct http_server *server = context;
    struct request *request = *slot;
    (void)version;
    if (!request)
        return MHD_queue_response(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
                                  server->no_memory);
    if (!request->started) {
        json_ran_out();
        request->started = true;
        request->method = method;
        request->path = url;
        request->route = router_find(request);
        const char *reason;
        unsigned refusal = guard_check(request, &reason);
        if (refusal)
            return reply_refusal(request, refusal, reason);
        return takes_upload(request) ? upload_begin(request) : MHD_YES;
    }
    if (*upload_size > 0) {
        bool taken = take_body(request, upload, *upload_size);
        *upload_size = 0;
        return taken ? MHD_YES : MHD_NO;
    }
    if (request->offloaded)
        return reply_offloaded(request);
    connections_request_arrived(server->connections, connection);
    enum MHD_Result result;
    if (request->upload && !upload_end(request, &result))
        return result;
    if (request->body_lost)
        return reply_no_memory(request);
    if (request->body_too_large)
        return reply_refusal(request, 413, "the body may have at most 65536 bytes");
    return router_dispatch(request);
}

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t parse_address(const char *text, int port, union address *address)
{
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, text, &address->v4.sin_addr) == 1) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons((uint16_t)port);
        return sizeof address->v4;
    }
    if (inet_pton(AF_INET6, text, &address->v6.sin6_addr) == 1) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons((uint16_t)port);
        return sizeof address->v6;
    }
    return 0;
}

/* A listening socket, or -1 with errno. The real port goes to `port`. */
static int listen_on(const union address *address, socklen_t size, int *port)
{
    int fd =
        socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    int on = 1;
    union address bound = {.v6 = {0}};
    socklen_t bound_size = sizeof bound;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, &address->any, size) == 0 && listen(fd, 1024) == 0 &&
        getsockname(fd, &bound.any, &bound_size) == 0) {
        *port = ntohs(bound.any.sa_family == AF_INET ? bound.v4.sin_port
                                                     : bound.v6.sin6_port);
        return fd;
    }
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static bool open_socket(struct http_server *server, int *fd, char *reason, size_t size)
{
    const struct http_options *options = &server->options;
    union address address;
    socklen_t address_size = parse_address(options->bind, options->port, &address);
    if (address_size == 0) {
        snprintf(reason, size, "bind must be a numeric address, not %s", options->bind);
        return false;
    }
    if (!guard_bind_is_local(options->bind) && !(options->token && *options->token)) {
        snprintf(reason, size,
                 "binding to %s lets other machines in: set a token first "
                 "(SWEETSPOT_TOKEN or \"token\" in the config file)",
                 options->bind);
        return false;
    }
    if (options->token && *options->token && !guard_token_is_valid(options->token)) {
        snprintf(reason, size,
                 "the token must be 8 to 200 ASCII characters without \" , ; \\ and "
                 "without a space at either end");
        return false;
    }
    *fd = listen_on(&address, address_size, &server->port);
    if (*fd < 0)
        snprintf(reason, size, "cannot listen on %s port %d: %s", options->bind,
                 options->port, strerror(errno));
    return *fd >= 0;
}

static bool start_daemon(struct http_server *server, int fd)
{
    unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)SERVER_THREADS,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_MAX_CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, 60u, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, begin_request, server, MHD_OPTION_NOTIFY_COMPLETED,
        end_request, server, MHD_OPTION_NOTIFY_CONNECTION, connections_notice,
        server->connections, MHD_OPTION_END);
    return server->daemon != NULL;
}

static struct MHD_Response *make_no_memory(void)
{
    static const char text[] =
        "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"
        "\"detail\":\"not enough memory for this now; try again\",\"errors\":[]}";
    struct MHD_Response *response = response_from_static(text, sizeof text - 1);
    if (!response ||
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
                                "application/problem+json") != MHD_YES ||
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, "1") != MHD_YES ||
        !request_harden(response)) {
        if (response)
            MHD_destroy_response(response);
        return NULL;
    }
    return response;
}

struct http_server *http_server_start(const struct http_options *options, char *reason,
                                      size_t reason_size)
{
    struct http_server *server = calloc(1, sizeof *server);
    int fd = -1;
    snprintf(reason, reason_size, "not enough memory");
    if (!server)
        return NULL;
    server->options = *options;
    server->started = clock_seconds();
    server->connections = connections_new();
    server->no_memory = make_no_memory();
    if (!server->connections || !server->no_memory ||
        !open_socket(server, &fd, reason, reason_size))
        goto fail;
    server->ticker = ticker_start(options->hub, server->connections);
    server->offload = offload_start();
    if (server->ticker && server->offload && start_daemon(server, fd))
        return server;
    snprintf(reason, reason_size, "cannot start the HTTP threads: %s", strerror(errno));
    close(fd);
fail:
    offload_stop(server->offload);
    offload_free(server->offload);
    ticker_stop(server->ticker);
    connections_free(server->connections);
    if (server->no_memory)
        MHD_destroy_response(server->no_memory);
    free(server);
    return NULL;
}

bool http_server_drain(struct http_server *server, double seconds)
{
    return !server || offload_drain(server->offload, seconds);
}

/* Suspended connections would make MHD_stop_daemon abort: closing the hub wakes all that
 * are its, stopping the offload the others, and none is suspended again. */
void http_server_stop(struct http_server *server)
{
    if (!server)
        return;
    hub_close(server->options.hub);
    offload_stop(server->offload);
    MHD_stop_daemon(server->daemon);
    offload_free(server->offload);
    ticker_stop(server->ticker);
    connections_free(server->connections);
    MHD_destroy_response(server->no_memory);
    free(server);
}

int http_server_port(const struct http_server *server)
{
    return server->port;
}
