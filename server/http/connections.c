/* libmicrohttpd's timeout counts inactivity only: a client that sends a byte now and then
 * could hold a connection for good. Here every connection has a deadline for finishing
 * its request; one that misses it is shut down. */
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "server/http/internal.h"

#define REQUEST_SECONDS 5  /* from connecting, or from the request line, to the end */
#define IDLE_SECONDS    60 /* between two requests */

struct connection_record {
    struct connection_record *next, **slot;
    int fd;
    time_t deadline; /* 0: none while the answer is on its way */
};

struct connections {
    pthread_mutex_t lock; /* guards the list and what is in it */
    struct connection_record *first;
};

static time_t seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

struct connections *connections_new(void)
{
    struct connections *connections = calloc(1, sizeof *connections);
    if (connections)
        pthread_mutex_init(&connections->lock, NULL);
    return connections;
}

void connections_free(struct connections *connections)
{
    if (!connections)
        return;
    pthread_mutex_destroy(&connections->lock);
    free(connections);
}

static void link_record(struct connections *connections, struct connection_record *record)
{
    record->next = connections->first;
    record->slot = &connections->first;
    if (record->next)
        record->next->slot = &record->next;
    connections->first = record;
}

static void unlink_record(struct connection_record *record)
{
    *record->slot = record->next;
    if (record->next)
        record->next->slot = record->slot;
    free(record);
}

void connections_notice(void *context, struct MHD_Connection *connection, void **slot,
                        enum MHD_ConnectionNotificationCode code)
{
    struct connections *connections = context;
    pthread_mutex_lock(&connections->lock);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct connection_record *record = info ? calloc(1, sizeof *record) : NULL;
        if (record) {
            record->fd = info->connect_fd;
            record->deadline = seconds_now() + REQUEST_SECONDS;
            link_record(connections, record);
        }
        *slot = record;
    } else if (*slot) {
        unlink_record(*slot);
        *slot = NULL;
    }
    pthread_mutex_unlock(&connections->lock);
}

static void set_deadline(struct connections *connections,
                         struct MHD_Connection *connection, time_t deadline)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct connection_record *record = info ? info->socket_context : NULL;
    pthread_mutex_lock(&connections->lock);
    if (record)
        record->deadline = deadline;
    pthread_mutex_unlock(&connections->lock);
}

void connections_request_begins(struct connections *connections,
                                struct MHD_Connection *connection)
{
    set_deadline(connections, connection, seconds_now() + REQUEST_SECONDS);
}

void connections_request_arrived(struct connections *connections,
                                 struct MHD_Connection *connection)
{
    set_deadline(connections, connection, 0);
}

void connections_request_ends(struct connections *connections,
                              struct MHD_Connection *connection)
{
    set_deadline(connections, connection, seconds_now() + IDLE_SECONDS);
}

void connections_reap(struct connections *connections)
{
    time_t now = seconds_now();
    pthread_mutex_lock(&connections->lock);
    for (struct connection_record *r = connections->first; r; r = r->next)
        if (r->deadline && now > r->deadline) {
            shutdown(r->fd, SHUT_RDWR);
            r->deadline = 0;
        }
    pthread_mutex_unlock(&connections->lock);
}
