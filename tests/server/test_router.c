/* The table of routes and its description, methods, headers, strict queries, assets,
 * streams and the token. */
#include "tests/server/lab.h"

#include "server/http/routes.h"

static int open_all(void **context)
{
    (void)context;
    lab_open(&lab, NULL);
    ask("POST", "/runs", "{\"dataset\":\"moons\",\"epochs\":1}", 201);
    return 0;
}

/* "/runs/:id/points" as "/runs/{id}/points". */
static void template_of(const char *path, char *out, size_t size)
{
    const char *colon = strchr(path, ':');
    if (!colon) {
        snprintf(out, size, "%s", path);
        return;
    }
    int name = (int)strcspn(colon + 1, "/");
    snprintf(out, size, "%.*s{%.*s}%s", (int)(colon - path), path, name, colon + 1,
             colon + 1 + name);
}

static size_t count_operations(const cJSON *paths)
{
    size_t count = 0;
    const cJSON *path;
    cJSON_ArrayForEach(path, paths) count += (size_t)cJSON_GetArraySize(path);
    return count;
}

static void test_table_and_description_agree(void **context)
{
    (void)context;
    cJSON *object = ask_json("GET", "/openapi.json", NULL, 200);
    const cJSON *paths = at(object, "paths");
    for (size_t i = 0; i < route_count; i++) {
        char path[64], method[8] = "";
        template_of(routes[i].path, path, sizeof path);
        for (size_t c = 0; routes[i].method[c]; c++)
            method[c] = (char)(routes[i].method[c] | 0x20);
        const cJSON *operation = at(at(paths, path), method);
        size_t parameters = (strchr(path, '{') != NULL) + (routes[i].header != NULL);
        for (size_t q = 0; routes[i].query && routes[i].query[q]; q++)
            parameters++;
        assert_int_equal(length_of(operation, "parameters"), parameters);
    }
    assert_int_equal(count_operations(paths), route_count);
    cJSON_Delete(object);
}

static void test_the_schema_is_the_table_of_fields(void **context)
{
    (void)context;
    cJSON *object = ask_json("GET", "/openapi.json", NULL, 200);
    const cJSON *schemas = at(at(object, "components"), "schemas");
    const cJSON *properties = at(at(schemas, "RunConfig"), "properties");
    size_t count;
    const struct config_field *fields = config_fields(&count);
    for (size_t i = 0; i < count; i++) {
        const cJSON *schema = at(properties, fields[i].name);
        assert_string_equal(at(schema, "description")->valuestring, fields[i].help);
        at(schema, "default");
        assert_int_equal(cJSON_IsArray(at(schema, "type")), fields[i].nullable);
    }
    assert_int_equal(cJSON_GetArraySize(properties), count + 3);
    cJSON_Delete(object);
}

static void assert_named(const char *text, const char *schema)
{
    char reference[96];
    snprintf(reference, sizeof reference, "\"#/components/schemas/%s\"", schema);
    if (!strstr(text, reference))
        fail_msg("nothing takes or gives %s", schema);
}

/* Every schema is used, and every one that is used is there. */
static void test_schemas_and_their_uses_agree(void **context)
{
    (void)context;
    static const char prefix[] = "\"#/components/schemas/";
    struct answer answer = lab_ask(&lab, "GET", "/openapi.json", "", NULL);
    cJSON *object = cJSON_Parse(answer.body);
    const cJSON *schemas = at(at(object, "components"), "schemas"), *schema;
    cJSON_ArrayForEach(schema, schemas) assert_named(answer.body, schema->string);
    for (const char *c = answer.body; (c = strstr(c, prefix)) != NULL;) {
        char name[64];
        c += sizeof prefix - 1;
        snprintf(name, sizeof name, "%.*s", (int)strcspn(c, "\""), c);
        assert_int_equal(cJSON_IsObject(at(at(schemas, name), "properties")), 1);
    }
    cJSON_Delete(object);
    answer_clear(&answer);
}

