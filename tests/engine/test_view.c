/* What a run sees of its dataset, and that a model trained on raw pixels takes scaled
 * ones afterwards. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/trainer.h"
#include "engine/train/view.h"

#define ROWS   200
#define PIXELS 784

static uint8_t pixels[ROWS * PIXELS], labels[ROWS];

/* Pictures whose label is the band of rows that is lit. */
static struct dataset make_pictures(void)
{
    struct dataset_split split = {.count = ROWS, .pixels = pixels, .labels = labels};
    for (size_t i = 0; i < ROWS; i++) {
        labels[i] = (uint8_t)(i * 7 % 10);
        for (size_t p = 0; p < PIXELS; p++)
            pixels[i * PIXELS + p] =
                p / 78 == labels[i] ? (uint8_t)(200 + (i + p) % 56) : 0;
    }
    return (struct dataset){.info = dataset_find("mnist"), .train = split, .test = split};
}

static struct train_config picture_config(void)
{
    struct train_config config;
    config_init(&config);
    config.train_samples = config.test_samples = ROWS;
    config.hidden[0] = 16;
    config.hidden_count = 1;
    config.batch_size = 20;
    config.epochs = 2;
    config.lr = 1e-5;
    return config;
}

static void test_leaves_a_plain_dataset_alone(void **context)
{
    (void)context;
    struct dataset dataset = make_pictures();
    struct train_config config = picture_config();
    struct dataset_view view;
    assert_int_equal(dataset_view_open(&config, &dataset, &view), ENGINE_OK);
    assert_ptr_equal(view.train.labels, labels);
    assert_ptr_equal(view.train.pixels, pixels);
    assert_false(view.train.raw || view.test.raw);
    dataset_view_close(&view);
}

static void count_classes(const uint8_t *of, size_t counts[10])
{
    memset(counts, 0, 10 * sizeof *counts);
    for (size_t i = 0; i < ROWS; i++)
        counts[of[i]]++;
}

static void test_permutes_training_labels_by_the_seed(void **context)
{
    (void)context;
    struct dataset dataset = make_pictures();
    struct train_config config = picture_config();
    struct dataset_view view, again, other;
    size_t counts[10], permuted[10], same = 0;
    config.labels = LABELS_PERMUTED;
    assert_int_equal(dataset_view_open(&config, &dataset, &view), ENGINE_OK);
    assert_int_equal(dataset_view_open(&config, &dataset, &again), ENGINE_OK);
    config.seed = 2;
    assert_int_equal(dataset_view_open(&config, &dataset, &other), ENGINE_OK);
    count_classes(labels, counts);
    count_classes(view.train.labels, permuted);
    assert_memory_equal(counts, permuted, sizeof counts);
    assert_memory_equal(view.train.labels, again.train.labels, ROWS);
    assert_memory_not_equal(view.train.labels, other.train.labels, ROWS);
    for (size_t i = 0; i < ROWS; i++)
        same += view.train.labels[i] == labels[i];
    assert_in_range(same, 0, 50); /* 20 are to be expected */
    assert_ptr_equal(view.test.labels, labels);
    dataset_view_close(&view);
    dataset_view_close(&again);
    dataset_view_close(&other);
}

static void test_makes_labels_constant(void **context)
{
    (void)context;
    struct dataset dataset = make_pictures();
    struct train_config config = picture_config();
    struct dataset_view view;
    config.labels = LABELS_CONSTANT;
    assert_int_equal(dataset_view_open(&config, &dataset, &view), ENGINE_OK);
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(view.train.labels[i], 0);
    dataset_view_close(&view);
}

struct kept {
    struct checkpoint *checkpoint;
    struct train_point point;
};

static void keep(void *context, struct trainer *trainer, const struct train_point *point)
{
    struct kept *kept = context;
    kept->point = *point;
    assert_int_equal(trainer_snapshot(trainer, kept->checkpoint), ENGINE_OK);
}

/* The run sees 0 .. 255; its model, asked with 0 .. 1, gives the same loss. */
static void test_raw_inputs_are_255_times_as_large(void **context)
{
    (void)context;
    struct dataset dataset = make_pictures();
    struct train_config config = picture_config();
    struct kept kept;
    struct trainer *trainer;
    struct mlp *mlp;
    uint32_t rows[ROWS];
    uint8_t given[ROWS];
    config.inputs = INPUTS_RAW;
    assert_int_equal(checkpoint_new(&kept.checkpoint), ENGINE_OK);
    assert_int_equal(trainer_new(&config, &dataset, NULL, &trainer, NULL), ENGINE_OK);
    struct trainer_callbacks callbacks = {.context = &kept, .on_point = keep};
    assert_int_equal(trainer_run(trainer, &callbacks), TRAINER_EPOCHS_DONE);
    trainer_free(trainer);
    assert_int_equal(
        checkpoint_build_model(kept.checkpoint, CHECKPOINT_LAST, ROWS, &mlp, NULL),
        ENGINE_OK);
    for (uint32_t i = 0; i < ROWS; i++)
        rows[i] = i;
    dataset_gather(&dataset.test, PIXELS, rows, ROWS, mlp_inputs(mlp), given);
    assert_true(mlp_inputs(mlp)[0] <= 1);
    struct mlp_result result = mlp_evaluate(mlp, given, ROWS);
    assert_true(kept.point.test_loss > 1);
    assert_true(fabs(result.loss_sum / ROWS / kept.point.test_loss - 1) < 1e-5);
    mlp_free(mlp);
    checkpoint_free(kept.checkpoint);
}

static void expect_problem(const struct train_config *config, const char *field)
{
    struct config_problem problem;
    assert_int_equal(config_check(config, &problem, 1), 1);
    assert_string_equal(problem.field, field);
}

static void test_refuses_what_would_have_no_effect(void **context)
{
    (void)context;
    struct train_config config = picture_config();
    config.init_bias = -1;
    assert_int_equal(config_check(&config, NULL, 0), 0);
    config.hidden_count = 0;
    expect_problem(&config, "init_bias");
    config = picture_config();
    struct config_problem problem;
    assert_true(config_set_text(&config, config_find("dataset"), "moons", &problem));
    config.inputs = INPUTS_RAW;
    expect_problem(&config, "inputs");
}

/* Every hidden bias moves, the outputs' stay. */
static void test_shifts_hidden_biases(void **context)
{
    (void)context;
    struct train_config config = picture_config();
    struct mlp_shape shape = config_shape(&config);
    struct mlp *plain, *shifted;
    assert_int_equal(mlp_new(&shape, 1, &plain), ENGINE_OK);
    assert_int_equal(mlp_new(&shape, 1, &shifted), ENGINE_OK);
    trainer_initialise(&config, plain);
    config.init_bias = -2;
    trainer_initialise(&config, shifted);
    for (size_t layer = 0; layer < 2; layer++)
        for (size_t o = 0; o < mlp_layer(plain, layer)->outputs; o++) {
            size_t at = mlp_layer(plain, layer)->bias_offset + o;
            float moved = mlp_parameters(shifted)[at] - mlp_parameters(plain)[at];
            assert_true(fabsf(moved - (layer == 0 ? -2.0F : 0.0F)) < 1e-6F);
        }
    mlp_free(plain);
    mlp_free(shifted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leaves_a_plain_dataset_alone),
        cmocka_unit_test(test_permutes_training_labels_by_the_seed),
        cmocka_unit_test(test_makes_labels_constant),
        cmocka_unit_test(test_raw_inputs_are_255_times_as_large),
        cmocka_unit_test(test_refuses_what_would_have_no_effect),
        cmocka_unit_test(test_shifts_hidden_biases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
