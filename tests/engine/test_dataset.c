/* Datasets: the list, the synthetic points, files found and refused, and the gather. */
#include "tests/engine/cmocka_all.h"

#include <fcntl.h>
#include <math.h>

#include "engine/data/dataset.h"
#include "tests/engine/folder.h"

static const char *const synthetic[] = {"moons", "circles", "spirals", "xor"};
#define SYNTHETIC_COUNT 4

static void test_lists_what_it_knows(void **context)
{
    (void)context;
    size_t count;
    const struct dataset_info *list = dataset_list(&count);
    assert_int_equal(count, 6);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(dataset_find(list[i].name), &list[i]);
        assert_int_equal(list[i].width * list[i].height,
                         list[i].synthetic ? 0 : list[i].features);
        for (size_t c = 0; c < list[i].classes; c++)
            assert_true(list[i].class_names[c][0] != '\0');
    }
    assert_null(dataset_find("imagenet"));
}

static struct dataset *open_set(const char *name)
{
    struct dataset *dataset;
    assert_int_equal(dataset_open(name, NULL, 0, &dataset, NULL), ENGINE_OK);
    return dataset;
}

static void check_split(const struct dataset_info *info,
                        const struct dataset_split *split, size_t count)
{
    size_t per_class[3] = {0};
    assert_int_equal(split->count, count);
    assert_null(split->pixels);
    for (size_t i = 0; i < count; i++) {
        assert_true(fabsf(split->values[2 * i]) < 2.5f);
        assert_true(fabsf(split->values[2 * i + 1]) < 2.5f);
        assert_in_range(split->labels[i], 0, info->classes - 1);
        per_class[split->labels[i]]++;
    }
    for (size_t c = 0; c < info->classes; c++)
        assert_in_range(per_class[c], count / info->classes, count / info->classes + 1);
}

static void test_makes_the_same_points_each_time(void **context)
{
    (void)context;
    for (size_t i = 0; i < SYNTHETIC_COUNT; i++) {
        assert_true(dataset_present(synthetic[i], NULL, 0));
        struct dataset *one = open_set(synthetic[i]), *two = open_set(synthetic[i]);
        check_split(one->info, &one->train, 1000);
        check_split(one->info, &one->test, 500);
        assert_memory_equal(one->train.values, two->train.values, 8000);
        assert_memory_equal(one->test.values, two->test.values, 4000);
        assert_memory_not_equal(one->train.values, one->test.values, 4000);
        dataset_close(one);
        dataset_close(two);
    }
}

static void test_gathers_points(void **context)
{
    (void)context;
    struct dataset *moons = open_set("moons");
    static const uint32_t rows[] = {999, 0, 0, 41};
    float out[8];
    uint8_t labels[4];
    dataset_gather(&moons->train, 2, rows, 4, out, labels);
    for (size_t i = 0; i < 4; i++) {
        assert_memory_equal(out + 2 * i, moons->train.values + (size_t)2 * rows[i], 8);
        assert_int_equal(labels[i], moons->train.labels[rows[i]]);
    }
    dataset_close(moons);
}

/* Every pixel value, in rows of odd length so that vectors have remainders. */
static void test_gathers_pixels_as_fractions(void **context)
{
    (void)context;
    uint8_t pixels[259], labels[7] = {0, 1, 2, 3, 4, 5, 6}, got[2];
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)i;
    struct dataset_split split = {.count = 7, .pixels = pixels, .labels = labels};
    for (uint32_t row = 0; row < 6; row++) {
        uint32_t rows[] = {row + 1, row};
        float out[74];
        dataset_gather(&split, 37, rows, 2, out, got);
        assert_int_equal(got[0], row + 1);
        assert_int_equal(got[1], row);
        for (size_t i = 0; i < 37; i++)
            assert_true(fabs(out[37 + i] - pixels[row * 37 + i] / 255.0) < 1e-7);
    }
}

