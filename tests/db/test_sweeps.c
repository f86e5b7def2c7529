/* Sweeps: their rows, the launch of their runs, and what those came to. */
#include "tests/db/sweep_store.h"

static void test_a_sweep_is_read_back(void **state)
{
    struct store *store = *state;
    struct db_sweep sweep = get(store, create(store, 12));
    assert_string_equal(sweep.name, "first");
    assert_string_equal(sweep.notes, "a note");
    assert_string_equal(sweep.spec, "{\"x\":1}");
    assert_int_equal(sweep.state, SWEEP_RUNNING);
    assert_null(sweep.stop_reason);
    assert_int_equal(sweep.total_runs, 12);
    assert_int_equal(sweep.launched, 0);
    assert_true(sweep.created_at > 1.6e9 && isnan(sweep.finished_at));
    db_sweep_clear(&sweep);
    assert_int_equal(db_sweep_get(store->db, 99, &sweep), DB_NOT_FOUND);
}

static void test_runs_are_launched_once_each_and_in_order(void **state)
{
    struct store *store = *state;
    int64_t id = create(store, 3), run = 0;
    launch(store, id, 0);
    assert_int_equal(try_launch(store, id, 0, &run), DB_CONFLICT);
    assert_int_equal(try_launch(store, id, 2, &run), DB_CONFLICT);
    end_run(store, launch(store, id, 1));
    struct db_sweep sweep = get(store, id);
    assert_int_equal(sweep.launched, 2);
    assert_int_equal(sweep.counts[RUN_QUEUED], 1);
    assert_int_equal(sweep.counts[RUN_FINISHED], 1);
    db_sweep_clear(&sweep);
    int64_t count = 0;
    int64_t *ids;
    size_t found;
    assert_int_equal(db_sweep_run_ids(store->db, id, RUN_LIVE, &ids, &found), DB_OK);
    count = (int64_t)found;
    free(ids);
    assert_int_equal(count, 1);
}

static void test_only_a_running_sweep_launches(void **state)
{
    struct store *store = *state;
    int64_t id = create(store, 3), run = 0;
    move(store, id, SWEEP_PAUSED);
    assert_int_equal(try_launch(store, id, 0, &run), DB_CONFLICT);
    move(store, id, SWEEP_RUNNING);
    launch(store, id, 0);
    move(store, id, SWEEP_STOPPED);
    assert_int_equal(try_launch(store, id, 1, &run), DB_CONFLICT);
    assert_int_equal(try_launch(store, 99, 0, &run), DB_CONFLICT);
}

static void test_a_full_queue_launches_nothing(void **state)
{
    struct store *store = *state;
    int64_t id = create(store, 3), run = 0;
    struct db_run_insert insert = store_insert("");
    insert.sweep = id;
    insert.max_queued = 0;
    assert_int_equal(db_sweep_launch(store->db, &insert, &run), DB_QUEUE_FULL);
    struct db_sweep sweep = get(store, id);
    assert_int_equal(sweep.launched, 0);
    db_sweep_clear(&sweep);
    launch(store, id, 0);
}

static void test_transitions_keep_time_and_reason(void **state)
{
    struct store *store = *state;
    int64_t id = create(store, 3);
    enum sweep_state actual = SWEEP_RUNNING;
    move(store, id, SWEEP_FINISHED);
    struct db_sweep sweep = get(store, id);
    double spent = sweep.wall_seconds;
    assert_true(sweep.finished_at > 1.6e9 && spent >= 0 && spent < 60);
    assert_string_equal(sweep.stop_reason, "user");
    db_sweep_clear(&sweep);
    assert_int_equal(db_sweep_transition(store->db, id, SWEEP_MASK(SWEEP_RUNNING),
                                         SWEEP_PAUSED, NULL, NULL, &actual),
                     DB_CONFLICT);
    assert_int_equal(actual, SWEEP_FINISHED);
    sweep = get(store, id);
    assert_true(sweep.wall_seconds == spent); /* the clock stands */
    db_sweep_clear(&sweep);
    move(store, id, SWEEP_RUNNING);
    assert_int_equal(db_sweep_take_up(store->db, id), DB_OK);
    sweep = get(store, id);
    assert_true(isnan(sweep.finished_at) && sweep.wall_seconds >= spent);
    db_sweep_clear(&sweep);
}

