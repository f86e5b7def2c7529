/* HTTP as it comes in: the bytes go to a whole server (guard, router, every handler, a
 * store with a run and a sweep that have ended, and with more that nobody trains) through
 * libmicrohttpd, as one connection that then says no more. The first byte chooses the
 * server: 0, without a token; 1, with one, which no input knows.
 *
 * Each answer is whole; it is no 500; what is JSON reads as JSON; and who has no token is
 * told nothing. */
#include <poll.h>
#include <sys/socket.h>

#include "server/http/internal.h"
#include "server/json/reader.h"
#include "tests/fuzz/fuzz.h"

#define ANSWER_MAX ((size_t)4 << 20)
#define PORT       8080
#define PATIENCE   30000 /* ms: longer than this is a hang */
#define MOST_RUNS  20
#define FIRST_RUNS 3 /* those that are trained */

static struct lab {
    struct hub *hub;
    struct db *db;
    struct jobs *jobs;
    struct sweeper *sweeper;
    struct http_server *open, *locked;
    char *answer;
} lab;

static struct http_server *start_server(const char *folder, const char *token)
{
    char reason[512];
    struct http_options options = {.bind = "127.0.0.1",
                                   .token = token,
                                   .presets_dir = "config/presets",
                                   .data_dir = folder,
                                   .queue_limit = 5,
                                   .workers = 1,
                                   .db = lab.db,
                                   .jobs = lab.jobs,
                                   .sweeper = lab.sweeper,
                                   .hub = lab.hub};
    struct http_server *server = http_server_start(&options, reason, sizeof reason);
    REQUIRE(server);
    server->port = PORT; /* what Host and Origin are held to; nobody connects */
    return server;
}

static void close_lab(void)
{
    http_server_stop(lab.open);
    http_server_stop(lab.locked);
    sweeper_stop(lab.sweeper);
    jobs_shutdown(lab.jobs);
    sweeper_free(lab.sweeper);
    db_close(lab.db);
    hub_free(lab.hub);
    free(lab.answer);
}

static void open_lab(void)
{
    char reason[512];
    const char *folder = fuzz_folder();
    lab.hub = hub_new();
    lab.answer = malloc(ANSWER_MAX);
    REQUIRE(lab.hub && lab.answer);
    REQUIRE(db_open(folder, &lab.db, reason, sizeof reason) == DB_OK);
    lab.sweeper = sweeper_new(lab.db, lab.hub, 1, 5);
    REQUIRE(lab.sweeper);
    struct jobs_options options = {.db = lab.db,
                                   .hub = lab.hub,
                                   .observer = sweeper_observer(lab.sweeper),
                                   .data_dir = folder,
                                   .workers = 1,
                                   .environment = "{}"};
    lab.jobs = jobs_start(&options, reason, sizeof reason);
    REQUIRE(lab.jobs);
    REQUIRE(sweeper_start(lab.sweeper, lab.jobs) == 0);
    lab.open = start_server(folder, NULL);
    lab.locked = start_server(folder, "nobody-knows-this-one");
    atexit(close_lab);
}

/* The store stays small, however many runs are launched. */
static void tidy_up(void)
{
    struct db_run_query query = {.archived = -1, .limit = 1000};
    struct db_run_page page;
    REQUIRE(db_run_list(lab.db, &query, &page) == DB_OK);
    for (size_t i = MOST_RUNS; i < page.count; i++) {
        enum run_state actual;
        if (page.runs[i].id <= FIRST_RUNS)
            break;
        jobs_stop(lab.jobs, page.runs[i].id, &actual);
        jobs_delete(lab.jobs, page.runs[i].id, &actual);
    }
    db_run_page_clear(&page);
}

static int connect_to(struct http_server *server)
{
    int ends[2];
    struct sockaddr_storage address = {.ss_family = AF_UNIX};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) ==
            0);
    REQUIRE(MHD_add_connection(server->daemon, ends[1], (struct sockaddr *)&address,
                               sizeof(sa_family_t)) == MHD_YES);
    return ends[0];
}

