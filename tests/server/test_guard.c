/* Who may come in: what the guard lets through and what it turns away, byte by byte. */
#include "tests/server/lab.h"

#include "server/http/internal.h"

/* Every %d of `request` stands for our port. */
static char *with_port(const char *request)
{
    size_t size = strlen(request) + 64, length = 0;
    char *text = calloc(1, size);
    assert_non_null(text);
    for (const char *c = request; *c; c++)
        if (c[0] == '%' && c[1] == 'd') {
            length += (size_t)sprintf(text + length, "%d", lab.port);
            c++;
        } else {
            text[length++] = *c;
        }
    return text;
}

static void assert_status(const char *request, int status)
{
    char *text = with_port(request);
    struct answer answer = lab_exchange(&lab, text);
    if (answer.status != status)
        fail_msg("%s\ngave %s", text, answer.text);
    answer_clear(&answer);
    free(text);
}

/* Through the guard, but the connection would stay open without this. */
#define CLOSE    "Connection: close\r\n"
#define GET      "GET /version HTTP/1.1\r\n"
#define HOST     "Host: 127.0.0.1:%d\r\n"
#define POST     "POST /session HTTP/1.1\r\n" HOST CLOSE
#define JSON     "Content-Type: application/json\r\n"
#define LENGTH_2 "Content-Length: 2\r\n"

static void test_hosts(void **context)
{
    (void)context;
    assert_status(GET "Host: 127.0.0.1:%d\r\n" CLOSE "\r\n", 200);
    assert_status(GET "Host: localhost:%d\r\n" CLOSE "\r\n", 200);
    assert_status(GET "Host: LocalHost:%d\r\n" CLOSE "\r\n", 200);
    assert_status(GET "Host: [::1]:%d\r\n" CLOSE "\r\n", 200);
    assert_status(GET "Host: localhost\r\n\r\n", 421);
    assert_status(GET "Host: localhost:1\r\n\r\n", 421);
    assert_status(GET "Host: localhost:%d1\r\n\r\n", 421);
    assert_status(GET "Host: localhost.:%d\r\n\r\n", 421);
    assert_status(GET "Host: rebound.example:%d\r\n\r\n", 421);
    assert_status(GET "Host: 127.0.0.1.example:%d\r\n\r\n", 421);
    assert_status(GET "Host: 127.0.0.2:%d\r\n\r\n", 421);
    assert_status(GET "Host: \r\n\r\n", 421);
    assert_status(GET "\r\n", 400);
}

/* A server on another address, as the guard sees it; the test's own is on loopback. */
static const char *const further_hosts[] = {"lab.example", "10.1.2.3"};
static struct http_server elsewhere = {
    .options = {.allowed_hosts = further_hosts, .allowed_host_count = 2}
};

/* Answers with what the guard says of a request to that server. */
static enum MHD_Result ask_the_guard(void *context, struct MHD_Connection *connection,
                                     const char *url, const char *method,
                                     const char *version, const char *upload,
                                     size_t *upload_size, void **slot)
{
    (void)context;
    (void)version;
    (void)upload;
    (void)upload_size;
    (void)slot;
    const char *reason;
    struct request request = {.server = &elsewhere,
                              .options = &elsewhere.options,
                              .connection = connection,
                              .method = method,
                              .path = url};
    unsigned refusal = guard_check(&request, &reason);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result result =
        MHD_queue_response(connection, refusal ? refusal : 200, response);
    MHD_destroy_response(response);
    return result;
}

static void assert_elsewhere(const struct lab *asked, const char *bind,
                             const char *headers, int status)
{
    char text[512];
    elsewhere.options.bind = bind;
    snprintf(text, sizeof text, "GET /version HTTP/1.1\r\n%s\r\n", headers);
    struct answer answer = lab_exchange(asked, text);
    if (answer.status != status)
        fail_msg("%s on %s gave %s", headers, bind, answer.text);
    answer_clear(&answer);
}

