/* The hub: what a subscriber hears, in which order, and what it is told when it missed
 * something. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/events/hub.h"

#define HEARD_MAX ((size_t)4 << 20)

struct listener {
    struct hub_subscriber *subscriber;
    int wakes, sleeps;
    bool gone;
    char *heard;
    size_t length;
};

static struct hub *hub;

static int set_up(void **context)
{
    (void)context;
    hub = hub_new();
    return hub ? 0 : -1;
}

static int tear_down(void **context)
{
    (void)context;
    hub_free(hub);
    return 0;
}

static void on_wake(void *context)
{
    ((struct listener *)context)->wakes++;
}

static void on_sleep(void *context)
{
    ((struct listener *)context)->sleeps++;
}

static bool is_gone(void *context)
{
    return ((struct listener *)context)->gone;
}

static const struct hub_reader reader = {on_sleep, on_wake, is_gone};

static void listener_open(struct listener *listener, const char *last_event_id)
{
    *listener = (struct listener){.heard = calloc(1, HEARD_MAX)};
    assert_non_null(listener->heard);
    listener->subscriber = hub_subscribe(hub, last_event_id, &reader, listener);
    assert_non_null(listener->subscriber);
}

static void listener_close(struct listener *listener)
{
    hub_unsubscribe(listener->subscriber);
    free(listener->heard);
}

/* Reads all there is, `block` bytes at a time; false when the stream is over. */
static bool listen_by(struct listener *listener, size_t block)
{
    long count;
    do {
        assert_true(listener->length + block < HEARD_MAX);
        count = hub_read(listener->subscriber, listener->heard + listener->length, block);
        listener->length += count > 0 ? (size_t)count : 0;
    } while (count > 0);
    listener->heard[listener->length] = '\0';
    return count == 0;
}

static bool hear(struct listener *listener)
{
    return listen_by(listener, 4096);
}

static size_t count_of(const struct listener *listener, const char *text)
{
    size_t count = 0;
    for (const char *at = listener->heard; (at = strstr(at, text)) != NULL; at++)
        count++;
    return count;
}

static void publish_point(int64_t run, int64_t step)
{
    struct db_point point = {.step = step, .val_loss = NAN, .val_accuracy = NAN};
    hub_publish_point(hub, run, &point);
}

static void publish_steps(int64_t first, int64_t last)
{
    for (int64_t step = first; step <= last; step++)
        publish_point(1, step);
}

/* The id of the last event heard. */
static void last_id(const struct listener *listener, char *id, size_t size)
{
    const char *last = NULL;
    for (const char *at = listener->heard; (at = strstr(at, "id: ")) != NULL; at++)
        last = at + 4;
    assert_non_null(last);
    if (!last)
        return;
    snprintf(id, size, "%.*s", (int)strcspn(last, "\n"), last);
}

static void test_starts_with_its_retry_line(void **context)
{
    (void)context;
    struct listener listener;
    publish_point(1, 5);
    listener_open(&listener, NULL);
    assert_true(hear(&listener));
    assert_string_equal(listener.heard, "retry: 1000\n\n");
    assert_int_equal(listener.sleeps, 1);
    listener_close(&listener);
}

static void test_events_are_well_formed(void **context)
{
    (void)context;
    struct listener listener;
    listener_open(&listener, NULL);
    publish_point(12, 5);
    hub_publish_deleted(hub, 12);
    assert_true(hear(&listener));
    const char *at = strstr(listener.heard, "\n\nid: ");
    assert_non_null(at);
    assert_non_null(
        strstr(at, "-1\nevent: point\ndata: {\"run\":12,\"point\":{\"step\":5,"));
    assert_non_null(
        strstr(at, "-2\nevent: run\ndata: {\"run\":{\"id\":12,\"deleted\":true}}\n\n"));
    listener_close(&listener);
}

/* A line break in a name must not end the data line. */
static void test_a_run_is_one_data_line(void **context)
{
    (void)context;
    struct listener listener;
    struct db_run run = {.id = 3,
                         .name = "a\n\nevent: point\ndata: {}",
                         .config = "{}",
                         .tags = "[]",
                         .notes = ""};
    listener_open(&listener, NULL);
    hub_publish_run(hub, &run);
    assert_true(hear(&listener));
    assert_int_equal(count_of(&listener, "\ndata: "), 1);
    assert_int_equal(count_of(&listener, "\nevent: "), 1);
    assert_non_null(strstr(listener.heard, "data: {\"run\":{\"id\":3,"));
    listener_close(&listener);
}

