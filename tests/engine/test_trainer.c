/* The trainer: what it measures and how it ends. */
#include "tests/engine/cmocka_all.h"

#include "tests/engine/diary.h"

static void test_points_at_the_end_of_every_epoch(void **context)
{
    (void)context;
    struct train_config config = small_config();
    struct diary *diary = new_diary();
    assert_int_equal(train(&config, diary), TRAINER_EPOCHS_DONE);
    assert_int_equal(diary->point_count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct train_point *point = &diary->points[i];
        assert_int_equal(point->step, 7 * (i + 1));
        assert_int_equal(point->samples, 100 * (i + 1));
        assert_same_bits(point->epoch, (double)(i + 1));
        assert_same_bits(point->lr, 0.1);
        assert_true(point->train_loss > 0 && point->test_loss > 0);
        assert_true(point->train_accuracy > 0.3 && point->test_accuracy > 0.3);
        assert_true(isnan(point->val_loss) && isnan(point->val_accuracy));
        assert_true(point->grad_norm > 0 && point->wall_time > 1.6e9);
        assert_true(point->train_seconds >= 0 && point->cpu_seconds >= 0);
        assert_true(diary->layers[i].update_ratio > 0);
        assert_true(diary->layers[i].weight_norm > 0 && diary->layers[i].grad_norm > 0);
    }
    free(diary);
}

