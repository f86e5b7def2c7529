/* Diagnosis: each rule at its threshold over made-up evidence, the looks over real
 * networks and data, and that causes come before symptoms. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/diagnosis/diagnosis.h"

#define STEPS 100

static struct train_config config;
static struct train_point points[10];
static struct step_bucket steps[STEPS];
static struct layer_record layers[2];
static struct data_look data;
static struct network_look first, last;
static struct evidence evidence;

/* A run in which nothing is wrong: the loss halves and halves again. */
static int set_up(void **context)
{
    (void)context;
    config_init(&config);
    for (size_t i = 0; i < STEPS; i++) {
        double loss = 2.3 * exp(-0.03 * (double)i);
        int64_t step = (int64_t)(i + 1);
        steps[i] = (struct step_bucket){step, step, loss, loss, loss};
    }
    for (size_t i = 0; i < 10; i++)
        points[i] = (struct train_point){.step = (int64_t)(10 * (i + 1)),
                                         .epoch = (double)(i + 1),
                                         .samples = (int64_t)(60000 * (i + 1)),
                                         .train_seconds = 0.1 * (double)(i + 1),
                                         .train_loss = 1 / (double)(i + 1),
                                         .test_loss = 1 / (double)(i + 1),
                                         .train_accuracy = 0.5 + 0.04 * (double)i,
                                         .test_accuracy = 0.5 + 0.04 * (double)i,
                                         .val_loss = NAN,
                                         .val_accuracy = NAN};
    layers[0] = (struct layer_record){100, 0, 1e-3};
    layers[1] = (struct layer_record){100, 1, 2e-3};
    data = (struct data_look){.classes = 10,
                              .largest_share = 0.12,
                              .largest_input = 1,
                              .neighbour_agreement = 0.8,
                              .chance_agreement = 0.1,
                              .agreement_error = 0.03,
                              .mean_batch_classes = 9.5,
                              .shuffled_batch_classes = 9.6,
                              .batch_count = 1};
    first = (struct network_look){
        .loss = 2.3,
        .leading_share = 0.3,
        .output_spread = 0.5,
        .layer_count = 2,
        .layers = {{0.01, 0.05, NAN, 0.01}, {0.02, NAN, NAN, NAN}}
    };
    last = first;
    last.loss = 0.2;
    evidence = (struct evidence){.config = &config,
                                 .step = 100,
                                 .samples = 600000,
                                 .points = points,
                                 .point_count = 10,
                                 .steps = steps,
                                 .step_count = STEPS,
                                 .layers = layers,
                                 .layer_count = 2,
                                 .data = &data,
                                 .first = &first,
                                 .last = &last};
    return 0;
}

/* The first finding's code, or "". Leaves the finding in `found`. */
static struct finding found;
static const char *first_code(void)
{
    struct diagnosis *diagnosis = diagnosis_make(&evidence);
    assert_non_null(diagnosis);
    const char *code = "";
    if (diagnosis->finding_count) {
        found = diagnosis->findings[0];
        code = found.rule->code;
        assert_true(strlen(found.text) > 40 &&
                    strlen(found.text) < sizeof found.text - 1);
    }
    free(diagnosis);
    return code;
}

static enum verdict verdict_on(const char *code)
{
    enum verdict verdict = VERDICT_UNKNOWN;
    struct diagnosis *diagnosis = diagnosis_make(&evidence);
    bool known = false;
    for (size_t i = 0; i < diagnosis->check_count; i++)
        if (strcmp(diagnosis->checks[i].rule->code, code) == 0) {
            verdict = diagnosis->checks[i].verdict;
            known = true;
        }
    assert_true(known);
    free(diagnosis);
    return verdict;
}

