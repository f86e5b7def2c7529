/* Checkpoints: through a file and back, what is refused, and failures of the disk. */
#include "tests/engine/cmocka_all.h"

#include <signal.h>
#include <sys/resource.h>

#include "engine/autograd/rng.h"
#include "tests/engine/diary.h"
#include "tests/engine/folder.h"

static struct folder folder;

static struct checkpoint *new_checkpoint(void)
{
    struct checkpoint *checkpoint;
    assert_int_equal(checkpoint_new(&checkpoint), ENGINE_OK);
    return checkpoint;
}

/* Momentum, two layers, a validation split, stopped before step `step`. */
static struct train_config rich_config(void)
{
    struct train_config config = small_config();
    config.momentum = 0.9;
    config.hidden_count = 2;
    config.hidden[1] = 5;
    config.validation_samples = 10;
    config.target_accuracy = 0.999;
    return config;
}

static struct checkpoint *checkpoint_at(const struct train_config *config, int64_t step)
{
    struct diary *diary = new_diary();
    struct checkpoint *checkpoint = new_checkpoint();
    struct trainer *trainer = new_trainer(config, NULL);
    diary->interrupt_at = step;
    run(trainer, diary);
    assert_int_equal(trainer_snapshot(trainer, checkpoint), ENGINE_OK);
    trainer_free(trainer);
    free(diary);
    return checkpoint;
}

static const char *write_checkpoint(const struct checkpoint *checkpoint)
{
    const char *path = folder_path(&folder, "checkpoint");
    struct engine_error error = {""};
    if (checkpoint_write(checkpoint, path, &error) != ENGINE_OK)
        fail_msg("%s", error.text);
    return path;
}

static void finish(const struct train_config *config, const struct checkpoint *from,
                   struct diary *diary)
{
    struct trainer *trainer = new_trainer(config, from);
    assert_int_equal(run(trainer, diary), TRAINER_EPOCHS_DONE);
    trainer_free(trainer);
}

/* From the file and from memory the run goes on the same way: before the first point,
 * between points, at the end. */
static void test_goes_on_from_a_file(void **context)
{
    (void)context;
    struct train_config config = rich_config();
    static const int64_t steps[] = {0, 1, 6, 9, 17, 18};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct checkpoint *kept = checkpoint_at(&config, steps[i]);
        struct checkpoint *read = new_checkpoint();
        assert_int_equal(checkpoint_read(write_checkpoint(kept), read, NULL), ENGINE_OK);
        assert_int_equal(checkpoint_step(read), steps[i]);
        struct diary *one = new_diary(), *two = new_diary();
        finish(&config, kept, one);
        finish(&config, read, two);
        assert_same_diary(one, two);
        free(one);
        free(two);
        checkpoint_free(kept);
        checkpoint_free(read);
    }
}

/* What is written is the same bytes again after reading. */
static void test_writes_what_it_read(void **context)
{
    (void)context;
    struct train_config config = rich_config();
    struct checkpoint *kept = checkpoint_at(&config, 9), *read = new_checkpoint();
    size_t size, again;
    uint8_t *first = folder_read(write_checkpoint(kept), &size);
    assert_int_equal(checkpoint_read(folder_path(&folder, "checkpoint"), read, NULL),
                     ENGINE_OK);
    uint8_t *second = folder_read(write_checkpoint(read), &again);
    assert_int_equal(size, again);
    assert_memory_equal(first, second, size);
    assert_int_equal(folder_count(&folder), 1);
    free(first);
    free(second);
    checkpoint_free(kept);
    checkpoint_free(read);
}

static enum engine_status read_bytes(const uint8_t *bytes, size_t size,
                                     struct checkpoint *into)
{
    const char *path = folder_path(&folder, "damaged");
    folder_write(path, bytes, size);
    struct engine_error error = {""};
    enum engine_status status = checkpoint_read(path, into, &error);
    if (status != ENGINE_OK)
        assert_non_null(strstr(error.text, path));
    return status;
}

