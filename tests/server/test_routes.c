/* Every route of the table, through HTTP, on a lab that has trained one small run. */
#include "tests/server/lab.h"

#include <math.h>

#define MOONS "\"dataset\":\"moons\",\"hidden\":[8],\"epochs\":3"

static int open_all(void **context)
{
    (void)context;
    lab_open(&lab, NULL);
    int stream = open_stream();
    ask("POST", "/runs", "{" MOONS ",\"name\":\"first\",\"tags\":[\"a\"]}", 201);
    wait_for(stream, "\"state\":\"finished\"");
    close(stream);
    return 0;
}

static void test_a_launch_names_all_that_is_wrong(void **context)
{
    (void)context;
    static const char *const fields[] = {"name", "tags", "notes", "parent",
                                         "lr",   "nope", "epochs"};
    cJSON *problem = ask_json("POST", "/runs",
                              "{\"name\":1,\"tags\":[\"\"],\"notes\":null,\"parent\":1.5,"
                              "\"lr\":0,\"nope\":1,\"epochs\":\"1\"}",
                              400);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        assert_bad_field(problem, fields[i]);
    assert_int_equal(length_of(problem, "errors"), 7);
    cJSON_Delete(problem);
    ask("POST", "/runs", "[]", 400);
    ask("POST", "/runs", "{} {}", 400);
    ask("POST", "/runs", "{\"parent\":77}", 400);
}

static void launch_with_key(const char *key, const char *body, int status,
                            const char *location)
{
    char headers[128];
    snprintf(headers, sizeof headers, LAB_JSON "Idempotency-Key: %s\r\n", key);
    struct answer answer = lab_ask(&lab, "POST", "/runs", headers, body);
    assert_int_equal(answer.status, status);
    if (location)
        assert_non_null(strstr(answer.text, location));
    answer_clear(&answer);
}

static void test_a_key_launches_once(void **context)
{
    (void)context;
    const char *body = "{" MOONS ",\"parent\":1}";
    launch_with_key("k1", body, 201, "Location: /runs/2\r\n");
    launch_with_key("k1", body, 201, "Location: /runs/2\r\n");
    launch_with_key("k1", "{" MOONS "}", 409, NULL);
    launch_with_key("with space", body, 400, NULL);
    cJSON *run = ask_json("GET", "/runs/2", NULL, 200);
    assert_int_equal(at(run, "parent")->valueint, 1);
    cJSON_Delete(run);
}

static void test_lists(void **context)
{
    (void)context;
    cJSON *page =
        ask_json("GET", "/runs?q=FIRST&tag=a&dataset=moons&fields=name", NULL, 200);
    assert_int_equal(length_of(page, "runs"), 1);
    const cJSON *run = at(page, "runs")->child;
    assert_int_equal(cJSON_GetArraySize(run), 2);
    assert_string_equal(at(run, "name")->valuestring, "first");
    assert_true(cJSON_IsNull(at(page, "next_cursor")));
    cJSON_Delete(page);
    page = ask_json("GET", "/runs?sort=-best_test_accuracy&state=finished&limit=1", NULL,
                    200);
    assert_int_equal(length_of(page, "runs"), 1);
    cJSON_Delete(page);
}

static void test_what_a_run_measured(void **context)
{
    (void)context;
    cJSON *object = ask_json("GET", "/runs/1/points", NULL, 200);
    assert_int_equal(length_of(object, "points"), 3);
    double step = at(at(object, "points")->child, "step")->valuedouble;
    cJSON_Delete(object);
    char path[64];
    snprintf(path, sizeof path, "/runs/1/points?since_step=%.0f&max=8", step);
    object = ask_json("GET", path, NULL, 200);
    assert_int_equal(length_of(object, "points"), 2);
    cJSON_Delete(object);
    object = ask_json("GET", "/runs/1/steps", NULL, 200);
    assert_true(length_of(object, "steps") > 0);
    cJSON_Delete(object);
    object = ask_json("GET", "/runs/1/layers", NULL, 200);
    assert_int_equal(length_of(object, "layers"), 6);
    cJSON_Delete(object);
    ask("GET", "/runs/77/points", NULL, 404);
}

/* Rows of points that the first run never reached. */
#define FAR 1000000

static void record_probes(int points)
{
    static const struct db_histograms seen = {
        .weights = {-1, 1, {3}}
    };
    struct db_layer layers[20];
    struct db_noise noises[20];
    for (int i = 0; i < points; i++) {
        layers[i] = (struct db_layer){
            .step = FAR + i, .dead_fraction = NAN, .histograms = i % 2 ? NULL : &seen};
        noises[i] = (struct db_noise){FAR + i, 0.5, 2, 4};
    }
    struct db_record record = {.run = 1,
                               .layers = layers,
                               .layer_count = (size_t)points,
                               .noises = noises,
                               .noise_count = 1,
                               .checkpoint_step = -1,
                               .end_state = RUN_STATE_COUNT,
                               .train_seconds = NAN,
                               .cpu_seconds = NAN};
    assert_int_equal(db_record(lab.db, &record, 1), DB_OK);
}

