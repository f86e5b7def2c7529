/* A sweep's description: what is filled in, how points become configs and back. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "server/json/number.h"
#include "server/json/reader.h"
#include "server/sweeps/space_json.h"

static struct sweep_spec spec;
static struct config_problems problems;

static bool parse(const char *text)
{
    problems.count = 0;
    return sweep_spec_parse(text, &spec, &problems);
}

static void expect_valid(const char *text)
{
    if (!parse(text))
        fail_msg("%s: %s", problems.list[0].field, problems.list[0].message);
}

static const cJSON *base_member(const char *name)
{
    return json_member(json_member(spec.json, "base"), name);
}

static void test_a_search_of_a_large_set_holds_samples_out(void **context)
{
    (void)context;
    expect_valid("{\"space\":{\"lr\":{\"values\":[0.1]}}}");
    assert_int_equal(spec.base.validation_samples, 5000);
    assert_int_equal(spec.base.test_at, TEST_AT_END);
    assert_true(spec.base.stop_at_target && spec.goal.target == 0.9);
    assert_true(isinf(spec.goal.budget));
    assert_int_equal(base_member("validation_samples")->valueint, 5000);
    sweep_spec_clear(&spec);
    expect_valid(
        "{\"base\":{\"train_samples\":9999},\"space\":{\"lr\":{\"values\":[1]}}}");
    assert_int_equal(spec.base.validation_samples, 0);
    assert_int_equal(spec.base.test_at, TEST_AT_POINTS);
    sweep_spec_clear(&spec);
    expect_valid("{\"space\":{\"dataset\":{\"values\":[\"mnist\",\"moons\"]}}}");
    assert_int_equal(spec.base.validation_samples, 0); /* the smallest decides */
    sweep_spec_clear(&spec);
    expect_valid("{\"space\":{\"train_samples\":{\"int_uniform\":[10000,20000]}}}");
    assert_int_equal(spec.base.validation_samples, 5000);
    sweep_spec_clear(&spec);
}

static void test_its_owner_may_say_otherwise(void **context)
{
    (void)context;
    expect_valid("{\"base\":{\"validation_samples\":100,\"test_at\":\"points\","
                 "\"target_accuracy\":0.5,\"stop_at_target\":false},"
                 "\"space\":{\"lr\":{\"values\":[0.1]}}}");
    assert_int_equal(spec.base.validation_samples, 100);
    assert_int_equal(spec.base.test_at, TEST_AT_POINTS);
    assert_false(spec.base.stop_at_target);
    assert_true(spec.goal.target == 0.5);
    sweep_spec_clear(&spec);
    expect_valid("{\"base\":{\"lr\":5,\"name\":\"x\"},\"objective\":\"best_accuracy\","
                 "\"space\":{\"lr\":{\"values\":[0.1]}}}");
    assert_null(base_member("lr"));
    assert_null(base_member("name"));
    assert_false(spec.base.stop_at_target);
    assert_true(isnan(spec.goal.target));
    sweep_spec_clear(&spec);
}

/* What is stored and posted again is the same to the last digit. */
static void test_a_spec_read_again_is_the_same(void **context)
{
    (void)context;
    expect_valid("{\"space\":{\"lr\":{\"log_uniform\":[0.1234567890123456789,0.7]},"
                 "\"momentum\":{\"values\":[0.30000000000000004,0.1]}},\"max_runs\":7,"
                 "\"name\":\"n\",\"sampler\":\"tpe\",\"time_budget_s\":1e-3}");
    char *first = number_print_tree(spec.json);
    sweep_spec_clear(&spec);
    assert_non_null(strstr(first, "0.30000000000000004"));
    expect_valid(first);
    char *second = number_print_tree(spec.json);
    assert_string_equal(first, second);
    assert_int_equal(spec.total_runs, 7);
    assert_int_equal(spec.sampler, SAMPLER_TPE);
    assert_true(spec.time_budget_s == 1e-3);
    cJSON_free(first);
    cJSON_free(second);
    sweep_spec_clear(&spec);
}

#define MIXED                                                                            \
    "{\"base\":{\"seed\":5},\"sampler\":\"random\",\"space\":{"                          \
    "\"lr\":{\"log_uniform\":[0.001,1]},\"batch_size\":{\"int_log_uniform\":[4,256]},"   \
    "\"hidden\":{\"values\":[[],[64],[128,64]]},"                                        \
    "\"optimizer\":{\"values\":[\"sgd\",\"adam\"]},"                                     \
    "\"nesterov\":{\"values\":[false]},\"grad_clip\":{\"values\":[null,1.5]}}}"

static void test_points_become_configs_and_back(void **context)
{
    (void)context;
    expect_valid(MIXED);
    for (uint64_t i = 0; i < 200; i++) {
        struct search_point point, found;
        struct train_config config;
        assert_int_equal(
            sampler_suggest(SAMPLER_RANDOM, &spec.space, 3, i, NULL, 0, &point),
            ENGINE_OK);
        sweep_spec_config(&spec, &point, (int64_t)(i % 3), &config);
        assert_int_equal(config.seed, 5 + i % 3);
        assert_true(config.lr == point.values[0]);
        assert_true((double)config.batch_size == point.values[1]);
        assert_int_equal(config.hidden_count, (int64_t)point.values[2]);
        assert_true(sweep_spec_locate(&spec, &config, &found));
        assert_memory_equal(point.values, found.values,
                            spec.space.count * sizeof(double));
    }
    sweep_spec_clear(&spec);
}