static void expect_steps(const struct train_config *config, const int64_t *steps,
                         size_t count)
{
    struct diary *diary = new_diary();
    assert_int_equal(train(config, diary), TRAINER_EPOCHS_DONE);
    assert_int_equal(diary->point_count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(diary->points[i].step, steps[i]);
    free(diary);
}

static void test_points_every_few_steps_and_at_the_end(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.eval_every = 8;
    expect_steps(&config, (const int64_t[]){8, 16, 21}, 3);
    config.eval_every = 7;
    expect_steps(&config, (const int64_t[]){7, 14, 21}, 3);
    config.eval_every = 1000;
    expect_steps(&config, (const int64_t[]){21}, 1);
    config.eval_every = 0;
    config.batching = BATCHING_ONE_BATCH;
    expect_steps(&config, (const int64_t[]){1, 2, 3}, 3);
}

/* Buckets cover every step once, in order, end at points, and are at most 64 between
 * two. Their means, weighted, are the points' training loss. */
static void test_buckets_cover_the_steps(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.train_samples = 1000;
    config.batch_size = 5; /* 200 steps an epoch: buckets of 4 */
    config.epochs = 2;
    struct diary *diary = new_diary();
    assert_int_equal(train(&config, diary), TRAINER_EPOCHS_DONE);
    assert_int_equal(diary->bucket_count, 100);
    int64_t next = 1;
    for (size_t p = 0, b = 0; p < diary->point_count; p++) {
        double sum = 0;
        for (; b < diary->bucket_count && next <= diary->points[p].step; b++) {
            const struct step_bucket *bucket = &diary->buckets[b];
            assert_int_equal(bucket->first_step, next);
            assert_true(bucket->loss_min <= bucket->loss_mean);
            assert_true(bucket->loss_mean <= bucket->loss_max);
            next = bucket->last_step + 1;
            sum += bucket->loss_mean * (double)(next - bucket->first_step);
        }
        assert_int_equal(next, diary->points[p].step + 1);
        assert_true(fabs(sum / 200 - diary->points[p].train_loss) < 1e-9);
    }
    free(diary);
}

static void test_learns_the_moons(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.train_samples = config.test_samples = 0;
    config.hidden[0] = 16;
    config.epochs = 60;
    struct diary *diary = new_diary();
    assert_int_equal(train(&config, diary), TRAINER_EPOCHS_DONE);
    assert_true(diary->points[diary->point_count - 1].test_accuracy > 0.95);
    assert_true(diary->points[59].train_loss < diary->points[0].train_loss);
    free(diary);
}

static void test_best_is_the_highest_so_far(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.epochs = 30;
    config.validation_samples = 30;
    struct diary *diary = new_diary();
    train(&config, diary);
    double best = -1;
    for (size_t i = 0; i < diary->point_count; i++) {
        const struct train_point *point = &diary->points[i];
        assert_int_equal(point->is_best, point->val_accuracy > best);
        best = fmax(best, point->val_accuracy);
    }
    free(diary);
}

/* The first point that meets the target ends the run, if it is to. */
static void test_ends_at_the_target(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.epochs = 100;
    config.target_accuracy = 0.85;
    struct diary *diary = new_diary();
    assert_int_equal(train(&config, diary), TRAINER_EPOCHS_DONE);
    size_t first = 0;
    while (diary->points[first].test_accuracy < 0.85)
        first++;
    free(diary);
    diary = new_diary();
    config.stop_at_target = true;
    assert_int_equal(train(&config, diary), TRAINER_TARGET_REACHED);
    assert_int_equal(diary->point_count, first + 1);
    free(diary);
}

static void test_ends_when_patience_runs_out(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.epochs = 300;
    config.patience = 5;
    struct diary *diary = new_diary();
    assert_int_equal(train(&config, diary), TRAINER_EARLY_STOPPING);
    size_t count = diary->point_count;
    assert_true(diary->points[count - 6].is_best);
    for (size_t i = count - 5; i < count; i++)
        assert_false(diary->points[i].is_best);
    free(diary);
}

/* The budget ends the run behind the step that spends it, with a point there. */
static void test_ends_when_the_time_is_spent(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.epochs = 100000;
    config.eval_every = 1000000000;
    config.time_budget_s = 0.02;
    struct diary *diary = new_diary();
    assert_int_equal(train(&config, diary), TRAINER_TIME_BUDGET);
    assert_int_equal(diary->point_count, 1);
    assert_true(diary->points[0].train_seconds >= 0.02);
    config.time_budget_s = 1e-12; /* one step is the least there can be */
    diary->point_count = 0;
    assert_int_equal(train(&config, diary), TRAINER_TIME_BUDGET);
    assert_int_equal(diary->points[0].step, 1);
    assert_true(diary->points[0].step > 0 && !isnan(diary->points[0].grad_norm));
    free(diary);
}

static void test_ends_when_the_loss_is_not_finite(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.lr = 1000;
    config.hidden_count = 3;
    config.hidden[1] = config.hidden[2] = 64;
    config.init = INIT_MICROGRAD;
    config.epochs = 100;
    struct diary *diary = new_diary();
    struct trainer *trainer = new_trainer(&config, NULL);
    assert_int_equal(run(trainer, diary), TRAINER_NOT_FINITE);
    const struct train_point *last = &diary->points[diary->point_count - 1];
    assert_true(isnan(last->train_loss));
    assert_int_equal(last->step, trainer_step(trainer));
    size_t points = diary->point_count;
    struct checkpoint *checkpoint;
    assert_int_equal(checkpoint_new(&checkpoint), ENGINE_OK);
    assert_int_equal(trainer_snapshot(trainer, checkpoint), ENGINE_OK);
    trainer_free(trainer);
    trainer = new_trainer(&config, checkpoint);
    assert_int_equal(run(trainer, diary), TRAINER_NOT_FINITE);
    assert_int_equal(diary->point_count, points);
    trainer_free(trainer);
    checkpoint_free(checkpoint);
    free(diary);
}

static void test_limits_change_while_it_runs(void **context)
{
    (void)context;
    struct train_config config = small_config();
    struct diary *diary = new_diary();
    diary->limits_at = 10;
    diary->limits.epochs = 5;
    assert_int_equal(train(&config, diary), TRAINER_EPOCHS_DONE);
    assert_int_equal(diary->points[diary->point_count - 1].step, 35);
    diary->point_count = 0;
    diary->limits.epochs = 1; /* below what is done: ends at once, with a point */
    assert_int_equal(train(&config, diary), TRAINER_EPOCHS_DONE);
    assert_int_equal(diary->points[diary->point_count - 1].step, 10);
    diary->point_count = 0;
    diary->limits = (struct trainer_limits){.epochs = 3, .target_accuracy = 1e-9};
    config.target_accuracy = 1;
    config.stop_at_target = true;
    assert_int_equal(train(&config, diary), TRAINER_TARGET_REACHED);
    assert_int_equal(diary->points[diary->point_count - 1].step, 14);
    free(diary);
}

/* However it ends, the last point and no other looks at the test set; nothing else
 * changes. */
static void expect_one_test(struct train_config config, enum trainer_end end)
{
    struct diary *often = new_diary(), *once = new_diary();
    assert_int_equal(train(&config, often), end);
    config.test_at = TEST_AT_END;
    assert_int_equal(train(&config, once), end);
    size_t last = once->point_count - 1;
    for (size_t i = 0; i < once->point_count; i++) {
        const struct train_point *a = &often->points[i], *b = &once->points[i];
        assert_int_equal(isnan(b->test_accuracy), i < last);
        assert_int_equal(isnan(b->test_loss), i < last);
        if (config.time_budget_s > 0)
            continue; /* where that ends differs from run to run */
        assert_int_equal(often->point_count, once->point_count);
        assert_same_bits(a->val_accuracy, b->val_accuracy);
        assert_int_equal(a->is_best, b->is_best);
        if (i == last)
            assert_same_bits(a->test_accuracy, b->test_accuracy);
    }
    free(often);
    free(once);
}

static void test_looks_at_the_test_set_once(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.validation_samples = 30;
    config.epochs = 6;
    expect_one_test(config, TRAINER_EPOCHS_DONE);
    config.epochs = 300;
    config.target_accuracy = 0.85;
    config.stop_at_target = true;
    expect_one_test(config, TRAINER_TARGET_REACHED);
    config.stop_at_target = false;
    config.patience = 4;
    expect_one_test(config, TRAINER_EARLY_STOPPING);
    config.patience = 0;
    config.time_budget_s = 1e-4;
    expect_one_test(config, TRAINER_TIME_BUDGET);
}

static void test_runs_without_callbacks(void **context)
{
    (void)context;
    struct train_config config = small_config();
    struct trainer *trainer = new_trainer(&config, NULL);
    assert_int_equal(trainer_run(trainer, NULL), TRAINER_EPOCHS_DONE);
    assert_int_equal(trainer_step(trainer), 21);
    trainer_free(trainer);
    assert_string_equal(trainer_end_name(TRAINER_EPOCHS_DONE), "epochs_done");
    assert_string_equal(trainer_end_name(TRAINER_INTERRUPTED), "interrupted");
    assert_non_null(trainer_backend());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_at_the_end_of_every_epoch),
        cmocka_unit_test(test_points_every_few_steps_and_at_the_end),
        cmocka_unit_test(test_buckets_cover_the_steps),
        cmocka_unit_test(test_learns_the_moons),
        cmocka_unit_test(test_best_is_the_highest_so_far),
        cmocka_unit_test(test_ends_at_the_target),
        cmocka_unit_test(test_ends_when_patience_runs_out),
        cmocka_unit_test(test_ends_when_the_time_is_spent),
        cmocka_unit_test(test_ends_when_the_loss_is_not_finite),
        cmocka_unit_test(test_limits_change_while_it_runs),
        cmocka_unit_test(test_looks_at_the_test_set_once),
        cmocka_unit_test(test_runs_without_callbacks),
    };
    return cmocka_run_group_tests(tests, open_moons, close_moons);
}
