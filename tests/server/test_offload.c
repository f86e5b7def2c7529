/* Slow routes: while their handlers are held others are answered, and none is lost, not
 * by a full queue, by clients that hang up, or by the end of the server.
 *
 * The table of routes is the test's own: its slow handlers wait at a gate. */
#include "tests/server/lab.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>

#include "server/http/internal.h"
#include "server/http/routes.h"
#include "server/json/number.h"
#include "server/routes/handlers.h"

#define QUICK_ONES 16
#define EXCESS     14
#define CROWD      (OFFLOAD_THREADS + OFFLOAD_MAX_WAITING + EXCESS)
#define LONG_LIFE  "Connection: keep-alive\r\n"

static struct {
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    bool open;
    int entered, left;
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void pass_gate(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.entered++;
    pthread_cond_broadcast(&gate.changed);
    while (!gate.open)
        pthread_cond_wait(&gate.changed, &gate.lock);
    gate.left++;
    pthread_cond_broadcast(&gate.changed);
    pthread_mutex_unlock(&gate.lock);
}

static void open_gate(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.open = true;
    pthread_cond_broadcast(&gate.changed);
    pthread_mutex_unlock(&gate.lock);
}

/* Once those are through whose clients have gone: nobody waited for them. */
static void close_gate(void)
{
    pthread_mutex_lock(&gate.lock);
    while (gate.left < gate.entered)
        pthread_cond_wait(&gate.changed, &gate.lock);
    gate.open = false;
    gate.entered = gate.left = 0;
    pthread_mutex_unlock(&gate.lock);
}

static void wait_for_count(const int *counter, int count)
{
    pthread_mutex_lock(&gate.lock);
    while (*counter < count)
        pthread_cond_wait(&gate.changed, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

/* Says what it was asked, all read while the connection is suspended. */
static enum MHD_Result slow(struct request *request)
{
    const char *word = request_query(request, "word");
    const char *header = request_header(request, "X-Word");
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(request->json, "word");
    if (request->problems.count)
        return reply_bad_fields(request);
    pass_gate();
    cJSON *object = cJSON_CreateObject();
    number_add(object, "id", (double)request->id);
    cJSON_AddStringToObject(object, "query", word ? word : "");
    cJSON_AddStringToObject(object, "header", header ? header : "");
    cJSON_AddStringToObject(object, "body", body ? body->valuestring : "");
    return reply_json(request, MHD_HTTP_OK, object);
}

/* As where there is no memory for an answer. */
static enum MHD_Result silent(struct request *request)
{
    return reply_queue(request, MHD_HTTP_OK, NULL);
}

static enum MHD_Result quick(struct request *request)
{
    return reply_empty(request, MHD_HTTP_NO_CONTENT);
}

static const char *const word_query[] = {"word", NULL};

// clang-format off
const struct route routes[] = {
    {"GET",  "/slow/:id", slow,          ROUTE_SLOW, word_query, "", NULL, "", NULL},
    {"POST", "/slow/:id", slow,          ROUTE_SLOW | ROUTE_WRITE | ROUTE_BODY, NULL,
     "", NULL, "", NULL},
    {"GET",  "/silent",   silent,        ROUTE_SLOW, NULL,       "", NULL, "", NULL},
    {"GET",  "/quick",    quick,         ROUTE_READ, NULL,       "", NULL, "", NULL},
    {"GET",  "/events",   events_stream, ROUTE_READ, NULL,       "", NULL, "", NULL},
};
// clang-format on

const size_t route_count = sizeof routes / sizeof *routes;

/* Threads that cannot be had: those after the first `threads_left` are refused. */
static int threads_left = -1;

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                   void *(*start)(void *), void *context)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    if (threads_left == 0)
        return EAGAIN;
    threads_left -= threads_left > 0;
    return real(thread, attributes, start, context);
}

static void send_get(int fd, const char *path, const char *headers)
{
    char text[256];
    int length =
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: localhost:%d\r\n%s\r\n",
                 path, lab.port, headers);
    lab_send(fd, text, (size_t)length);
}

/* Each gets a number; the first ones are at work when this returns. */
static int open_slow(int id)
{
    char path[64];
    int fd = lab_connect(&lab);
    snprintf(path, sizeof path, "/slow/%d?word=w%d", id, id);
    send_get(fd, path, "Connection: close\r\n");
    if (id <= OFFLOAD_THREADS)
        wait_for_count(&gate.entered, id);
    return fd;
}