/* Every cut, a byte too many, and any flipped bit; what was in `into` stays. */
static void test_refuses_damage(void **context)
{
    (void)context;
    struct train_config config = rich_config();
    struct checkpoint *kept = checkpoint_at(&config, 9),
                      *into = checkpoint_at(&config, 4);
    size_t size;
    uint8_t *bytes = folder_read(write_checkpoint(kept), &size);
    for (size_t cut = 0; cut < size; cut += cut < 5000 ? 61 : 7)
        assert_int_equal(read_bytes(bytes, cut, into), ENGINE_FORMAT);
    assert_int_equal(read_bytes(bytes, size + 1, into), ENGINE_FORMAT);
    struct rng rng;
    rng_init(&rng, 1, 0);
    for (int round = 0; round < 400; round++) {
        size_t at = round < 200 ? (size_t)round : rng_below(&rng, size);
        uint8_t flip = (uint8_t)(1 << rng_below(&rng, 8));
        bytes[at] ^= flip;
        assert_int_equal(read_bytes(bytes, size, into), ENGINE_FORMAT);
        bytes[at] ^= flip;
    }
    assert_int_equal(checkpoint_step(into), 4);
    assert_int_equal(read_bytes(bytes, size, into), ENGINE_OK);
    assert_int_equal(checkpoint_step(into), 9);
    free(bytes);
    checkpoint_free(kept);
    checkpoint_free(into);
}

/* Headers that claim the absurd, and files that are something else. */
static void test_refuses_what_is_not_ours(void **context)
{
    (void)context;
    static const char *const texts[] = {
        "",
        "hello",
        "\xff\xff\xff\xff\xff\xff\xff\x7f{\"__metadata__\":{",
        "\x02\0\0\0\0\0\0\0{}",
        "\x40\0\0\0\0\0\0\0{\"__metadata__\":{}}",
        "\x40\0\0\0\0\0\0\0{\"__metadata__\":{\"format\":\"pt\",\"sweetspot\":\"1 \"}}",
        "\x40\0\0\0\0\0\0\0{\"__metadata__\":{\"format\":\"pt\",\"sweetspot\":\"1 0 0 "
        "seed=99999999999999999999 \"}}",
        "\x40\0\0\0\0\0\0\0{\"__metadata__\":{\"format\":\"pt\",\"sweetspot\":\"1 0 "
        "18446744073709551615 \"}}",
        "\x40\0\0\0\0\0\0\0{\"__metadata__\":{\"format\":\"pt\",\"sweetspot\":\"1 0 0 "
        "hidden=4096,4096,4096,4096 \"}}",
    };
    struct checkpoint *into = new_checkpoint();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t length = i < 2 ? strlen(texts[i]) : 8 + strlen(texts[i] + 8);
        assert_int_equal(read_bytes((const uint8_t *)texts[i], length, into),
                         ENGINE_FORMAT);
    }
    assert_int_equal(checkpoint_read("/nonexistent/file", into, NULL), ENGINE_NOT_FOUND);
    assert_int_equal(checkpoint_read(folder.path, into, NULL), ENGINE_FORMAT);
    checkpoint_free(into);
}

static void expect_write_failure(const struct checkpoint *checkpoint, const char *path)
{
    struct engine_error error = {""};
    assert_int_equal(checkpoint_write(checkpoint, path, &error), ENGINE_IO);
    assert_non_null(strstr(error.text, path));
}

/* A full disk stands in as a limit on file sizes: the file there stays, nothing else
 * does. */
static void test_failing_writes_change_nothing(void **context)
{
    (void)context;
    struct train_config config = rich_config();
    struct checkpoint *old = checkpoint_at(&config, 4);
    struct checkpoint *later = checkpoint_at(&config, 9), *read = new_checkpoint();
    const char *path = write_checkpoint(old);
    size_t count = folder_count(&folder);
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 1000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    expect_write_failure(later, path);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(folder_count(&folder), count);
    assert_int_equal(checkpoint_read(path, read, NULL), ENGINE_OK);
    assert_int_equal(checkpoint_step(read), 4);
    expect_write_failure(later, "/nonexistent/folder/checkpoint");
    expect_write_failure(later, folder.path); /* a folder cannot be replaced by a file */
    char long_path[5000];
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    assert_int_equal(checkpoint_write(later, long_path, NULL), ENGINE_INVALID);
    checkpoint_free(old);
    checkpoint_free(later);
    checkpoint_free(read);
}

