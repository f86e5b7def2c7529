/* A sweep's spec: what is accepted can be posted again as it is kept, plans as many
 * settings as it may, and every config of its plan lies in its space. */
#include <math.h>

#include "server/json/number.h"
#include "server/sweeps/spec.h"
#include "tests/fuzz/fuzz.h"

static bool check_config(const struct sweep_spec *spec, const struct train_config *config,
                         void *context)
{
    size_t *seen = context;
    ++*seen;
    REQUIRE(config->eval_every >= 1);
    REQUIRE(config->seed >= 0 && config->seed <= SWEEP_LARGEST_SEED);
    for (size_t i = 0; i < spec->space.count; i++) {
        const struct config_field *field = spec->parameters[i].field;
        struct train_config other = *config;
        struct config_problem problem;
        bool number = field->type == CONFIG_INTEGER || field->type == CONFIG_NUMBER;
        if (number && !config_is_null(config, field))
            REQUIRE(config_set_number(&other, field, config_get_number(config, field),
                                      &problem));
    }
    return *seen < 16;
}

static void check_plan(const struct sweep_spec *spec)
{
    size_t seen = 0;
    REQUIRE(spec->total_runs >= 1 && spec->total_runs <= SWEEP_MAX_RUNS);
    REQUIRE(spec->repeats >= 1 && spec->repeats <= SWEEP_MAX_REPEATS);
    REQUIRE(sweep_spec_settings(spec) >= 1);
    REQUIRE(spec->time_budget_s > 0);
    sweep_spec_look(spec, check_config, &seen);
    double samples = sweep_spec_samples(spec);
    REQUIRE(samples >= 0 && isfinite(samples));
}

static void check_points(const struct sweep_spec *spec)
{
    for (uint64_t i = 0; i < 4; i++) {
        struct search_point point, found;
        struct train_config config;
        enum sampler_kind kind =
            spec->sampler == SAMPLER_GRID ? SAMPLER_GRID : SAMPLER_RANDOM;
        if (sampler_suggest(kind, &spec->space, (uint64_t)spec->seed, i, NULL, 0,
                            &point) != ENGINE_OK)
            continue;
        sweep_spec_config(spec, &point, 0, &config);
        REQUIRE(sweep_spec_locate(spec, &config, &found));
    }
}

static void check_again(const struct sweep_spec *spec)
{
    struct sweep_spec again;
    struct config_problems problems = {.count = 0};
    char *text = number_print_tree(spec->json);
    REQUIRE(text && sweep_spec_parse(text, &again, &problems));
    char *text_again = number_print_tree(again.json);
    REQUIRE(text_again && strcmp(text, text_again) == 0);
    REQUIRE(again.total_runs == spec->total_runs && again.repeats == spec->repeats);
    cJSON_free(text_again);
    cJSON_free(text);
    sweep_spec_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sweep_spec spec;
    struct config_problems problems = {.count = 0};
    char *text = fuzz_text(data, size);
    if (sweep_spec_parse(text, &spec, &problems)) {
        check_plan(&spec);
        check_points(&spec);
        check_again(&spec);
        sweep_spec_clear(&spec);
    } else {
        REQUIRE(problems.count > 0);
    }
    free(text);
    return 0;
}
