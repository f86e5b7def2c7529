/* The HTTP server: libmicrohttpd with a few epoll threads, the guard in front, the table
 * of routes behind. */
#ifndef SERVER_HTTP_SERVER_H
#define SERVER_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/db.h"
#include "server/events/hub.h"
#include "server/jobs/jobs.h"
#include "server/sweeps/sweeper.h"

/* Strings and pointers must outlive the server. */
struct http_options {
    const char *bind;  /* a numeric address */
    int port;          /* 0: the system picks */
    const char *token; /* NULL or "": none; needed on any address but loopback */
    const char *const *allowed_hosts; /* further names, where not on loopback */
    size_t allowed_host_count;
    const char *web_dir;     /* NULL or "": the embedded files */
    const char *presets_dir; /* NULL or "": no presets */
    const char *data_dir;
    int64_t queue_limit;
    int workers;
    struct db *db;
    struct jobs *jobs;
    struct sweeper *sweeper;
    struct hub *hub;
};

struct http_server;

/* Listens and serves. NULL with a sentence in `reason` on failure. */
struct http_server *http_server_start(const struct http_options *options, char *reason,
                                      size_t reason_size);

/* Takes no more slow requests and waits for `seconds` at most until those at work are
 * done. False: one is not; the process may exit nevertheless, since what is stored fits
 * together at every moment. */
bool http_server_drain(struct http_server *server, double seconds);

/* Ends all streams and connections, waiting for slow requests however long they take; the
 * hub takes no subscribers afterwards. */
void http_server_stop(struct http_server *server);

int http_server_port(const struct http_server *server);

#endif
