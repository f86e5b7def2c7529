/* Runs: launching, states, changes, lists. */
#include "tests/db/store.h"

static void test_an_idempotency_key_launches_once(void **state)
{
    struct store *store = *state;
    struct db_run_insert insert = store_insert("a");
    int64_t first, second = 0;
    bool existing;
    insert.idempotency_key = "key";
    insert.idempotency_digest = "one";
    assert_int_equal(db_run_create(store->db, &insert, &first, &existing), DB_OK);
    assert_false(existing);
    assert_int_equal(db_run_create(store->db, &insert, &second, &existing), DB_OK);
    assert_true(existing);
    assert_int_equal(first, second);
    insert.idempotency_digest = "two";
    assert_int_equal(db_run_create(store->db, &insert, &second, &existing), DB_CONFLICT);
}

static void test_a_full_queue_takes_no_more(void **state)
{
    struct store *store = *state;
    struct db_run_insert insert = store_insert("a");
    int64_t id;
    bool existing;
    insert.max_queued = 2;
    store_create(store, &insert);
    int64_t second = store_create(store, &insert);
    assert_int_equal(db_run_create(store->db, &insert, &id, &existing), DB_QUEUE_FULL);
    store_move(store, second, RUN_RUNNING);
    store_create(store, &insert);
}

static void test_states_move_only_from_where_they_may(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    enum run_state actual = RUN_PRUNED;
    assert_int_equal(db_run_transition(store->db, id, RUN_MASK(RUN_PAUSED), RUN_STOPPED,
                                       NULL, NULL, &actual),
                     DB_CONFLICT);
    assert_int_equal(actual, RUN_QUEUED);
    assert_int_equal(
        db_run_transition(store->db, 999, ~0u, RUN_STOPPED, NULL, NULL, NULL),
        DB_NOT_FOUND);
    store_move(store, id, RUN_RUNNING);
    struct db_run run = store_get(store, id);
    double started = run.started_at;
    assert_false(isnan(started));
    assert_true(isnan(run.finished_at));
    db_run_clear(&run);
    assert_int_equal(
        db_run_transition(store->db, id, RUN_LIVE, RUN_FAILED, "error", "why", NULL),
        DB_OK);
    run = store_get(store, id);
    assert_string_equal(run.stop_reason, "error");
    assert_string_equal(run.error, "why");
    assert_false(isnan(run.finished_at));
    db_run_clear(&run);
    store_move(store, id, RUN_RUNNING);
    run = store_get(store, id);
    assert_null(run.error);
    assert_true(isnan(run.finished_at));
    assert_true(run.started_at == started);
    db_run_clear(&run);
}

static void test_the_oldest_is_claimed_once(void **state)
{
    struct store *store = *state;
    int64_t a = store_launch(store), b = store_launch(store), id;
    assert_int_equal(db_run_claim(store->db, &id), DB_OK);
    assert_int_equal(id, a);
    assert_int_equal(db_run_claim(store->db, &id), DB_OK);
    assert_int_equal(id, b);
    assert_int_equal(db_run_claim(store->db, &id), DB_NOT_FOUND);
    int64_t *ids = NULL;
    size_t count;
    int64_t counts[RUN_STATE_COUNT];
    assert_int_equal(db_run_ids(store->db, RUN_RUNNING, &ids, &count), DB_OK);
    assert_int_equal(count, 2);
    assert_int_equal(ids[1], b);
    free(ids);
    assert_int_equal(db_run_counts(store->db, counts), DB_OK);
    assert_int_equal(counts[RUN_RUNNING], 2);
    assert_int_equal(counts[RUN_QUEUED], 0);
}

static void test_only_what_ended_is_deleted_and_ids_stay_used(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    enum run_state actual;
    assert_int_equal(db_run_delete(store->db, id, &actual), DB_CONFLICT);
    assert_int_equal(actual, RUN_QUEUED);
    store_move(store, id, RUN_STOPPED);
    assert_int_equal(db_run_delete(store->db, id, &actual), DB_OK);
    assert_int_equal(db_run_delete(store->db, id, &actual), DB_NOT_FOUND);
    assert_int_equal(store_launch(store), id + 1);
}

static void test_changes_touch_only_what_they_name(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    const bool yes = true;
    struct db_run_patch patch = {.notes = "n'; DROP TABLE runs; --", .archived = &yes};
    assert_int_equal(db_run_patch(store->db, id, &patch), DB_OK);
    assert_int_equal(db_run_set_environment(store->db, id, "{}"), DB_OK);
    struct db_run run = store_get(store, id);
    assert_string_equal(run.name, "run");
    assert_string_equal(run.notes, "n'; DROP TABLE runs; --");
    assert_string_equal(run.environment, "{}");
    assert_true(run.archived);
    db_run_clear(&run);
    assert_int_equal(db_run_patch(store->db, 999, &patch), DB_NOT_FOUND);
    assert_int_equal(db_run_set_environment(store->db, 999, "{}"), DB_NOT_FOUND);
}