static void test_what_probes_saw(void **context)
{
    (void)context;
    record_probes(20);
    cJSON *object = ask_json("GET", "/runs/1/layers?since_step=999999", NULL, 200);
    assert_int_equal(length_of(object, "layers"), 20);
    assert_true(cJSON_IsNull(at(object, "next_cursor")));
    const cJSON *layer = at(object, "layers")->child;
    assert_true(cJSON_IsNull(at(layer, "dead_fraction")));
    assert_true(cJSON_IsNull(at(layer->next, "histograms")));
    const cJSON *weights = at(at(layer, "histograms"), "weights");
    assert_int_equal(at(weights, "low")->valueint, -1);
    assert_int_equal(length_of(weights, "counts"), DB_HISTOGRAM_BINS);
    assert_int_equal(at(weights, "counts")->child->valueint, 3);
    assert_int_equal(length_of(object, "noise"), 1);
    const cJSON *noise = at(object, "noise")->child;
    assert_int_equal(at(noise, "step")->valueint, FAR);
    assert_int_equal(at(noise, "noise_scale")->valueint, 4);
    cJSON_Delete(object);
    object = ask_json("GET", "/runs/1/layers?since_step=999999&max=10", NULL, 200);
    assert_int_equal(length_of(object, "layers"), 11); /* ten probes and the last */
    cJSON_Delete(object);
    ask("GET", "/runs/1/layers?max=7", NULL, 400);
    ask("GET", "/runs/77/layers", NULL, 404);
    assert_int_equal(db_cut_after(lab.db, 1, FAR - 1), DB_OK);
}

static void test_downloads(void **context)
{
    (void)context;
    struct answer answer = lab_ask(&lab, "GET", "/runs/1/points.csv", "", NULL);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.text, "attachment; filename=\"run-1-points.csv\""));
    size_t rows = 0;
    for (const char *row = answer.body; (row = strstr(row, "\r\n")) != NULL; row++)
        rows++;
    assert_int_equal(rows, 4);
    answer_clear(&answer);
    answer = lab_ask(&lab, "GET", "/runs/1/model.safetensors?which=last", "", NULL);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body + 8, "layers.0.weight"));
    answer_clear(&answer);
    ask("GET", "/runs/77/model.safetensors", NULL, 404);
}

static void test_predictions(void **context)
{
    (void)context;
    cJSON *object =
        ask_json("POST", "/runs/1/predict", "{\"inputs\":[[0,0.5],[1,-0.25]]}", 200);
    assert_int_equal(length_of(object, "labels"), 2);
    const cJSON *row;
    cJSON_ArrayForEach(row, at(object, "outputs"))
    {
        assert_int_equal(cJSON_GetArraySize(row), 2);
        double sum = row->child->valuedouble + row->child->next->valuedouble;
        assert_true(fabs(sum - 1) < 1e-6);
    }
    cJSON_Delete(object);
    ask("POST", "/runs/1/predict", "{\"inputs\":[]}", 400);
    ask("POST", "/runs/1/predict", "{\"inputs\":[[0]]}", 400);
    ask("POST", "/runs/1/predict", "{\"inputs\":[[0,1e300]]}", 400);
    ask("POST", "/runs/1/predict", "{\"inputs\":[[0,0]],\"x\":1}", 400);
    ask("POST", "/runs/77/predict", "{\"inputs\":[[0,0]]}", 404);
}

static void test_patches(void **context)
{
    (void)context;
    cJSON *run = ask_json("PATCH", "/runs/1",
                          "{\"name\":\"renamed\",\"notes\":\"n\",\"tags\":[\"b\"]}", 200);
    assert_string_equal(at(run, "name")->valuestring, "renamed");
    assert_string_equal(at(at(run, "config"), "notes")->valuestring, "n");
    cJSON_Delete(run);
    ask("PATCH", "/runs/1", "{\"name\":\"first\",\"tags\":[\"a\"]}", 200);
    ask("PATCH", "/runs/1", "{\"epochs\":9}", 409);
    ask("PATCH", "/runs/1", "{\"lr\":1}", 400);
    ask("PATCH", "/runs/1", "{\"archived\":1}", 400);
    ask("PATCH", "/runs/77", "{}", 404);
}

static void test_actions_that_make_no_sense(void **context)
{
    (void)context;
    static const char *const actions[] = {"stop", "pause", "resume"};
    for (size_t i = 0; i < 3; i++) {
        char path[32];
        snprintf(path, sizeof path, "/runs/1/%s", actions[i]);
        cJSON *problem = ask_json("POST", path, "{}", 409);
        assert_non_null(strstr(at(problem, "detail")->valuestring, "finished"));
        cJSON_Delete(problem);
        ask("POST", path, "{\"x\":1}", 400);
        snprintf(path, sizeof path, "/runs/77/%s", actions[i]);
        ask("POST", path, "{}", 404);
    }
    ask("DELETE", "/runs/77", NULL, 404);
}