/* Reads to the end; the answer has this status and, if 200, is that of request `id`. */
static void expect_answer(int fd, int status, int id)
{
    char line[32], id_text[32], word[32];
    char *text = lab_receive(fd);
    snprintf(line, sizeof line, "HTTP/1.1 %d ", status);
    snprintf(id_text, sizeof id_text, "\"id\":%d,", id);
    snprintf(word, sizeof word, "\"query\":\"w%d\"", id);
    bool right = strncmp(text, line, strlen(line)) == 0;
    if (!right || (status == 200 && !(strstr(text, id_text) && strstr(text, word))))
        fail_msg("%d was given %s", id, text);
    free(text);
    close(fd);
}

static void test_others_are_answered_meanwhile(void **context)
{
    (void)context;
    int fds[OFFLOAD_THREADS + 8], count = sizeof fds / sizeof *fds;
    close_gate();
    for (int i = 0; i < count; i++)
        fds[i] = open_slow(i + 1);
    for (int i = 0; i < QUICK_ONES; i++)
        ask("GET", "/quick", NULL, 204);
    assert_int_equal(gate.left, 0);
    open_gate();
    for (int i = 0; i < count; i++)
        expect_answer(fds[i], 200, i + 1);
}

static void test_a_slow_request_is_read_whole(void **context)
{
    (void)context;
    open_gate();
    struct answer answer = lab_ask(&lab, "POST", "/slow/7", LAB_JSON "X-Word: head\r\n",
                                   "{\"word\":\"body\"}");
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.text, "X-Content-Type-Options: nosniff\r\n"));
    assert_string_equal(
        answer.body, "{\"id\":7,\"query\":\"\",\"header\":\"head\",\"body\":\"body\"}");
    answer_clear(&answer);
    answer = lab_ask(&lab, "HEAD", "/slow/7", "", NULL);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "");
    answer_clear(&answer);
    ask("GET", "/slow/7?colour=red", NULL, 400);
    ask("POST", "/slow/7", "{", 400);
}

/* One after the other on one connection, all sent at once. */
static void test_a_connection_is_used_again(void **context)
{
    (void)context;
    int fd = lab_connect(&lab);
    open_gate();
    send_get(fd, "/slow/1?word=w1", LONG_LIFE);
    send_get(fd, "/quick", LONG_LIFE);
    send_get(fd, "/slow/2?word=w2", LONG_LIFE);
    send_get(fd, "/slow/3?word=w3", "Connection: close\r\n");
    char *text = lab_receive(fd);
    const char *first = strstr(text, "\"w1\""), *second = strstr(text, "HTTP/1.1 204");
    const char *third = strstr(text, "\"w2\""), *fourth = strstr(text, "\"w3\"");
    assert_true(first && first < second && second < third && third < fourth);
    free(text);
    close(fd);
}

/* How many of the connections have something to read. */
static size_t count_readable(struct pollfd *looks, size_t count)
{
    size_t readable = 0;
    assert_true(poll(looks, count, LAB_PATIENCE_S * 1000) > 0);
    for (size_t i = 0; i < count; i++)
        readable += (looks[i].revents & POLLIN) != 0;
    return readable;
}

static void test_what_is_too_much_is_refused(void **context)
{
    (void)context;
    struct pollfd looks[CROWD];
    close_gate();
    for (int i = 0; i < CROWD; i++)
        looks[i] = (struct pollfd){.fd = open_slow(i + 1), .events = POLLIN};
    while (count_readable(looks, CROWD) < EXCESS)
        ;
    ask("GET", "/quick", NULL, 204);
    assert_int_equal(count_readable(looks, CROWD), EXCESS);
    for (int i = 0; i < CROWD; i++)
        if (looks[i].revents) {
            char *text = lab_receive(looks[i].fd);
            assert_non_null(strstr(text, "HTTP/1.1 503"));
            assert_non_null(strstr(text, "\r\nRetry-After: 1\r\n"));
            free(text);
            close(looks[i].fd);
        }
    open_gate();
    for (int i = 0; i < CROWD; i++)
        if (!looks[i].revents)
            expect_answer(looks[i].fd, 200, i + 1);
}

/* Of those that wait as of those at work, by FIN and by RST: each is worked on, and what
 * it is given goes nowhere. */
