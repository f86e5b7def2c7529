/* Interruption leaves no trace: points, buckets and weights are the same bits. */
#include "tests/engine/cmocka_all.h"

#include <pthread.h>

#include "tests/engine/diary.h"

static uint8_t *export_last(const struct trainer *trainer, size_t *size)
{
    struct checkpoint *checkpoint;
    uint8_t *bytes = NULL;
    assert_int_equal(checkpoint_new(&checkpoint), ENGINE_OK);
    assert_int_equal(trainer_snapshot(trainer, checkpoint), ENGINE_OK);
    assert_int_equal(
        checkpoint_export_model(checkpoint, CHECKPOINT_LAST, &bytes, size, NULL),
        ENGINE_OK);
    checkpoint_free(checkpoint);
    return bytes;
}

/* Trains `config` straight through, and again with a break, a snapshot and a new trainer
 * before every single step: points, buckets, layers and weights must be the same bits. */
static void expect_no_trace_of_breaks(const struct train_config *config)
{
    struct diary *straight = new_diary(), *broken = new_diary();
    struct trainer *whole = new_trainer(config, NULL);
    enum trainer_end end = run(whole, straight);
    struct trainer *part = new_trainer(config, NULL);
    struct checkpoint *checkpoint;
    assert_int_equal(checkpoint_new(&checkpoint), ENGINE_OK);
    enum trainer_end part_end = TRAINER_INTERRUPTED;
    for (int64_t step = 0; part_end == TRAINER_INTERRUPTED; step++) {
        broken->interrupt_at = step;
        part_end = run(part, broken);
        assert_int_equal(trainer_snapshot(part, checkpoint), ENGINE_OK);
        assert_int_equal(checkpoint_step(checkpoint), trainer_step(part));
        trainer_free(part);
        part = new_trainer(config, checkpoint);
    }
    assert_int_equal(part_end, end);
    assert_same_diary(straight, broken);
    size_t size, again;
    uint8_t *one = export_last(whole, &size), *two = export_last(part, &again);
    assert_int_equal(size, again);
    assert_memory_equal(one, two, size);
    free(one);
    free(two);
    trainer_free(whole);
    trainer_free(part);
    checkpoint_free(checkpoint);
    free(straight);
    free(broken);
}

static void test_breaks_leave_no_trace(void **context)
{
    (void)context;
    struct train_config config = small_config();
    expect_no_trace_of_breaks(&config);
    config.batching = BATCHING_SEQUENTIAL;
    config.momentum = 0.9;
    config.eval_every = 3;
    expect_no_trace_of_breaks(&config);
    config.batching = BATCHING_ONE_BATCH;
    config.nesterov = true;
    config.epochs = 20;
    expect_no_trace_of_breaks(&config);
    config = small_config();
    config.validation_samples = 23;
    config.eval_every = 4;
    config.optimizer = OPTIMIZER_ADAMW;
    config.weight_decay = 0.01;
    config.lr = 0.01;
    config.schedule = SCHEDULE_COSINE;
    config.warmup_steps = 3;
    config.grad_clip = 0.5;
    expect_no_trace_of_breaks(&config);
    config.patience = 1;
    config.epochs = 10;
    expect_no_trace_of_breaks(&config);
    config.hidden_count = 0;
    config.target_accuracy = 0.8;
    config.stop_at_target = true;
    expect_no_trace_of_breaks(&config);
}

/* Snapshots from `on_point`, as the recorder takes them. */
struct keeper {
    struct checkpoint *checkpoint;
    int64_t at; /* point to keep */
    int64_t points;
};

static void keep_point(void *context, struct trainer *trainer,
                       const struct train_point *point)
{
    (void)point;
    struct keeper *keeper = context;
    if (++keeper->points == keeper->at)
        assert_int_equal(trainer_snapshot(trainer, keeper->checkpoint), ENGINE_OK);
}

/* Cut off between a point and what would have followed: the same end, no second point. */
static void test_goes_on_behind_a_point(void **context)
{
    (void)context;
    struct train_config config = small_config();
    struct diary *straight = new_diary();
    train(&config, straight);
    for (int64_t at = 1; at <= 3; at++) {
        struct keeper keeper = {.at = at};
        assert_int_equal(checkpoint_new(&keeper.checkpoint), ENGINE_OK);
        struct trainer_callbacks callbacks = {.context = &keeper, .on_point = keep_point};
        struct trainer *trainer = new_trainer(&config, NULL);
        trainer_run(trainer, &callbacks);
        trainer_free(trainer);
        struct diary *rest = new_diary();
        trainer = new_trainer(&config, keeper.checkpoint);
        assert_int_equal(run(trainer, rest), TRAINER_EPOCHS_DONE);
        assert_int_equal(rest->point_count, 3 - at);
        for (size_t i = 0; i < rest->point_count; i++)
            assert_same_point(&rest->points[i], &straight->points[(size_t)at + i]);
        trainer_free(trainer);
        checkpoint_free(keeper.checkpoint);
        free(rest);
    }
    free(straight);
}

