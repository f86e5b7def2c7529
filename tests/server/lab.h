/* A whole lab inside the test: store, hub, one worker and HTTP on a port of the system's
 * choice, and a client that sends bytes as they are. */
#ifndef TESTS_SERVER_LAB_H
#define TESTS_SERVER_LAB_H

#include "tests/engine/cmocka_all.h"
#include "tests/engine/folder.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "server/http/server.h"
#include "server/json/reader.h"

#define LAB_PATIENCE_S 30

struct lab {
    struct folder folder;
    struct db *db;
    struct hub *hub;
    struct jobs *jobs;
    struct http_server *http;
    int port;
};

/* What came back; `text` is malloc'd and NUL-terminated. */
struct answer {
    int status;
    char *text, *body;
};

UNUSED_HERE static void lab_open(struct lab *lab, const char *token)
{
    char reason[512] = "";
    lab->folder = folder_open();
    lab->hub = hub_new();
    assert_non_null(lab->hub);
    if (db_open(lab->folder.path, &lab->db, reason, sizeof reason) != DB_OK)
        fail_msg("%s", reason);
    struct jobs_options jobs = {.db = lab->db,
                                .hub = lab->hub,
                                .data_dir = lab->folder.path,
                                .workers = 1,
                                .environment = "{}"};
    lab->jobs = jobs_start(&jobs, reason, sizeof reason);
    if (!lab->jobs)
        fail_msg("%s", reason);
    struct http_options http = {.bind = "127.0.0.1",
                                .token = token,
                                .presets_dir = "config/presets",
                                .data_dir = lab->folder.path,
                                .queue_limit = 100,
                                .workers = 1,
                                .db = lab->db,
                                .jobs = lab->jobs,
                                .hub = lab->hub};
    lab->http = http_server_start(&http, reason, sizeof reason);
    if (!lab->http)
        fail_msg("%s", reason);
    lab->port = http_server_port(lab->http);
}

/* Runs must have been deleted, so that no folder of theirs is left. */
UNUSED_HERE static void lab_close(struct lab *lab)
{
    http_server_stop(lab->http);
    jobs_shutdown(lab->jobs);
    db_close(lab->db);
    hub_free(lab->hub);
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", lab->folder.path);
    assert_int_equal(system(command), 0);
}

UNUSED_HERE static int lab_connect(const struct lab *lab)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)lab->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = LAB_PATIENCE_S};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

/* The other side may refuse and close before it has read all. */
UNUSED_HERE static void lab_send(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        size -= (size_t)sent;
    }
}

/* Reads until the other side closes. */
UNUSED_HERE static char *lab_receive(int fd)
{
    size_t size = (size_t)1 << 22, length = 0;
    char *text = malloc(size);
    assert_non_null(text);
    ssize_t count;
    while ((count = recv(fd, text + length, size - length - 1, 0)) > 0)
        length += (size_t)count;
    text[length] = '\0';
    return text;
}

/* Sends `request` as it is; it must make the server close the connection. */
UNUSED_HERE static struct answer lab_exchange(const struct lab *lab, const char *request)
{
    struct answer answer = {0};
    int fd = lab_connect(lab);
    lab_send(fd, request, strlen(request));
    answer.text = lab_receive(fd);
    close(fd);
    sscanf(answer.text, "HTTP/1.1 %d", &answer.status);
    char *end = strstr(answer.text, "\r\n\r\n");
    answer.body = end ? end + 4 : answer.text + strlen(answer.text);
    return answer;
}

/* A well-formed request. `headers`: more lines, each with its CRLF; `body` may be NULL.
 */
UNUSED_HERE static struct answer lab_ask(const struct lab *lab, const char *method,
                                         const char *path, const char *headers,
                                         const char *body)
{
    size_t size = strlen(path) + strlen(headers) + (body ? strlen(body) : 0) + 256;
    char *request = malloc(size), length[48] = "";
    assert_non_null(request);
    if (body)
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(body));
    snprintf(request, size,
             "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s%s\r\n%s",
             method, path, lab->port, headers, length, body ? body : "");
    struct answer answer = lab_exchange(lab, request);
    free(request);
    return answer;
}

#define LAB_JSON "Content-Type: application/json\r\n"

UNUSED_HERE static void answer_clear(struct answer *answer)
{
    free(answer->text);
}

/* The body as JSON, which the caller deletes; the answer is cleared. */
UNUSED_HERE static cJSON *answer_json(struct answer *answer)
{
    char reason[200];
    cJSON *object =
        json_read_object(answer->body, strlen(answer->body), reason, sizeof reason);
    if (!object)
        fail_msg("%s: %s", reason, answer->text);
    answer_clear(answer);
    return object;
}

/* The helpers below talk to `lab`, the one lab of the test. */
static struct lab lab;

/* For groups of tests that share `lab`. */
UNUSED_HERE static int lab_open_all(void **context)
{
    (void)context;
    lab_open(&lab, NULL);
    return 0;
}

UNUSED_HERE static int lab_close_all(void **context)
{
    (void)context;
    lab_close(&lab);
    return 0;
}

/* Sends and expects `status`; NULL without a body. The caller deletes. */
UNUSED_HERE static cJSON *ask_json(const char *method, const char *path, const char *body,
                                   int status)
{
    struct answer answer = lab_ask(&lab, method, path, body ? LAB_JSON : "", body);
    if (answer.status != status)
        fail_msg("%s %s gave %s", method, path, answer.text);
    if (*answer.body)
        return answer_json(&answer);
    answer_clear(&answer);
    return NULL;
}

UNUSED_HERE static void ask(const char *method, const char *path, const char *body,
                            int status)
{
    cJSON_Delete(ask_json(method, path, body, status));
}

UNUSED_HERE static const cJSON *at(const cJSON *object, const char *name)
{
    const cJSON *member = json_member(object, name);
    if (!member)
        fail_msg("no member %s", name);
    return member;
}

UNUSED_HERE static size_t length_of(const cJSON *object, const char *list)
{
    return (size_t)cJSON_GetArraySize(at(object, list));
}

/* The problem has an error for `field`. */
UNUSED_HERE static void assert_bad_field(cJSON *problem, const char *field)
{
    const cJSON *entry;
    bool found = false;
    cJSON_ArrayForEach(entry, at(problem, "errors")) found =
        found || strcmp(at(entry, "field")->valuestring, field) == 0;
    if (!found)
        fail_msg("no error names %s", field);
}

/* A stream of events that is open before what it is to tell of happens. */
UNUSED_HERE static int open_stream(void)
{
    char request[128], byte;
    snprintf(request, sizeof request,
             "GET /events HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n\r\n",
             lab.port);
    int fd = lab_connect(&lab);
    lab_send(fd, request, strlen(request));
    assert_int_equal(recv(fd, &byte, 1, MSG_PEEK), 1);
    return fd;
}

/* Reads on until `text` has come. */
UNUSED_HERE static void wait_for(int fd, const char *text)
{
    static char heard[1 << 20];
    size_t length = 0;
    do {
        assert_true(length < sizeof heard - 1);
        ssize_t count = recv(fd, heard + length, sizeof heard - 1 - length, 0);
        if (count <= 0)
            fail_msg("the stream never said %s", text);
        length += (size_t)count;
        heard[length] = '\0';
    } while (!strstr(heard, text));
}

#endif
