/* Runs, points, times and problems as JSON and CSV: api.md to the letter. */
#include "tests/engine/cmocka_all.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/json/build.h"
#include "server/json/config_json.h"
#include "server/json/point_json.h"
#include "server/json/problem.h"
#include "server/json/reader.h"
#include "server/json/run_json.h"
#include "server/json/time_json.h"

static struct db_run run;
static struct db_point point;

static int set_up(void **context)
{
    (void)context;
    run = (struct db_run){
        .id = 12,
        .state = RUN_RUNNING,
        .name = "first \"run\"",
        .config = "{\"epochs\":4,\"target_accuracy\":0.97}",
        .tags = "[\"a\"]",
        .notes = "line\nline",
        .created_at = 1769860800.25,
        .started_at = 1769860801,
        .finished_at = NAN,
        .facts = {.layers = "784-128-10",   .total_steps = 400, .time_budget_s = NAN},
        .summary = { .points = 1,
                  .last_step = 100,
                  .last_samples = 3200,
                  .last_epoch = 1,
                  .best_step = 100,
                  .best_test_accuracy = 0.9,
                  .best_val_accuracy = NAN,
                  .train_seconds = 2,
                  .time_to_target = NAN},
    };
    point = (struct db_point){.step = 100,
                              .epoch = 0.5,
                              .samples = 3200,
                              .train_seconds = 0.1 + 0.2,
                              .cpu_seconds = 0.25,
                              .wall_time = 1769860800.25,
                              .lr = 0.1,
                              .train_loss = 1.0 / 3.0,
                              .train_accuracy = 0.9,
                              .test_loss = INFINITY,
                              .test_accuracy = 0.91,
                              .val_loss = NAN,
                              .val_accuracy = NAN,
                              .grad_norm = 1};
    return 0;
}

static cJSON *shown(void)
{
    cJSON *object = run_to_json(&run);
    assert_non_null(object);
    char *text = cJSON_PrintUnformatted(object), reason[200];
    cJSON_Delete(object);
    cJSON *back = json_read_object(text, strlen(text), reason, sizeof reason);
    if (!back)
        fail_msg("%s", reason);
    cJSON_free(text);
    return back;
}

static const cJSON *at(const cJSON *object, const char *name)
{
    const cJSON *member = json_member(object, name);
    if (!member)
        fail_msg("no member %s", name);
    return member;
}

static void test_a_run_has_every_member(void **context)
{
    (void)context;
    static const char *const names[] = {
        "id",          "name",     "state",       "stop_reason", "error",
        "config",      "summary",  "environment", "created_at",  "started_at",
        "finished_at", "progress", "sweep",       "parent",      "tags",
        "notes",       "archived", "sparkline"};
    cJSON *object = shown();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        at(object, names[i]);
    assert_string_equal(at(object, "state")->valuestring, "running");
    assert_string_equal(at(object, "name")->valuestring, "first \"run\"");
    assert_string_equal(at(object, "created_at")->valuestring,
                        "2026-01-31T12:00:00.250Z");
    assert_true(cJSON_IsNull(at(object, "finished_at")));
    assert_true(cJSON_IsNull(at(object, "sweep")));
    assert_true(cJSON_IsNull(at(object, "environment")));
    cJSON_Delete(object);
}

static void test_a_config_can_be_sent_back(void **context)
{
    (void)context;
    cJSON *object = shown();
    const cJSON *config = at(object, "config");
    assert_string_equal(at(config, "name")->valuestring, "first \"run\"");
    assert_string_equal(at(config, "notes")->valuestring, "line\nline");
    assert_int_equal(cJSON_GetArraySize(at(config, "tags")), 1);
    struct train_config read;
    struct config_problems problems = {.count = 0};
    assert_true(config_from_json(config, &read, &problems));
    assert_int_equal(read.epochs, 4);
    cJSON_Delete(object);
}

/* What the store holds today stands as it is; what it held before a field was added, or
 * holds damaged, is read. */
