/* Configs between JSON and the engine. */
#include <stdio.h>
#include <string.h>

#include "server/json/config_json.h"
#include "tests/engine/cmocka_all.h"

static void expect_problem(const char *text, const char *field, const char *part)
{
    struct train_config config;
    struct config_problems problems = {.count = 0};
    assert_false(config_from_text(text, &config, &problems));
    for (size_t i = 0; i < problems.count; i++)
        if (strcmp(problems.list[i].field, field) == 0 &&
            strstr(problems.list[i].message, part))
            return;
    fail_msg("%s: no problem with %s that says \"%s\" (%zu problems)", text, field, part,
             problems.count);
}

static void test_defaults_survive_the_round_trip(void **state)
{
    (void)state;
    struct train_config before, after;
    struct config_problems problems = {.count = 0};
    config_init(&before);
    before.lr = 0.1 + 0.2;
    before.target_accuracy = 0.9;
    before.hidden_count = 3;
    before.hidden[1] = before.hidden[2] = 7;
    cJSON *object = config_to_json(&before);
    char *text = cJSON_PrintUnformatted(object);
    assert_true(config_from_text(text, &after, &problems));
    assert_true(after.lr == before.lr);
    assert_true(after.target_accuracy == before.target_accuracy);
    assert_int_equal(after.hidden_count, 3);
    assert_int_equal(after.hidden[2], 7);
    assert_int_equal(after.dataset, before.dataset);
    assert_int_equal(after.seed, before.seed);
    cJSON_free(text);
    cJSON_Delete(object);
}

static void test_names_each_bad_field(void **state)
{
    (void)state;
    expect_problem("{\"lr\": 0}", "lr", "above 0");
    expect_problem("{\"lr\": \"0.1\"}", "lr", "must be a number");
    expect_problem("{\"epochs\": 1.5}", "epochs", "whole number");
    expect_problem("{\"nesterov\": 1}", "nesterov", "true or false");
    expect_problem("{\"dataset\": \"nope\"}", "dataset", "mnist");
    expect_problem("{\"hidden\": 128}", "hidden", "list");
    expect_problem("{\"hidden\": [\"x\"]}", "hidden", "whole numbers");
    expect_problem("{\"hidden\": [1,1,1,1,1,1,1,1,1,1,1,1]}", "hidden", "8");
    expect_problem("{\"epochs\": null}", "epochs", "whole number");
    expect_problem("{\"LR\": 0.1}", "LR", "not a field");
    expect_problem("{\"nesterov\": true}", "nesterov", "momentum");
    expect_problem("{\"lr\": 0.1", "", "JSON");
}

static void test_lists_all_problems_at_once(void **state)
{
    (void)state;
    struct train_config config;
    struct config_problems problems = {.count = 0};
    assert_false(config_from_text("{\"lr\":-1,\"epochs\":0,\"x\":1,\"seed\":-1}", &config,
                                  &problems));
    assert_int_equal(problems.count, 4);
}

static void test_many_problems_stay_in_bounds(void **state)
{
    (void)state;
    char text[4096] = "{";
    struct train_config config;
    struct config_problems problems = {.count = 0};
    for (int i = 0; i < 100; i++) {
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s\"x%d\":1", i ? "," : "", i);
    }
    strcat(text, "}");
    assert_false(config_from_text(text, &config, &problems));
    assert_int_equal(problems.count, CONFIG_MAX_PROBLEMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_survive_the_round_trip),
        cmocka_unit_test(test_names_each_bad_field),
        cmocka_unit_test(test_lists_all_problems_at_once),
        cmocka_unit_test(test_many_problems_stay_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
