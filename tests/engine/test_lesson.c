/* Lessons: the same steps as a run's, however they are parted, and what is seen of them.
 */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/anatomy/lesson.h"
#include "engine/train/trainer.h"

static struct dataset *moons;
static struct train_config config;

static int open_moons(void **context)
{
    (void)context;
    struct config_problem problem;
    config_init(&config);
    assert_int_equal(dataset_open("moons", NULL, 0, &moons, NULL), ENGINE_OK);
    assert_true(config_set_text(&config, config_find("dataset"), "moons", &problem));
    config.engine = ENGINE_KIND_SCALAR;
    config.hidden[0] = 6;
    config.hidden[1] = 5;
    config.hidden_count = 2;
    config.activation = ACTIVATION_TANH;
    config.batch_size = 48;
    config.epochs = 3;
    config.seed = 7;
    return 0;
}

static int close_moons(void **context)
{
    (void)context;
    dataset_close(moons);
    return 0;
}

static struct lesson *new_lesson(int64_t step)
{
    struct lesson *lesson;
    assert_int_equal(lesson_new(&config, moons, step, &lesson), ENGINE_OK);
    return lesson;
}

static size_t size_of(const struct lesson *lesson)
{
    const struct mlp_layer *last = lesson_layer(lesson, lesson_layer_count(lesson) - 1);
    return last->bias_offset + last->outputs;
}

static struct checkpoint *kept;
static struct train_point last_point;
static void keep(void *context, struct trainer *trainer, const struct train_point *point)
{
    (void)context;
    last_point = *point;
    assert_int_equal(trainer_snapshot(trainer, kept), ENGINE_OK);
}

/* Over epochs, and the parameters go out and come in between. */
static void test_steps_are_those_of_a_run(void **context)
{
    (void)context;
    struct trainer *trainer;
    struct mlp *mlp;
    struct trainer_callbacks callbacks = {.on_point = keep};
    assert_int_equal(checkpoint_new(&kept), ENGINE_OK);
    assert_int_equal(trainer_new(&config, moons, NULL, &trainer, NULL), ENGINE_OK);
    assert_int_equal(trainer_run(trainer, &callbacks), TRAINER_EPOCHS_DONE);
    int64_t total = trainer_step(trainer);
    trainer_free(trainer);
    assert_int_equal(checkpoint_build_model(kept, CHECKPOINT_LAST, 1, &mlp, NULL),
                     ENGINE_OK);

    struct lesson *lesson = new_lesson(0);
    size_t size = size_of(lesson);
    float *parameters = malloc(size * sizeof *parameters);
    double losses[100];
    while (lesson_step(lesson) < total) {
        size_t wanted =
            lesson_step(lesson) + 10 > total ? (size_t)(total - lesson_step(lesson)) : 10;
        assert_int_equal(lesson_train(lesson, wanted, 60, losses), wanted);
        int64_t step = lesson_step(lesson);
        memcpy(parameters, lesson_parameters(lesson), size * sizeof *parameters);
        lesson_free(lesson);
        lesson = new_lesson(step);
        memcpy(lesson_parameters(lesson), parameters, size * sizeof *parameters);
    }
    assert_memory_equal(lesson_parameters(lesson), mlp_parameters(mlp),
                        size * sizeof *parameters);
    assert_int_equal(lesson_steps_per_epoch(lesson) * 3, total);
    free(parameters);
    lesson_free(lesson);
    mlp_free(mlp);
    checkpoint_free(kept);
}

static void test_learns_and_tells(void **context)
{
    (void)context;
    config.lr = 0.3;
    struct lesson *lesson = new_lesson(0);
    double losses[600];
    struct mlp_result before = lesson_evaluate(lesson);
    assert_int_equal(lesson_train(lesson, 600, 60, losses), 600);
    struct mlp_result after = lesson_evaluate(lesson);
    assert_int_equal(before.rows, 1000);
    assert_true(after.loss_sum < before.loss_sum / 2);
    assert_true(after.correct > 850);
    lesson_free(lesson);
}

/* The surface answers at a sample's place what the network answers to that sample. */
static void test_surveys_the_plane(void **context)
{
    (void)context;
    struct lesson *lesson = new_lesson(0);
    enum { SIZE = 33 };
    float output[SIZE * SIZE];
    double losses[300];
    assert_int_equal(lesson_train(lesson, 300, 60, losses), 300);
    lesson_survey(lesson, SIZE, output);
    struct lesson_area area = lesson_area(lesson);
    size_t right = 0;
    for (size_t i = 0; i < 1000; i++) {
        double x = moons->train.values[2 * i], y = moons->train.values[2 * i + 1];
        assert_true(x > area.x_low && x < area.x_high && y > area.y_low &&
                    y < area.y_high);
        size_t column =
            (size_t)lround((x - area.x_low) / (area.x_high - area.x_low) * (SIZE - 1));
        size_t row =
            (size_t)lround((y - area.y_low) / (area.y_high - area.y_low) * (SIZE - 1));
        float chance = output[row * SIZE + column];
        assert_true(chance >= 0 && chance <= 1);
        right += (chance > 0.5F) == moons->train.labels[i];
    }
    size_t correct = lesson_evaluate(lesson).correct;
    assert_true(right + 30 > correct && right < correct + 30);
    const float *units = (lesson_survey(lesson, SIZE, output), lesson_units(lesson, 0));
    for (size_t i = 0; i < (size_t)SIZE * SIZE * 6; i++)
        assert_true(fabsf(units[i]) <= 1); /* tanh */
    lesson_free(lesson);
}

static void test_stops_in_time_and_at_nonsense(void **context)
{
    (void)context;
    double losses[100];
    struct lesson *lesson = new_lesson(0);
    assert_int_equal(lesson_train(lesson, 100, 0, losses), 0);
    lesson_free(lesson);
    config.lr = 1000;
    config.activation = ACTIVATION_LINEAR;
    config.loss = LOSS_MSE;
    lesson = new_lesson(0);
    size_t taken = lesson_train(lesson, 100, 60, losses);
    assert_true(taken < 100 && !isfinite(losses[taken - 1]));
    lesson_free(lesson);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_moons, close_moons)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_steps_are_those_of_a_run),
        TEST(test_learns_and_tells),
        TEST(test_surveys_the_plane),
        TEST(test_stops_in_time_and_at_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
