/* Batches: who is in them, and that a position is two integers. */
#include "tests/engine/cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "engine/data/loader.h"

#define SAMPLES 103
#define BATCH   10

static uint8_t labels[SAMPLES];

static struct loader *new_loader(enum batching batching, uint64_t seed, size_t held_out)
{
    struct loader_options options = {.batching = batching,
                                     .seed = seed,
                                     .sample_count = SAMPLES,
                                     .validation_count = held_out,
                                     .batch_size = BATCH,
                                     .labels = labels};
    struct loader *loader;
    assert_int_equal(loader_new(&options, &loader), ENGINE_OK);
    return loader;
}

/* Runs one epoch; counts each row's visits and keeps the order. */
static size_t run_epoch(struct loader *loader, int *visits, uint32_t *order)
{
    size_t total = 0;
    memset(visits, 0, SAMPLES * sizeof *visits);
    for (int64_t batch = 0; batch < loader_batches_per_epoch(loader); batch++) {
        size_t count;
        const uint32_t *rows = loader_next(loader, &count);
        assert_in_range(count, 1, BATCH);
        for (size_t i = 0; i < count; i++) {
            assert_in_range(rows[i], 0, SAMPLES - 1);
            visits[rows[i]]++;
            order[total++] = rows[i];
        }
    }
    return total;
}

static void test_visits_every_sample_once_an_epoch(void **context)
{
    (void)context;
    static const enum batching kinds[] = {BATCHING_SHUFFLED, BATCHING_SEQUENTIAL};
    for (size_t k = 0; k < 2; k++) {
        struct loader *loader = new_loader(kinds[k], 1, 0);
        assert_int_equal(loader_batches_per_epoch(loader), 11);
        for (int epoch = 0; epoch < 5; epoch++) {
            int visits[SAMPLES];
            uint32_t order[SAMPLES];
            assert_int_equal(run_epoch(loader, visits, order), SAMPLES);
            for (size_t i = 0; i < SAMPLES; i++)
                assert_int_equal(visits[i], 1);
        }
        loader_free(loader);
    }
}

static void test_shuffles_each_epoch_anew(void **context)
{
    (void)context;
    struct loader *loader = new_loader(BATCHING_SHUFFLED, 1, 0);
    int visits[SAMPLES];
    uint32_t first[SAMPLES], second[SAMPLES], ascending[SAMPLES];
    for (uint32_t i = 0; i < SAMPLES; i++)
        ascending[i] = i;
    run_epoch(loader, visits, first);
    run_epoch(loader, visits, second);
    assert_memory_not_equal(first, second, sizeof first);
    assert_memory_not_equal(first, ascending, sizeof first);
    loader_free(loader);
    loader = new_loader(BATCHING_SHUFFLED, 2, 0);
    run_epoch(loader, visits, second);
    assert_memory_not_equal(first, second, sizeof first);
    loader_free(loader);
}

static void test_sequential_keeps_the_order(void **context)
{
    (void)context;
    struct loader *loader = new_loader(BATCHING_SEQUENTIAL, 1, 0);
    int visits[SAMPLES];
    uint32_t order[SAMPLES];
    run_epoch(loader, visits, order);
    for (uint32_t i = 0; i < SAMPLES; i++)
        assert_int_equal(order[i], i);
    loader_free(loader);
}

/* Class by class, and in the order of the rows within each. */
static void test_sorted_goes_class_by_class(void **context)
{
    (void)context;
    struct loader *loader = new_loader(BATCHING_SORTED, 1, 20);
    size_t held, count = 0;
    const uint32_t *validation = loader_validation(loader, &held);
    for (int epoch = 0; epoch < 2; epoch++) {
        uint32_t order[SAMPLES];
        for (count = 0; count < SAMPLES - 20;) {
            size_t batch;
            const uint32_t *rows = loader_next(loader, &batch);
            memcpy(order + count, rows, batch * sizeof *rows);
            count += batch;
        }
        assert_int_equal(count, SAMPLES - 20);
        for (size_t i = 0; i < count; i++)
            for (size_t h = 0; h < held; h++)
                assert_int_not_equal(order[i], validation[h]);
        for (size_t i = 1; i < count; i++)
            assert_true(
                labels[order[i - 1]] < labels[order[i]] ||
                (labels[order[i - 1]] == labels[order[i]] && order[i - 1] < order[i]));
    }
    loader_free(loader);
    struct loader_options options = {BATCHING_SORTED, 1, SAMPLES, 0, BATCH, NULL};
    assert_int_equal(loader_new(&options, &loader), ENGINE_INVALID);
}