static void test_clients_may_hang_up(void **context)
{
    (void)context;
    struct linger reset = {.l_onoff = 1};
    int fds[8], count = sizeof fds / sizeof *fds;
    for (int round = 0; round < 3; round++) {
        close_gate();
        for (int i = 0; i < count; i++)
            fds[i] = open_slow(i + 1);
        int fd = open_slow(count + 1); /* stays */
        for (int i = 0; i < count; i++) {
            if (i % 2)
                setsockopt(fds[i], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
            close(fds[i]);
        }
        ask("GET", "/quick", NULL, 204);
        open_gate();
        expect_answer(fd, 200, count + 1);
    }
}

/* It had no memory for an answer. */
static void test_a_handler_that_gives_nothing_is_answered_for(void **context)
{
    (void)context;
    struct answer answer = lab_ask(&lab, "GET", "/silent", "", NULL);
    assert_non_null(strstr(answer.text, "HTTP/1.1 503 "));
    assert_non_null(strstr(answer.text, "not enough memory"));
    answer_clear(&answer);
}

/* The reaper cuts off one that began to arrive later, not the one that is worked on. */
static void test_what_is_worked_on_is_not_reaped(void **context)
{
    (void)context;
    close_gate();
    int fd = open_slow(1), unfinished = lab_connect(&lab);
    lab_send(unfinished, "GET /quick HTTP/1.1\r\n", 21);
    free(lab_receive(unfinished));
    close(unfinished);
    open_gate();
    expect_answer(fd, 200, 1);
}

static void *stop_server(void *context)
{
    http_server_stop(lab.http);
    return context;
}

/* Reads on until the server ends the stream. */
static void expect_end_of_stream(int fd)
{
    char bytes[4096];
    while (recv(fd, bytes, sizeof bytes, 0) > 0)
        ;
    close(fd);
}

/* Those that wait are refused at once; those at work are waited for, and their clients
 * get their answers or at least an end. */
static void test_the_server_stops_during_slow_requests(void **context)
{
    (void)context;
    int fds[OFFLOAD_THREADS + 4], count = sizeof fds / sizeof *fds;
    pthread_t stopper;
    lab_open(&lab, NULL);
    close_gate();
    for (int i = 0; i < count; i++)
        fds[i] = open_slow(i + 1);
    assert_false(http_server_drain(lab.http, 0.001));
    ask("GET", "/slow/1", NULL, 503);
    for (int i = OFFLOAD_THREADS; i < count; i++)
        expect_answer(fds[i], 503, i + 1);
    int stream = open_stream();
    assert_int_equal(pthread_create(&stopper, NULL, stop_server, NULL), 0);
    expect_end_of_stream(stream); /* it is stopping */
    assert_int_equal(gate.left, 0);
    open_gate();
    assert_int_equal(pthread_join(stopper, NULL), 0);
    assert_int_equal(gate.left, OFFLOAD_THREADS);
    for (int i = 0; i < OFFLOAD_THREADS; i++)
        expect_end_of_stream(fds[i]);
    lab.http = NULL;
    lab_close(&lab);
}

static void test_an_idle_server_drains_at_once(void **context)
{
    (void)context;
    lab_open(&lab, NULL);
    open_gate();
    ask("GET", "/slow/1", NULL, 200);
    assert_true(http_server_drain(lab.http, LAB_PATIENCE_S));
    ask("GET", "/slow/1", NULL, 503);
    lab_close(&lab);
}

/* The ticker's thread comes first, then those of slow requests. */
static void test_threads_that_cannot_be_had(void **context)
{
    (void)context;
    char reason[200];
    lab_open(&lab, NULL);
    struct http_options options = {.bind = "127.0.0.1", .hub = lab.hub};
    for (int threads = 0; threads < 1 + OFFLOAD_THREADS; threads++) {
        threads_left = threads;
        assert_null(http_server_start(&options, reason, sizeof reason));
        assert_non_null(strstr(reason, "cannot start the HTTP threads"));
    }
    threads_left = -1;
    lab_close(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_others_are_answered_meanwhile),
        cmocka_unit_test(test_a_slow_request_is_read_whole),
        cmocka_unit_test(test_a_connection_is_used_again),
        cmocka_unit_test(test_what_is_too_much_is_refused),
        cmocka_unit_test(test_clients_may_hang_up),
        cmocka_unit_test(test_a_handler_that_gives_nothing_is_answered_for),
        cmocka_unit_test(test_what_is_worked_on_is_not_reaped),
    };
    const struct CMUnitTest ends[] = {
        cmocka_unit_test(test_the_server_stops_during_slow_requests),
        cmocka_unit_test(test_an_idle_server_drains_at_once),
        cmocka_unit_test(test_threads_that_cannot_be_had),
    };
    return cmocka_run_group_tests(tests, lab_open_all, lab_close_all) +
           cmocka_run_group_tests(ends, NULL, NULL);
}