/* Its own address and the names it was given, with its port; nothing else. */
static void test_hosts_beyond_loopback(void **context)
{
    (void)context;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, ask_the_guard, NULL,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_END);
    assert_non_null(daemon);
    struct lab asked = {.port =
                            MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port};
    elsewhere.port = 80;
    assert_elsewhere(&asked, "192.0.2.7", "Host: 192.0.2.7\r\n", 200);
    assert_elsewhere(&asked, "192.0.2.7", "Host: 192.0.2.7:80\r\n", 200);
    assert_elsewhere(&asked, "2001:db8::7", "Host: [2001:db8::7]\r\n", 200);
    assert_elsewhere(&asked, "192.0.2.7", "Host: Lab.Example\r\n", 200);
    assert_elsewhere(&asked, "192.0.2.7", "Host: 10.1.2.3:80\r\n", 200);
    assert_elsewhere(&asked, "192.0.2.7", "Host: localhost\r\n", 200);
    assert_elsewhere(&asked, "192.0.2.7", "Host: evil.example\r\n", 421);
    assert_elsewhere(&asked, "192.0.2.7", "Host: 192.0.2.8\r\n", 421);
    assert_elsewhere(&asked, "192.0.2.7", "Host: lab.example:8080\r\n", 421);
    assert_elsewhere(&asked, "192.0.2.7", "Host: sub.lab.example\r\n", 421);
    assert_elsewhere(&asked, "127.0.0.1", "Host: lab.example\r\n", 421);
    assert_elsewhere(&asked, "192.0.2.7",
                     "Host: lab.example\r\nOrigin: http://lab.example\r\n", 200);
    assert_elsewhere(&asked, "192.0.2.7",
                     "Host: lab.example\r\nOrigin: http://evil.example\r\n", 403);
    MHD_stop_daemon(daemon);
}

static void test_origins(void **context)
{
    (void)context;
    assert_status(GET HOST CLOSE "Origin: http://localhost:%d\r\n\r\n", 200);
    assert_status(GET HOST CLOSE "Origin: http://[::1]:%d\r\n\r\n", 200);
    assert_status(GET HOST "Origin: http://localhost\r\n\r\n", 403);
    assert_status(GET HOST "Origin: https://localhost:%d\r\n\r\n", 403);
    assert_status(GET HOST "Origin: http://evil.example\r\n\r\n", 403);
    assert_status(GET HOST "Origin: http://localhost:%d.evil.example\r\n\r\n", 403);
    assert_status(GET HOST "Origin: null\r\n\r\n", 403);
    assert_status(GET HOST "Origin: \r\n\r\n", 403);
    assert_status(GET HOST
                  "Origin: http://localhost:%d\r\nOrigin: http://evil.example\r\n\r\n",
                  400);
}

static void test_fetch_sites(void **context)
{
    (void)context;
    assert_status(GET HOST CLOSE "Sec-Fetch-Site: same-origin\r\n\r\n", 200);
    assert_status(GET HOST CLOSE "Sec-Fetch-Site: none\r\n\r\n", 200);
    assert_status(GET HOST "Sec-Fetch-Site: same-site\r\n\r\n", 403);
    assert_status(GET HOST "Sec-Fetch-Site: cross-site\r\n\r\n", 403);
}

static void test_writes_need_json(void **context)
{
    (void)context;
    assert_status(POST JSON LENGTH_2 "\r\n{}", 204);
    assert_status(
        POST "Content-Type: application/json; charset=utf-8\r\n" LENGTH_2 "\r\n{}", 204);
    assert_status(POST LENGTH_2 "\r\n{}", 415);
    assert_status(POST "Content-Type: text/plain\r\n" LENGTH_2 "\r\n{}", 415);
    assert_status(POST "Content-Type: application/jsonp\r\n" LENGTH_2 "\r\n{}", 415);
    assert_status(POST "Content-Type: application/x-www-form-urlencoded\r\n" LENGTH_2
                       "\r\n{}",
                  415);
    assert_status("PATCH /runs/1 HTTP/1.1\r\n" HOST CLOSE LENGTH_2 "\r\n{}", 415);
    assert_status("DELETE /runs/1 HTTP/1.1\r\n" HOST CLOSE "\r\n", 404);
}

static void test_smuggled_requests(void **context)
{
    (void)context;
    assert_status(POST JSON LENGTH_2 LENGTH_2 "\r\n{}", 400);
    assert_status(POST JSON LENGTH_2 "Content-Length: 3\r\n\r\n{}", 400);
    assert_status(POST JSON "Content-Length: +2\r\n\r\n{}", 400);
    assert_status(POST JSON "Content-Length: 2, 2\r\n\r\n{}", 400);
    assert_status(POST JSON "Content-Length : 2\r\n\r\n{}", 400);
    assert_status(POST JSON LENGTH_2 "Transfer-Encoding: chunked\r\n\r\n{}", 400);
    assert_status(POST JSON "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400);
    assert_status(POST JSON "Transfer-Encoding: xchunked\r\n\r\n", 400);
    assert_status(POST JSON "Transfer-Encoding: identity\r\n\r\n", 400);
    assert_status(POST JSON "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400);
    assert_status(POST JSON
                  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                  400);
    assert_status(POST JSON "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                  204);
    assert_status(GET HOST HOST "\r\n", 400);
    assert_status("GET http://127.0.0.1:%d/version HTTP/1.1\r\n" HOST "\r\n", 400);
    assert_status("GET /version%00 HTTP/1.1\r\n" HOST "\r\n", 400);
    assert_status("OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 400);
}

static size_t count_answers(const char *text)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, "HTTP/1.1 ")) != NULL; at++)
        count++;
    return count;
}

