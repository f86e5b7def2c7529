/* Connections that bring nothing to an end are cut off, whatever they do meanwhile. Each
 * test ends when the server closes; patience runs out before libmicrohttpd's own minute
 * of inactivity would do it. */
#include "tests/server/lab.h"

#include <poll.h>

#include "server/http/internal.h"

#define HALF_CLOSED 16
#define CROWD       (HTTP_MAX_CONNECTIONS / 2 + 1)
#define DRIPS_A_S   5

static void send_request(int fd, const char *start, const char *rest)
{
    char text[256];
    int length = snprintf(text, sizeof text, "%s HTTP/1.1\r\nHost: localhost:%d\r\n%s",
                          start, lab.port, rest);
    lab_send(fd, text, (size_t)length);
}

/* A connection that has had an answer and might ask for more. */
static int open_idle(void)
{
    char byte;
    int fd = lab_connect(&lab);
    send_request(fd, "GET /version", "\r\n");
    assert_int_equal(recv(fd, &byte, 1, 0), 1);
    return fd;
}

/* Reads on until the server closes. */
static void expect_end(int fd)
{
    char bytes[4096];
    ssize_t count;
    while ((count = recv(fd, bytes, sizeof bytes, 0)) > 0)
        ;
    assert_int_equal(count, 0);
    close(fd);
}

static void test_half_closed_connections_end(void **context)
{
    (void)context;
    int fds[HALF_CLOSED];
    for (size_t i = 0; i < HALF_CLOSED; i++) {
        fds[i] = lab_connect(&lab);
        send_request(fds[i], "GET /version", "\r\n");
        shutdown(fds[i], SHUT_WR);
    }
    for (size_t i = 0; i < HALF_CLOSED; i++)
        expect_end(fds[i]);
}

/* Sends a byte to each now and then until the server has had enough of both. */
static void drip(int header, int body)
{
    struct pollfd fds[] = {
        {.fd = header, .events = POLLIN},
        {.fd = body,   .events = POLLIN}
    };
    for (int i = 0; !(fds[0].revents && fds[1].revents); i++) {
        assert_true(i < DRIPS_A_S * LAB_PATIENCE_S);
        lab_send(header, "x", 1);
        lab_send(body, " ", 1);
        nanosleep(&(struct timespec){0, 1000000000 / DRIPS_A_S}, NULL);
        poll(fds, 2, 0);
    }
    close(header);
    close(body);
}

/* While many are open, idle ones make room long before their minute is over. The crowd
 * waits out its seconds beside the two that never come to an end. */
static void test_unfinished_requests_and_a_crowd_are_cut_off(void **context)
{
    (void)context;
    static int crowd[CROWD];
    for (size_t i = 0; i < CROWD; i++)
        crowd[i] = open_idle();
    int header = lab_connect(&lab), body = lab_connect(&lab);
    send_request(header, "GET /version", "X: ");
    send_request(body, "POST /runs", LAB_JSON "Content-Length: 9999\r\n\r\n{}");
    drip(header, body);
    expect_end(crowd[0]);
    for (size_t i = 1; i < CROWD; i++)
        close(crowd[i]);
    cJSON *page = ask_json("GET", "/runs", NULL, 200);
    assert_int_equal(length_of(page, "runs"), 0);
    cJSON_Delete(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_half_closed_connections_end),
        cmocka_unit_test(test_unfinished_requests_and_a_crowd_are_cut_off),
    };
    return cmocka_run_group_tests(tests, lab_open_all, lab_close_all);
}