/* An epoch is one batch without repeats; over many epochs everybody gets a turn. */
static void test_one_batch_draws_without_replacement(void **context)
{
    (void)context;
    struct loader *loader = new_loader(BATCHING_ONE_BATCH, 1, 0);
    int turns[SAMPLES] = {0};
    assert_int_equal(loader_batches_per_epoch(loader), 1);
    for (int epoch = 0; epoch < 300; epoch++) {
        int visits[SAMPLES];
        uint32_t order[SAMPLES];
        assert_int_equal(run_epoch(loader, visits, order), BATCH);
        for (size_t i = 0; i < SAMPLES; i++) {
            assert_in_range(visits[i], 0, 1);
            turns[i] += visits[i];
        }
    }
    for (size_t i = 0; i < SAMPLES; i++)
        assert_in_range(turns[i], 1, 100);
    loader_free(loader);
}

static void test_a_large_batch_is_the_whole_set(void **context)
{
    (void)context;
    struct loader_options options = {BATCHING_SHUFFLED, 1, 5, 0, 1000, NULL};
    struct loader *loader;
    assert_int_equal(loader_new(&options, &loader), ENGINE_OK);
    size_t count;
    loader_next(loader, &count);
    assert_int_equal(count, 5);
    assert_int_equal(loader_batches_per_epoch(loader), 1);
    loader_free(loader);
}

static void test_holds_out_validation(void **context)
{
    (void)context;
    struct loader *loader = new_loader(BATCHING_SHUFFLED, 3, 20);
    struct loader *other = new_loader(BATCHING_SHUFFLED, 4, 20);
    size_t count;
    const uint32_t *held = loader_validation(loader, &count);
    assert_int_equal(count, 20);
    assert_int_equal(loader_train_count(loader), SAMPLES - 20);
    assert_memory_not_equal(held, loader_validation(other, &count), 20 * sizeof *held);
    int visits[SAMPLES];
    uint32_t order[SAMPLES];
    assert_int_equal(run_epoch(loader, visits, order), SAMPLES - 20);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(visits[held[i]], 0);
        visits[held[i]] = 1;
    }
    for (size_t i = 0; i < SAMPLES; i++)
        assert_int_equal(visits[i], 1);
    loader_free(loader);
    loader_free(other);
}

/* From every position, a fresh loader that seeks there gives what the first one gave. */
static void test_seeks_to_any_position(void **context)
{
    (void)context;
    for (enum batching kind = BATCHING_SHUFFLED; kind <= BATCHING_SORTED; kind++) {
        struct loader *straight = new_loader(kind, 5, 7);
        struct loader *seeking = new_loader(kind, 5, 7);
        int64_t batches = loader_batches_per_epoch(straight);
        for (int64_t step = 0; step < 40; step++) {
            size_t count, again;
            const uint32_t *rows = loader_next(straight, &count);
            loader_seek(seeking, step / batches, step % batches);
            const uint32_t *same = loader_next(seeking, &again);
            assert_int_equal(count, again);
            assert_memory_equal(rows, same, count * sizeof *rows);
        }
        loader_free(straight);
        loader_free(seeking);
    }
}

static void test_refuses_nothing_to_train_on(void **context)
{
    (void)context;
    struct loader *loader = NULL;
    struct loader_options options = {BATCHING_SHUFFLED, 1, 10, 10, 4, NULL};
    assert_int_equal(loader_new(&options, &loader), ENGINE_INVALID);
    options = (struct loader_options){BATCHING_SHUFFLED, 1, 10, 0, 0, NULL};
    assert_int_equal(loader_new(&options, &loader), ENGINE_INVALID);
    assert_null(loader);
}

int main(void)
{
    for (size_t i = 0; i < SAMPLES; i++)
        labels[i] = (uint8_t)(i * 7 % 10);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_visits_every_sample_once_an_epoch),
        cmocka_unit_test(test_shuffles_each_epoch_anew),
        cmocka_unit_test(test_sequential_keeps_the_order),
        cmocka_unit_test(test_sorted_goes_class_by_class),
        cmocka_unit_test(test_one_batch_draws_without_replacement),
        cmocka_unit_test(test_a_large_batch_is_the_whole_set),
        cmocka_unit_test(test_holds_out_validation),
        cmocka_unit_test(test_seeks_to_any_position),
        cmocka_unit_test(test_refuses_nothing_to_train_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
