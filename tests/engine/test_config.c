/* The field table: defaults, ranges and their words, reading back, cross-field checks. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <string.h>

#include "engine/data/dataset.h"
#include "engine/train/config.h"

static struct train_config config;
static struct config_problem problem;

static int set_up(void **context)
{
    (void)context;
    config_init(&config);
    return 0;
}

static const struct config_field *field(const char *name)
{
    const struct config_field *found = config_find(name);
    assert_non_null(found);
    return found;
}

static bool set_number(const char *name, double value)
{
    return config_set_number(&config, field(name), value, &problem);
}

static bool set_text(const char *name, const char *value)
{
    return config_set_text(&config, field(name), value, &problem);
}

static void test_documented_defaults(void **context)
{
    (void)context;
    static const struct {
        const char *name;
        double value;
    } numbers[] = {
        {"validation_samples", 0    },
        {"lr",                 0.1  },
        {"momentum",           0    },
        {"weight_decay",       0    },
        {"beta1",              0.9  },
        {"beta2",              0.999},
        {"eps",                1e-8 },
        {"warmup_steps",       0    },
        {"dropout",            0    },
        {"init_bias",          0    },
        {"batch_size",         32   },
        {"epochs",             10   },
        {"seed",               1    },
    };
    static const char *const nulls[] = {
        "train_samples",   "test_samples",  "grad_clip", "eval_every",
        "target_accuracy", "time_budget_s", "patience"};
    static const char *const texts[][2] = {
        {"dataset",    "mnist"        },
        {"inputs",     "scaled"       },
        {"labels",     "true"         },
        {"engine",     "tensor"       },
        {"activation", "relu"         },
        {"init",       "torch"        },
        {"loss",       "cross_entropy"},
        {"optimizer",  "sgd"          },
        {"schedule",   "constant"     },
        {"batching",   "shuffled"     },
        {"test_at",    "points"       },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_true(config_get_number(&config, field(numbers[i].name)) ==
                    numbers[i].value);
        assert_false(config_is_null(&config, field(numbers[i].name)));
    }
    for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++)
        assert_true(config_is_null(&config, field(nulls[i])));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_string_equal(config_get_text(&config, field(texts[i][0])), texts[i][1]);
    assert_false(config_get_bool(&config, field("nesterov")));
    assert_false(config_get_bool(&config, field("stop_at_target")));
    assert_int_equal(config.hidden_count, 1);
    assert_int_equal(config.hidden[0], 128);
    size_t count;
    config_fields(&count);
    assert_true(config_get_bool(&config, field("diagnostics")));
    assert_int_equal(count, 35);
    assert_int_equal(config_check(&config, &problem, 1), 0);
}

/* Each field's ends are taken as the table says, and what lies beyond is not. */
static void test_ranges_hold_at_their_ends(void **context)
{
    (void)context;
    size_t count;
    const struct config_field *fields = config_fields(&count);
    for (size_t i = 0; i < count; i++) {
        const struct config_field *f = &fields[i];
        if (f->type != CONFIG_INTEGER && f->type != CONFIG_NUMBER)
            continue;
        assert_true(f->minimum < f->maximum);
        assert_int_equal(config_set_number(&config, f, f->minimum, &problem),
                         !f->minimum_excluded);
        assert_int_equal(config_set_number(&config, f, f->maximum, &problem),
                         !f->maximum_excluded);
        assert_false(config_set_number(&config, f, f->minimum - 1, &problem));
        assert_false(config_set_number(&config, f, f->maximum * 2 + 1, &problem));
        assert_false(config_set_number(&config, f, NAN, &problem));
        assert_false(config_set_number(&config, f, INFINITY, &problem));
        assert_string_equal(problem.field, f->name);
    }
}

static void expect_message(bool set, const char *name, const char *message)
{
    assert_false(set);
    assert_string_equal(problem.field, name);
    assert_string_equal(problem.message, message);
}

static void test_messages_say_what_is_allowed(void **context)
{
    (void)context;
    expect_message(set_number("lr", 0), "lr", "must be a number above 0, at most 1000");
    expect_message(set_number("momentum", 1), "momentum",
                   "must be a number from 0 to below 1");
    expect_message(set_number("batch_size", 1.5), "batch_size",
                   "must be a whole number from 1 to 65536");
    expect_message(set_number("patience", 0), "patience",
                   "must be a whole number from 1 to 1000000000, or null");
    expect_message(set_number("seed", -1), "seed",
                   "must be a whole number from 0 to 9007199254740991");
    expect_message(set_text("batching", "random"), "batching",
                   "must be one of: shuffled, sequential, one_batch, sorted");
    expect_message(set_number("nesterov", 1), "nesterov", "must be true or false");
    expect_message(set_number("hidden", 5), "hidden",
                   "must be a list of at most 8 whole numbers, each from 1 to 4096");
    expect_message(config_set_null(&config, field("lr"), &problem), "lr",
                   "must be a number above 0, at most 1000");
    expect_message(config_set_bool(&config, field("lr"), true, &problem), "lr",
                   "must be a number above 0, at most 1000");
    expect_message(set_text("lr", "0.1"), "lr", "must be a number above 0, at most 1000");
}

