/* A user's own data: tables and pictures become datasets, and what does not fit is told
 * by the part that is to blame. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <zlib.h>

#include "engine/data/idx.h"
#include "engine/data/import.h"
#include "tests/engine/folder.h"

static struct folder in, out;

static int open_folders(void **context)
{
    (void)context;
    in = folder_open();
    out = folder_open();
    return 0;
}

static int close_folders(void **context)
{
    (void)context;
    folder_close(&in);
    folder_close(&out);
    return 0;
}

static const char *write_text(const char *name, const char *text)
{
    const char *path = folder_path(&in, name);
    folder_write(path, text, strlen(text));
    return path;
}

/* --- imports -------------------------------------------------------------------------
 */

static const char *culprit;
static struct engine_error failure;

/* `files`: train, train_labels, test, test_labels. */
static enum engine_status import(const char *const files[PART_COUNT], double share)
{
    struct import_source source = {
        .name = "own", .title = "A \"title\"", .test_share = share};
    memcpy(source.files, files, sizeof source.files);
    culprit = NULL;
    failure.text[0] = '\0';
    return dataset_import(&source, out.path, &culprit, &failure);
}

static enum engine_status import_csv(const char *train, const char *test, double share)
{
    char paths[2][512];
    snprintf(paths[0], sizeof paths[0], "%s", write_text("train.csv", train));
    if (test)
        snprintf(paths[1], sizeof paths[1], "%s", write_text("test.csv", test));
    const char *files[PART_COUNT] = {paths[0], NULL, test ? paths[1] : NULL, NULL};
    return import(files, share);
}

/* What the folder holds, as a dataset of the name it was put under. */
static struct dataset *reopen(const char *name)
{
    struct dataset *dataset = NULL;
    struct engine_error error = {""};
    const char *dirs[] = {in.path};
    char to[200];
    snprintf(to, sizeof to, "%s/%s", in.path, name);
    assert_int_equal(rename(out.path, to), 0);
    if (dataset_add_folder(in.path, name, &error) != ENGINE_OK)
        fail_msg("%s", error.text);
    if (dataset_open(name, dirs, 1, &dataset, &error) != ENGINE_OK)
        fail_msg("%s", error.text);
    return dataset;
}

static void put_away(struct dataset *dataset)
{
    assert_true(dataset_remove(dataset->info->name));
    struct folder folder;
    char path[200];
    snprintf(path, sizeof path, "%s/%s", in.path, dataset->info->name);
    assert_true(strlen(path) < sizeof folder.path);
    memcpy(folder.path, path, strlen(path) + 1);
    dataset_close(dataset);
    folder_close(&folder);
    assert_int_equal(mkdir(out.path, 0700), 0);
}

static void test_a_table_is_standardised_and_split(void **context)
{
    (void)context;
    char text[4000] = "x,const,y,kind\n";
    for (int i = 0; i < 100; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d,7,%d,%s\n", i,
                 1000 * (i % 7), i < 80 ? "many" : "few");
    assert_int_equal(import_csv(text, NULL, 0.25), ENGINE_OK);
    struct dataset *dataset = reopen("own");
    const struct dataset_info *info = dataset->info;
    assert_string_equal(info->title, "A \"title\"");
    assert_true(info->uploaded);
    assert_int_equal(info->features, 3);
    assert_int_equal(info->train_count, 75);
    assert_int_equal(info->test_count, 25);
    size_t few = 0, seen[100] = {0};
    double sum[3] = {0}, squares[3] = {0};
    for (size_t i = 0; i < 75; i++)
        for (size_t f = 0; f < 3; f++) {
            double value = (double)dataset->train.values[3 * i + f];
            sum[f] += value;
            squares[f] += value * value;
        }
    for (size_t f = 0; f < 3; f++) {
        assert_true(fabs(sum[f]) < 1e-4);
        assert_true(fabs(squares[f] - (f == 1 ? 0 : 75)) < 1e-3);
    }
    assert_string_equal(info->feature_names[2], "y");
    assert_true(info->means[1] == 7 && info->deviations[1] == 1);
    for (size_t split = 0; split < 2; split++) {
        const struct dataset_split *part = split ? &dataset->test : &dataset->train;
        for (size_t i = 0; i < part->count; i++) {
            double x = (double)part->values[3 * i] * info->deviations[0] + info->means[0];
            seen[(size_t)lround(x)]++;
            few += split && part->labels[i] == 0;
            assert_string_equal(info->class_names[part->labels[i]],
                                lround(x) < 80 ? "many" : "few");
        }
    }
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(seen[i], 1);
    assert_int_equal(few, 5);
    put_away(dataset);
}