/* A run that has ended goes on when its checkpoint meets a config with more epochs. */
static void test_epochs_can_be_added_to_an_ended_run(void **context)
{
    (void)context;
    struct train_config config = small_config(), longer = config;
    longer.epochs = 6;
    struct diary *straight = new_diary(), *extended = new_diary();
    train(&longer, straight);
    struct trainer *trainer = new_trainer(&config, NULL);
    run(trainer, extended);
    assert_int_equal(trainer_step(trainer), trainer_total_steps(trainer));
    assert_int_equal(run(trainer, extended), TRAINER_EPOCHS_DONE);
    struct checkpoint *checkpoint;
    assert_int_equal(checkpoint_new(&checkpoint), ENGINE_OK);
    assert_int_equal(trainer_snapshot(trainer, checkpoint), ENGINE_OK);
    trainer_free(trainer);
    trainer = new_trainer(&longer, checkpoint);
    assert_int_equal(run(trainer, extended), TRAINER_EPOCHS_DONE);
    assert_same_diary(straight, extended);
    trainer_free(trainer);
    checkpoint_free(checkpoint);
    free(straight);
    free(extended);
}

static void expect_refusal(const struct train_config *config,
                           const struct checkpoint *from, const char *words)
{
    struct trainer *trainer = NULL;
    struct engine_error error = {""};
    assert_int_equal(trainer_new(config, moons, from, &trainer, &error), ENGINE_INVALID);
    assert_null(trainer);
    if (strstr(error.text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", error.text, words);
}

static void test_refuses_what_does_not_fit(void **context)
{
    (void)context;
    struct train_config config = small_config(), other = config;
    struct checkpoint *checkpoint;
    assert_int_equal(checkpoint_new(&checkpoint), ENGINE_OK);
    expect_refusal(&config, checkpoint, "empty");
    struct trainer *trainer = new_trainer(&config, NULL);
    assert_int_equal(trainer_snapshot(trainer, checkpoint), ENGINE_OK);
    trainer_free(trainer);
    other.batch_size = 17;
    expect_refusal(&other, checkpoint, "another batch_size");
    other = config;
    other.hidden[0] = 9;
    expect_refusal(&other, checkpoint, "another hidden");
    other = config;
    other.seed = 2;
    expect_refusal(&other, checkpoint, "another seed");
    other = config;
    other.nesterov = true;
    expect_refusal(&other, NULL, "nesterov needs");
    other = config;
    other.dataset = 0;
    other.train_samples = 0;
    expect_refusal(&other, NULL, "wants mnist");
    checkpoint_free(checkpoint);
}

/* One thread's run; asserts wait for the main thread. */
struct side {
    struct trainer *trainer;
    struct diary *diary;
    enum trainer_end end;
};

static void *train_side(void *context)
{
    struct side *side = context;
    side->end = run(side->trainer, side->diary);
    return NULL;
}

/* Trainers share a dataset and nothing else: two at once do what each does alone. */
static void test_runs_side_by_side(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.epochs = 20;
    struct diary *alone = new_diary();
    train(&config, alone);
    struct side sides[2];
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++) {
        sides[i] =
            (struct side){.trainer = new_trainer(&config, NULL), .diary = new_diary()};
        assert_int_equal(pthread_create(&threads[i], NULL, train_side, &sides[i]), 0);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(sides[i].end, TRAINER_EPOCHS_DONE);
        assert_same_diary(alone, sides[i].diary);
        trainer_free(sides[i].trainer);
        free(sides[i].diary);
    }
    free(alone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_breaks_leave_no_trace),
        cmocka_unit_test(test_goes_on_behind_a_point),
        cmocka_unit_test(test_epochs_can_be_added_to_an_ended_run),
        cmocka_unit_test(test_refuses_what_does_not_fit),
        cmocka_unit_test(test_runs_side_by_side),
    };
    return cmocka_run_group_tests(tests, open_moons, close_moons);
}