/* The loss stays where it began, give or take a little. */
static void stay(void)
{
    for (size_t i = 0; i < STEPS; i++)
        steps[i].loss_min = steps[i].loss_mean = steps[i].loss_max =
            2.3 + (i % 2 ? 0.01 : -0.01);
    for (size_t i = 0; i < 10; i++) {
        points[i].train_accuracy = points[i].test_accuracy = 0.1;
        points[i].train_loss = points[i].test_loss = 2.3;
    }
}

static void test_nothing_is_wrong(void **context)
{
    (void)context;
    assert_string_equal(first_code(), "");
    struct diagnosis *diagnosis = diagnosis_make(&evidence);
    assert_int_equal(diagnosis->check_count, 19);
    for (size_t i = 0; i < diagnosis->check_count; i++)
        assert_int_not_equal(diagnosis->checks[i].verdict, VERDICT_FOUND);
    free(diagnosis);
}

static void test_labels(void **context)
{
    (void)context;
    data.classes = 1;
    assert_string_equal(first_code(), "labels_constant");
    assert_false(found.has_fix);
    config.labels = LABELS_CONSTANT;
    assert_string_equal(first_code(), "labels_constant");
    assert_true(found.has_fix && found.fixed.labels == LABELS_TRUE);
    data.classes = 10;
    data.neighbour_agreement = 0.19;
    assert_string_equal(first_code(), "");
    data.neighbour_agreement = 0.18;
    assert_string_equal(first_code(), "labels_permuted");
}

static void test_inputs_and_order(void **context)
{
    (void)context;
    data.largest_input = 10;
    assert_string_equal(first_code(), "");
    data.largest_input = 255;
    config.inputs = INPUTS_RAW;
    assert_string_equal(first_code(), "inputs_unscaled");
    assert_int_equal(found.fixed.inputs, INPUTS_SCALED);
    data.largest_input = 1;
    data.mean_batch_classes = 6.8;
    assert_string_equal(first_code(), "");
    data.mean_batch_classes = 6.7;
    assert_string_equal(first_code(), "unshuffled");
    assert_int_equal(found.fixed.batching, BATCHING_SHUFFLED);
    data.shuffled_batch_classes = 1; /* batches of one */
    assert_string_equal(first_code(), "");
}

static void test_first_loss(void **context)
{
    (void)context;
    first.loss = 3.5; /* ln 10 is 2.303 */
    assert_string_equal(first_code(), "initial_loss");
    assert_int_equal(found.severity, SEVERITY_WARNING);
    first.loss = 3.4;
    assert_string_equal(first_code(), "");
    first.loss = 30;
    for (size_t i = 0; i < STEPS; i++)
        steps[i].loss_mean = 30;
    points[9].test_accuracy = 0.1;
    assert_string_equal(first_code(), "initial_loss");
    assert_int_equal(found.severity, SEVERITY_CRITICAL);
    config.loss = LOSS_MSE;
    assert_int_equal(verdict_on("initial_loss"), VERDICT_UNKNOWN);
}

static void test_units(void **context)
{
    (void)context;
    stay();
    first.layers[0].alike = 1;
    assert_string_equal(first_code(), "units_alike");
    assert_int_equal(found.fixed.init, INIT_TORCH);
    first.layers[0].alike = 0.01;
    last.layers[0].dead = 1;
    assert_string_equal(first_code(), "dead_relu");
    assert_true(found.fixed.lr < config.lr);
    config.init_bias = -20;
    assert_string_equal(first_code(), "dead_relu");
    assert_true(found.fixed.init_bias == 0);
    last.layers[0] = (struct layer_look){0.01, NAN, 0.6, 0.01};
    assert_string_equal(first_code(), "saturated");
}

static void test_gradients_through_layers(void **context)
{
    (void)context;
    stay();
    first.layer_count = 3;
    first.layers[2] = first.layers[1];
    first.layers[1] = first.layers[0];
    first.layers[0].gradient = 1e-6;
    assert_string_equal(first_code(), "vanishing_gradient");
    assert_true(found.chart.log && found.chart.series[0].count == 3);
    first.layers[0].gradient = 1e3;
    assert_string_equal(first_code(), "exploding_gradient");
    first.layers[0].gradient = 0.02;
    first.output_spread = 0.001;
    assert_string_equal(first_code(), "fading_signal");
    assert_int_equal(found.fixed.init, INIT_HE);
}

