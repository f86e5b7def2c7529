/* The trainer on the real thing. Skipped only where MNIST's files are missing, which
 * `make test` sees to. */
#include "tests/engine/cmocka_all.h"

#include <stdlib.h>

#include "engine/train/trainer.h"

static struct dataset *mnist;

static void keep_last(void *context, struct trainer *trainer,
                      const struct train_point *point)
{
    (void)trainer;
    *(struct train_point *)context = *point;
}

static enum trainer_signal stop_at_1000(void *context, struct trainer_limits *limits)
{
    (void)limits;
    struct trainer *trainer = *(struct trainer **)context;
    return trainer_step(trainer) == 1000 ? TRAINER_INTERRUPT : TRAINER_CONTINUE;
}

static void need_mnist(void)
{
    if (mnist == NULL) {
        print_message("MNIST's files are not in $SWEETSPOT_DATASETS: skipped\n");
        skip();
    }
}

/* One epoch of the defaults: PyTorch's nets of this shape reach about 94.5 %. */
static void test_learns_mnist(void **context)
{
    (void)context;
    need_mnist();
    struct train_config config;
    config_init(&config);
    config.epochs = 1;
    struct trainer *trainer;
    struct train_point last = {0};
    struct trainer_callbacks callbacks = {.context = &last, .on_point = keep_last};
    assert_int_equal(trainer_new(&config, mnist, NULL, &trainer, NULL), ENGINE_OK);
    assert_int_equal(trainer_run(trainer, &callbacks), TRAINER_EPOCHS_DONE);
    assert_int_equal(last.step, 1875);
    assert_int_equal(last.samples, 60000);
    assert_true(last.test_accuracy > 0.93);
    assert_true(last.test_loss < 0.25);
    assert_true(last.train_loss < 0.5);
    trainer_free(trainer);
}

/* Cut off in the middle of an epoch and taken up: the same weights to the bit. */
static void test_goes_on_in_the_middle_of_an_epoch(void **context)
{
    (void)context;
    need_mnist();
    struct train_config config;
    config_init(&config);
    config.epochs = 1;
    config.train_samples = 30000;
    config.test_samples = 100;
    config.batch_size = 20;
    struct trainer *straight, *broken, *rest;
    struct checkpoint *cut, *end;
    assert_int_equal(checkpoint_new(&cut), ENGINE_OK);
    assert_int_equal(checkpoint_new(&end), ENGINE_OK);
    assert_int_equal(trainer_new(&config, mnist, NULL, &straight, NULL), ENGINE_OK);
    assert_int_equal(trainer_run(straight, NULL), TRAINER_EPOCHS_DONE);
    assert_int_equal(trainer_new(&config, mnist, NULL, &broken, NULL), ENGINE_OK);
    struct trainer_callbacks callbacks = {.context = &broken, .poll = stop_at_1000};
    assert_int_equal(trainer_run(broken, &callbacks), TRAINER_INTERRUPTED);
    assert_int_equal(trainer_snapshot(broken, cut), ENGINE_OK);
    assert_int_equal(trainer_new(&config, mnist, cut, &rest, NULL), ENGINE_OK);
    assert_int_equal(trainer_run(rest, NULL), TRAINER_EPOCHS_DONE);
    uint8_t *one, *two;
    size_t size, again;
    assert_int_equal(trainer_snapshot(straight, end), ENGINE_OK);
    assert_int_equal(checkpoint_export_model(end, CHECKPOINT_LAST, &one, &size, NULL),
                     ENGINE_OK);
    assert_int_equal(trainer_snapshot(rest, end), ENGINE_OK);
    assert_int_equal(checkpoint_export_model(end, CHECKPOINT_LAST, &two, &again, NULL),
                     ENGINE_OK);
    assert_int_equal(size, again);
    assert_memory_equal(one, two, size);
    free(one);
    free(two);
    trainer_free(straight);
    trainer_free(broken);
    trainer_free(rest);
    checkpoint_free(cut);
    checkpoint_free(end);
}

static int open_mnist(void **context)
{
    (void)context;
    const char *dir = getenv("SWEETSPOT_DATASETS");
    if (dir == NULL || !dataset_present("mnist", &dir, 1))
        return 0;
    return dataset_open("mnist", &dir, 1, &mnist, NULL) == ENGINE_OK ? 0 : -1;
}

static int close_mnist(void **context)
{
    (void)context;
    dataset_close(mnist);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_learns_mnist),
        cmocka_unit_test(test_goes_on_in_the_middle_of_an_epoch),
    };
    return cmocka_run_group_tests(tests, open_mnist, close_mnist);
}
