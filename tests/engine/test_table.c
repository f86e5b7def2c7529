/* Tables of samples from CSV files, what is wrong with one told with its place; and what
 * a dataset's folder says of it, which comes back as it was. */
#include "tests/engine/cmocka_all.h"

#include "engine/data/about.h"
#include "engine/data/import.h"
#include "engine/data/table.h"
#include "tests/engine/folder.h"

static struct folder in;

static int open_folder(void **context)
{
    (void)context;
    in = folder_open();
    return 0;
}

static int close_folder(void **context)
{
    (void)context;
    folder_close(&in);
    return 0;
}

static const char *write_text(const char *name, const char *text)
{
    const char *path = folder_path(&in, name);
    folder_write(path, text, strlen(text));
    return path;
}

static void test_a_table_has_names_numbers_and_classes(void **context)
{
    (void)context;
    struct table *table = NULL;
    struct engine_error error = {""};
    const char *path = write_text("t.csv", "width,kind,height\n1,b,2\n3, a ,4\n5,b,6\n");
    assert_int_equal(table_read(path, "kind", NULL, &table, &error), ENGINE_OK);
    assert_int_equal(table->rows, 3);
    assert_int_equal(table->features, 2);
    assert_int_equal(table->label_column, 1);
    assert_string_equal(table->column_names[2], "height");
    assert_int_equal(table->classes, 2);
    assert_string_equal(table->class_names[0], "a");
    static const double values[] = {1, 2, 3, 4, 5, 6};
    static const uint8_t labels[] = {1, 0, 1};
    assert_memory_equal(table->values, values, sizeof values);
    assert_memory_equal(table->labels, labels, sizeof labels);
    table_free(table);
}

/* Where no column is named: by name, by number, one of the usual names, the last. */
static void test_the_class_is_found(void **context)
{
    (void)context;
    static const struct {
        const char *text, *label;
        size_t column;
    } cases[] = {
        {"a,b\n1,x\n2,y\n",            NULL, 1},
        {"x,1\ny,2\n",                 "1",  0},
        {"Class,b\n1,2\n2,3\n",        NULL, 0},
        {"y,label\n1,2\n2,3\n",        NULL, 1},
        {"target,b,c\n1,2,3\n2,3,4\n", "B",  1},
        {"2,1\n1,2\n2,3\n",            "2",  1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct table *table = NULL;
        struct engine_error error = {""};
        const char *path = write_text("t.csv", cases[i].text);
        assert_int_equal(table_read(path, cases[i].label, NULL, &table, &error),
                         ENGINE_OK);
        assert_int_equal(table->label_column, cases[i].column);
        table_free(table);
    }
}

static void test_classes_stand_in_the_order_of_their_numbers(void **context)
{
    (void)context;
    struct table *table = NULL;
    struct engine_error error = {""};
    const char *path = write_text("t.csv", "x,y\n1,10\n2,9\n3,-1\n4,10\n");
    assert_int_equal(table_read(path, NULL, NULL, &table, &error), ENGINE_OK);
    static const uint8_t labels[] = {2, 1, 0, 2};
    assert_memory_equal(table->labels, labels, sizeof labels);
    table_free(table);
}

static const char *many_classes(void)
{
    static char text[8000];
    size_t used = (size_t)snprintf(text, sizeof text, "x,y\n");
    for (int i = 0; i < 257; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "1,c%d\n", i);
    return text;
}

static void test_tables_that_are_none(void **context)
{
    (void)context;
    static const char long_name[] =
        "x,"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaa\n1,a\n";
    const struct {
        const char *text, *reason;
    } cases[] = {
        {"",                       "empty"                                },
        {"\n\n",                   "no rows"                              },
        {"a,b\n",                  "no rows of numbers"                   },
        {"a\n1\n",                 "one column"                           },
        {"a,b\n1,x\n2\n",          "line 3, column 1 (a): the row has few"},
        {"a,b\n1,x\n2,y,3\n",      "line 3, column 3: the row has more"   },
        {"a,b\n1,x\n\n\n?,y\n",    "line 5, column 1 (a): \"?\" is not a" },
        {"a,b\n,x\n1,y\n",         "line 2, column 1 (a): the number is m"},
        {"a,b\n1,x\n1e999,y\n",    "\"1e999\" is not a finite number"     },
        {"a,b\n1,x\nnan,y\n",      "\"nan\" is not a finite number"       },
        {"a,b\n1,x\n2, \n",        "line 3, column 2 (b): the class is mi"},
        {"a,b\n1,x\n2,x\n",        "all rows have the same class, x"      },
        {"a,b\n1,\"x\n2,y\n",      "a quote that is not closed"           },
        {"a,b\n1,x\n2,\"y\"z\n",   "goes on behind its closing quote"     },
        {"a,b\n1,\xff\n2,y\n",     "must be at most 80 bytes of UTF-8"    },
        {"a,\"b\nc\"\n1,x\n2,y\n", "must be at most 80 bytes of UTF-8"    },
        {"a,b\n1,\x1b[31m\n2,y\n", "must be at most 80 bytes of UTF-8"    },
        {"a,b\n\xff\xfe,x\n2,y\n", "line 2, column 1 (a): is not a finite"},
        {long_name,                "must be at most 80 bytes of UTF-8"    },
        {many_classes(),           "more than 256 different values"       },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct table *table = NULL;
        struct engine_error error = {""};
        const char *path = write_text("t.csv", cases[i].text);
        assert_int_equal(table_read(path, NULL, NULL, &table, &error), ENGINE_FORMAT);
        assert_null(table);
        if (!strstr(error.text, cases[i].reason))
            fail_msg("\"%s\" does not say \"%s\"", error.text, cases[i].reason);
    }
}

static void test_a_column_that_is_not_there(void **context)
{
    (void)context;
    static const char *const names[] = {"nope", "0", "3", "-1", "1x", ""};
    const char *path = write_text("t.csv", "a,b\n1,x\n2,y\n");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct table *table = NULL;
        struct engine_error error = {""};
        assert_int_equal(table_read(path, names[i], NULL, &table, &error),
                         ENGINE_INVALID);
    }
    struct table *table = NULL;
    assert_int_equal(table_read("/nowhere", NULL, NULL, &table, NULL), ENGINE_IO);
}