static void test_lists_newest_first_in_pages(void **state)
{
    struct store *store = *state;
    struct db_sweep *sweeps;
    size_t count;
    int64_t total, *ids;
    for (int i = 0; i < 5; i++)
        create(store, 1);
    move(store, 3, SWEEP_PAUSED);
    assert_int_equal(db_sweep_list(store->db, 0, 2, &sweeps, &count, &total), DB_OK);
    assert_int_equal(count, 2);
    assert_int_equal(total, 5);
    assert_int_equal(sweeps[0].id, 5);
    assert_int_equal(sweeps[1].id, 4);
    db_sweep_clear(&sweeps[0]);
    db_sweep_clear(&sweeps[1]);
    free(sweeps);
    assert_int_equal(db_sweep_list(store->db, 2, 9, &sweeps, &count, &total), DB_OK);
    assert_int_equal(count, 1);
    assert_int_equal(sweeps[0].id, 1);
    db_sweep_clear(&sweeps[0]);
    free(sweeps);
    assert_int_equal(db_sweep_ids(store->db, SWEEP_MASK(SWEEP_RUNNING), &ids, &count),
                     DB_OK);
    assert_int_equal(count, 4);
    assert_int_equal(ids[2], 4);
    free(ids);
}

static void test_patches_what_is_given(void **state)
{
    struct store *store = *state;
    int64_t id = create(store, 3);
    assert_int_equal(db_sweep_patch(store->db, id, "second", NULL), DB_OK);
    struct db_sweep sweep = get(store, id);
    assert_string_equal(sweep.name, "second");
    assert_string_equal(sweep.notes, "a note");
    assert_string_equal(sweep.spec, "{\"x\":1}");
    assert_int_equal(sweep.total_runs, 3);
    db_sweep_clear(&sweep);
    assert_int_equal(db_sweep_patch(store->db, 99, "x", NULL), DB_NOT_FOUND);
}

static void record(struct store *store, int64_t run, const struct db_point *points,
                   size_t count)
{
    struct db_record row = store_record(run, points, count);
    assert_int_equal(
        db_run_transition(store->db, run, ~0u, RUN_RUNNING, NULL, NULL, NULL), DB_OK);
    assert_int_equal(db_record(store->db, &row, 1), DB_OK);
}

/* Each trial has the points that were a new best, and no other run's. */
static void test_trials_have_their_best_points(void **state)
{
    struct store *store = *state;
    int64_t id = create(store, 3);
    int64_t a = launch(store, id, 0), b = launch(store, id, 1), c = launch(store, id, 2);
    struct db_point points[3] = {store_point(10, 0.5), store_point(20, 0.4),
                                 store_point(30, 0.6)};
    points[0].is_best = points[2].is_best = true;
    points[1].is_best = false;
    points[2].val_accuracy = 0.7;
    record(store, a, points, 3);
    record(store, c, points, 1);
    record(store, store_launch(store), points, 3);
    struct db_trials trials;
    assert_int_equal(db_trials_read(store->db, id, 0, &trials), DB_OK);
    assert_int_equal(trials.count, 3);
    assert_int_equal(trials.trials[0].step_count, 2);
    assert_int_equal(trials.trials[0].run, a);
    assert_int_equal(trials.trials[0].steps[0].step, 10);
    assert_true(trials.trials[0].steps[0].accuracy == points[0].test_accuracy);
    assert_true(trials.trials[0].steps[1].accuracy == 0.7);
    assert_int_equal(trials.trials[1].run, b);
    assert_int_equal(trials.trials[1].step_count, 0);
    assert_int_equal(trials.trials[2].step_count, 1);
    assert_int_equal(trials.trials[2].index, 2);
    assert_string_equal(trials.trials[2].config, "{}");
    db_trials_clear(&trials);
    assert_int_equal(db_trials_read(store->db, id, c, &trials), DB_OK);
    assert_int_equal(trials.count, 1);
    assert_int_equal(trials.trials[0].run, c);
    assert_int_equal(trials.trials[0].step_count, 1);
    db_trials_clear(&trials);
}

#define STORE_TEST(name)                                                                 \
    cmocka_unit_test_setup_teardown(name, store_set_up, store_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_a_sweep_is_read_back),
        STORE_TEST(test_runs_are_launched_once_each_and_in_order),
        STORE_TEST(test_only_a_running_sweep_launches),
        STORE_TEST(test_a_full_queue_launches_nothing),
        STORE_TEST(test_transitions_keep_time_and_reason),
        STORE_TEST(test_lists_newest_first_in_pages),
        STORE_TEST(test_patches_what_is_given),
        STORE_TEST(test_trials_have_their_best_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