static void test_rate_too_high(void **context)
{
    (void)context;
    for (size_t i = 20; i < STEPS; i++)
        steps[i].loss_mean = 50;
    assert_string_equal(first_code(), "lr_too_high");
    assert_non_null(strstr(found.text, "around step 21"));
    assert_true(fabs(found.fixed.lr - 0.01) < 1e-12);
    /* One that comes back was a bump. */
    for (size_t i = 30; i < STEPS; i++)
        steps[i].loss_mean = 0.3;
    assert_string_equal(first_code(), "");
    evidence.diverged = true;
    assert_string_equal(first_code(), "lr_too_high");
    assert_true(isinf(found.measured));
}

static void test_rate_too_low(void **context)
{
    (void)context;
    for (size_t i = 0; i < STEPS; i++)
        steps[i].loss_mean = 2.3 - 1e-4 * (double)i;
    layers[0].update_ratio = 1e-6;
    layers[1].update_ratio = 2e-6;
    assert_string_equal(first_code(), "lr_too_low");
    assert_true(fabs(found.fixed.lr - 50) < 1e-9); /* 500 times, of 1, 2, 5 */
    evidence.live = true;
    evidence.samples = 3200; /* too early to tell */
    assert_string_equal(first_code(), "");
}

static void test_flat(void **context)
{
    (void)context;
    stay();
    layers[1].update_ratio = 5e-3;
    assert_string_equal(first_code(), "loss_flat");
    for (size_t i = 0; i < STEPS; i++)
        steps[i].loss_mean -= 0.005 * (double)i;
    assert_string_equal(first_code(), "");
    last.leading_share = 1;
    assert_string_equal(first_code(), "outputs_equal");
}

static void test_too_few_samples(void **context)
{
    (void)context;
    points[9].test_accuracy = 0.7;
    evidence.samples = 3200;
    config.batching = BATCHING_ONE_BATCH;
    config.epochs = 200;
    config.batch_size = 16;
    for (size_t i = 0; i < 10; i++)
        points[i].test_accuracy = 0.7;
    assert_string_equal(first_code(), "too_few_samples");
    assert_non_null(strstr(found.text, "3200 of 60000"));
    assert_int_equal(found.fixed.batching, BATCHING_SHUFFLED);
    points[9].test_accuracy = 0.9; /* there was no need for more */
    assert_string_equal(first_code(), "");
}

static void test_over_fitting(void **context)
{
    (void)context;
    points[9].train_accuracy = 1;
    points[9].test_accuracy = 0.9;
    assert_string_equal(first_code(), ""); /* its loss still falls */
    points[9].test_loss = 0.2;
    assert_string_equal(first_code(), "overfitting");
    assert_int_equal(found.chart.series_count, 2);
    points[9].val_loss = 0.05; /* judged by validation where there is some */
    for (size_t i = 0; i < 10; i++) {
        points[i].val_loss = 1 / (double)(i + 1);
        points[i].val_accuracy = points[i].train_accuracy;
    }
    assert_string_equal(first_code(), "");
}

static void test_target(void **context)
{
    (void)context;
    for (size_t i = 0; i < 10; i++)
        points[i].test_accuracy = points[i].train_accuracy = 0.8 - 0.4 * exp(-(double)i);
    config.target_accuracy = 0.99;
    assert_string_equal(first_code(), "target_out_of_reach");
    config.target_accuracy = 0.7;
    assert_int_equal(verdict_on("target_out_of_reach"), VERDICT_OK);
}

/* Labels, inputs, first weights and rate all wrong: the cause comes first, and criticals
 * before warnings. */
