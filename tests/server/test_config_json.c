/* Configs between JSON and the engine: every field both ways, every problem at once. */
#include "tests/engine/cmocka_all.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/utf8.h"
#include "server/file.h"
#include "server/json/config_json.h"
#include "server/json/reader.h"
#include "server/sweeps/spec.h"

static struct train_config config;
static struct config_problems problems;

static bool read_text(const char *text)
{
    problems.count = 0;
    return config_from_text(text, &config, &problems);
}

static const char *problem_of(const char *field)
{
    for (size_t i = 0; i < problems.count; i++)
        if (strcmp(problems.list[i].field, field) == 0)
            return problems.list[i].message;
    fail_msg("no problem with %s", field);
    return NULL;
}

static char *print(const struct train_config *of)
{
    cJSON *object = config_to_json(of);
    char *text = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    return text;
}

static void test_nothing_given_is_the_defaults(void **context)
{
    (void)context;
    struct train_config defaults;
    config_init(&defaults);
    assert_true(read_text("{}"));
    assert_memory_equal(&config, &defaults, sizeof config);
}

static void test_every_field_is_printed_in_order(void **context)
{
    (void)context;
    size_t count;
    const struct config_field *fields = config_fields(&count);
    config_init(&config);
    cJSON *object = config_to_json(&config);
    const cJSON *member = object->child;
    for (size_t i = 0; i < count; i++, member = member->next)
        assert_string_equal(member->string, fields[i].name);
    assert_null(member);
    cJSON_Delete(object);
}

static void test_reads_back_what_it_prints(void **context)
{
    (void)context;
    assert_true(read_text(
        "{\"dataset\":\"spirals\",\"hidden\":[64,32],\"lr\":0.30000000000000004,"
        "\"activation\":\"tanh\",\"target_accuracy\":0.97,"
        "\"stop_at_target\":true,\"eval_every\":7,"
        "\"seed\":9007199254740991}"));
    char *first = print(&config);
    assert_true(read_text(first));
    char *second = print(&config);
    assert_string_equal(first, second);
    assert_non_null(strstr(first, "\"lr\":0.30000000000000004"));
    assert_non_null(strstr(first, "\"seed\":9007199254740991"));
    assert_non_null(strstr(first, "\"time_budget_s\":null"));
    cJSON_free(first);
    cJSON_free(second);
}

static void test_null_clears_what_may_be_null(void **context)
{
    (void)context;
    assert_true(read_text("{\"target_accuracy\":null,\"patience\":null}"));
    assert_false(read_text("{\"lr\":null}"));
    assert_string_equal(problem_of("lr"), "must be a number");
}

static void test_the_words_of_a_run_are_not_its_concern(void **context)
{
    (void)context;
    assert_true(read_text("{\"name\":\"a\",\"tags\":[\"b\"],\"notes\":\"c\"}"));
}

static void test_lists_all_problems_at_once(void **context)
{
    (void)context;
    assert_false(
        read_text("{\"lr\":-1,\"epochs\":1.5,\"hidden\":[0],\"nesterov\":1,"
                  "\"optimizer\":\"magic\",\"no_such\":1,\"batch_size\":\"32\"}"));
    assert_int_equal(problems.count, 7);
    assert_non_null(strstr(problem_of("lr"), "above 0"));
    assert_non_null(strstr(problem_of("epochs"), "whole number from 1"));
    assert_non_null(strstr(problem_of("hidden"), "from 1 to 4096"));
    assert_string_equal(problem_of("nesterov"), "must be true or false");
    assert_non_null(strstr(problem_of("optimizer"), "one of: sgd"));
    assert_string_equal(problem_of("batch_size"), "must be a whole number");
    problem_of("no_such");
}

static void test_lists(void **context)
{
    (void)context;
    assert_true(read_text("{\"hidden\":[]}"));
    assert_int_equal(config.hidden_count, 0);
    assert_true(read_text("{\"hidden\":[8,8,8,8,8,8,8,8]}"));
    assert_false(read_text("{\"hidden\":[8,8,8,8,8,8,8,8,8]}"));
    assert_false(read_text("{\"hidden\":[8,\"8\"]}"));
    assert_false(read_text("{\"hidden\":8}"));
}

static void test_checks_fields_against_each_other(void **context)
{
    (void)context;
    assert_false(read_text("{\"nesterov\":true,\"momentum\":0}"));
    assert_int_equal(problems.count, 1);
}

static void test_a_syntax_error_is_a_problem_without_field(void **context)
{
    (void)context;
    assert_false(read_text("{\"lr\":01}"));
    assert_non_null(strstr(problem_of(""), "leading zero"));
}

/* More problems than there is room for: the list stays full and whole. */
static void test_many_problems(void **context)
{
    (void)context;
    char text[2000] = "{\"x\":1";
    size_t length = strlen(text);
    for (int i = 0; i < 100; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, ",\"x%d\":1", i);
    snprintf(text + length, sizeof text - length, "}");
    assert_false(read_text(text));
    assert_int_equal(problems.count, CONFIG_MAX_PROBLEMS);
}

static void test_long_names_stay_utf8(void **context)
{
    (void)context;
    char name[101] = "", text[120];
    for (int i = 0; i < 50; i++)
        memcpy(name + 2 * i, "\xc3\xa9", 3);
    snprintf(text, sizeof text, "{\"%s\":1}", name);
    assert_false(read_text(text));
    const char *field = problems.list[0].field;
    assert_true(strlen(field) > 40);
    assert_true(utf8_is_valid(field, strlen(field)));
}

static void check_preset(const char *path)
{
    char reason[256];
    char *text = file_read_text(path, reason, sizeof reason);
    assert_non_null(text);
    cJSON *preset = json_read_object(text, strlen(text), reason, sizeof reason);
    if (!preset)
        fail_msg("%s: %s", path, reason);
    assert_true(cJSON_IsString(json_member(preset, "title")));
    assert_true(cJSON_IsString(json_member(preset, "description")));
    const char *kind = json_member(preset, "kind")->valuestring;
    const cJSON *ready = json_member(preset, "config");
    struct sweep_spec spec = {.json = NULL};
    bool sweep = strcmp(kind, "sweep") == 0;
    assert_true(sweep || strcmp(kind, "run") == 0);
    problems.count = 0;
    if (sweep ? !sweep_spec_read(ready, &spec, &problems)
              : !config_from_json(ready, &config, &problems))
        fail_msg("%s: %s %s", path, problems.list[0].field, problems.list[0].message);
    sweep_spec_clear(&spec);
    cJSON_Delete(preset);
    free(text);
}

static void test_ready_configs_are_valid(void **context)
{
    (void)context;
    int count = 0;
    DIR *folder = opendir("config/presets");
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[512];
        if (!strstr(entry->d_name, ".json"))
            continue;
        snprintf(path, sizeof path, "config/presets/%s", entry->d_name);
        check_preset(path);
        count++;
    }
    closedir(folder);
    assert_true(count >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_given_is_the_defaults),
        cmocka_unit_test(test_every_field_is_printed_in_order),
        cmocka_unit_test(test_reads_back_what_it_prints),
        cmocka_unit_test(test_null_clears_what_may_be_null),
        cmocka_unit_test(test_the_words_of_a_run_are_not_its_concern),
        cmocka_unit_test(test_lists_all_problems_at_once),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_checks_fields_against_each_other),
        cmocka_unit_test(test_a_syntax_error_is_a_problem_without_field),
        cmocka_unit_test(test_many_problems),
        cmocka_unit_test(test_long_names_stay_utf8),
        cmocka_unit_test(test_ready_configs_are_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
