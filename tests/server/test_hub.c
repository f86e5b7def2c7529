/* The hub: order, taking up again, gaps, and that nobody waits for a reader. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/events/hub.h"
#include "tests/engine/cmocka_all.h"

/* A reader that only counts how often it is put to sleep and woken. */
struct reader {
    struct hub_subscriber *subscriber;
    int sleeps, wakes;
};

static void sleep_reader(void *context)
{
    ((struct reader *)context)->sleeps++;
}

static void wake_reader(void *context)
{
    ((struct reader *)context)->wakes++;
}

static void subscribe(struct reader *reader, struct hub *hub, const char *last)
{
    *reader = (struct reader){0};
    reader->subscriber = hub_subscribe(hub, last, wake_reader, reader);
    assert_non_null(reader->subscriber);
}

/* Reads all there is, in pieces of `piece` bytes. */
static char *read_all(struct reader *reader, size_t piece)
{
    static char text[4 << 20];
    size_t used = 0;
    long count;
    while ((count = hub_read(reader->subscriber, text + used, piece, sleep_reader)) > 0)
        used += (size_t)count;
    text[used] = '\0';
    return text;
}

static void publish(struct hub *hub, int64_t run, int64_t step)
{
    struct db_point point = {.step = step, .test_loss = NAN};
    hub_publish_point(hub, run, &point);
}

static int count_events(const char *text, const char *name)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, name)); at++)
        count++;
    return count;
}

static void test_gives_each_event_once_in_any_pieces(void **state)
{
    (void)state;
    struct hub *hub = hub_new();
    struct reader a, b;
    subscribe(&a, hub, NULL);
    subscribe(&b, hub, NULL);
    for (int i = 1; i <= 10; i++)
        publish(hub, 3, i);
    char *copy = strdup(read_all(&a, 100000));
    assert_string_equal(copy, read_all(&b, 7));
    assert_int_equal(count_events(copy, "event: point\n"), 10);
    assert_non_null(strstr(copy, "retry: "));
    assert_non_null(strstr(copy, "data: {\"run\":3,\"point\":{\"step\":1,"));
    assert_non_null(strstr(copy, "\"test_loss\":null"));
    free(copy);
    hub_unsubscribe(a.subscriber);
    hub_unsubscribe(b.subscriber);
    hub_free(hub);
}

static void test_wakes_a_sleeper_once(void **state)
{
    (void)state;
    struct hub *hub = hub_new();
    struct reader reader;
    subscribe(&reader, hub, NULL);
    read_all(&reader, 1000);
    assert_int_equal(reader.sleeps, 1);
    publish(hub, 1, 1);
    publish(hub, 1, 2);
    assert_int_equal(reader.wakes, 1);
    hub_unsubscribe(reader.subscriber);
    hub_free(hub);
}

/* The id of the last event in `text`. */
static void last_id(const char *text, char *id, size_t size)
{
    const char *found = NULL;
    for (const char *at = text; (at = strstr(at, "id: ")); at++)
        found = at;
    assert_non_null(found);
    snprintf(id, size, "%.*s", (int)strcspn(found + 4, "\n"), found + 4);
}

static void test_goes_on_behind_the_last_id(void **state)
{
    (void)state;
    struct hub *hub = hub_new();
    struct reader reader;
    char id[64];
    subscribe(&reader, hub, NULL);
    publish(hub, 1, 1);
    last_id(read_all(&reader, 1000), id, sizeof id);
    hub_unsubscribe(reader.subscriber);
    publish(hub, 1, 2);
    publish(hub, 1, 3);
    subscribe(&reader, hub, id);
    const char *text = read_all(&reader, 1000);
    assert_int_equal(count_events(text, "event: point"), 2);
    assert_int_equal(count_events(text, "event: gap"), 0);
    hub_unsubscribe(reader.subscriber);
    hub_free(hub);
}

