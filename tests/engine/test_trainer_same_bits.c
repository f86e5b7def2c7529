/* Determinism: one config and seed give one run to the last bit, however often, beside
 * whom and with whatever interruptions it is trained. */
#include "tests/engine/cmocka_all.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/nn/optimizer.h"
#include "tests/engine/diary.h"

/* Two 64-bit sums (FNV-1a) over all that a run leaves: enough to tell runs apart. */
struct print {
    uint64_t weights, points;
};

static uint64_t hash(uint64_t h, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        h = (h ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
    return h;
}

static uint64_t hash_double(uint64_t h, double value)
{
    return hash(h, &value, sizeof value);
}

static void print_point(void *context, struct trainer *trainer,
                        const struct train_point *point)
{
    struct print *print = context;
    size_t count;
    const struct layer_stats *layers = trainer_layers(trainer, &count);
    struct noise_scale noise = trainer_noise(trainer);
    uint64_t h = hash_double(print->points, point->train_loss);
    h = hash_double(h, point->test_loss);
    h = hash_double(h, point->grad_norm);
    h = hash_double(h, noise.gradient_squared);
    h = hash_double(h, noise.gradient_variance);
    for (size_t i = 0; i < count; i++) {
        h = hash_double(h, layers[i].update_ratio);
        h = hash_double(h, layers[i].activation_mean);
        h = hash(h, &layers[i].gradients, sizeof layers[i].gradients);
        h = hash(h, &layers[i].activations, sizeof layers[i].activations);
    }
    print->points = h;
}

/* Interrupted, where `interrupt` says so, before every step: a snapshot is taken and a
 * new trainer goes on from it. */
struct stretch {
    struct trainer *trainer;
    int64_t interrupt_at;
    struct print print;
};

static void stretch_point(void *context, struct trainer *trainer,
                          const struct train_point *point)
{
    struct stretch *stretch = context;
    print_point(&stretch->print, trainer, point);
}

static enum trainer_signal stretch_poll(void *context, struct trainer_limits *limits)
{
    struct stretch *stretch = context;
    (void)limits;
    return trainer_step(stretch->trainer) == stretch->interrupt_at ? TRAINER_INTERRUPT
                                                                   : TRAINER_CONTINUE;
}

static uint64_t hash_weights(const struct trainer *trainer)
{
    struct checkpoint *checkpoint;
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (checkpoint_new(&checkpoint) != ENGINE_OK ||
        trainer_snapshot(trainer, checkpoint) != ENGINE_OK ||
        checkpoint_export_model(checkpoint, CHECKPOINT_LAST, &bytes, &size, NULL) !=
            ENGINE_OK)
        abort();
    uint64_t h = hash(0, bytes, size);
    free(bytes);
    checkpoint_free(checkpoint);
    return h;
}

static struct trainer *make_trainer(const struct train_config *config,
                                    const struct checkpoint *from)
{
    struct trainer *trainer;
    if (trainer_new(config, moons, from, &trainer, NULL) != ENGINE_OK)
        abort();
    return trainer;
}

/* No cmocka in here: it runs in threads and in child processes too. */
static struct print train_and_print(const struct train_config *config, bool interrupt)
{
    struct stretch stretch = {.interrupt_at = -1};
    struct trainer_callbacks callbacks = {&stretch, stretch_point, NULL, stretch_poll};
    struct checkpoint *checkpoint;
    if (checkpoint_new(&checkpoint) != ENGINE_OK)
        abort();
    stretch.trainer = make_trainer(config, NULL);
    for (int64_t step = 0;; step++) {
        stretch.interrupt_at = interrupt ? step : -1;
        if (trainer_run(stretch.trainer, &callbacks) != TRAINER_INTERRUPTED)
            break;
        if (trainer_snapshot(stretch.trainer, checkpoint) != ENGINE_OK)
            abort();
        trainer_free(stretch.trainer);
        stretch.trainer = make_trainer(config, checkpoint);
    }
    stretch.print.weights = hash_weights(stretch.trainer);
    trainer_free(stretch.trainer);
    checkpoint_free(checkpoint);
    return stretch.print;
}

static void expect_same(struct print a, struct print b)
{
    assert_true(a.weights == b.weights);
    assert_true(a.points == b.points);
}

static struct train_config lively_config(enum engine_kind engine)
{
    struct train_config config = small_config();
    config.engine = engine;
    config.hidden[0] = 20;
    config.hidden_count = 1;
    config.dropout = 0.3;
    config.optimizer = OPTIMIZER_ADAM;
    config.lr = 0.01;
    config.eval_every = 5;
    return config;
}

static void *train_in_thread(void *argument)
{
    struct train_config config = lively_config(ENGINE_KIND_TENSOR);
    struct train_config scalar = lively_config(ENGINE_KIND_SCALAR);
    struct print *prints = argument;
    prints[0] = train_and_print(&config, false);
    prints[1] = train_and_print(&scalar, false);
    return NULL;
}

/* Twenty times: alone, beside another thread that does the same, in processes. */
static void test_twenty_times(void **context)
{
    (void)context;
    struct print first[2], other[2][2];
    train_in_thread(first);
    assert_true(first[0].weights != first[1].weights);
    for (size_t round = 0; round < 8; round++) {
        pthread_t threads[2];
        for (size_t i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, train_in_thread, other[i]),
                             0);
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(pthread_join(threads[i], NULL), 0);
            expect_same(other[i][0], first[0]);
            expect_same(other[i][1], first[1]);
        }
    }
    for (size_t round = 0; round < 3; round++) {
        train_in_thread(other[0]);
        expect_same(other[0][0], first[0]);
        expect_same(other[0][1], first[1]);
    }
}