static void test_values_read_back(void **context)
{
    (void)context;
    assert_true(set_number("lr", 0.3));
    assert_true(config_get_number(&config, field("lr")) == 0.3);
    assert_true(set_number("seed", 9007199254740991.0));
    assert_int_equal(config.seed, 9007199254740991);
    assert_true(config_set_bool(&config, field("nesterov"), true, &problem));
    assert_true(config_get_bool(&config, field("nesterov")));
    assert_true(set_number("patience", 3));
    assert_false(config_is_null(&config, field("patience")));
    assert_true(config_set_null(&config, field("patience"), &problem));
    assert_true(config_is_null(&config, field("patience")));
    static const double widths[] = {1, 4096, 7};
    assert_true(config_set_layers(&config, field("hidden"), widths, 3, &problem));
    assert_int_equal(config.hidden_count, 3);
    assert_int_equal(config.hidden[1], 4096);
    assert_true(config_set_layers(&config, field("hidden"), NULL, 0, &problem));
    assert_int_equal(config.hidden_count, 0);
}

/* Every choice that the table offers can be set and is the enum's value. */
static void test_choices_are_the_enums(void **context)
{
    (void)context;
    assert_true(set_text("activation", "gelu"));
    assert_int_equal(config.activation, ACTIVATION_GELU);
    assert_true(set_text("init", "micrograd"));
    assert_int_equal(config.init, INIT_MICROGRAD);
    assert_true(set_text("batching", "one_batch"));
    assert_int_equal(config.batching, BATCHING_ONE_BATCH);
    assert_true(set_text("dataset", "xor"));
    assert_int_equal(config.dataset, 5);
    assert_false(set_text("dataset", "XOR"));
    assert_false(set_text("dataset", ""));
    assert_int_equal(config.dataset, 5);
}

static void test_layers_are_bounded(void **context)
{
    (void)context;
    double widths[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    const struct config_field *hidden = field("hidden");
    assert_true(config_set_layers(&config, hidden, widths, 8, &problem));
    assert_false(config_set_layers(&config, hidden, widths, 9, &problem));
    static const double bad[] = {0, -1, 4097, 1.5, NAN};
    for (size_t i = 0; i < 5; i++)
        assert_false(config_set_layers(&config, hidden, &bad[i], 1, &problem));
    assert_int_equal(config.hidden_count, 8);
    assert_false(config_set_layers(&config, field("lr"), widths, 1, &problem));
}

/* Expects exactly one problem, at `name`, with `words` in its message. */
static void expect_one(const char *name, const char *words)
{
    struct config_problem found[8];
    assert_int_equal(config_check(&config, found, 8), 1);
    assert_string_equal(found[0].field, name);
    if (strstr(found[0].message, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", found[0].message, words);
    config_init(&config);
}

static void test_fields_are_checked_against_each_other(void **context)
{
    (void)context;
    config.nesterov = true;
    expect_one("nesterov", "momentum above 0");
    config.stop_at_target = true;
    expect_one("stop_at_target", "needs a target_accuracy");
    config.test_at = TEST_AT_END;
    expect_one("test_at", "must be points without validation_samples");
    config.train_samples = 60001;
    expect_one("train_samples", "at most 60000");
    config.test_samples = 10001;
    expect_one("test_samples", "at most 10000");
    config.validation_samples = 60000;
    expect_one("validation_samples", "below the 60000");
    config.train_samples = 100;
    config.validation_samples = 100;
    expect_one("validation_samples", "below the 100");
    config.hidden_count = 8;
    for (size_t i = 0; i < 8; i++)
        config.hidden[i] = 4096;
    expect_one("hidden", "at most 25000000");
    config.hidden_count = 4;
    for (size_t i = 0; i < 4; i++)
        config.hidden[i] = 1024;
    config.batch_size = 65536;
    expect_one("batch_size", "MiB");
    config.dropout = 0.5;
    config.hidden_count = 0;
    expect_one("dropout", "must be 0 without hidden layers");
    config.engine = ENGINE_KIND_SCALAR;
    config.hidden_count = 2;
    config.hidden[0] = config.hidden[1] = 1024;
    expect_one("engine", "must be tensor for");
}

static void test_lists_all_problems_up_to_a_limit(void **context)
{
    (void)context;
    struct config_problem found[8];
    config.nesterov = true;
    config.stop_at_target = true;
    config.train_samples = 60001;
    assert_int_equal(config_check(&config, found, 8), 3);
    assert_int_equal(config_check(&config, found, 2), 2);
}

static void test_derived_facts(void **context)
{
    (void)context;
    assert_int_equal(config_parameter_count(&config), 784 * 128 + 128 + 1280 + 10);
    assert_int_equal(config_steps_per_epoch(&config), 1875);
    config.batch_size = 64;
    assert_int_equal(config_steps_per_epoch(&config), 938);
    config.validation_samples = 10000;
    assert_int_equal(config_train_count(&config), 50000);
    assert_int_equal(config_steps_per_epoch(&config), 782);
    config.batching = BATCHING_ONE_BATCH;
    assert_int_equal(config_steps_per_epoch(&config), 1);
    assert_int_equal(config_test_count(&config), 10000);
    config.test_samples = 5;
    assert_int_equal(config_test_count(&config), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_documented_defaults, set_up),
        cmocka_unit_test_setup(test_ranges_hold_at_their_ends, set_up),
        cmocka_unit_test_setup(test_messages_say_what_is_allowed, set_up),
        cmocka_unit_test_setup(test_values_read_back, set_up),
        cmocka_unit_test_setup(test_choices_are_the_enums, set_up),
        cmocka_unit_test_setup(test_layers_are_bounded, set_up),
        cmocka_unit_test_setup(test_fields_are_checked_against_each_other, set_up),
        cmocka_unit_test_setup(test_lists_all_problems_up_to_a_limit, set_up),
        cmocka_unit_test_setup(test_derived_facts, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
