/* The strict reader: what it takes, and the sentence for each thing it refuses. */
#include "tests/engine/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/utf8.h"
#include "server/json/reader.h"

static char reason[200];

/* A copy without a NUL behind it, so that reading past the end is found by a sanitizer.
 */
static cJSON *read_bytes(const char *text, size_t length)
{
    char *copy = malloc(length ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    reason[0] = '\0';
    cJSON *object = json_read_object(copy, length, reason, sizeof reason);
    free(copy);
    return object;
}

static void assert_taken(const char *text)
{
    cJSON *object = read_bytes(text, strlen(text));
    if (!object)
        fail_msg("refused %s: %s", text, reason);
    cJSON_Delete(object);
}

static void assert_refused(const char *text, const char *why)
{
    cJSON *object = read_bytes(text, strlen(text));
    if (object)
        fail_msg("took %s", text);
    if (!strstr(reason, why))
        fail_msg("refused %s, but with: %s", text, reason);
    assert_true(utf8_is_valid(reason, strlen(reason)));
}

static void test_takes_json(void **context)
{
    (void)context;
    static const char *const texts[] = {
        "{}",
        " \t\r\n{ } \n",
        "{\"a\":[1,-0,0.5,1e3,1E-3,-1.25e+2]}",
        "{\"a\":true,\"b\":false,\"c\":null}",
        "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"}",
        "{\"\xc3\xa9\":\"\xf0\x9f\x98\x80\"}",
        "{\"a\":{\"a\":{\"a\":[[[]]]}}}",
        "{\"a\":1,\"A\":2}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_taken(texts[i]);
}

static void test_refuses_what_is_around_it(void **context)
{
    (void)context;
    assert_refused("", "not a JSON value");
    assert_refused("{} x", "behind the end");
    assert_refused("{}{}", "behind the end");
    assert_refused("[]", "must be an object");
    assert_refused("1", "must be an object");
    assert_refused("\xef\xbb\xbf{}", "not a JSON value");
}

static void test_refuses_numbers_that_are_none(void **context)
{
    (void)context;
    assert_refused("{\"a\":01}", "leading zero");
    assert_refused("{\"a\":-01}", "leading zero");
    assert_refused("{\"a\":1e999}", "too large");
    assert_refused("{\"a\":.5}", "not a JSON value");
    assert_refused("{\"a\":5.}", "malformed number");
    assert_refused("{\"a\":+5}", "not a JSON value");
    assert_refused("{\"a\":1e}", "malformed number");
    assert_refused("{\"a\":-}", "malformed number");
    assert_refused("{\"a\":NaN}", "not a JSON value");
    assert_refused("{\"a\":Infinity}", "not a JSON value");
    assert_refused("{\"a\":0x10}", "missing");
    assert_refused(
        "{\"a\":0."
        "00000000000000000000000000000000000000000000000000000000000000000000001}",
        "too many digits");
}

static void test_refuses_strings_that_are_none(void **context)
{
    (void)context;
    assert_refused("{\"a\":\"\xff\"}", "not UTF-8");
    assert_refused("{\"a\":\"\xc0\xaf\"}", "not UTF-8");
    assert_refused("{\"a\":\"\xed\xa0\x80\"}", "not UTF-8");
    assert_refused("{\"a\":\"\xf4\x90\x80\x80\"}", "not UTF-8");
    assert_refused("{\"a\":\"\xc3", "not UTF-8");
    assert_refused("{\"a\":\"\\u0000\"}", "NUL");
    assert_refused("{\"a\":\"\\ud800\"}", "surrogate");
    assert_refused("{\"a\":\"\\ud800\\u0041\"}", "surrogate");
    assert_refused("{\"a\":\"\\udc00\"}", "surrogate");
    assert_refused("{\"a\":\"\\u12g4\"}", "\\u escape");
    assert_refused("{\"a\":\"\\x41\"}", "unknown escape");
    assert_refused("{\"a\":\"\n\"}", "control character");
    assert_refused("{\"a\":\"b", "without an end");
    assert_refused("{\"a\":\"b\\", "unknown escape");
}

static void test_refuses_a_nul_byte(void **context)
{
    (void)context;
    assert_null(read_bytes("{}\0", 3));
    assert_null(read_bytes("{\"a\":\"\0\"}", 9));
}

static void test_refuses_broken_structure(void **context)
{
    (void)context;
    assert_refused("{", "missing string");
    assert_refused("{\"a\"}", "missing ':'");
    assert_refused("{\"a\":}", "not a JSON value");
    assert_refused("{\"a\":1,}", "missing string");
    assert_refused("{a:1}", "missing string");
    assert_refused("{\"a\":[1,]}", "not a JSON value");
    assert_refused("{\"a\":[1 2]}", "missing ','");
    assert_refused("{\"a\":[1}", "missing ','");
    assert_refused("{\"a\":tru}", "not a JSON value");
    assert_refused("{\"a\":1}}", "behind the end");
    assert_refused("{/**/}", "missing string");
}

static void test_refuses_doubled_keys(void **context)
{
    (void)context;
    assert_refused("{\"a\":1,\"b\":2,\"a\":3}", "\"a\" twice");
    assert_refused("{\"x\":[{\"a\":1,\"\\u0061\":2}]}", "\"a\" twice");
}

/* The sentence is cut between characters. */
static void test_names_long_keys_in_whole_characters(void **context)
{
    (void)context;
    char key[200] = "", text[500];
    for (int i = 0; i < 60; i++)
        memcpy(key + 2 * i, "\xc3\xa9", 3);
    snprintf(text, sizeof text, "{\"x%s\":1,\"x%s\":2}", key, key);
    assert_refused(text, "twice");
}

static void nest(char *text, int depth)
{
    snprintf(text, 6, "{\"a\":");
    memset(text + 5, '[', (size_t)depth);
    memset(text + 5 + depth, ']', (size_t)depth);
    memcpy(text + 5 + 2 * depth, "}", 2);
}

static void test_bounds_the_depth(void **context)
{
    (void)context;
    static char text[200100];
    nest(text, JSON_MAX_DEPTH - 1);
    assert_taken(text);
    nest(text, JSON_MAX_DEPTH);
    assert_refused(text, "too many nested");
    nest(text, 100000);
    assert_refused(text, "too many nested");
}

static void test_says_where(void **context)
{
    (void)context;
    assert_refused("{\"a\":01}", "at byte 6");
}

static void test_members_are_found_by_case(void **context)
{
    (void)context;
    cJSON *object = read_bytes("{\"LR\":1}", 8);
    assert_non_null(object);
    assert_null(json_member(object, "lr"));
    assert_non_null(json_member(object, "LR"));
    cJSON_Delete(object);
}

static void test_utf8(void **context)
{
    (void)context;
    assert_int_equal(utf8_count("a\xc3\xa9\xf0\x9f\x98\x80"), 3);
    assert_true(utf8_is_valid("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10));
    assert_false(utf8_is_valid("\xed\xa0\x80", 3));     /* a surrogate */
    assert_false(utf8_is_valid("\xe0\x80\x80", 3));     /* overlong */
    assert_false(utf8_is_valid("\xf4\x90\x80\x80", 4)); /* above U+10FFFF */
    assert_false(utf8_is_valid("\xc3", 1));             /* cut off */
    assert_false(utf8_is_valid("a\0b", 3));
    assert_int_equal(utf8_fitting("a\xc3\xa9\xc3\xa9", 4), 3);
    assert_int_equal(utf8_fitting("abc", 9), 3);
    assert_int_equal(utf8_fitting("abc", 2), 2);
    assert_int_equal(utf8_fitting("", 9), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_takes_json),
        cmocka_unit_test(test_refuses_what_is_around_it),
        cmocka_unit_test(test_refuses_numbers_that_are_none),
        cmocka_unit_test(test_refuses_strings_that_are_none),
        cmocka_unit_test(test_refuses_a_nul_byte),
        cmocka_unit_test(test_refuses_broken_structure),
        cmocka_unit_test(test_refuses_doubled_keys),
        cmocka_unit_test(test_names_long_keys_in_whole_characters),
        cmocka_unit_test(test_bounds_the_depth),
        cmocka_unit_test(test_says_where),
        cmocka_unit_test(test_members_are_found_by_case),
        cmocka_unit_test(test_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