static void test_unknown_ids_give_a_gap(void **state)
{
    (void)state;
    struct hub *hub = hub_new();
    const char *const ids[] = {"x", "1-1", "-", "0-0", "18446744073709551616-5"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct reader reader;
        subscribe(&reader, hub, ids[i]);
        assert_int_equal(count_events(read_all(&reader, 1000), "event: gap"), 1);
        hub_unsubscribe(reader.subscriber);
    }
    hub_free(hub);
}

static void test_a_reader_left_behind_gets_a_gap(void **state)
{
    (void)state;
    struct hub *hub = hub_new();
    struct reader reader;
    subscribe(&reader, hub, NULL);
    read_all(&reader, 1000);
    for (int i = 0; i < HUB_RING + 10; i++)
        publish(hub, 1, i);
    assert_int_equal(count_events(read_all(&reader, 1000), "event: gap"), 1);
    publish(hub, 1, 7);
    const char *text = read_all(&reader, 1000);
    assert_int_equal(count_events(text, "event: point"), 1);
    assert_int_equal(count_events(text, "event: gap"), 0);
    hub_unsubscribe(reader.subscriber);
    hub_free(hub);
}

static void test_an_event_lost_half_read_ends_the_stream(void **state)
{
    (void)state;
    struct hub *hub = hub_new();
    struct reader reader;
    char piece[40];
    subscribe(&reader, hub, NULL);
    read_all(&reader, 1000);
    publish(hub, 1, 1);
    assert_true(hub_read(reader.subscriber, piece, sizeof piece, sleep_reader) > 0);
    for (int i = 0; i < HUB_RING; i++)
        publish(hub, 1, i);
    assert_int_equal(hub_read(reader.subscriber, piece, sizeof piece, sleep_reader), -1);
    hub_unsubscribe(reader.subscriber);
    hub_free(hub);
}

static void test_limits_and_closing(void **state)
{
    (void)state;
    struct hub *hub = hub_new();
    static struct reader readers[HUB_MAX_SUBSCRIBERS];
    char piece[64];
    for (size_t i = 0; i < HUB_MAX_SUBSCRIBERS; i++)
        subscribe(&readers[i], hub, NULL);
    assert_int_equal(hub_subscriber_count(hub), HUB_MAX_SUBSCRIBERS);
    assert_null(hub_subscribe(hub, NULL, wake_reader, &readers[0]));
    read_all(&readers[0], 64);
    hub_close(hub);
    assert_int_equal(readers[0].wakes, 1);
    assert_int_equal(hub_read(readers[0].subscriber, piece, 64, sleep_reader), -1);
    for (size_t i = 0; i < HUB_MAX_SUBSCRIBERS; i++)
        hub_unsubscribe(readers[i].subscriber);
    assert_null(hub_subscribe(hub, NULL, wake_reader, &readers[0]));
    hub_free(hub);
}

static void *publish_many(void *context)
{
    for (int i = 0; i < 2000; i++)
        publish(context, 1, i);
    return NULL;
}

static void test_threads_publish_side_by_side(void **state)
{
    (void)state;
    struct hub *hub = hub_new();
    struct reader reader;
    pthread_t threads[2];
    subscribe(&reader, hub, NULL);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, publish_many, hub), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(count_events(read_all(&reader, 4096), "event: point"), 4000);
    hub_unsubscribe(reader.subscriber);
    hub_free(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gives_each_event_once_in_any_pieces),
        cmocka_unit_test(test_wakes_a_sleeper_once),
        cmocka_unit_test(test_goes_on_behind_the_last_id),
        cmocka_unit_test(test_unknown_ids_give_a_gap),
        cmocka_unit_test(test_a_reader_left_behind_gets_a_gap),
        cmocka_unit_test(test_an_event_lost_half_read_ends_the_stream),
        cmocka_unit_test(test_limits_and_closing),
        cmocka_unit_test(test_threads_publish_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
