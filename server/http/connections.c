/* libmicrohttpd's timeout counts inactivity only: a client that sends a byte now and then
 * could hold a connection for good. Here every connection has a deadline for finishing
 * its request; one that misses it is shut down. So is an idle one whose client has hung
 * up: libmicrohttpd 0.9.75 does not notice an end that came together with the request;
 * and one whose client does not read what it asked for. */
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "server/http/internal.h"

enum phase { ARRIVING, ANSWERING, IDLE, SHUT };

/* Seconds that a phase may last, and may last while many connections are open, before
 * there is no room: for a request from connecting, or from its first line, to its end;
 * between two requests; with an answer that waits to be read and gets no shorter. */
static const double patience[][2] = {
    [ARRIVING] = {5,  2},
    [ANSWERING] = {20, 3},
    [IDLE] = {60, 3},
};
#define CROWD (HTTP_MAX_CONNECTIONS / 2)

struct connection_record {
    struct connection_record *next, **slot;
    int fd;
    enum phase phase;
    double since;   /* when the phase began, or the answer last got shorter */
    bool ended;     /* idle, and its client had hung up at the last look */
    uint64_t taken; /* bytes that the client's side had taken at the last look */
};

struct connections {
    pthread_mutex_t lock; /* guards the list and what is in it */
    struct connection_record *first;
    size_t count;
};

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
    connections->count++;
    record->next = connections->first;
    record->slot = &connections->first;
    if (record->next)
        record->next->slot = &record->next;
    connections->first = record;
}

static void unlink_record(struct connections *connections,
                          struct connection_record *record)
{
    connections->count--;
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
            record->since = clock_seconds();
            link_record(connections, record);
        }
        *slot = record;
    } else if (*slot) {
        unlink_record(connections, *slot);
        *slot = NULL;
    }
    pthread_mutex_unlock(&connections->lock);
}

static void enter(struct connections *connections, struct MHD_Connection *connection,
                  enum phase phase)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct connection_record *record = info ? info->socket_context : NULL;
    pthread_mutex_lock(&connections->lock);
    if (record && record->phase != SHUT) {
        record->phase = phase;
        record->since = clock_seconds();
        record->ended = false;
    }
    pthread_mutex_unlock(&connections->lock);
}

void connections_request_begins(struct connections *connections,
                                struct MHD_Connection *connection)
{
    enter(connections, connection, ARRIVING);
}

void connections_request_grows(struct connections *connections,
                               struct MHD_Connection *connection)
{
    enter(connections, connection, ARRIVING);
}

void connections_request_arrived(struct connections *connections,
                                 struct MHD_Connection *connection)
{
    enter(connections, connection, ANSWERING);
}

void connections_request_ends(struct connections *connections,
                              struct MHD_Connection *connection)
{
    enter(connections, connection, IDLE);
}

/* Two looks, a tick apart: libmicrohttpd may just be taking the last request out. */
static bool has_hung_up(struct connection_record *record)
{
    char byte;
    bool before = record->ended;
    record->ended = recv(record->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    return before && record->ended;
}

/* Nothing waits to be taken, or some of it has been since the last look. */
static bool is_read(struct connection_record *record)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    int waiting = 0;
    if (ioctl(record->fd, SIOCOUTQ, &waiting) != 0 || waiting == 0 ||
        getsockopt(record->fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return true;
    bool moved = info.tcpi_bytes_acked != record->taken;
    record->taken = info.tcpi_bytes_acked;
    return moved;
}

static bool is_over(struct connection_record *record, double now, bool crowded)
{
    if (record->phase == SHUT)
        return false;
    if (record->phase == ANSWERING && is_read(record))
        record->since = now;
    return now - record->since > patience[record->phase][crowded] ||
           (record->phase == IDLE && has_hung_up(record));
}

void connections_reap(struct connections *connections)
{
    double now = clock_seconds();
    pthread_mutex_lock(&connections->lock);
    bool crowded = connections->count > CROWD;
    for (struct connection_record *r = connections->first; r; r = r->next)
        if (is_over(r, now, crowded)) {
            shutdown(r->fd, SHUT_RDWR);
            r->phase = SHUT;
        }
    pthread_mutex_unlock(&connections->lock);
}