static void test_wakes_once_for_a_sleep(void **context)
{
    (void)context;
    struct listener listener;
    listener_open(&listener, NULL);
    publish_point(1, 1);
    assert_int_equal(listener.wakes, 0);
    assert_true(hear(&listener));
    publish_steps(2, 4);
    assert_int_equal(listener.wakes, 1);
    assert_true(hear(&listener));
    assert_int_equal(count_of(&listener, "event: point"), 4);
    assert_int_equal(listener.sleeps, 2);
    listener_close(&listener);
}

static void test_small_reads_give_the_same_bytes(void **context)
{
    (void)context;
    struct listener large, small;
    listener_open(&large, NULL);
    listener_open(&small, NULL);
    publish_steps(1, 20);
    assert_true(hear(&large));
    assert_true(listen_by(&small, 7));
    assert_string_equal(large.heard, small.heard);
    listener_close(&large);
    listener_close(&small);
}

static void test_goes_on_after_the_last_event_heard(void **context)
{
    (void)context;
    struct listener first, again;
    char id[64];
    listener_open(&first, NULL);
    publish_steps(1, 3);
    assert_true(hear(&first));
    last_id(&first, id, sizeof id);
    listener_close(&first);
    publish_steps(4, 6);
    listener_open(&again, id);
    assert_true(hear(&again));
    assert_int_equal(count_of(&again, "event: gap"), 0);
    assert_int_equal(count_of(&again, "event: point"), 3);
    assert_non_null(strstr(again.heard, "\"step\":4,"));
    listener_close(&again);
}

static void test_an_unknown_id_is_a_gap(void **context)
{
    (void)context;
    static const char *const ids[] = {"1234-5", "x", "-", "99999999999999999999-1"};
    publish_steps(1, 3);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct listener listener;
        listener_open(&listener, ids[i]);
        assert_true(hear(&listener));
        assert_int_equal(count_of(&listener, "event: gap\ndata: {}\n\n"), 1);
        assert_int_equal(count_of(&listener, "event: point"), 0);
        listener_close(&listener);
    }
}

/* An id of this process that is not given out yet cannot be one of its own. */
static void test_an_id_of_the_future_is_a_gap(void **context)
{
    (void)context;
    struct listener first, again;
    char id[64];
    listener_open(&first, NULL);
    publish_point(1, 1);
    assert_true(hear(&first));
    last_id(&first, id, sizeof id - 4);
    memcpy(id + strlen(id), "000", 4);
    listener_open(&again, id);
    assert_true(hear(&again));
    assert_int_equal(count_of(&again, "event: gap"), 1);
    listener_close(&first);
    listener_close(&again);
}

/* "BOOT-+1" and the like are numbers to strtoull. */
static void test_only_digits_are_an_id(void **context)
{
    (void)context;
    static const char *const numbers[] = {"+1", " 1",  "-18446744073709551615",
                                          "1 ", "0x1", ""};
    struct listener first;
    char id[64];
    listener_open(&first, NULL);
    publish_steps(1, 3);
    assert_true(hear(&first));
    last_id(&first, id, sizeof id);
    char *number = strchr(id, '-') + 1;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct listener again;
        snprintf(number, 24, "%s", numbers[i]);
        listener_open(&again, id);
        assert_true(hear(&again));
        assert_int_equal(count_of(&again, "event: gap"), 1);
        assert_int_equal(count_of(&again, "event: point"), 0);
        listener_close(&again);
    }
    listener_close(&first);
}

static void test_one_that_falls_behind_hears_a_gap(void **context)
{
    (void)context;
    struct listener listener;
    listener_open(&listener, NULL);
    assert_true(hear(&listener));
    publish_steps(1, HUB_RING + 10);
    assert_true(hear(&listener));
    assert_int_equal(count_of(&listener, "event: gap"), 1);
    assert_int_equal(count_of(&listener, "event: point"), 0);
    publish_point(1, HUB_RING + 11);
    assert_true(hear(&listener));
    assert_int_equal(count_of(&listener, "event: gap"), 1);
    assert_int_equal(count_of(&listener, "event: point"), 1);
    listener_close(&listener);
}

/* Half an event was sent and is gone: the stream ends, since no gap may stand inside. */
static void test_half_an_event_ends_the_stream(void **context)
{
    (void)context;
    struct listener listener;
    char bytes[16];
    listener_open(&listener, NULL);
    assert_true(hear(&listener));
    publish_point(1, 1);
    assert_int_equal(hub_read(listener.subscriber, bytes, sizeof bytes), 16);
    publish_steps(2, HUB_RING + 10);
    assert_int_equal(hub_read(listener.subscriber, bytes, sizeof bytes), -1);
    listener_close(&listener);
}

