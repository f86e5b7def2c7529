/* Layers and noise on their way from the trainer through the store's rows to JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "server/json/layer_json.h"
#include "tests/engine/cmocka_all.h"

static struct layer_stats measured(bool probed)
{
    struct layer_stats stats = {
        .weight_norm = 1.5,
        .grad_norm = 0.25,
        .update_ratio = NAN,
        .probed = probed,
        .activation_mean = probed ? 0.1 : NAN,
        .activation_deviation = probed ? 0.5 : NAN,
        .dead_fraction = probed ? 0.125 : NAN,
        .saturated_fraction = NAN,
        .weights = {.low = -1,     .high = 1  },
        .gradients = {.low = -0.001, .high = 0.1},
        .activations = {.low = NAN,    .high = NAN}
    };
    stats.weights.counts[0] = 4294967295;
    stats.gradients.counts[HISTOGRAM_BINS - 1] = 2;
    return stats;
}

static void expect_text(const struct db_layer *layer, const char *wanted)
{
    char *text = layer_to_text(layer);
    assert_string_equal(text, wanted);
    free(text);
}

#define ZEROS_30 "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0"

static void test_a_probe_reaches_the_answer(void **context)
{
    (void)context;
    struct layer_stats stats = measured(true);
    struct db_histograms histograms;
    struct db_layer layer;
    layer_from_trainer(&stats, 70, 1, &histograms, &layer);
    assert_ptr_equal(layer.histograms, &histograms);
    expect_text(&layer, "{\"step\":70,\"layer\":1,\"weight_norm\":1.5,\"grad_norm\":0.25,"
                        "\"update_ratio\":null,\"activation_mean\":0.1,"
                        "\"activation_deviation\":0.5,\"dead_fraction\":0.125,"
                        "\"saturated_fraction\":null,\"histograms\":{"
                        "\"weights\":{\"low\":-1,\"high\":1,"
                        "\"counts\":[4294967295,0," ZEROS_30 "]},"
                        "\"gradients\":{\"low\":-0.001,\"high\":0.1,"
                        "\"counts\":[0," ZEROS_30 ",2]},"
                        "\"activations\":{\"low\":null,\"high\":null,"
                        "\"counts\":[0,0," ZEROS_30 "]}}}");
}

/* The longest counts there can be fit. */
static void test_counts_of_every_length(void **context)
{
    (void)context;
    struct db_histograms histograms;
    memset(&histograms, 0xff, sizeof histograms);
    struct db_layer layer = {.histograms = &histograms};
    char *text = layer_to_text(&layer);
    size_t found = 0;
    for (const char *at = text; (at = strstr(at, "4294967295")) != NULL; at++)
        found++;
    assert_int_equal(found, 3 * DB_HISTOGRAM_BINS);
    assert_non_null(strstr(text, ",4294967295]}}}"));
    free(text);
}

static void test_without_a_probe_there_is_nothing_of_it(void **context)
{
    (void)context;
    struct layer_stats stats = measured(false);
    struct db_histograms untouched = {.weights = {.low = 7}};
    struct db_layer layer;
    layer_from_trainer(&stats, 70, 0, &untouched, &layer);
    assert_null(layer.histograms);
    assert_true(untouched.weights.low == 7);
    expect_text(&layer, "{\"step\":70,\"layer\":0,\"weight_norm\":1.5,\"grad_norm\":0.25,"
                        "\"update_ratio\":null,\"activation_mean\":null,"
                        "\"activation_deviation\":null,\"dead_fraction\":null,"
                        "\"saturated_fraction\":null,\"histograms\":null}");
}

static void test_noise(void **context)
{
    (void)context;
    const struct noise_scale measured_noise = {-0.5, 0.25, NAN};
    struct db_noise noise = noise_from_trainer(&measured_noise, 70);
    cJSON *object = noise_to_json(&noise);
    char *text = cJSON_PrintUnformatted(object);
    assert_string_equal(text, "{\"step\":70,\"gradient_squared\":-0.5,"
                              "\"gradient_variance\":0.25,\"noise_scale\":null}");
    cJSON_free(text);
    cJSON_Delete(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_probe_reaches_the_answer),
        cmocka_unit_test(test_counts_of_every_length),
        cmocka_unit_test(test_without_a_probe_there_is_nothing_of_it),
        cmocka_unit_test(test_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
