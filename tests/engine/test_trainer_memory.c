/* Nothing is allocated once a run is under way: not by steps, points or probes. */
#include "tests/engine/cmocka_all.h"

#include <stdatomic.h>

#include "tests/engine/diary.h"

static atomic_size_t allocations;

/* A sanitizer tells of each allocation; without one the allocator's own names are taken.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTED_BY_HOOK true
int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void *,
                                                                size_t),
                                              void (*freed)(const volatile void *));

static void note_allocation(const volatile void *at, size_t size)
{
    (void)at;
    (void)size;
    allocations++;
}

static void note_free(const volatile void *at)
{
    (void)at;
}

static void start_counting(void)
{
    assert_true(__sanitizer_install_malloc_and_free_hooks(note_allocation, note_free) >
                0);
}
#else
#define COUNTED_BY_HOOK false
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    allocations++;
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    allocations++;
    return __libc_memalign(alignment, size);
}

static void start_counting(void)
{
}
#endif

struct watch {
    struct trainer *trainer;
    int64_t from;
    size_t at_start;
};

static enum trainer_signal note_start(void *context, struct trainer_limits *limits)
{
    struct watch *watch = context;
    (void)limits;
    if (trainer_step(watch->trainer) == watch->from)
        watch->at_start = allocations;
    return TRAINER_CONTINUE;
}

/* In the first epoch matrix products are prepared for each size of batch; after it
 * nothing is left to allocate. */
static void expect_none_after_first_epoch(const struct train_config *config)
{
    struct watch watch = {.trainer = new_trainer(config, NULL), .from = 7};
    const struct trainer_callbacks callbacks = {.context = &watch, .poll = note_start};
    size_t before = allocations;
    assert_true(before > 0);
    assert_int_equal(trainer_run(watch.trainer, &callbacks), TRAINER_EPOCHS_DONE);
    assert_true(watch.at_start >= before);
    assert_int_equal(allocations, watch.at_start);
    trainer_free(watch.trainer);
}

static void test_nothing_is_allocated_under_way(void **context)
{
    (void)context;
    start_counting();
    if (allocations == 0 && !COUNTED_BY_HOOK)
        skip(); /* valgrind has taken the names in our place */
    struct train_config config = small_config(); /* 100 samples: 7 steps an epoch */
    config.epochs = 50;
    config.validation_samples = 0;
    config.dropout = 0.2;
    config.grad_clip = 1;
    for (int engine = 0; engine <= ENGINE_KIND_SCALAR; engine++)
        for (int optimizer = 0; optimizer <= OPTIMIZER_RMSPROP; optimizer++) {
            config.engine = engine;
            config.optimizer = optimizer;
            expect_none_after_first_epoch(&config);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_allocated_under_way),
    };
    return cmocka_run_group_tests(tests, open_moons, close_moons);
}
