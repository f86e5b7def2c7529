/* What the trainer's tests share: a small net on the moons, and a diary of its run. One
 * header, since each test is one file. */
#ifndef TESTS_ENGINE_DIARY_H
#define TESTS_ENGINE_DIARY_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/trainer.h"

#define UNUSED __attribute__((unused))

#define MAX_POINTS  400
#define MAX_BUCKETS 4000

/* Everything a run tells, in order. */
struct diary {
    struct train_point points[MAX_POINTS];
    struct layer_stats layers[MAX_POINTS];
    size_t point_count;
    struct step_bucket buckets[MAX_BUCKETS];
    size_t bucket_count;
    int64_t interrupt_at; /* before the step after this one; -1: never */
    int64_t limits_at;    /* step at which `limits` come into force; -1: never */
    struct trainer_limits limits;
    struct trainer *trainer;
};

UNUSED static void note_point(void *context, struct trainer *trainer,
                              const struct train_point *point)
{
    struct diary *diary = context;
    size_t count;
    assert_in_range(diary->point_count, 0, MAX_POINTS - 1);
    diary->layers[diary->point_count] = trainer_layers(trainer, &count)[0];
    diary->points[diary->point_count++] = *point;
    assert_int_equal(point->step, trainer_step(trainer));
}

UNUSED static void note_steps(void *context, const struct step_bucket *bucket)
{
    struct diary *diary = context;
    assert_in_range(diary->bucket_count, 0, MAX_BUCKETS - 1);
    diary->buckets[diary->bucket_count++] = *bucket;
}

UNUSED static enum trainer_signal poll_diary(void *context, struct trainer_limits *limits)
{
    struct diary *diary = context;
    int64_t step = trainer_step(diary->trainer);
    if (diary->limits_at >= 0 && step >= diary->limits_at)
        *limits = diary->limits;
    return step == diary->interrupt_at ? TRAINER_INTERRUPT : TRAINER_CONTINUE;
}

UNUSED static struct diary *new_diary(void)
{
    struct diary *diary = calloc(1, sizeof *diary);
    assert_non_null(diary);
    diary->interrupt_at = diary->limits_at = -1;
    return diary;
}

UNUSED static enum trainer_end run(struct trainer *trainer, struct diary *diary)
{
    struct trainer_callbacks callbacks = {diary, note_point, note_steps, poll_diary};
    diary->trainer = trainer;
    return trainer_run(trainer, &callbacks);
}

static struct dataset *moons;

/* A small net on the moons; tests change what they are about. */
UNUSED static struct train_config small_config(void)
{
    struct train_config config;
    config_init(&config);
    struct config_problem problem;
    assert_true(config_set_text(&config, config_find("dataset"), "moons", &problem));
    config.hidden[0] = 8;
    config.train_samples = 100;
    config.test_samples = 50;
    config.batch_size = 16;
    config.epochs = 3;
    return config;
}

UNUSED static struct trainer *new_trainer(const struct train_config *config,
                                          const struct checkpoint *from)
{
    struct trainer *trainer = NULL;
    struct engine_error error = {""};
    if (trainer_new(config, moons, from, &trainer, &error) != ENGINE_OK)
        fail_msg("%s", error.text);
    return trainer;
}

UNUSED static enum trainer_end train(const struct train_config *config,
                                     struct diary *diary)
{
    struct trainer *trainer = new_trainer(config, NULL);
    enum trainer_end end = run(trainer, diary);
    trainer_free(trainer);
    return end;
}

UNUSED static void assert_same_bits(double a, double b)
{
    uint64_t one, two;
    memcpy(&one, &a, sizeof one);
    memcpy(&two, &b, sizeof two);
    assert_true(one == two || (isnan(a) && isnan(b)));
}

/* Equal but for what clocks say. */
UNUSED static void assert_same_point(const struct train_point *a,
                                     const struct train_point *b)
{
    assert_int_equal(a->step, b->step);
    assert_int_equal(a->samples, b->samples);
    assert_int_equal(a->is_best, b->is_best);
    assert_same_bits(a->epoch, b->epoch);
    assert_same_bits(a->lr, b->lr);
    assert_same_bits(a->train_loss, b->train_loss);
    assert_same_bits(a->train_accuracy, b->train_accuracy);
    assert_same_bits(a->test_loss, b->test_loss);
    assert_same_bits(a->test_accuracy, b->test_accuracy);
    assert_same_bits(a->val_loss, b->val_loss);
    assert_same_bits(a->val_accuracy, b->val_accuracy);
    assert_same_bits(a->grad_norm, b->grad_norm);
}

UNUSED static void assert_same_diary(const struct diary *a, const struct diary *b)
{
    assert_int_equal(a->point_count, b->point_count);
    assert_int_equal(a->bucket_count, b->bucket_count);
    for (size_t i = 0; i < a->point_count; i++) {
        assert_same_point(&a->points[i], &b->points[i]);
        assert_memory_equal(&a->layers[i], &b->layers[i], sizeof a->layers[i]);
    }
    assert_memory_equal(a->buckets, b->buckets, a->bucket_count * sizeof a->buckets[0]);
}

UNUSED static int open_moons(void **context)
{
    (void)context;
    return dataset_open("moons", NULL, 0, &moons, NULL) == ENGINE_OK ? 0 : -1;
}

UNUSED static int close_moons(void **context)
{
    (void)context;
    dataset_close(moons);
    return 0;
}

#endif