static void test_a_run_paused_stopped_and_deleted(void **context)
{
    (void)context;
    int stream = open_stream();
    cJSON *run =
        ask_json("POST", "/runs",
                 "{\"dataset\":\"moons\",\"epochs\":100000,\"eval_every\":500}", 201);
    char path[48], stop[48], pause[48], point[48];
    int id = at(run, "id")->valueint;
    cJSON_Delete(run);
    snprintf(path, sizeof path, "/runs/%d", id);
    snprintf(stop, sizeof stop, "/runs/%d/stop", id);
    snprintf(pause, sizeof pause, "/runs/%d/pause", id);
    snprintf(point, sizeof point, "{\"run\":%d,\"point\":", id);
    wait_for(stream, point); /* of this run: one before it may not have ended yet */
    ask("DELETE", path, NULL, 409);
    ask("PATCH", path, "{\"epochs\":90000}", 200);
    ask("POST", pause, "{}", 202);
    wait_for(stream, "\"state\":\"paused\"");
    ask("POST", pause, "{}", 409);
    ask("POST", stop, "{}", 200);
    wait_for(stream, "\"state\":\"stopped\"");
    ask("DELETE", path, NULL, 204);
    wait_for(stream, "\"deleted\":true");
    ask("GET", path, NULL, 404);
    close(stream);
}

static void test_datasets(void **context)
{
    (void)context;
    cJSON *object = ask_json("GET", "/datasets", NULL, 200);
    assert_true(length_of(object, "datasets") >= 6);
    cJSON_Delete(object);
    object = ask_json("GET", "/datasets/moons", NULL, 200);
    assert_int_equal(length_of(at(object, "class_counts"), "train"), 2);
    cJSON_Delete(object);
    object = ask_json("GET", "/datasets/moons/samples?split=train&limit=2&offset=3", NULL,
                      200);
    assert_int_equal(length_of(object, "samples"), 2);
    assert_int_equal(at(at(object, "samples")->child, "index")->valueint, 3);
    assert_int_equal(length_of(at(object, "samples")->child, "values"), 2);
    cJSON_Delete(object);
}

/* This lab knows no folder with the files of mnist. */
static void test_a_run_whose_data_is_missing(void **context)
{
    (void)context;
    char path[48];
    int stream = open_stream();
    cJSON *run = ask_json("POST", "/runs", "{\"dataset\":\"mnist\",\"epochs\":1}", 201);
    int id = at(run, "id")->valueint;
    cJSON_Delete(run);
    wait_for(stream, "\"state\":\"failed\"");
    close(stream);
    snprintf(path, sizeof path, "/runs/%d/diagnosis", id);
    cJSON *problem = ask_json("GET", path, NULL, 404);
    assert_non_null(strstr(at(problem, "detail")->valuestring, "MNIST"));
    cJSON_Delete(problem);
    ask("GET", "/datasets/mnist/samples?limit=1", NULL, 404);
    snprintf(path, sizeof path, "/runs/%d", id);
    ask("DELETE", path, NULL, 204);
}

static void test_the_lab_itself(void **context)
{
    (void)context;
    static const char *const members[] = {"workers", "queue", "speed",  "version",
                                          "engine",  "disk",  "events", "uptime_seconds"};
    cJSON *object = ask_json("GET", "/system", NULL, 200);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        at(object, members[i]);
    assert_int_equal(length_of(object, "workers"), 1);
    assert_int_equal(at(at(object, "queue"), "limit")->valueint, 100);
    cJSON_Delete(object);
    object = ask_json("GET", "/healthz", NULL, 200);
    assert_string_equal(at(object, "status")->valuestring, "ok");
    cJSON_Delete(object);
    object = ask_json("GET", "/presets", NULL, 200);
    assert_true(length_of(object, "presets") >= 8);
    assert_string_equal(at(at(object, "presets")->child, "name")->valuestring,
                        "first-model");
    cJSON_Delete(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_launch_names_all_that_is_wrong),
        cmocka_unit_test(test_a_key_launches_once),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_what_a_run_measured),
        cmocka_unit_test(test_what_probes_saw),
        cmocka_unit_test(test_downloads),
        cmocka_unit_test(test_predictions),
        cmocka_unit_test(test_patches),
        cmocka_unit_test(test_actions_that_make_no_sense),
        cmocka_unit_test(test_a_run_paused_stopped_and_deleted),
        cmocka_unit_test(test_datasets),
        cmocka_unit_test(test_a_run_whose_data_is_missing),
        cmocka_unit_test(test_the_lab_itself),
    };
    return cmocka_run_group_tests(tests, open_all, lab_close_all);
}
