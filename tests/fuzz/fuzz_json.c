/* Strict JSON: what is accepted is printed and read back as the same, byte for byte, and
 * holds nothing that this server does not let in. */
#include <math.h>

#include "engine/utf8.h"
#include "server/json/number.h"
#include "server/json/reader.h"
#include "tests/fuzz/fuzz.h"

static void check_tree(const cJSON *node, int depth)
{
    const cJSON *child;
    REQUIRE(depth <= JSON_MAX_DEPTH);
    REQUIRE(!cJSON_IsNumber(node) || isfinite(node->valuedouble));
    if (cJSON_IsString(node))
        REQUIRE(utf8_is_valid(node->valuestring, strlen(node->valuestring)));
    cJSON_ArrayForEach(child, node)
    {
        if (cJSON_IsObject(node))
            REQUIRE(json_member(node, child->string) == child);
        check_tree(child, depth + 1);
    }
}

static void check_again(const cJSON *object)
{
    char reason[200];
    char *text = number_print_tree(object);
    REQUIRE(text);
    cJSON *again = json_read_object(text, strlen(text), reason, sizeof reason);
    REQUIRE(again);
    REQUIRE(cJSON_Compare(object, again, true));
    char *text_again = number_print_tree(again);
    REQUIRE(text_again && strcmp(text, text_again) == 0);
    cJSON_free(text_again);
    cJSON_Delete(again);
    cJSON_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char reason[200] = "";
    uint8_t none = 0;
    cJSON *object = json_read_object(size ? (const char *)data : (char *)&none, size,
                                     reason, sizeof reason);
    if (object) {
        check_tree(object, 0);
        check_again(object);
        cJSON_Delete(object);
    } else {
        REQUIRE(*reason && utf8_is_valid(reason, strlen(reason)));
    }
    return 0;
}