/* Thirty runs that differ in every sort column, some without values. */
static void fill(struct store *store)
{
    static const char *const names[] = {"", "b", "A", "ü", "50%_done"};
    for (int i = 0; i < 30; i++) {
        struct db_run_insert insert = store_insert(names[i % 5]);
        insert.facts.lr = 0.1 * (1 + i % 4);
        insert.facts.batch_size = 1 << (i % 6);
        insert.tags = i % 3 ? "[]" : "[\"third\",\"x\"]";
        snprintf(insert.facts.dataset, sizeof insert.facts.dataset, "%s",
                 i % 2 ? "moons" : "mnist");
        int64_t id = store_create(store, &insert);
        if (i % 4 == 0)
            continue;
        struct db_point point = store_point(i, 0.5 + 0.01 * (i % 7));
        struct db_record record = store_record(id, &point, 1);
        record.end_state = i % 4 == 1 ? RUN_FINISHED : RUN_STATE_COUNT;
        assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    }
}

/* All pages of five one after the other; ids go to `ids`. */
static size_t walk(struct store *store, struct db_run_query query, int64_t *ids)
{
    size_t count = 0;
    char *cursor = NULL;
    query.limit = 5;
    do {
        struct db_run_page page;
        query.cursor = cursor;
        assert_int_equal(db_run_list(store->db, &query, &page), DB_OK);
        free(cursor);
        for (size_t i = 0; i < page.count; i++)
            ids[count++] = page.runs[i].id;
        cursor = page.next_cursor ? strdup(page.next_cursor) : NULL;
        db_run_page_clear(&page);
    } while (cursor);
    return count;
}

static void expect_pages_make_the_list(struct store *store, struct db_run_query query)
{
    int64_t ids[64] = {0};
    struct db_run_page whole;
    query.limit = 1000;
    assert_int_equal(db_run_list(store->db, &query, &whole), DB_OK);
    assert_null(whole.next_cursor);
    assert_int_equal(whole.count, whole.total);
    assert_int_equal(walk(store, query, ids), whole.count);
    for (size_t i = 0; i < whole.count; i++)
        assert_int_equal(ids[i], whole.runs[i].id);
    db_run_page_clear(&whole);
}

static void test_pages_make_the_list_under_every_sort(void **state)
{
    struct store *store = *state;
    fill(store);
    for (const char *const *name = db_run_sort_columns(); *name; name++) {
        char falling[64];
        snprintf(falling, sizeof falling, "-%s", *name);
        expect_pages_make_the_list(store,
                                   (struct db_run_query){.archived = -1, .sort = *name});
        expect_pages_make_the_list(
            store,
            (struct db_run_query){.archived = -1, .sort = falling, .dataset = "moons"});
    }
}

static size_t count_matches(struct store *store, struct db_run_query query)
{
    struct db_run_page page;
    query.limit = 1000;
    assert_int_equal(db_run_list(store->db, &query, &page), DB_OK);
    size_t count = page.count;
    db_run_page_clear(&page);
    return count;
}

static void test_filters(void **state)
{
    struct store *store = *state;
    fill(store);
#define COUNT(...) count_matches(store, (struct db_run_query){__VA_ARGS__})
    assert_int_equal(COUNT(.archived = 0), 30);
    assert_int_equal(COUNT(.archived = 1), 0);
    assert_int_equal(COUNT(.archived = -1, .dataset = "moons"), 15);
    assert_int_equal(COUNT(.archived = -1, .tag = "third"), 10);
    assert_int_equal(COUNT(.archived = -1, .tag = "thir"), 0);
    assert_int_equal(COUNT(.archived = -1, .name_contains = "a"), 6);
    assert_int_equal(COUNT(.archived = -1, .name_contains = "%_"), 6);
    assert_int_equal(COUNT(.archived = -1, .name_contains = "' OR 1 --"), 0);
    assert_int_equal(COUNT(.archived = -1, .state_mask = RUN_MASK(RUN_FINISHED)), 8);
#undef COUNT
}

static void test_bad_sorts_and_cursors_are_refused(void **state)
{
    struct store *store = *state;
    static const char *const cursors[] = {
        "",    "x",     "z",    "z.",    "z.0",
        "z.x", "n12.3", "t1.2", "tzz.2", "n0123456789abcdef",
        "z.-4"};
    struct db_run_page page;
    for (size_t i = 0; i < sizeof cursors / sizeof *cursors; i++) {
        struct db_run_query query = {.archived = -1, .limit = 5, .cursor = cursors[i]};
        assert_int_equal(db_run_list(store->db, &query, &page), DB_INVALID);
    }
    struct db_run_query bad_sort = {.archived = -1, .limit = 5, .sort = "id; DROP"};
    assert_int_equal(db_run_list(store->db, &bad_sort, &page), DB_INVALID);
    struct db_run_query bad_limit = {.archived = -1, .limit = 0};
    assert_int_equal(db_run_list(store->db, &bad_limit, &page), DB_INVALID);
}

#define STORE_TEST(name)                                                                 \
    cmocka_unit_test_setup_teardown(name, store_set_up, store_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_an_idempotency_key_launches_once),
        STORE_TEST(test_a_full_queue_takes_no_more),
        STORE_TEST(test_states_move_only_from_where_they_may),
        STORE_TEST(test_the_oldest_is_claimed_once),
        STORE_TEST(test_only_what_ended_is_deleted_and_ids_stay_used),
        STORE_TEST(test_changes_touch_only_what_they_name),
        STORE_TEST(test_pages_make_the_list_under_every_sort),
        STORE_TEST(test_filters),
        STORE_TEST(test_bad_sorts_and_cursors_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
