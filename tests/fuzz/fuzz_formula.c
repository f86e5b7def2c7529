/* Formulas: what is accepted gives a graph whose values stand behind what they are made
 * of, within the limits, and goes to the browser as valid JSON, numbers that are not
 * finite as null; what is refused says where. */
#include <math.h>

#include "engine/anatomy/anatomy.h"
#include "engine/utf8.h"
#include "server/json/anatomy_json.h"
#include "server/json/reader.h"
#include "tests/fuzz/fuzz.h"

static void check_graph(const struct anatomy *anatomy)
{
    bool seen[ANATOMY_MAX_VALUES] = {false};
    size_t count = anatomy_count(anatomy);
    REQUIRE(count >= 1 && count <= ANATOMY_MAX_VALUES);
    REQUIRE(anatomy_output(anatomy) < count);
    REQUIRE(anatomy_is_reached(anatomy, anatomy_output(anatomy)));
    for (size_t i = 0; i < count; i++) {
        uint32_t at = anatomy_order(anatomy)[i];
        REQUIRE(at < count && !seen[at]);
        struct anatomy_value value = anatomy_value(anatomy, at);
        for (size_t k = 0; k < 2; k++) {
            uint32_t input = value.node->inputs[k];
            REQUIRE(input == VALUE_NONE || (input < count && seen[input]));
        }
        REQUIRE(anatomy_is_reached(anatomy, at) || value.gradient == 0);
        seen[at] = true;
    }
    float own = anatomy_value(anatomy, anatomy_output(anatomy)).gradient;
    REQUIRE(own == 1);
}

static void check_json(const struct anatomy *anatomy)
{
    char reason[200];
    cJSON *object = anatomy_to_json(anatomy);
    char *text = object ? cJSON_PrintUnformatted(object) : NULL;
    REQUIRE(text);
    cJSON *again = json_read_object(text, strlen(text), reason, sizeof reason);
    REQUIRE(again);
    cJSON_Delete(again);
    cJSON_free(text);
    cJSON_Delete(object);
}

static void check_error(const char *text, const struct formula_error *error)
{
    REQUIRE(*error->text && utf8_is_valid(error->text, strlen(error->text)));
    REQUIRE(error->position <= strlen(text) || !utf8_is_valid(text, strlen(text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct anatomy *anatomy;
    struct formula_error error = {.position = 0};
    enum engine_status status = anatomy_of_formula(text, &anatomy, &error);
    if (status == ENGINE_OK) {
        anatomy_set(anatomy, "a", -2.5f);
        anatomy_set(anatomy, "x", 3e38f);
        REQUIRE(anatomy_run(anatomy) == ENGINE_OK);
        check_graph(anatomy);
        check_json(anatomy);
        anatomy_free(anatomy);
    } else {
        REQUIRE(status == ENGINE_FORMAT);
        check_error(text, &error);
    }
    free(text);
    return 0;
}