static void test_in_other_processes(void **context)
{
    (void)context;
    struct print first[2], other[2];
    train_in_thread(first);
    for (size_t round = 0; round < 5; round++) {
        int ends[2], status;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            train_in_thread(other);
            _exit(write(ends[1], other, sizeof other) != sizeof other);
        }
        assert_int_equal(read(ends[0], other, sizeof other), sizeof other);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        close(ends[0]);
        close(ends[1]);
        expect_same(other[0], first[0]);
        expect_same(other[1], first[1]);
    }
}

/* Every optimizer under every schedule and batching, in both engines, broken off before
 * every step. */
static void test_breaks_leave_no_trace_anywhere(void **context)
{
    (void)context;
    struct train_config config = lively_config(ENGINE_KIND_TENSOR);
    config.hidden[0] = 4;
    config.train_samples = 40;
    config.test_samples = 10;
    config.epochs = 4;
    config.warmup_steps = 2;
    config.grad_clip = 0.7;
    config.eval_every = 3;
    for (int engine = 0; engine <= ENGINE_KIND_SCALAR; engine++)
        for (int optimizer = 0; optimizer <= OPTIMIZER_RMSPROP + 1; optimizer++)
            for (int schedule = 0; schedule <= SCHEDULE_ONE_CYCLE; schedule++)
                for (int batching = 0; batching <= BATCHING_SORTED; batching++) {
                    config.engine = engine;
                    config.schedule = schedule;
                    config.batching = batching;
                    bool momentum = optimizer > OPTIMIZER_RMSPROP;
                    config.optimizer = momentum ? OPTIMIZER_SGD : optimizer;
                    config.momentum = momentum ? 0.9 : 0;
                    config.nesterov = momentum;
                    expect_same(train_and_print(&config, true),
                                train_and_print(&config, false));
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_twenty_times),
        cmocka_unit_test(test_in_other_processes),
        cmocka_unit_test(test_breaks_leave_no_trace_anywhere),
    };
    return cmocka_run_group_tests(tests, open_moons, close_moons);
}