static void test_other_methods_are_not_allowed(void **context)
{
    (void)context;
    struct answer answer = lab_ask(&lab, "PUT", "/runs/1", LAB_JSON, "{}");
    assert_int_equal(answer.status, 405);
    assert_non_null(strstr(answer.text, "Allow: GET, HEAD, PATCH, DELETE\r\n"));
    answer_clear(&answer);
    answer = lab_ask(&lab, "DELETE", "/", "", NULL);
    assert_int_equal(answer.status, 405);
    answer_clear(&answer);
}

static void test_unknown_addresses(void **context)
{
    (void)context;
    static const char *const paths[] = {"/nothing",
                                        "/runs/",
                                        "/runs/0",
                                        "/runs/01",
                                        "/runs/-1",
                                        "/runs/1x",
                                        "//runs",
                                        "/runs//1",
                                        "/runs/99999999999999999999",
                                        "/assets/",
                                        "/assets/../server",
                                        "/datasets/nothing",
                                        "/runs/1/nothing"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        ask("GET", paths[i], NULL, 404);
    ask("GET", "/runs/77", NULL, 404);
}

static void test_every_answer_has_the_security_headers(void **context)
{
    (void)context;
    static const char *const paths[] = {"/", "/runs", "/nothing", "/runs?limit=x"};
    static const char *const lines[] = {
        "Content-Security-Policy: default-src 'none'; script-src 'self';",
        "X-Content-Type-Options: nosniff\r\n",
        "X-Frame-Options: DENY\r\n",
        "Referrer-Policy: no-referrer\r\n",
        "Cross-Origin-Resource-Policy: same-origin\r\n",
        "Cross-Origin-Opener-Policy: same-origin\r\n"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct answer answer = lab_ask(&lab, "GET", paths[i], "", NULL);
        for (size_t l = 0; l < sizeof lines / sizeof *lines; l++)
            assert_non_null(strstr(answer.text, lines[l]));
        assert_non_null(strstr(answer.text, i ? "Cache-Control: no-store\r\n"
                                              : "Cache-Control: no-cache\r\n"));
        answer_clear(&answer);
    }
}

static void test_head_is_get_without_body(void **context)
{
    (void)context;
    struct answer answer = lab_ask(&lab, "HEAD", "/runs/1", "", NULL);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "");
    answer_clear(&answer);
}

static void test_assets_are_cached_by_their_tag(void **context)
{
    (void)context;
    char header[96], tag[64];
    struct answer answer = lab_ask(&lab, "GET", "/", "Accept-Encoding: gzip\r\n", NULL);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.text, "Content-Encoding: gzip\r\n"));
    assert_int_equal(sscanf(strstr(answer.text, "ETag: "), "ETag: %63s", tag), 1);
    answer_clear(&answer);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", tag);
    answer = lab_ask(&lab, "GET", "/", header, NULL);
    assert_int_equal(answer.status, 304);
    assert_string_equal(answer.body, "");
    answer_clear(&answer);
}

static void test_queries_are_strict(void **context)
{
    (void)context;
    static const struct {
        const char *path, *field;
    } cases[] = {
        {"/runs?colour=red",                  "colour"    },
        {"/runs?limit=0",                     "limit"     },
        {"/runs?limit=1001",                  "limit"     },
        {"/runs?limit=1e2",                   "limit"     },
        {"/runs?limit=1&limit=2",             "limit"     },
        {"/runs?limit",                       "limit"     },
        {"/runs?state=nope",                  "state"     },
        {"/runs?state=",                      "state"     },
        {"/runs?state=queued,",               "state"     },
        {"/runs?sort=nope",                   "sort"      },
        {"/runs?fields=id,nope",              "fields"    },
        {"/runs?archived=1",                  "archived"  },
        {"/runs?cursor=nope",                 "cursor"    },
        {"/runs?q=%ff",                       "q"         },
        {"/runs?%ff=1",                       ""          },
        {"/runs/1?x=1",                       "x"         },
        {"/runs/1/points?max=1",              "max"       },
        {"/runs/1/points?since_step=x",       "since_step"},
        {"/version?x=1",                      "x"         },
        {"/events?x=1",                       "x"         },
        {"/datasets/moons/samples?split=x",   "split"     },
        {"/runs/1/model.safetensors?which=x", "which"     }
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cJSON *problem = ask_json("GET", cases[i].path, NULL, 400);
        assert_bad_field(problem, cases[i].field);
        cJSON_Delete(problem);
    }
}