static void test_stored_configs_of_any_age(void **context)
{
    (void)context;
    struct train_config config;
    config_init(&config);
    char *current = json_take_text(config_to_json(&config));
    assert_true(config_text_is_current(current));
    run.config = current;
    cJSON *now = shown();
    run.config = "{\"epochs\":10}";
    assert_false(config_text_is_current(run.config));
    cJSON *old = shown();
    assert_true(cJSON_Compare(at(now, "config"), at(old, "config"), true));
    cJSON_Delete(old);
    cJSON_Delete(now);

    char altered[4096];
    const char *const endings[] = {",\"name\":1}", "}\n", ",\n\"x\":1}", ", \"x\":1}"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(altered, sizeof altered, "%.*s%s", (int)strlen(current) - 1, current,
                 endings[i]);
        assert_false(config_text_is_current(altered));
    }

    current[strlen(current) - 1] = '\0';
    assert_false(config_text_is_current(current));
    run.config = current;
    cJSON *damaged = shown();
    assert_int_equal(cJSON_GetArraySize(at(damaged, "config")), 3);
    assert_string_equal(at(at(damaged, "config"), "notes")->valuestring, "line\nline");
    cJSON_Delete(damaged);
    cJSON_free(current);
}

/* To the last digit, where they were not read on the way. */
static void test_a_stored_number_is_shown_as_it_is(void **context)
{
    (void)context;
    struct train_config config;
    config_init(&config);
    config.lr = 0.1 + 0.2;
    char *current = json_take_text(config_to_json(&config));
    run.config = current;
    char *text = json_take_text(run_to_json(&run));
    assert_non_null(strstr(text, "\"lr\":0.30000000000000004,"));
    cJSON_free(text);
    cJSON_free(current);
}

static void test_stored_texts_that_are_damaged_are_null(void **context)
{
    (void)context;
    static char *const damaged[] = {"[", "[1,\n2]", "[] ", "", "[\"\xff\"]"};
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        run.tags = damaged[i];
        run.environment = damaged[i];
        cJSON *object = shown();
        assert_true(cJSON_IsNull(at(object, "tags")));
        assert_true(cJSON_IsNull(at(object, "environment")));
        assert_true(cJSON_IsNull(at(at(object, "config"), "tags")));
        cJSON_Delete(object);
    }
    run.environment = "{\"cpu\":\"one\"}";
    cJSON *object = shown();
    assert_string_equal(at(at(object, "environment"), "cpu")->valuestring, "one");
    cJSON_Delete(object);
}

static void test_a_sparkline_of_any_numbers(void **context)
{
    (void)context;
    run.spark_count = DB_SPARK_MAX;
    for (size_t i = 0; i < DB_SPARK_MAX; i++)
        run.spark[i] = i == 1 ? NAN : i == 2 ? 0.25f : -FLT_MAX;
    cJSON *object = shown();
    const cJSON *list = at(object, "sparkline");
    assert_int_equal(cJSON_GetArraySize(list), DB_SPARK_MAX);
    assert_true(cJSON_GetArrayItem(list, 0)->valuedouble == -(double)FLT_MAX);
    assert_true(cJSON_IsNull(cJSON_GetArrayItem(list, 1)));
    assert_true(cJSON_GetArrayItem(list, 2)->valuedouble == 0.25);
    cJSON_Delete(object);
}

static void test_what_the_summary_derives(void **context)
{
    (void)context;
    cJSON *object = shown();
    const cJSON *summary = at(object, "summary");
    assert_true(at(object, "progress")->valuedouble == 0.25);
    assert_true(at(summary, "samples_per_second")->valuedouble == 1600);
    assert_true(at(summary, "eta_seconds")->valuedouble == 6);
    assert_true(cJSON_IsNull(at(summary, "time_to_target")));
    assert_true(cJSON_IsNull(at(summary, "best_val_accuracy")));
    cJSON_Delete(object);
}

static void test_a_budget_bounds_the_eta(void **context)
{
    (void)context;
    run.facts.time_budget_s = 5;
    cJSON *object = shown();
    assert_true(at(at(object, "summary"), "eta_seconds")->valuedouble == 3);
    cJSON_Delete(object);
}

static void test_an_ended_run_has_no_eta(void **context)
{
    (void)context;
    run.state = RUN_FINISHED;
    run.stop_reason = "target_reached";
    cJSON *object = shown();
    assert_true(cJSON_IsNull(at(at(object, "summary"), "eta_seconds")));
    assert_true(at(object, "progress")->valuedouble == 1);
    assert_string_equal(at(at(object, "summary"), "stop_reason")->valuestring,
                        "target_reached");
    cJSON_Delete(object);
}

static void test_a_run_without_points(void **context)
{
    (void)context;
    run.state = RUN_QUEUED;
    run.summary = (struct db_run_summary){.last_test_accuracy = NAN};
    cJSON *object = shown();
    const cJSON *summary = at(object, "summary");
    assert_true(cJSON_IsNull(at(summary, "best_test_accuracy")));
    assert_true(cJSON_IsNull(at(summary, "best_step")));
    assert_true(cJSON_IsNull(at(summary, "samples_per_second")));
    assert_true(cJSON_IsNull(at(summary, "eta_seconds")));
    assert_true(at(object, "progress")->valuedouble == 0);
    cJSON_Delete(object);
}

