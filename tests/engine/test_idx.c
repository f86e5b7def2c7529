/* IDX files: what is read, and that every damage is refused and named. */
#include "tests/engine/cmocka_all.h"

#include <zlib.h>

#include "engine/autograd/rng.h"
#include "engine/data/idx.h"
#include "tests/engine/folder.h"

/* Three pictures of 2 x 2. */
static const uint8_t good[] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2,  0,  0,
                               0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

static struct folder folder;

static const char *write_plain(const void *bytes, size_t size)
{
    const char *path = folder_path(&folder, "file");
    folder_write(path, bytes, size);
    return path;
}

static const char *write_packed(const void *bytes, size_t size)
{
    const char *path = folder_path(&folder, "file.gz");
    gzFile stream = gzopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(gzwrite(stream, bytes, (unsigned)size), (int)size);
    assert_int_equal(gzclose(stream), Z_OK);
    return path;
}

static void expect_good(const char *path)
{
    struct idx idx;
    struct engine_error error = {""};
    assert_int_equal(idx_open(path, 3, &idx, &error), ENGINE_OK);
    assert_int_equal(idx.sizes[0], 3);
    assert_int_equal(idx.sizes[1], 2);
    assert_int_equal(idx.sizes[2], 2);
    assert_memory_equal(idx.data, good + 16, 12);
    idx_close(&idx);
    idx_close(&idx);
}

/* Refused with a text that names the file and holds `reason`; `out` left alone. */
static void expect_bad(const char *path, enum engine_status status, const char *reason)
{
    struct idx idx = {.rank = 77};
    struct engine_error error = {""};
    assert_int_equal(idx_open(path, 3, &idx, &error), status);
    assert_int_equal(idx.rank, 77);
    assert_non_null(strstr(error.text, path));
    if (strstr(error.text, reason) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.text, reason);
}

static void test_reads_plain_and_packed(void **context)
{
    (void)context;
    expect_good(write_plain(good, sizeof good));
    expect_good(write_packed(good, sizeof good));
}

static void expect_bad_both(const uint8_t *bytes, size_t size, const char *reason)
{
    expect_bad(write_plain(bytes, size), ENGINE_FORMAT, reason);
    expect_bad(write_packed(bytes, size), ENGINE_FORMAT, reason);
}

static void test_refuses_wrong_headers(void **context)
{
    (void)context;
    static const struct {
        size_t at;
        uint8_t value;
        const char *reason;
    } damages[] = {
        {0,  1,    "not an IDX file"},
        {2,  0x0d, "unsigned bytes" },
        {3,  1,    "dimensions"     },
        {4,  0xff, "more than 2 GiB"},
        {7,  0,    "is empty"       },
        {11, 3,    "truncated"      },
    };
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        uint8_t bytes[sizeof good];
        memcpy(bytes, good, sizeof good);
        bytes[damages[i].at] = damages[i].value;
        expect_bad_both(bytes, sizeof bytes, damages[i].reason);
    }
}

static void test_refuses_every_truncation(void **context)
{
    (void)context;
    for (size_t size = 1; size < sizeof good; size++) {
        expect_bad(write_plain(good, size), ENGINE_FORMAT, "");
        expect_bad(write_packed(good, size), ENGINE_FORMAT, "truncated");
    }
    expect_bad(write_plain(good, 0), ENGINE_FORMAT, "empty");
}

static void test_refuses_bytes_left_over(void **context)
{
    (void)context;
    uint8_t bytes[sizeof good + 1] = {0};
    memcpy(bytes, good, sizeof good);
    expect_bad_both(bytes, sizeof bytes, "left over");
}

/* 2 GiB would be within the limit, but not in so few bytes: refused before they are
 * allocated. */
static void test_packed_files_do_not_lie_about_their_size(void **context)
{
    (void)context;
    static const uint8_t bytes[] = {0, 0, 8, 3, 0x7f, 0xff, 0xff, 0xff, 0, 0,
                                    0, 1, 0, 0, 0,    1,    1,    2,    3};
    expect_bad(write_packed(bytes, sizeof bytes), ENGINE_FORMAT,
               "its header calls for 2147483647 bytes");
}

/* Cuts and flips in the packed file itself, its checksum included. A flip is refused or
 * falls on one of deflate's padding bits and changes nothing. */
static void test_refuses_damaged_packing(void **context)
{
    (void)context;
    size_t size;
    uint8_t *packed = folder_read(write_packed(good, sizeof good), &size);
    for (size_t cut = 2; cut < size; cut++)
        expect_bad(write_plain(packed, cut), ENGINE_FORMAT, "");
    size_t harmless = 0;
    for (size_t bit = 10 * 8; bit < size * 8; bit++) {
        packed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        struct idx idx;
        if (idx_open(write_plain(packed, size), 3, &idx, NULL) == ENGINE_OK) {
            assert_memory_equal(idx.data, good + 16, 12);
            idx_close(&idx);
            harmless++;
        }
        packed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_in_range(harmless, 0, 7);
    free(packed);
}

/* Whatever the bytes, it answers: random ones, and good ones with random damage. */
static void test_survives_noise(void **context)
{
    (void)context;
    struct rng rng;
    rng_init(&rng, 7, 0);
    for (int round = 0; round < 500; round++) {
        uint8_t bytes[sizeof good];
        memcpy(bytes, good, sizeof good);
        for (int i = 0; i < 3; i++)
            bytes[rng_below(&rng, sizeof bytes)] = (uint8_t)rng_next(&rng);
        const char *path = write_plain(bytes, 1 + rng_below(&rng, sizeof bytes));
        struct idx idx;
        if (idx_open(path, 3, &idx, NULL) == ENGINE_OK)
            idx_close(&idx);
    }
}

static void test_names_system_failures(void **context)
{
    (void)context;
    expect_bad(folder_path(&folder, "missing"), ENGINE_NOT_FOUND, "No such file");
    expect_bad(folder.path, ENGINE_FORMAT, "not a file");
}

static int set_up(void **context)
{
    (void)context;
    folder = folder_open();
    return 0;
}

static int tear_down(void **context)
{
    (void)context;
    folder_close(&folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_plain_and_packed),
        cmocka_unit_test(test_packed_files_do_not_lie_about_their_size),
        cmocka_unit_test(test_refuses_wrong_headers),
        cmocka_unit_test(test_refuses_every_truncation),
        cmocka_unit_test(test_refuses_bytes_left_over),
        cmocka_unit_test(test_refuses_damaged_packing),
        cmocka_unit_test(test_survives_noise),
        cmocka_unit_test(test_names_system_failures),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
