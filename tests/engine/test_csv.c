/* Comma-separated values: what fields a text has, and what is refused. */
#include "tests/engine/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/csv.h"

/* The fields of a text, '|' behind each, '/' behind the last of a row, '!' where it is
 * wrong. */
static void join(const char *text, size_t size, char *out)
{
    struct csv csv;
    enum csv_token token;
    csv_init(&csv, text, size);
    *out = '\0';
    while ((token = csv_next(&csv)) == CSV_FIELD || token == CSV_LAST)
        out += snprintf(out, CSV_FIELD_MAX + 2, "%s%c", csv.text,
                        token == CSV_FIELD ? '|' : '/');
    if (token == CSV_WRONG) {
        assert_non_null(csv.wrong);
        *out++ = '!';
        *out = '\0';
    }
}

static void test_reads_fields(void **context)
{
    (void)context;
    static const struct {
        const char *text, *fields;
    } cases[] = {
        {"",                      ""            },
        {"\n\r\n\n",              ""            },
        {"a,b\nc,d\n",            "a|b/c|d/"    },
        {"a,b\r\nc,d",            "a|b/c|d/"    },
        {"a,b\rc,d\r",            "a|b/c|d/"    },
        {"\n\na,b\n\n\nc,d\n\n",  "a|b/c|d/"    },
        {"\xef\xbb\xbf"
         "a,b\n",        "a|b/"        },
        {",\n",                   "|/"          },
        {"a,,\n",                 "a||/"        },
        {"\"a,b\",c\n",           "a,b|c/"      },
        {"\"say \"\"x\"\"\",c\n", "say \"x\"|c/"},
        {"\"a\nb\",c\n",          "a\nb|c/"     },
        {"\"\",\"\"\n",           "|/"          },
        {"a;b,5;c\n",             "a|b,5|c/"    },
        {"a\tb\tc,d\n",           "a|b|c,d/"    },
        {"\"x;y;z\",b\n",         "x;y;z|b/"    },
        {"a b, c \n",             "a b| c /"    },
        {"a\"b,c\n",              "a\"b|c/"     },
        {"a,\"b\n",               "a|!"         },
        {"a,\"b\"c\n",            "a|!"         },
        {"a,b\n\"",               "a|b/!"       },
    };
    char fields[2 * CSV_FIELD_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        join(cases[i].text, strlen(cases[i].text), fields);
        assert_string_equal(fields, cases[i].fields);
    }
    join("a,b\0c\n", 6, fields);
    assert_string_equal(fields, "a|!");
}

static void test_knows_where_it_is(void **context)
{
    (void)context;
    static const char text[] = "a,b\n\n\"c\nd\",e\nf,g\n";
    static const size_t places[][2] = {
        {1, 1},
        {1, 2},
        {3, 1},
        {3, 2},
        {5, 1},
        {5, 2}
    };
    struct csv csv;
    csv_init(&csv, text, sizeof text - 1);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        assert_int_equal(csv_next(&csv), i % 2 ? CSV_LAST : CSV_FIELD);
        assert_int_equal(csv.line, places[i][0]);
        assert_int_equal(csv.column, places[i][1]);
    }
    assert_int_equal(csv_next(&csv), CSV_END);
}

static void test_takes_fields_up_to_its_limit(void **context)
{
    (void)context;
    char text[CSV_FIELD_MAX + 3];
    struct csv csv;
    memset(text, 'x', sizeof text);
    csv_init(&csv, text, CSV_FIELD_MAX);
    assert_int_equal(csv_next(&csv), CSV_LAST);
    assert_int_equal(csv.length, CSV_FIELD_MAX);
    csv_init(&csv, text, CSV_FIELD_MAX + 1);
    assert_int_equal(csv_next(&csv), CSV_WRONG);
}

static void test_numbers(void **context)
{
    (void)context;
    static const char *const good[] = {"0",    "-1.5", "+2",    " 1e3 ",
                                       "\t.5", "1.",   "1E-300"};
    static const char *const bad[] = {"",    " ",   "x",   "1x",    "1 2",
                                      "nan", "inf", "0x1", "1e999", "-",
                                      "1,5", "--1", "1e",  "e5",    "Infinity"};
    double value;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(csv_number(good[i], &value));
        assert_true(value == strtod(good[i], NULL));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        value = 77;
        assert_false(csv_number(bad[i], &value));
        assert_true(value == 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_fields),
        cmocka_unit_test(test_knows_where_it_is),
        cmocka_unit_test(test_takes_fields_up_to_its_limit),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