static void test_a_test_file_is_the_test(void **context)
{
    (void)context;
    assert_int_equal(import_csv("x,y\n1,a\n3,b\n", "x,y\n5,b\n2,a\n2,b\n", 0.2),
                     ENGINE_OK);
    struct dataset *dataset = reopen("own");
    static const float train[] = {-1, 1}, test[] = {3, 0, 0};
    static const uint8_t labels[] = {1, 0, 1};
    assert_memory_equal(dataset->train.values, train, sizeof train);
    assert_int_equal(dataset->test.count, 3);
    assert_memory_equal(dataset->test.values, test, sizeof test);
    assert_memory_equal(dataset->test.labels, labels, sizeof labels);
    put_away(dataset);
}

static void test_imports_that_fail_name_their_part(void **context)
{
    (void)context;
    static const struct {
        const char *train, *test, *part, *reason;
    } cases[] = {
        {"x,y\n1,a\n2,?\n3\n",       NULL,             "train",      "line 4, column 1 (x)"  },
        {"x,y\n1,a\n2,b\n",          NULL,             "test_share", "no class has 5 samples"},
        {"x,y\n1,a\n2,b\n",          "x,y\n1,c\n",     "test",       "\"c\" is not one of"   },
        {"x,y\n1,a\n2,b\n",          "x,z,y\n1,1,a\n", "test",       "3 columns instead of"  },
        {"x,y\n1,a\n2,b\n",          "z,y\n1,a\n",     "test",       "column 1 is z; in the" },
        {"x,y\n1,a\n2,b\n",          "x,y\n",          "test",       "no rows"               },
        {"x,y\n1,a\n2,b\n",          "x,y\n1e300,b\n", "test",       "too far"               },
        {"x,y\n1e308,a\n-1e308,b\n", "x,y\n1,a\n",     "train",      "too far apart"         },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(import_csv(cases[i].train, cases[i].test, 0.2), ENGINE_FORMAT);
        assert_string_equal(culprit, cases[i].part);
        if (!strstr(failure.text, cases[i].reason))
            fail_msg("\"%s\" does not say \"%s\"", failure.text, cases[i].reason);
    }
}

/* --- IDX -----------------------------------------------------------------------------
 */

static const char *write_idx(const char *name, int type, size_t rank, const size_t *sizes,
                             const void *bytes, size_t size)
{
    const char *path = folder_path(&in, name);
    uint8_t file[400] = {0, 0, (uint8_t)type, (uint8_t)rank};
    for (size_t i = 0; i < rank; i++)
        file[4 + 4 * i + 3] = (uint8_t)sizes[i];
    memcpy(file + 4 + 4 * rank, bytes, size);
    folder_write(path, file, 4 + 4 * rank + size);
    return path;
}

static const uint8_t pixels[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11,
                                 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23};

static void test_pictures_with_a_test(void **context)
{
    (void)context;
    const char *files[PART_COUNT] = {
        write_idx("a", 8, 3, (size_t[]){2, 3, 2}, pixels, 12),
        write_idx("b", 8, 1, (size_t[]){2}, (uint8_t[]){0, 2}, 2),
        write_idx("c", 8, 3, (size_t[]){2, 3, 2}, pixels + 12, 12),
        write_idx("d", 8, 1, (size_t[]){2}, (uint8_t[]){1, 0}, 2),
    };
    assert_int_equal(import(files, 0.2), ENGINE_OK);
    struct dataset *dataset = reopen("own");
    assert_int_equal(dataset->info->height, 3);
    assert_int_equal(dataset->info->width, 2);
    assert_int_equal(dataset->info->classes, 3);
    assert_string_equal(dataset->info->class_names[2], "2");
    assert_null(dataset->info->feature_names);
    assert_memory_equal(dataset->train.pixels, pixels, 12);
    assert_memory_equal(dataset->test.pixels, pixels + 12, 12);
    put_away(dataset);
}