static void expect_failure(const char *name, const char *const *dirs, size_t count,
                           enum engine_status status, const char *reason)
{
    struct dataset *dataset = NULL;
    struct engine_error error = {""};
    assert_int_equal(dataset_open(name, dirs, count, &dataset, &error), status);
    assert_null(dataset);
    if (strstr(error.text, reason) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
}

static void test_says_how_to_get_missing_files(void **context)
{
    (void)context;
    static const char *const dirs[] = {"/nonexistent/one", "/nonexistent/two"};
    assert_false(dataset_present("mnist", dirs, 2));
    assert_false(dataset_present("imagenet", dirs, 2));
    expect_failure("mnist", dirs, 2, ENGINE_NOT_FOUND, "npm ci --prefix web");
    expect_failure("mnist", dirs, 2, ENGINE_NOT_FOUND, "make datasets");
    expect_failure("mnist", dirs, 2, ENGINE_NOT_FOUND, "/nonexistent/one/mnist");
    expect_failure("mnist", dirs, 2, ENGINE_NOT_FOUND, "/nonexistent/two/mnist");
    expect_failure("mnist", NULL, 0, ENGINE_NOT_FOUND, "no folder");
    expect_failure("fashion-mnist", dirs, 2, ENGINE_NOT_FOUND,
                   "apt-get install dataset-fashion-mnist");
    expect_failure("imagenet", dirs, 2, ENGINE_NOT_FOUND, "no dataset imagenet");
}

/* An IDX file of zeros, sparse on disk, with `last` as its final byte. */
static void write_zeros(const struct folder *folder, const char *name, uint8_t rank,
                        uint32_t count, uint8_t side, uint8_t last)
{
    uint8_t header[16] = {0, 0, 8, rank};
    for (int i = 0; i < 4; i++)
        header[4 + i] = (uint8_t)(count >> (24 - 8 * i));
    header[11] = side;
    header[15] = 28;
    size_t size = rank == 3 ? 16 + (size_t)count * side * 28 : 8 + (size_t)count;
    const char *path = folder_path(folder, name);
    folder_write(path, header, rank == 3 ? 16 : 8);
    assert_int_equal(truncate(path, (off_t)size), 0);
    int file = open(path, O_WRONLY);
    assert_int_equal(pwrite(file, &last, 1, (off_t)size - 1), 1);
    close(file);
}

static void write_all(const struct folder *folder, uint32_t labels, uint8_t last_label)
{
    write_zeros(folder, "train-images-idx3-ubyte", 3, 60000, 28, 0);
    write_zeros(folder, "train-labels-idx1-ubyte", 1, labels, 28, last_label);
    write_zeros(folder, "t10k-images-idx3-ubyte", 3, 10000, 28, 255);
    write_zeros(folder, "t10k-labels-idx1-ubyte", 1, 10000, 28, 9);
}

/* MNIST's files in a folder of our own, right at first and then wrong in turn. */
static void test_checks_the_files_against_each_other(void **context)
{
    (void)context;
    struct folder parent = folder_open(), folder;
    snprintf(folder.path, sizeof folder.path, "%.50s/mnist", parent.path);
    assert_int_equal(mkdir(folder.path, 0700), 0);
    const char *dirs[] = {"/nonexistent", parent.path};
    write_all(&folder, 60000, 9);
    struct dataset *dataset;
    assert_true(dataset_present("mnist", dirs, 2));
    assert_int_equal(dataset_open("mnist", dirs, 2, &dataset, NULL), ENGINE_OK);
    assert_int_equal(dataset->train.count, 60000);
    assert_int_equal(dataset->train.labels[59999], 9);
    assert_int_equal(dataset->test.pixels[10000 * 784 - 1], 255);
    dataset_close(dataset);
    write_all(&folder, 60000, 10);
    expect_failure("mnist", dirs, 2, ENGINE_FORMAT, "label 59999 is 10");
    write_all(&folder, 59999, 9);
    expect_failure("mnist", dirs, 2, ENGINE_FORMAT, "59999 labels");
    write_all(&folder, 60000, 9);
    write_zeros(&folder, "t10k-images-idx3-ubyte", 3, 10000, 27, 0);
    expect_failure("mnist", dirs, 2, ENGINE_FORMAT, "27 x 28 instead of 28 x 28");
    write_all(&folder, 60000, 9);
    const char *images = folder_path(&folder, "t10k-images-idx3-ubyte");
    assert_int_equal(truncate(images, 1000), 0);
    expect_failure("mnist", dirs, 2, ENGINE_FORMAT, images);
    assert_int_equal(remove(images), 0);
    assert_false(dataset_present("mnist", dirs, 2));
    expect_failure("mnist", dirs, 2, ENGINE_NOT_FOUND, "the other three");
    folder_close(&folder);
    rmdir(parent.path);
}

/* The real files, where the build has put them. */
static void test_opens_real_mnist(void **context)
{
    (void)context;
    const char *dir = getenv("SWEETSPOT_DATASETS");
    if (dir == NULL || !dataset_present("mnist", &dir, 1)) {
        print_message("MNIST's files are not in $SWEETSPOT_DATASETS: skipped\n");
        skip();
    }
    struct dataset *mnist;
    assert_int_equal(dataset_open("mnist", &dir, 1, &mnist, NULL), ENGINE_OK);
    static const uint8_t first_labels[] = {5, 0, 4, 1, 9, 2, 1, 3, 1, 4};
    assert_memory_equal(mnist->train.labels, first_labels, sizeof first_labels);
    assert_int_equal(mnist->test.labels[0], 7);
    dataset_close(mnist);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_what_it_knows),
        cmocka_unit_test(test_makes_the_same_points_each_time),
        cmocka_unit_test(test_gathers_points),
        cmocka_unit_test(test_gathers_pixels_as_fractions),
        cmocka_unit_test(test_says_how_to_get_missing_files),
        cmocka_unit_test(test_checks_the_files_against_each_other),
        cmocka_unit_test(test_opens_real_mnist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