static void test_facts_of_a_config(void **context)
{
    (void)context;
    struct train_config config;
    struct db_run_facts facts;
    config_init(&config);
    run_facts(&config, &facts);
    assert_string_equal(facts.dataset, "mnist");
    assert_string_equal(facts.layers, "784-128-10");
    assert_string_equal(facts.optimizer, "sgd");
    assert_int_equal(facts.parameters, 784 * 128 + 128 + 128 * 10 + 10);
    assert_int_equal(facts.total_steps, 1875 * 10);
    assert_true(isnan(facts.target_accuracy));
}

static void test_a_point_is_one_line(void **context)
{
    (void)context;
    char *text = point_to_text(&point);
    assert_string_equal(
        text,
        "{\"step\":100,\"epoch\":0.5,\"samples\":3200,"
        "\"train_seconds\":0.30000000000000004,\"cpu_seconds\":0.25,"
        "\"wall_time\":\"2026-01-31T12:00:00.250Z\",\"lr\":0.1,"
        "\"train_loss\":0.3333333333333333,\"train_accuracy\":0.9,\"test_loss\":null,"
        "\"test_accuracy\":0.91,\"val_loss\":null,\"val_accuracy\":null,\"grad_norm\":"
        "1}");
    cJSON_free(text);
}

static void test_a_point_as_csv(void **context)
{
    (void)context;
    char row[POINT_CSV_MAX];
    point_to_csv(&point, row);
    assert_string_equal(row, "100,0.5,3200,0.30000000000000004,0.25,"
                             "2026-01-31T12:00:00.250Z,0.1,0.3333333333333333,0.9,,"
                             "0.91,,,1\r\n");
    size_t commas = 0, named = 0;
    for (const char *c = row; *c; c++)
        commas += *c == ',';
    for (const char *c = point_csv_header(); *c; c++)
        named += *c == ',';
    assert_int_equal(commas, named);
}

static void test_the_trainers_point_is_kept_whole(void **context)
{
    (void)context;
    struct train_point measured = {.step = 7,
                                   .epoch = 1.5,
                                   .samples = 90,
                                   .train_loss = 0.1,
                                   .grad_norm = 3,
                                   .is_best = true};
    struct db_point kept;
    point_from_trainer(&measured, &kept);
    assert_int_equal(kept.step, 7);
    assert_int_equal(kept.samples, 90);
    assert_true(kept.epoch == 1.5 && kept.train_loss == 0.1 && kept.grad_norm == 3);
    assert_true(kept.is_best);
}

static void test_times(void **context)
{
    (void)context;
    char text[TIME_TEXT_MAX];
    time_format(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000Z");
    time_format(1769860799.9996, text);
    assert_string_equal(text, "2026-01-31T12:00:00.000Z");
    time_format(NAN, text);
    assert_string_equal(text, "");
    time_format(1e300, text);
    assert_string_equal(text, "");
}

static void test_a_problem_lists_its_fields(void **context)
{
    (void)context;
    struct config_problems problems = {.count = 0};
    config_add_problem(&problems, "lr", "must be above 0");
    cJSON *object = problem_to_json(400, "not valid", &problems);
    char *text = cJSON_PrintUnformatted(object);
    assert_string_equal(text, "{\"type\":\"about:blank\",\"title\":\"Bad Request\","
                              "\"status\":400,\"detail\":\"not valid\",\"errors\":"
                              "[{\"field\":\"lr\",\"message\":\"must be above 0\"}]}");
    cJSON_free(text);
    cJSON_Delete(object);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_run_has_every_member),
        TEST(test_a_config_can_be_sent_back),
        TEST(test_stored_configs_of_any_age),
        TEST(test_a_stored_number_is_shown_as_it_is),
        TEST(test_stored_texts_that_are_damaged_are_null),
        TEST(test_a_sparkline_of_any_numbers),
        TEST(test_what_the_summary_derives),
        TEST(test_a_budget_bounds_the_eta),
        TEST(test_an_ended_run_has_no_eta),
        TEST(test_a_run_without_points),
        TEST(test_facts_of_a_config),
        TEST(test_a_point_is_one_line),
        TEST(test_a_point_as_csv),
        TEST(test_the_trainers_point_is_kept_whole),
        TEST(test_times),
        TEST(test_a_problem_lists_its_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