static void test_a_config_from_elsewhere_is_nowhere(void **context)
{
    (void)context;
    struct train_config config;
    struct search_point point;
    expect_valid(MIXED);
    config_init(&config);
    config.hidden[0] = 65;
    assert_false(sweep_spec_locate(&spec, &config, &point));
    config.hidden[0] = 64;
    assert_true(sweep_spec_locate(&spec, &config, &point));
    assert_true(point.values[2] == 1 && point.values[5] == 0);
    sweep_spec_clear(&spec);
}

static void expect_every(const char *text, int64_t batch_size, int64_t every)
{
    struct train_config config;
    struct search_point point = {{0}};
    expect_valid(text);
    point.values[0] = (double)batch_size;
    sweep_spec_config(&spec, &point, 0, &config);
    assert_int_equal(config.batch_size, batch_size);
    assert_int_equal(config.eval_every, every);
    sweep_spec_clear(&spec);
}

#define SIZES "\"space\":{\"batch_size\":{\"int_uniform\":[1,2000]}}"

static void test_points_lie_after_as_many_samples(void **context)
{
    (void)context;
    expect_every("{\"eval_samples\":1000," SIZES "}", 32, 31);
    expect_every("{\"eval_samples\":1000," SIZES "}", 1024, 1);
    expect_every("{" SIZES "}", 10, 275); /* 55,000 / 20 */
    expect_every("{\"base\":{\"eval_every\":7}," SIZES "}", 10, 7);
}

static void test_counts_runs(void **context)
{
    (void)context;
    expect_valid("{\"repeats\":3,\"space\":{\"lr\":{\"values\":[1,2]},"
                 "\"epochs\":{\"int_uniform\":[2,6]}}}");
    assert_int_equal(spec.sampler, SAMPLER_GRID);
    assert_int_equal(spec.total_runs, 30);
    assert_int_equal(sweep_spec_settings(&spec), 10);
    assert_true(sweep_spec_samples(&spec) == 6 * 55000);
    sweep_spec_clear(&spec);
    expect_valid(
        "{\"repeats\":3,\"max_runs\":7,\"space\":{\"lr\":{\"values\":[1,2,3]}}}");
    assert_int_equal(spec.total_runs, 7);
    assert_int_equal(sweep_spec_settings(&spec), 3);
    sweep_spec_clear(&spec);
    expect_valid("{\"repeats\":2,\"space\":{\"lr\":{\"uniform\":[0.1,1]}}}");
    assert_int_equal(spec.total_runs, 60);
    sweep_spec_clear(&spec);
    assert_false(parse("{\"space\":{\"seed\":{\"values\":[1]},"
                       "\"epochs\":{\"int_uniform\":[1,6000]}}}"));
    assert_false(parse("{\"sampler\":\"grid\","
                       "\"space\":{\"epochs\":{\"int_uniform\":[1,6000]}}}"));
    assert_string_equal(problems.list[0].field, "max_runs");
}

static void expect_wrong(const char *space, const char *message)
{
    char text[256];
    snprintf(text, sizeof text, "{\"space\":{\"lr\":%s}}", space);
    assert_false(parse(text));
    assert_string_equal(problems.list[0].field, "space.lr");
    if (!strstr(problems.list[0].message, message))
        fail_msg("%s", problems.list[0].message);
}

static void test_what_is_wrong_with_a_range(void **context)
{
    (void)context;
    expect_wrong("3", "one member");
    expect_wrong("{}", "one member");
    expect_wrong("{\"values\":[1],\"uniform\":[1,2]}", "one member");
    expect_wrong("{\"normal\":[1,2]}", "one member");
    expect_wrong("{\"values\":[]}", "1 to 200");
    expect_wrong("{\"values\":{\"a\":1}}", "1 to 200");
    expect_wrong("{\"values\":[0.1,0.1]}", "twice");
    expect_wrong("{\"values\":[0.1,-1]}", "above 0");
    expect_wrong("{\"uniform\":[1]}", "two numbers");
    expect_wrong("{\"uniform\":[2,1]}", "two numbers");
    expect_wrong("{\"uniform\":[0,1]}", "above 0");
    expect_wrong("{\"int_uniform\":[1,2]}", "uniform or log_uniform");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_search_of_a_large_set_holds_samples_out),
        cmocka_unit_test(test_its_owner_may_say_otherwise),
        cmocka_unit_test(test_a_spec_read_again_is_the_same),
        cmocka_unit_test(test_points_become_configs_and_back),
        cmocka_unit_test(test_a_config_from_elsewhere_is_nowhere),
        cmocka_unit_test(test_points_lie_after_as_many_samples),
        cmocka_unit_test(test_counts_runs),
        cmocka_unit_test(test_what_is_wrong_with_a_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
