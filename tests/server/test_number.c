/* Numbers print so that they read back to the same bits. */
#include "tests/engine/cmocka_all.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/autograd/rng.h"
#include "server/json/number.h"

static const char *text_of(double value)
{
    static char text[NUMBER_TEXT_MAX];
    int length = number_format(value, text);
    assert_int_equal(length, (int)strlen(text));
    return text;
}

static void test_short_forms(void **context)
{
    (void)context;
    assert_string_equal(text_of(0), "0");
    assert_string_equal(text_of(1), "1");
    assert_string_equal(text_of(-2.5), "-2.5");
    assert_string_equal(text_of(0.1), "0.1");
    assert_string_equal(text_of(0.9782), "0.9782");
    assert_string_equal(text_of(60000), "60000");
    assert_string_equal(text_of(9007199254740991.0), "9007199254740991");
    assert_string_equal(text_of(0.1 + 0.2), "0.30000000000000004");
}

static void test_what_is_no_number_is_null(void **context)
{
    (void)context;
    assert_string_equal(text_of(NAN), "null");
    assert_string_equal(text_of(INFINITY), "null");
    assert_string_equal(text_of(-INFINITY), "null");
}

static void assert_reads_back(double value)
{
    double back = strtod(text_of(value), NULL);
    assert_memory_equal(&back, &value, sizeof value);
}

static void test_extremes_read_back(void **context)
{
    (void)context;
    static const double extremes[] = {DBL_MAX, -DBL_MAX,       DBL_MIN,
                                      5e-324,  -0.0,           DBL_EPSILON,
                                      1e22,    1.0 / 3.0,      123456789012345680.0,
                                      1e-5,    299792458.0001, 1e308};
    for (size_t i = 0; i < sizeof extremes / sizeof *extremes; i++)
        assert_reads_back(extremes[i]);
}

/* Any bits that are a finite number. */
static void test_random_bits_read_back(void **context)
{
    (void)context;
    struct rng rng;
    rng_init(&rng, 7, 0);
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = rng_next(&rng);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            assert_reads_back(value);
    }
}

/* The first of "%.15g", "%.16g" and "%.17g" that reads back. */
static const char *slowly(double value)
{
    static char text[NUMBER_TEXT_MAX];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return text;
}

/* Decimals of up to 17 digits and any size, which are often near the short ones. */
static void test_decimals_print_as_the_slow_way_does(void **context)
{
    (void)context;
    struct rng rng;
    rng_init(&rng, 8, 0);
    for (int i = 0; i < 200000; i++) {
        double value = (double)(rng_next(&rng) >> (10 + rng_next(&rng) % 54));
        int power = (int)(rng_next(&rng) % 30);
        value = (rng_next(&rng) & 1 ? -value : value) / pow(10, power);
        if (rng_next(&rng) & 1)
            value = nextafter(value, INFINITY);
        assert_string_equal(text_of(value), slowly(value));
    }
}

static void compare_neighbours(double value)
{
    double below = value, above = value;
    for (int i = 0; i < 20; i++) {
        assert_string_equal(text_of(below), slowly(below));
        assert_string_equal(text_of(above), slowly(above));
        below = nextafter(below, 0);
        above = nextafter(above, INFINITY);
    }
}

/* Below the one the next number is half as far away as above; at the other the number of
 * digits changes. */
static void test_powers_of_two_and_ten_and_their_neighbours(void **context)
{
    (void)context;
    for (int power = -20; power <= 60; power++)
        compare_neighbours(ldexp(1, power));
    for (int power = -6; power <= 18; power++)
        compare_neighbours(pow(10, power));
}

static void test_nodes_print_as_they_are(void **context)
{
    (void)context;
    cJSON *list = cJSON_CreateArray();
    cJSON_AddItemToArray(list, number_to_json(0.1 + 0.2));
    cJSON_AddItemToArray(list, number_to_json(NAN));
    char *text = cJSON_PrintUnformatted(list);
    assert_string_equal(text, "[0.30000000000000004,null]");
    cJSON_free(text);
    cJSON_Delete(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_forms),
        cmocka_unit_test(test_what_is_no_number_is_null),
        cmocka_unit_test(test_extremes_read_back),
        cmocka_unit_test(test_random_bits_read_back),
        cmocka_unit_test(test_decimals_print_as_the_slow_way_does),
        cmocka_unit_test(test_powers_of_two_and_ten_and_their_neighbours),
        cmocka_unit_test(test_nodes_print_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