/* Every picture is in one of the two with its own label. */
static void test_packed_pictures_are_split(void **context)
{
    (void)context;
    uint8_t many[20], labels[20];
    for (size_t i = 0; i < 20; i++) {
        many[i] = (uint8_t)(100 + i);
        labels[i] = i % 2;
    }
    const char *plain = write_idx("a", 8, 3, (size_t[]){20, 1, 1}, many, 20);
    size_t size;
    unsigned char *bytes = folder_read(plain, &size);
    gzFile stream = gzopen(folder_path(&in, "a.gz"), "wb");
    assert_int_equal(gzwrite(stream, bytes, (unsigned)size), (int)size);
    assert_int_equal(gzclose(stream), Z_OK);
    free(bytes);
    const char *files[PART_COUNT] = {folder_path(&in, "a.gz"),
                                     write_idx("b", 8, 1, (size_t[]){20}, labels, 20)};
    assert_int_equal(import(files, 0.2), ENGINE_OK);
    struct dataset *dataset = reopen("own");
    bool seen[20] = {false};
    assert_int_equal(dataset->test.count, 4);
    for (size_t i = 0; i < 20; i++) {
        const struct dataset_split *part = i < 4 ? &dataset->test : &dataset->train;
        size_t at = i < 4 ? i : i - 4;
        assert_int_equal(part->labels[at], part->pixels[at] % 2);
        assert_false(seen[part->pixels[at] - 100]);
        seen[part->pixels[at] - 100] = true;
    }
    put_away(dataset);
}

static void test_floats_are_a_table(void **context)
{
    (void)context;
    static const uint8_t floats[] = {0x3f, 0x80, 0, 0, 0x40, 0, 0, 0,  /* 1, 2 */
                                     0x40, 0x40, 0, 0, 0x40, 0, 0, 0}; /* 3, 2 */
    const char *files[PART_COUNT] = {
        write_idx("a", 0x0d, 2, (size_t[]){2, 2}, floats, 16),
        write_idx("b", 8, 1, (size_t[]){2}, (uint8_t[]){0, 1}, 2),
        write_idx("c", 0x0d, 2, (size_t[]){1, 2}, floats + 8, 8),
        write_idx("d", 8, 1, (size_t[]){1}, (uint8_t[]){1}, 1),
    };
    assert_int_equal(import(files, 0.2), ENGINE_OK);
    struct dataset *dataset = reopen("own");
    static const float train[] = {-1, 0, 1, 0}, test[] = {1, 0};
    assert_memory_equal(dataset->train.values, train, sizeof train);
    assert_memory_equal(dataset->test.values, test, sizeof test);
    assert_string_equal(dataset->info->feature_names[1], "column 2");
    assert_true(dataset->info->means[0] == 2 && dataset->info->means[1] == 2);
    put_away(dataset);
}

static void expect_refusal(const char *const files[PART_COUNT], const char *part,
                           const char *reason)
{
    enum engine_status status = import(files, 0.2);
    assert_true(status == ENGINE_FORMAT || status == ENGINE_INVALID);
    assert_string_equal(culprit, part);
    if (!strstr(failure.text, reason))
        fail_msg("\"%s\" does not say \"%s\"", failure.text, reason);
}