/* What stands behind a refused request is never read as a request of its own. */
static void test_a_refused_connection_ends(void **context)
{
    (void)context;
    char *text = with_port("POST /session HTTP/1.1\r\n" HOST JSON
                           "Content-Length : 40\r\n\r\n" GET HOST CLOSE "\r\n");
    struct answer answer = lab_exchange(&lab, text);
    assert_int_equal(answer.status, 400);
    assert_int_equal(count_answers(answer.text), 1);
    assert_non_null(strstr(answer.text, "Connection: close\r\n"));
    answer_clear(&answer);
    free(text);
}

static void ask_with_body_of(size_t size, int status)
{
    char *body = malloc(size + 1);
    memset(body, ' ', size);
    memcpy(body, "{}", 2);
    body[size] = '\0';
    struct answer answer = lab_ask(&lab, "POST", "/session", LAB_JSON, body);
    assert_int_equal(answer.status, status);
    answer_clear(&answer);
    free(body);
}

static void test_large_bodies(void **context)
{
    (void)context;
    ask_with_body_of(HTTP_MAX_BODY, 204);
    ask_with_body_of(HTTP_MAX_BODY + 1, 413);
    assert_status(POST JSON "Content-Length: 4294967298\r\n\r\n{}", 413);
}

static void test_a_large_body_in_chunks(void **context)
{
    (void)context;
    size_t size = HTTP_MAX_BODY + 1;
    char *text = calloc(1, size + 512);
    int length = sprintf(text,
                         "POST /session HTTP/1.1\r\nHost: localhost:%d\r\n" CLOSE JSON
                         "Transfer-Encoding: chunked\r\n\r\n%zx\r\n",
                         lab.port, size);
    memset(text + length, ' ', size);
    memcpy(text + length + size, "\r\n0\r\n\r\n", 8);
    struct answer answer = lab_exchange(&lab, text);
    assert_int_equal(answer.status, 413);
    answer_clear(&answer);
    free(text);
}

static void test_local_addresses(void **context)
{
    (void)context;
    assert_true(guard_bind_is_local("127.0.0.1"));
    assert_true(guard_bind_is_local("127.1.2.3"));
    assert_true(guard_bind_is_local("::1"));
    assert_false(guard_bind_is_local("0.0.0.0"));
    assert_false(guard_bind_is_local("::"));
    assert_false(guard_bind_is_local("192.168.0.1"));
    assert_false(guard_bind_is_local("localhost"));
}

static void test_tokens(void **context)
{
    (void)context;
    assert_true(guard_token_matches("open sesame", "open sesame"));
    assert_false(guard_token_matches("open sesame", "open sesamf"));
    assert_false(guard_token_matches("open sesame", "open sesam"));
    assert_false(guard_token_matches("open sesame", "open sesameopen sesame"));
    assert_false(guard_token_matches("open sesame", ""));
    assert_true(guard_token_is_valid("open sesame"));
    assert_false(guard_token_is_valid("short"));
    assert_false(guard_token_is_valid("semi;colon"));
    assert_false(guard_token_is_valid("line\nbreak"));
    assert_false(guard_token_is_valid("caf\xc3\xa9 au lait"));
    assert_false(guard_token_is_valid(" leading"));
    assert_false(guard_token_is_valid("trailing "));
}

static void refuse_to_start(const char *bind, const char *token, const char *why)
{
    char reason[512] = "";
    struct http_options options = {.bind = bind,
                                   .token = token,
                                   .data_dir = lab.folder.path,
                                   .db = lab.db,
                                   .jobs = lab.jobs,
                                   .hub = lab.hub};
    assert_null(http_server_start(&options, reason, sizeof reason));
    if (!strstr(reason, why))
        fail_msg("%s", reason);
}

static void test_refuses_to_start_in_the_open(void **context)
{
    (void)context;
    refuse_to_start("0.0.0.0", NULL, "set a token");
    refuse_to_start("0.0.0.0", "", "set a token");
    refuse_to_start("0.0.0.0", "bad;token", "8 to 200");
    refuse_to_start("localhost", NULL, "numeric address");
    refuse_to_start("", NULL, "numeric address");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_hosts_beyond_loopback),
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_fetch_sites),
        cmocka_unit_test(test_writes_need_json),
        cmocka_unit_test(test_smuggled_requests),
        cmocka_unit_test(test_a_refused_connection_ends),
        cmocka_unit_test(test_large_bodies),
        cmocka_unit_test(test_a_large_body_in_chunks),
        cmocka_unit_test(test_local_addresses),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_refuses_to_start_in_the_open),
    };
    return cmocka_run_group_tests(tests, lab_open_all, lab_close_all);
}
