/* A run's config: what is accepted passes the engine's check, keeps its limits, and reads
 * back as the same from JSON and from a checkpoint's text; what is refused says why. */
#include <math.h>

#include "engine/train/state.h"
#include "engine/utf8.h"
#include "server/json/config_json.h"
#include "server/json/number.h"
#include "tests/fuzz/fuzz.h"

static void require_same(const struct train_config *a, const struct train_config *b)
{
    size_t count;
    const struct config_field *fields = config_fields(&count);
    for (size_t i = 0; i < count; i++)
        REQUIRE(config_same(a, b, &fields[i]));
}

static void check_json(const struct train_config *config)
{
    struct train_config again;
    struct config_problems problems = {.count = 0};
    cJSON *object = config_to_json(config);
    char *text = number_print_tree(object);
    REQUIRE(text && config_from_text(text, &again, &problems));
    require_same(config, &again);
    cJSON_free(text);
    cJSON_Delete(object);
}

static void check_state_text(const struct train_config *config)
{
    char text[STATE_TEXT_SIZE];
    struct train_config again;
    struct train_state state = {.step = 3, .train_seconds = 0.1}, state_again;
    REQUIRE(state_print(config, &state, text, sizeof text));
    REQUIRE(state_parse(text, &again, &state_again));
    require_same(config, &again);
    REQUIRE(state_again.step == 3 && state_again.train_seconds == 0.1);
}

static void check_limits(const struct train_config *config)
{
    struct config_problem problem;
    REQUIRE(config_check(config, &problem, 1) == 0);
    REQUIRE(config_parameter_count(config) > 0);
    REQUIRE(config_parameter_count(config) <= CONFIG_MAX_PARAMETERS);
    REQUIRE(config_train_count(config) > 0 && config_test_count(config) > 0);
    REQUIRE(config_steps_per_epoch(config) > 0);
    REQUIRE(config_steps_per_epoch(config) <= INT64_MAX / config->epochs);
    REQUIRE(isfinite(config->lr) && config->lr > 0);
}

static void check_problems(const struct config_problems *problems)
{
    REQUIRE(problems->count > 0 && problems->count <= CONFIG_MAX_PROBLEMS);
    for (size_t i = 0; i < problems->count; i++) {
        const struct config_problem *problem = &problems->list[i];
        REQUIRE(utf8_is_valid(problem->field, strlen(problem->field)));
        REQUIRE(*problem->message);
        REQUIRE(utf8_is_valid(problem->message, strlen(problem->message)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct train_config config;
    struct config_problems problems = {.count = 0};
    char *text = fuzz_text(data, size);
    if (config_from_text(text, &config, &problems)) {
        check_limits(&config);
        check_json(&config);
        check_state_text(&config);
    } else {
        check_problems(&problems);
    }
    free(text);
    return 0;
}
