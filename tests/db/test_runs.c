/* Runs: launching, states, changes. */
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

static void test_a_key_goes_with_its_run(void **state)
{
    struct store *store = *state;
    struct db_run_insert insert = store_insert("a");
    insert.idempotency_key = "k'; --";
    insert.idempotency_digest = "one";
    insert.max_queued = 1;
    int64_t id = store_create(store, &insert);
    assert_int_equal(store_create(store, &insert), id); /* the queue is full meanwhile */
    store_move(store, id, RUN_STOPPED);
    assert_int_equal(db_run_delete(store->db, id, NULL), DB_OK);
    assert_int_equal(store_create(store, &insert), id + 1);
}

static void test_state_names_go_both_ways(void **state)
{
    (void)state;
    enum run_state found;
    for (int i = 0; i < RUN_STATE_COUNT; i++) {
        assert_true(run_state_from_name(run_state_name((enum run_state)i), &found));
        assert_int_equal(found, i);
    }
    assert_false(run_state_from_name("flying", &found));
}

static void test_a_run_comes_back_as_launched(void **state)
{
    struct store *store = *state;
    struct db_run_insert insert = store_insert("näme '\";-- %s");
    int64_t parent = store_launch(store);
    insert.tags = "[\"x\"]";
    insert.notes = "two\nlines";
    insert.parent = parent;
    insert.facts.seed = INT64_MAX;
    insert.facts.lr = 0.1 + 0.2;
    insert.facts.time_budget_s = 1e300;
    struct db_run run = store_get(store, store_create(store, &insert));
    assert_int_equal(run.state, RUN_QUEUED);
    assert_string_equal(run.name, insert.name);
    assert_string_equal(run.tags, insert.tags);
    assert_string_equal(run.notes, insert.notes);
    assert_null(run.environment);
    assert_null(run.stop_reason);
    assert_int_equal(run.parent, parent);
    assert_int_equal(run.sweep, 0);
    assert_int_equal(run.facts.seed, INT64_MAX);
    assert_true(run.facts.lr == insert.facts.lr);
    assert_true(run.facts.time_budget_s == 1e300);
    assert_true(isnan(run.facts.target_accuracy) && isnan(run.summary.last_test_loss));
    assert_true(run.created_at > 1.6e9 && isnan(run.started_at));
    db_run_clear(&run);
    assert_int_equal(db_run_get(store->db, 999, &run), DB_NOT_FOUND);
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

#define STORE_TEST(name)                                                                 \
    cmocka_unit_test_setup_teardown(name, store_set_up, store_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_an_idempotency_key_launches_once),
        STORE_TEST(test_a_key_goes_with_its_run),
        STORE_TEST(test_state_names_go_both_ways),
        STORE_TEST(test_a_run_comes_back_as_launched),
        STORE_TEST(test_a_full_queue_takes_no_more),
        STORE_TEST(test_states_move_only_from_where_they_may),
        STORE_TEST(test_the_oldest_is_claimed_once),
        STORE_TEST(test_only_what_ended_is_deleted_and_ids_stay_used),
        STORE_TEST(test_changes_touch_only_what_they_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
