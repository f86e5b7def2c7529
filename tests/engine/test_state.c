/* The state's text form: exact both ways, and strict. */
#include "tests/engine/cmocka_all.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "engine/train/state.h"

static struct train_config config;
static struct train_state state;

static int set_up(void **context)
{
    (void)context;
    config_init(&config);
    state = (struct train_state){0};
    return 0;
}

/* Numbers that decimal digits would bend, and layers, nulls and choices. */
static void test_reads_back_to_the_bit(void **context)
{
    (void)context;
    config.lr = 0.1 + 0.2;
    config.hidden_count = 3;
    config.hidden[1] = 7;
    config.hidden[2] = 4096;
    config.seed = 9007199254740991;
    config.dataset = 2;
    config.stop_at_target = true;
    config.target_accuracy = 0.97;
    state.step = 999999999999;
    state.loss_sum = NAN;
    state.best_accuracy = DBL_TRUE_MIN;
    state.bucket_max = INFINITY;
    state.train_seconds = -0.0;
    char text[STATE_TEXT_SIZE], again[STATE_TEXT_SIZE];
    struct train_config read;
    struct train_state counters;
    assert_true(state_print(&config, &state, text, sizeof text));
    assert_true(state_parse(text, &read, &counters));
    assert_true(state_print(&read, &counters, again, sizeof again));
    assert_string_equal(text, again);
    assert_true(read.lr == config.lr && read.seed == config.seed);
    assert_int_equal(read.hidden_count, 3);
    assert_int_equal(read.patience, 0);
    assert_int_equal(counters.step, state.step);
    assert_true(isnan(counters.loss_sum) && isinf(counters.bucket_max));
}

/* A text from before a field was made reads as that field's default. */
static void test_missing_names_are_defaults(void **context)
{
    (void)context;
    struct train_config read;
    struct train_state counters;
    assert_true(state_parse("batch_size=64 .step=5 ", &read, &counters));
    assert_int_equal(read.batch_size, 64);
    assert_int_equal(read.epochs, 10);
    assert_int_equal(counters.step, 5);
    assert_int_equal(counters.samples, 0);
}

static void test_refuses_what_it_would_not_write(void **context)
{
    (void)context;
    static const char *const texts[] = {
        "colour=red",
        "batch_size",
        "batch_size=0",
        "batch_size=1e3",
        "batch_size=",
        "lr=0.1",
        "lr=000000000000000g",
        "lr=7ff0000000000000",
        "dataset=imagenet",
        "nesterov=2",
        "hidden=1,2,3,4,5,6,7,8,9",
        "hidden=0",
        "hidden=1,",
        ".step=-1",
        ".step=9999999999999999999",
        ".loss_sum=1",
        "nesterov=1", /* without momentum: fails the config's own check */
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct train_config read = {.batch_size = 77};
        if (state_parse(texts[i], &read, &state))
            fail_msg("\"%s\" was read", texts[i]);
        assert_int_equal(read.batch_size, 77);
    }
}

static void test_says_when_it_does_not_fit(void **context)
{
    (void)context;
    char text[STATE_TEXT_SIZE];
    assert_true(state_print(&config, &state, text, sizeof text));
    size_t length = strlen(text);
    assert_true(state_print(&config, &state, text, length + 1));
    for (size_t size = 1; size <= length; size += 97)
        assert_false(state_print(&config, &state, text, size));
}

static void test_only_limits_may_differ(void **context)
{
    (void)context;
    struct train_config other = config;
    other.epochs = 99;
    other.target_accuracy = 0.5;
    other.stop_at_target = true;
    other.time_budget_s = 1;
    other.patience = 4;
    assert_null(state_difference(&config, &other));
    other.lr = nextafter(config.lr, 1);
    assert_string_equal(state_difference(&config, &other), "lr");
    other = config;
    other.hidden[0] = 127;
    assert_string_equal(state_difference(&config, &other), "hidden");
    other = config;
    other.test_samples = 5;
    assert_string_equal(state_difference(&config, &other), "test_samples");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_reads_back_to_the_bit, set_up),
        cmocka_unit_test_setup(test_missing_names_are_defaults, set_up),
        cmocka_unit_test_setup(test_refuses_what_it_would_not_write, set_up),
        cmocka_unit_test_setup(test_says_when_it_does_not_fit, set_up),
        cmocka_unit_test_setup(test_only_limits_may_differ, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