static void test_causes_come_first(void **context)
{
    (void)context;
    stay();
    first.loss = 3.6;
    data.largest_input = 255;
    last.layers[0].dead = 1;
    last.leading_share = 1;
    struct diagnosis *diagnosis = diagnosis_make(&evidence);
    static const char *const codes[] = {"inputs_unscaled", "dead_relu", "outputs_equal",
                                        "loss_flat", "initial_loss"};
    assert_int_equal(diagnosis->finding_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(diagnosis->findings[i].rule->code, codes[i]);
    free(diagnosis);
}

static void test_looks_at_real_data_and_weights(void **context)
{
    (void)context;
    struct dataset *moons;
    struct network_look look;
    struct data_look seen;
    struct config_problem problem;
    assert_int_equal(dataset_open("moons", NULL, 0, &moons, NULL), ENGINE_OK);
    assert_true(config_set_text(&config, config_find("dataset"), "moons", &problem));
    config.hidden[0] = 16;
    assert_int_equal(data_look_take(&config, moons, &seen), ENGINE_OK);
    assert_int_equal(seen.classes, 2);
    assert_true(seen.neighbour_agreement > 0.9 && seen.largest_input < 10);
    assert_true(seen.mean_batch_classes > 1.99);
    config.batching = BATCHING_SORTED;
    assert_int_equal(data_look_take(&config, moons, &seen), ENGINE_OK);
    assert_true(seen.mean_batch_classes < 1.1);
    config.labels = LABELS_PERMUTED;
    assert_int_equal(data_look_take(&config, moons, &seen), ENGINE_OK);
    assert_true(seen.neighbour_agreement < 0.65);
    config.labels = LABELS_TRUE;
    assert_int_equal(network_look_first(&config, moons, &look), ENGINE_OK);
    assert_true(fabs(look.loss - log(2)) < 0.2 && look.layers[0].dead < 0.5);
    assert_true(look.layers[0].alike < 0.1 && look.layers[0].gradient > 0);
    config.init = INIT_ZERO;
    assert_int_equal(network_look_first(&config, moons, &look), ENGINE_OK);
    assert_true(look.layers[0].alike == 1 && look.layers[0].gradient == 0);
    assert_true(isnan(look.output_spread) && fabs(look.loss - log(2)) < 1e-6);
    config.init = INIT_TORCH;
    config.init_bias = -20;
    assert_int_equal(network_look_first(&config, moons, &look), ENGINE_OK);
    assert_true(look.layers[0].dead == 1);
    dataset_close(moons);
}

/* The config of the one-batch test is one that trains, whatever it comes from. */
static void test_one_batch_is_a_valid_config(void **context)
{
    (void)context;
    struct config_problem problem;
    config.train_samples = 100;
    config.validation_samples = 95;
    config.test_at = TEST_AT_END;
    config.dropout = 0.5;
    config.stop_at_target = true;
    config.target_accuracy = 0.9;
    for (config.batch_size = 1; config.batch_size <= 4096; config.batch_size *= 4) {
        struct train_config batch = diagnosis_one_batch(&config);
        assert_int_equal(config_check(&batch, &problem, 1), 0);
        assert_int_equal(config_steps_per_epoch(&batch), 1);
        assert_true(batch.dropout == 0 && batch.lr == config.lr);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_is_wrong),
        TEST(test_labels),
        TEST(test_inputs_and_order),
        TEST(test_first_loss),
        TEST(test_units),
        TEST(test_gradients_through_layers),
        TEST(test_rate_too_high),
        TEST(test_rate_too_low),
        TEST(test_flat),
        TEST(test_too_few_samples),
        TEST(test_over_fitting),
        TEST(test_target),
        TEST(test_causes_come_first),
        TEST(test_looks_at_real_data_and_weights),
        TEST(test_one_batch_is_a_valid_config),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