static void test_idx_files_that_do_not_fit(void **context)
{
    (void)context;
    char a[512], b[512], c[512];
    static const uint8_t nan[] = {0x7f, 0xc0, 0, 0};
    snprintf(a, sizeof a, "%s", write_idx("a", 8, 3, (size_t[]){2, 3, 2}, pixels, 12));
    snprintf(b, sizeof b, "%s",
             write_idx("b", 8, 1, (size_t[]){2}, (uint8_t[]){0, 1}, 2));
    snprintf(c, sizeof c, "%s", write_idx("c", 8, 1, (size_t[]){1}, (uint8_t[]){9}, 1));
    expect_refusal((const char *[PART_COUNT]){a}, "train_labels", "is needed");
    expect_refusal((const char *[PART_COUNT]){a, a}, "train_labels", "3 dimensions inst");
    expect_refusal((const char *[PART_COUNT]){a, c}, "train_labels", "1 labels for 2");
    expect_refusal((const char *[PART_COUNT]){b, b}, "train",
                   "type 0x08 in 1 dimensions");
    expect_refusal((const char *[PART_COUNT]){a, b, NULL, b}, "test", "is needed");
    expect_refusal((const char *[PART_COUNT]){a, b, a}, "test_labels", "is needed");
    expect_refusal((const char *[PART_COUNT]){NULL}, "train", "a file is needed");
    const char *d = write_idx("d", 8, 3, (size_t[]){1, 2, 3}, pixels, 6);
    expect_refusal((const char *[PART_COUNT]){a, b, d, c}, "test", "are 2 x 3, the tr");
    d = write_idx("d", 8, 3, (size_t[]){1, 3, 2}, pixels, 6);
    expect_refusal((const char *[PART_COUNT]){a, b, d, c}, "test_labels", "the label 9");
    d = write_idx("d", 8, 1, (size_t[]){2}, (uint8_t[]){0, 0}, 2);
    expect_refusal((const char *[PART_COUNT]){a, d}, "train_labels", "all labels are 0");
    d = write_idx("d", 0x0d, 2, (size_t[]){2, 1}, "\0\0\0\0\x7f\x80\0\0", 8);
    expect_refusal((const char *[PART_COUNT]){d, b}, "train", "number 1 of sample 2 is");
    d = write_idx("d", 0x0d, 2, (size_t[]){1, 1}, nan, 4);
    expect_refusal((const char *[PART_COUNT]){a, b, d, c}, "test", "type 0x0d");
    d = write_idx("d", 8, 3, (size_t[]){2, 3, 2}, pixels, 11);
    expect_refusal((const char *[PART_COUNT]){d, b}, "train", "truncated");
    const char *csv = write_text("t.csv", "x,y\n1,a\n2,b\n");
    expect_refusal((const char *[PART_COUNT]){csv, b}, "train_labels", "IDX files only");
    gzFile stream = gzopen(folder_path(&in, "t.gz"), "wb");
    assert_int_equal(gzputs(stream, "x,y\n1,a\n2,b\n"), 12);
    assert_int_equal(gzclose(stream), Z_OK);
    expect_refusal((const char *[PART_COUNT]){folder_path(&in, "t.gz")}, "train",
                   "unpack it first");
}

/* --- what is known ----------------------------------------------------------------- */

static void test_names(void **context)
{
    (void)context;
    static const char *const good[] = {"a", "0", "a-b_c", "iris",
                                       "abcdefghijklmnopqrstuvwxyz01234"};
    static const char *const bad[] = {
        "",   ".",   "..",       "a/b", "A",   "-a",
        "_a", "a b", "\xc3\xa9", "a.b", "a\n", "abcdefghijklmnopqrstuvwxyz012345"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(dataset_name_is_valid(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(dataset_name_is_valid(bad[i]));
}

static void test_a_removed_dataset_makes_room_for_its_name(void **context)
{
    (void)context;
    const char *classes[] = {"a", "b"};
    struct dataset_info info = {.name = "again",
                                .title = "",
                                .description = "",
                                .uploaded = true,
                                .width = 1,
                                .height = 1,
                                .features = 1,
                                .classes = 2,
                                .train_count = 1,
                                .test_count = 1,
                                .class_names = classes};
    struct engine_error error = {""};
    assert_int_equal(dataset_add(&info, &error), ENGINE_OK);
    const struct dataset_info *first = dataset_find("again");
    assert_int_equal(dataset_add(&info, &error), ENGINE_INVALID);
    assert_true(dataset_remove("again"));
    assert_true(dataset_is_removed(first));
    assert_null(dataset_find("again"));
    assert_false(dataset_remove("again"));
    assert_false(dataset_remove("mnist"));
    assert_int_equal(dataset_add(&info, &error), ENGINE_OK);
    assert_true(dataset_find("again") != first);
    assert_string_equal(first->name, "again");
    assert_true(dataset_remove("again"));
    enum engine_status status = ENGINE_OK;
    for (int i = 0; i < DATASET_MAX && status == ENGINE_OK; i++) {
        status = dataset_add(&info, &error);
        assert_true(status != ENGINE_OK || dataset_remove("again"));
    }
    assert_int_equal(status, ENGINE_INVALID);
    assert_non_null(strstr(error.text, "at most 512"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_table_is_standardised_and_split),
        cmocka_unit_test(test_a_test_file_is_the_test),
        cmocka_unit_test(test_imports_that_fail_name_their_part),
        cmocka_unit_test(test_pictures_with_a_test),
        cmocka_unit_test(test_packed_pictures_are_split),
        cmocka_unit_test(test_floats_are_a_table),
        cmocka_unit_test(test_idx_files_that_do_not_fit),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_a_removed_dataset_makes_room_for_its_name),
    };
    return cmocka_run_group_tests(tests, open_folders, close_folders);
}