/* Streams whose clients have gone are noticed by and by. */
static void wait_for_no_subscribers(void)
{
    for (int i = 0; hub_subscriber_count(lab.hub) > 0; i++) {
        assert_true(i < 100 * LAB_PATIENCE_S);
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
}

static void test_a_stream_left_alone_is_given_up(void **context)
{
    (void)context;
    int stream = open_stream();
    assert_int_equal(hub_subscriber_count(lab.hub), 1);
    close(stream);
    wait_for_no_subscribers();
}

/* More streams than the hub takes, all open while the server stops. */
static void test_streams_are_bounded(void **context)
{
    (void)context;
    int streams[HUB_MAX_SUBSCRIBERS + 1];
    for (size_t i = 0; i <= HUB_MAX_SUBSCRIBERS; i++) {
        char line[13] = "";
        streams[i] = open_stream();
        assert_int_equal(recv(streams[i], line, 12, MSG_WAITALL), 12);
        assert_string_equal(line,
                            i < HUB_MAX_SUBSCRIBERS ? "HTTP/1.1 200" : "HTTP/1.1 503");
    }
    http_server_stop(lab.http);
    lab.http = NULL;
    for (size_t i = 0; i <= HUB_MAX_SUBSCRIBERS; i++) {
        char *rest = lab_receive(streams[i]);
        close(streams[i]);
        free(rest);
    }
}

static void test_a_token_is_asked_for(void **context)
{
    (void)context;
    lab_close(&lab);
    lab_open(&lab, "open sesame");
    ask("GET", "/runs", NULL, 401);
    ask("GET", "/healthz", NULL, 200);
    struct answer answer =
        lab_ask(&lab, "GET", "/runs", "Authorization: Bearer open sesame\r\n", NULL);
    assert_int_equal(answer.status, 200);
    answer_clear(&answer);
    ask("POST", "/session", "{\"token\":\"open barley\"}", 401);
    ask("POST", "/session", "{}", 400);
    answer = lab_ask(&lab, "POST", "/session", LAB_JSON, "{\"token\":\"open sesame\"}");
    assert_int_equal(answer.status, 204);
    assert_non_null(strstr(answer.text, "; HttpOnly; SameSite=Strict"));
    answer_clear(&answer);
    answer =
        lab_ask(&lab, "GET", "/runs", "Cookie: sweetspot_token=open sesame\r\n", NULL);
    assert_int_equal(answer.status, 200);
    answer_clear(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_and_description_agree),
        cmocka_unit_test(test_the_schema_is_the_table_of_fields),
        cmocka_unit_test(test_schemas_and_their_uses_agree),
        cmocka_unit_test(test_other_methods_are_not_allowed),
        cmocka_unit_test(test_unknown_addresses),
        cmocka_unit_test(test_every_answer_has_the_security_headers),
        cmocka_unit_test(test_head_is_get_without_body),
        cmocka_unit_test(test_assets_are_cached_by_their_tag),
        cmocka_unit_test(test_queries_are_strict),
        cmocka_unit_test(test_a_stream_left_alone_is_given_up),
        cmocka_unit_test(test_streams_are_bounded),
        cmocka_unit_test(test_a_token_is_asked_for),
    };
    return cmocka_run_group_tests(tests, open_all, lab_close_all);
}