/* Length, JSON header, data: what any safetensors reader expects of a model. */
static void test_exports_safetensors(void **context)
{
    (void)context;
    struct train_config config = rich_config();
    struct checkpoint *kept = checkpoint_at(&config, 9);
    uint8_t *bytes = NULL;
    size_t size;
    assert_int_equal(checkpoint_export_model(kept, CHECKPOINT_LAST, &bytes, &size, NULL),
                     ENGINE_OK);
    static const char header[] =
        "{\"__metadata__\":{\"format\":\"pt\"},"
        "\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[8,2],\"data_offsets\":[0,64]},"
        "\"layers.0.bias\":{\"dtype\":\"F32\",\"shape\":[8],\"data_offsets\":[64,96]},"
        "\"layers.1.weight\":{\"dtype\":\"F32\",\"shape\":[5,8],"
        "\"data_offsets\":[96,256]},"
        "\"layers.1.bias\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[256,276]},"
        "\"layers.2.weight\":{\"dtype\":\"F32\",\"shape\":[2,5],"
        "\"data_offsets\":[276,316]},"
        "\"layers.2.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[316,324]}}";
    size_t length = bytes[0] | (size_t)bytes[1] << 8;
    for (size_t i = 2; i < 8; i++)
        assert_int_equal(bytes[i], 0);
    assert_int_equal(length % 8, 0);
    assert_memory_equal(bytes + 8, header, sizeof header - 1);
    for (size_t i = sizeof header - 1; i < length; i++)
        assert_int_equal(bytes[8 + i], ' ');
    assert_int_equal(size, 8 + length + 324);
    struct mlp *mlp;
    assert_int_equal(checkpoint_build_model(kept, CHECKPOINT_LAST, 1, &mlp, NULL),
                     ENGINE_OK);
    float first[16];
    memcpy(first, bytes + 8 + length, sizeof first);
    const float *weight = mlp_parameters(mlp) + mlp_layer(mlp, 0)->weight_offset;
    for (size_t o = 0; o < 8; o++)
        for (size_t i = 0; i < 2; i++)
            assert_same_bits(first[o * 2 + i], weight[i * 8 + o]);
    mlp_free(mlp);
    free(bytes);
    checkpoint_free(kept);
}

/* The built model, measured on the test set, has the accuracy that its point had. */
static void test_builds_the_best_and_the_last(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.epochs = 12;
    struct diary *diary = new_diary();
    struct trainer *trainer = new_trainer(&config, NULL);
    run(trainer, diary);
    struct checkpoint *kept = new_checkpoint(), *read = new_checkpoint();
    assert_int_equal(trainer_snapshot(trainer, kept), ENGINE_OK);
    assert_int_equal(checkpoint_read(write_checkpoint(kept), read, NULL), ENGINE_OK);
    size_t best = 0, last = diary->point_count - 1;
    for (size_t i = 0; i < diary->point_count; i++)
        best = diary->points[i].is_best ? i : best;
    for (int which = CHECKPOINT_BEST; which <= CHECKPOINT_LAST; which++) {
        const struct train_point *point =
            &diary->points[which == CHECKPOINT_BEST ? best : last];
        struct mlp *mlp;
        assert_int_equal(
            checkpoint_build_model(read, (enum checkpoint_which)which, 50, &mlp, NULL),
            ENGINE_OK);
        uint32_t rows[50];
        uint8_t labels[50];
        for (uint32_t i = 0; i < 50; i++)
            rows[i] = i;
        dataset_gather(&moons->test, 2, rows, 50, mlp_inputs(mlp), labels);
        struct mlp_result result = mlp_evaluate(mlp, labels, 50);
        assert_same_bits((double)result.correct / 50, point->test_accuracy);
        mlp_free(mlp);
    }
    trainer_free(trainer);
    checkpoint_free(kept);
    checkpoint_free(read);
    free(diary);
}

static void test_an_empty_checkpoint_gives_nothing(void **context)
{
    (void)context;
    struct checkpoint *empty = new_checkpoint();
    uint8_t *bytes = NULL;
    size_t size;
    struct mlp *mlp = NULL;
    assert_int_equal(checkpoint_export_model(empty, CHECKPOINT_BEST, &bytes, &size, NULL),
                     ENGINE_INVALID);
    assert_int_equal(checkpoint_build_model(empty, CHECKPOINT_BEST, 1, &mlp, NULL),
                     ENGINE_INVALID);
    assert_int_equal(checkpoint_write(empty, folder_path(&folder, "empty"), NULL),
                     ENGINE_INVALID);
    assert_null(bytes);
    assert_null(mlp);
    checkpoint_free(empty);
}

static int set_up(void **context)
{
    folder = folder_open();
    return open_moons(context);
}

static int tear_down(void **context)
{
    folder_close(&folder);
    return close_moons(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writes_what_it_read),
        cmocka_unit_test(test_goes_on_from_a_file),
        cmocka_unit_test(test_refuses_damage),
        cmocka_unit_test(test_refuses_what_is_not_ours),
        cmocka_unit_test(test_failing_writes_change_nothing),
        cmocka_unit_test(test_exports_safetensors),
        cmocka_unit_test(test_builds_the_best_and_the_last),
        cmocka_unit_test(test_an_empty_checkpoint_gives_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
