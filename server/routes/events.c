/* GET /events: the hub's stream over a connection that sleeps while there is nothing to
 * say. */
#include <poll.h>
#include <stdlib.h>

#include "server/http/internal.h"
#include "server/routes/handlers.h"

/* Large enough that a burst of points goes out in few writes. */
#define BLOCK_SIZE ((size_t)16 * 1024)

struct stream {
    struct MHD_Connection *connection;
    int fd; /* of the connection, which closes it after the stream is freed */
    struct hub_subscriber *subscriber;
};

/* All are called with the hub's lock held, so that no wake can fall between the look for
 * something to read and the sleep. */
static void sleep_connection(void *context)
{
    struct stream *stream = context;
    MHD_suspend_connection(stream->connection);
}

static void wake_connection(void *context)
{
    struct stream *stream = context;
    MHD_resume_connection(stream->connection);
}

/* libmicrohttpd does not look at a suspended connection. */
static bool is_hung_up(void *context)
{
    struct stream *stream = context;
    struct pollfd look = {.fd = stream->fd, .events = POLLRDHUP};
    return poll(&look, 1, 0) > 0;
}

static const struct hub_reader reader = {sleep_connection, wake_connection, is_hung_up};

static ssize_t read_stream(void *context, uint64_t position, char *out, size_t size)
{
    struct stream *stream = context;
    (void)position;
    long count = hub_read(stream->subscriber, out, size);
    return count < 0 ? MHD_CONTENT_READER_END_OF_STREAM : count;
}

static void free_stream(void *context)
{
    struct stream *stream = context;
    if (stream->subscriber)
        hub_unsubscribe(stream->subscriber);
    free(stream);
}

enum MHD_Result events_stream(struct request *request)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return reply_no_memory(request);
    stream->connection = request->connection;
    stream->fd =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
            ->connect_fd;
    stream->subscriber = hub_subscribe(
        request->options->hub, request_header(request, "Last-Event-ID"), &reader, stream);
    if (!stream->subscriber) {
        free(stream);
        return reply_problem(request, 503, "at most %d streams may be open",
                             HUB_MAX_SUBSCRIBERS);
    }
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, BLOCK_SIZE, read_stream, stream, free_stream);
    if (!response) {
        free_stream(stream);
        return reply_no_memory(request);
    }
    return reply_queue(
        request, MHD_HTTP_OK,
        response_with(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream"));
}