static void test_bounds_the_bytes_it_keeps(void **context)
{
    (void)context;
    struct listener listener;
    struct db_run run = {.id = 3, .name = "", .config = "{}", .tags = "[]"};
    size_t size = (size_t)1 << 20;
    char *notes = malloc(size + 1);
    memset(notes, 'n', size);
    notes[size] = '\0';
    run.notes = notes;
    listener_open(&listener, NULL);
    assert_true(hear(&listener));
    for (int i = 0; i < 9; i++)
        hub_publish_run(hub, &run);
    assert_true(hear(&listener));
    assert_int_equal(count_of(&listener, "event: gap"), 1);
    listener_close(&listener);
    free(notes);
}

static void test_subscribers_are_counted_and_bounded(void **context)
{
    (void)context;
    static struct hub_subscriber *all[HUB_MAX_SUBSCRIBERS];
    struct listener nobody = {0};
    for (size_t i = 0; i < HUB_MAX_SUBSCRIBERS; i++) {
        all[i] = hub_subscribe(hub, NULL, &reader, &nobody);
        assert_non_null(all[i]);
    }
    assert_int_equal(hub_subscriber_count(hub), HUB_MAX_SUBSCRIBERS);
    assert_null(hub_subscribe(hub, NULL, &reader, &nobody));
    hub_unsubscribe(all[5]);
    all[5] = hub_subscribe(hub, NULL, &reader, &nobody);
    assert_non_null(all[5]);
    for (size_t i = 0; i < HUB_MAX_SUBSCRIBERS; i++)
        hub_unsubscribe(all[i]);
    assert_int_equal(hub_subscriber_count(hub), 0);
}

static void test_closing_wakes_and_ends_all(void **context)
{
    (void)context;
    struct listener listener;
    listener_open(&listener, NULL);
    assert_true(hear(&listener));
    hub_close(hub);
    assert_int_equal(listener.wakes, 1);
    assert_false(hear(&listener));
    assert_null(hub_subscribe(hub, NULL, &reader, &listener));
    publish_point(1, 1);
    listener_close(&listener);
}

/* Only a sleeper is asked; the stream of one that is gone ends. */
static void test_ends_what_nobody_hears(void **context)
{
    (void)context;
    struct listener here, gone;
    listener_open(&here, NULL);
    listener_open(&gone, NULL);
    gone.gone = true;
    hub_tick(hub);
    assert_true(hear(&here));
    assert_true(hear(&gone));
    hub_tick(hub);
    assert_int_equal(here.wakes, 0);
    assert_int_equal(gone.wakes, 1);
    assert_false(hear(&gone));
    listener_close(&here);
    listener_close(&gone);
}

#define STORM_THREADS 4
#define STORM_EVENTS  1000

static void *storm(void *context)
{
    const int64_t *number = context;
    int64_t run = *number;
    for (int64_t step = 1; step <= STORM_EVENTS; step++)
        publish_point(run, step);
    return NULL;
}

/* Many publishers, one reader: every event whole, once, and in order for each run. */
static void test_publishers_from_many_threads(void **context)
{
    (void)context;
    struct listener listener;
    pthread_t threads[STORM_THREADS];
    int64_t runs[STORM_THREADS];
    listener_open(&listener, NULL);
    for (int i = 0; i < STORM_THREADS; i++) {
        runs[i] = i + 1;
        assert_int_equal(pthread_create(&threads[i], NULL, storm, &runs[i]), 0);
    }
    for (int i = 0; i < 50; i++)
        assert_true(listen_by(&listener, 1000));
    for (int i = 0; i < STORM_THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_true(hear(&listener));
    int64_t last[STORM_THREADS + 1] = {0};
    size_t count = 0;
    for (const char *at = listener.heard; (at = strstr(at, "data: {\"run\":")); at++) {
        long long run, step;
        assert_int_equal(
            sscanf(at, "data: {\"run\":%lld,\"point\":{\"step\":%lld", &run, &step), 2);
        assert_true(run >= 1 && run <= STORM_THREADS && step == last[run] + 1);
        last[run] = step;
        count++;
    }
    assert_int_equal(count, STORM_THREADS * STORM_EVENTS);
    listener_close(&listener);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_starts_with_its_retry_line),
        TEST(test_events_are_well_formed),
        TEST(test_a_run_is_one_data_line),
        TEST(test_wakes_once_for_a_sleep),
        TEST(test_small_reads_give_the_same_bytes),
        TEST(test_goes_on_after_the_last_event_heard),
        TEST(test_an_unknown_id_is_a_gap),
        TEST(test_an_id_of_the_future_is_a_gap),
        TEST(test_only_digits_are_an_id),
        TEST(test_one_that_falls_behind_hears_a_gap),
        TEST(test_half_an_event_ends_the_stream),
        TEST(test_bounds_the_bytes_it_keeps),
        TEST(test_subscribers_are_counted_and_bounded),
        TEST(test_closing_wakes_and_ends_all),
        TEST(test_ends_what_nobody_hears),
        TEST(test_publishers_from_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