/* --- what a folder says ----------------------------------------------------------------
 */

static void test_about_comes_back(void **context)
{
    (void)context;
    const char *classes[] = {"a,b", "say \"c\"", " d "};
    const char *columns[] = {"x", "", "\xc3\xa9,"};
    const double means[] = {0.1, -1e300, 1.0 / 3}, deviations[] = {1e-300, 7, 0.7};
    struct dataset_info info = {.name = "x",
                                .title = "\"",
                                .description = "d, e",
                                .features = 3,
                                .classes = 3,
                                .train_count = 5,
                                .test_count = 4000000000,
                                .class_names = classes,
                                .feature_names = columns,
                                .means = means,
                                .deviations = deviations},
                        read;
    struct engine_error error = {""};
    assert_int_equal(about_write(&info, in.path, &error), ENGINE_OK);
    assert_int_equal(about_read(in.path, "name", &read, &error), ENGINE_OK);
    assert_string_equal(read.name, "name");
    assert_string_equal(read.title, "\"");
    assert_string_equal(read.description, "d, e");
    assert_int_equal(read.test_count, 4000000000);
    assert_memory_equal(read.means, means, sizeof means);
    assert_memory_equal(read.deviations, deviations, sizeof deviations);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(read.class_names[i], classes[i]);
        assert_string_equal(read.feature_names[i], columns[i]);
    }
    dataset_info_clear(&read);
}

static void test_about_that_was_not_written_by_us(void **context)
{
    (void)context;
#define GOOD "title,t\ndescription,d\nsamples,1,1\nclass,a\nclass,b\n"
    static const char *const texts[] = {
        "",
        "x\n",
        "title\n",
        GOOD,
        GOOD "picture,2\n",
        GOOD "picture,0,0\n",
        GOOD "picture,2,2\ncolumn,c,0,1\n",
        GOOD "picture,200,200\n",
        GOOD "picture,-1,2\n",
        GOOD "picture,1.5,2\n",
        GOOD "picture,4294967295,2\n",
        GOOD "column,c,0,0\n",
        GOOD "column,c,0,-1\n",
        GOOD "column,c,x,1\n",
        GOOD "column,c,0\n",
        GOOD "column,c,0,1,2\n",
        GOOD "column,\xff,0,1\n",
        GOOD "column,c,0,1\ntitle,u\n",
        GOOD "column,c,0,1\nnope,1\n",
        "title,t\ndescription,d\nsamples,1,1\nclass,a\ncolumn,c,0,1\n",
        "title,t\ndescription,d\nsamples,0,1\nclass,a\nclass,b\ncolumn,c,0,1\n",
        GOOD "column,c,0,1\n\"",
    };
    struct dataset_info info = {.features = 77};
    struct engine_error error = {""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        folder_write(folder_path(&in, "about.csv"), texts[i], strlen(texts[i]));
        if (about_read(in.path, "name", &info, &error) != ENGINE_FORMAT)
            fail_msg("%s", texts[i]);
        assert_int_equal(info.features, 77);
    }
    const char *good = GOOD "column,c,0,1\n";
    folder_write(folder_path(&in, "about.csv"), good, strlen(good));
    assert_int_equal(about_read(in.path, "name", &info, &error), ENGINE_OK);
    dataset_info_clear(&info);
    assert_int_equal(about_read("/nowhere", "name", &info, &error), ENGINE_IO);
    assert_int_equal(dataset_add_folder(in.path, "../x", &error), ENGINE_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_table_has_names_numbers_and_classes),
        cmocka_unit_test(test_the_class_is_found),
        cmocka_unit_test(test_classes_stand_in_the_order_of_their_numbers),
        cmocka_unit_test(test_tables_that_are_none),
        cmocka_unit_test(test_a_column_that_is_not_there),
        cmocka_unit_test(test_about_comes_back),
        cmocka_unit_test(test_about_that_was_not_written_by_us),
    };
    return cmocka_run_group_tests(tests, open_folder, close_folder);
}
