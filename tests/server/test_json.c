/* Reading and printing JSON: strictness and exactness. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/json/number.h"
#include "server/json/reader.h"
#include "server/json/run_json.h"
#include "server/json/time_json.h"
#include "server/json/utf8.h"
#include "tests/engine/cmocka_all.h"

static void expect_refused(const char *text, const char *fault)
{
    char reason[200] = "";
    cJSON *object = json_read_object(text, strlen(text), reason, sizeof reason);
    if (object || !strstr(reason, fault))
        fail_msg("%s gave \"%s\", not \"%s\"", text, reason, fault);
}

static void test_refuses_what_is_not_strict(void **state)
{
    (void)state;
    expect_refused("", "not a JSON value");
    expect_refused("[]", "must be an object");
    expect_refused("{} {}", "behind the end");
    expect_refused("{\"a\":1,}", "missing string");
    expect_refused("{\"a\" 1}", "':'");
    expect_refused("{\"a\":01}", "leading zero");
    expect_refused("{\"a\":1.}", "malformed number");
    expect_refused("{\"a\":-}", "malformed number");
    expect_refused("{\"a\":1e999}", "too large");
    expect_refused("{\"a\":nul}", "not a JSON value");
    expect_refused("{\"a\":\"x}", "without an end");
    expect_refused("{\"a\":\"\\x\"}", "unknown escape");
    expect_refused("{\"a\":\"\\u12g4\"}", "malformed \\u");
    expect_refused("{\"a\":\"\\u0000\"}", "NUL");
    expect_refused("{\"a\":\"\\ud800\"}", "surrogate");
    expect_refused("{\"a\":\"\\udc00\"}", "surrogate");
    expect_refused("{\"a\":\"\x01\"}", "control character");
    expect_refused("{\"a\":\"\xc0\xaf\"}", "UTF-8");
    expect_refused("{\"a\":{\"b\":1,\"b\":2}}", "twice");
    expect_refused("{\"a\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}", "nested");
}

static void test_reads_what_is_strict(void **state)
{
    (void)state;
    char reason[200];
    const char *text =
        " {\"a\": [1, -2.5e-3, true, null], \"A\": \"\\u00e9\\ud83d\\ude00\"} ";
    cJSON *object = json_read_object(text, strlen(text), reason, sizeof reason);
    assert_non_null(object);
    assert_int_equal(cJSON_GetArraySize(json_member(object, "a")), 4);
    assert_string_equal(json_member(object, "A")->valuestring,
                        "\xc3\xa9\xf0\x9f\x98\x80");
    assert_null(json_member(object, "b"));
    cJSON_Delete(object);
}

static void test_numbers_read_back_to_the_same_bits(void **state)
{
    (void)state;
    uint64_t bits = 88172645463325252u;
    char text[NUMBER_TEXT_MAX];
    for (int i = 0; i < 200000; i++) {
        bits ^= bits << 13; /* Marsaglia's xorshift: bit patterns of all sizes */
        bits ^= bits >> 7;
        bits ^= bits << 17;
        double value, back;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        number_format(value, text);
        back = strtod(text, NULL);
        assert_memory_equal(&value, &back, sizeof value);
    }
    number_format(0.1, text);
    assert_string_equal(text, "0.1");
    number_format(NAN, text);
    assert_string_equal(text, "null");
    number_format(-INFINITY, text);
    assert_string_equal(text, "null");
}

static void test_knows_utf8(void **state)
{
    (void)state;
    assert_true(utf8_is_valid("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10));
    assert_int_equal(utf8_count("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), 4);
    assert_false(utf8_is_valid("\xed\xa0\x80", 3));     /* a surrogate */
    assert_false(utf8_is_valid("\xe0\x80\x80", 3));     /* overlong */
    assert_false(utf8_is_valid("\xf4\x90\x80\x80", 4)); /* above U+10FFFF */
    assert_false(utf8_is_valid("\xc3", 1));             /* cut off */
    assert_false(utf8_is_valid("a\0b", 3));
}

static void test_times_are_utc_with_milliseconds(void **state)
{
    (void)state;
    char text[TIME_TEXT_MAX];
    time_format(1767225599.9996, text);
    assert_string_equal(text, "2026-01-01T00:00:00.000Z");
    time_format(NAN, text);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refuses_what_is_not_strict),
        cmocka_unit_test(test_reads_what_is_strict),
        cmocka_unit_test(test_numbers_read_back_to_the_same_bits),
        cmocka_unit_test(test_knows_utf8),
        cmocka_unit_test(test_times_are_utc_with_milliseconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