/* Writes and reads as the other side does, then says no more; the answer's length. */
static size_t exchange(struct http_server *server, int fd, const uint8_t *data,
                       size_t size)
{
    size_t length = 0;
    int waited = 0;
    bool said = false;
    for (;;) {
        struct pollfd look = {.fd = fd, .events = POLLIN | (size > 0 ? POLLOUT : 0)};
        if (poll(&look, 1, size > 0 ? PATIENCE : 1) == 0) {
            REQUIRE(size == 0 && ++waited < PATIENCE);
            hub_tick(lab.hub);
            connections_reap(server->connections);
        }
        /* An end that comes together with the request would be noticed only later, when
         * the connections are looked through; that of a stream, when the hub looks. */
        if (!said && size == 0 && (waited > 1 || look.revents & POLLIN)) {
            shutdown(fd, SHUT_WR);
            said = true;
        }
        if (look.revents & POLLOUT) {
            ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
            if (sent > 0)
                data += sent;
            size = sent > 0 ? size - (size_t)sent : 0;
        }
        if (look.revents & (POLLIN | POLLHUP | POLLERR)) {
            ssize_t got = recv(fd, lab.answer + length, ANSWER_MAX - length - 1, 0);
            if (got == 0 || (got < 0 && look.revents & (POLLHUP | POLLERR)))
                return length;
            length += got > 0 ? (size_t)got : 0;
            REQUIRE(length < ANSWER_MAX - 1);
        }
    }
}

static void post(const char *path, const char *body)
{
    char text[512];
    int length =
        snprintf(text, sizeof text,
                 "POST %s HTTP/1.1\r\nHost: localhost:%d\r\n"
                 "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                 path, PORT, strlen(body), body);
    int fd = connect_to(lab.open);
    exchange(lab.open, fd, (const uint8_t *)text, (size_t)length);
    close(fd);
    REQUIRE(strncmp(lab.answer, "HTTP/1.1 201", 12) == 0);
}

/* Run 1, and sweep 1 with two more; then nothing trains any more. */
static void train_first(void)
{
    struct db_run_page page = {.count = 0};
    struct db_run_query query = {
        .archived = -1, .limit = 10, .state_mask = RUN_MASK(RUN_FINISHED)};
    post("/runs", "{\"dataset\":\"moons\",\"hidden\":[4],\"epochs\":2}");
    post("/sweeps", "{\"base\":{\"dataset\":\"moons\",\"hidden\":[2],\"epochs\":2},"
                    "\"space\":{\"lr\":{\"values\":[0.1,0.3]}},\"sampler\":\"grid\"}");
    for (int i = 0; i < PATIENCE && page.count < FIRST_RUNS; i++) {
        db_run_page_clear(&page);
        REQUIRE(db_run_list(lab.db, &query, &page) == DB_OK);
        poll(NULL, 0, 1);
    }
    REQUIRE(page.count == FIRST_RUNS);
    db_run_page_clear(&page);
    jobs_interrupt(lab.jobs);
}

/* "NAME: VALUE" of the answer's head, which ends at `end`. */
static const char *header(const char *head, const char *end, const char *name)
{
    const char *found = strcasestr(head, name);
    return found && found < end ? found + strlen(name) : NULL;
}

static void check_json(const char *body, size_t size)
{
    char reason[200];
    cJSON *object = json_read_object(body, size, reason, sizeof reason);
    REQUIRE(object);
    cJSON_Delete(object);
}

/* One of the open addresses: the page, its files, and liveness. */
static bool is_told_to_anyone(const char *type, const char *body)
{
    return !type || strncmp(type, "application/json", 16) != 0 ||
           strncmp(body, "{\"status\":", 10) == 0;
}

static void check_first(const char *answer, size_t length, bool locked, bool is_head)
{
    int status = 0;
    const char *end = strstr(answer, "\r\n\r\n");
    REQUIRE(sscanf(answer, "HTTP/1.%*d %d", &status) == 1 && end);
    REQUIRE(status >= 200 && status < 600 && status != 500);
    const char *type = header(answer, end, "Content-Type: ");
    const char *count = header(answer, end, "Content-Length: ");
    const char *body = end + 4;
    size_t size = count ? strtoull(count, NULL, 10) : 0;
    if (locked && status < 300)
        REQUIRE(is_told_to_anyone(type, body));
    if (!type || !count || is_head)
        return;
    REQUIRE(size <= length - (size_t)(body - answer));
    if (strncmp(type, "application/json", 16) == 0 ||
        strncmp(type, "application/problem+json", 24) == 0)
        check_json(body, size);
}

static bool deletes_the_first(const uint8_t *data, size_t size)
{
    return memmem(data, size, "DELETE /runs/1", 14) ||
           memmem(data, size, "DELETE /sweeps/1", 16);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned turn;
    if (!lab.open) {
        open_lab();
        train_first();
    }
    if (size < 2 || deletes_the_first(data, size))
        return 0;
    if (++turn % 64 == 0)
        tidy_up();
    bool locked = data[0] % 2;
    struct http_server *server = locked ? lab.locked : lab.open;
    int fd = connect_to(server);
    size_t length = exchange(server, fd, data + 1, size - 1);
    close(fd);
    lab.answer[length] = '\0';
    if (length > 0 && strncmp(lab.answer, "HTTP/1.1 100", 12) != 0)
        check_first(lab.answer, length, locked, memcmp(data + 1, "HEAD", 4) == 0);
    return 0;
}
