/* What is done to sweeps as a whole: each verb moves the row and the runs at once, or
 * nothing; a deletion goes in pieces, and none sees what is left. */
#include "tests/db/sweep_store.h"

enum { QUEUED, RUNNING, PAUSED, FINISHED, RUNS };

/* A running sweep with a run in each of these states, and one that is not its own. */
struct plan {
    int64_t sweep, runs[RUNS], other;
};

static struct plan make(struct store *store)
{
    static const enum run_state states[RUNS] = {RUN_QUEUED, RUN_RUNNING, RUN_PAUSED,
                                                RUN_FINISHED};
    struct plan plan = {.sweep = create(store, RUNS), .other = store_launch(store)};
    for (int i = 0; i < RUNS; i++) {
        plan.runs[i] = launch(store, plan.sweep, i);
        store_move(store, plan.runs[i], states[i]);
    }
    return plan;
}

static void expect_run(struct store *store, int64_t id, enum run_state state,
                       enum run_state wanted)
{
    struct db_run run = store_get(store, id);
    assert_int_equal(run.state, state);
    assert_int_equal(run.wanted, wanted);
    assert_int_equal(isnan(run.finished_at), (RUN_MASK(state) & RUN_LIVE) != 0);
    if (state == RUN_STOPPED)
        assert_string_equal(run.stop_reason, "user");
    else
        assert_null(run.stop_reason);
    db_run_clear(&run);
}

static void expect_sweep(struct store *store, int64_t id, enum sweep_state state)
{
    struct db_sweep sweep = get(store, id);
    assert_int_equal(sweep.state, state);
    db_sweep_clear(&sweep);
}

typedef enum db_status verb(struct db *db, int64_t id, enum sweep_state *actual,
                            int64_t **runs, size_t *count);

/* How many runs it touched, which are those that were live. */
static size_t apply(struct store *store, verb *act, int64_t id)
{
    int64_t *runs;
    size_t count;
    assert_int_equal(act(store->db, id, NULL, &runs, &count), DB_OK);
    for (size_t i = 1; i < count; i++)
        assert_true(runs[i - 1] < runs[i]);
    free(runs);
    return count;
}

static void expect_conflict(struct store *store, verb *act, int64_t id,
                            enum sweep_state state)
{
    enum sweep_state actual = SWEEP_STATE_COUNT;
    int64_t *runs = NULL;
    size_t count;
    assert_int_equal(act(store->db, id, &actual, &runs, &count), DB_CONFLICT);
    assert_int_equal(actual, state);
    assert_null(runs);
}

static void test_stop_takes_the_runs_along(void **state)
{
    struct store *store = *state;
    struct plan plan = make(store);
    assert_int_equal(apply(store, db_sweep_stop, plan.sweep), 3);
    expect_sweep(store, plan.sweep, SWEEP_STOPPED);
    expect_run(store, plan.runs[QUEUED], RUN_STOPPED, RUN_STATE_COUNT);
    expect_run(store, plan.runs[RUNNING], RUN_RUNNING, RUN_STOPPED);
    expect_run(store, plan.runs[PAUSED], RUN_STOPPED, RUN_STATE_COUNT);
    expect_run(store, plan.runs[FINISHED], RUN_FINISHED, RUN_STATE_COUNT);
    expect_run(store, plan.other, RUN_QUEUED, RUN_STATE_COUNT);
    expect_conflict(store, db_sweep_stop, plan.sweep, SWEEP_STOPPED);
    expect_conflict(store, db_sweep_pause, plan.sweep, SWEEP_STOPPED);
}

static void test_pause_and_resume_take_the_runs_along(void **state)
{
    struct store *store = *state;
    struct plan plan = make(store);
    assert_int_equal(apply(store, db_sweep_pause, plan.sweep), 3);
    expect_sweep(store, plan.sweep, SWEEP_PAUSED);
    expect_run(store, plan.runs[QUEUED], RUN_PAUSED, RUN_STATE_COUNT);
    expect_run(store, plan.runs[RUNNING], RUN_RUNNING, RUN_PAUSED);
    expect_run(store, plan.other, RUN_QUEUED, RUN_STATE_COUNT);
    expect_conflict(store, db_sweep_pause, plan.sweep, SWEEP_PAUSED);
    assert_int_equal(apply(store, db_sweep_resume, plan.sweep), 3);
    expect_sweep(store, plan.sweep, SWEEP_RUNNING);
    expect_run(store, plan.runs[QUEUED], RUN_QUEUED, RUN_STATE_COUNT);
    expect_run(store, plan.runs[RUNNING], RUN_RUNNING, RUN_QUEUED);
    expect_run(store, plan.runs[PAUSED], RUN_QUEUED, RUN_STATE_COUNT);
    expect_run(store, plan.runs[FINISHED], RUN_FINISHED, RUN_STATE_COUNT);
    expect_conflict(store, db_sweep_resume, plan.sweep, SWEEP_RUNNING);
}

/* What has been stopped stays so when the sweep goes on with the rest of its plan. */
static void test_a_stop_of_runs_is_final(void **state)
{
    struct store *store = *state;
    struct plan plan = make(store);
    apply(store, db_sweep_stop, plan.sweep);
    assert_int_equal(apply(store, db_sweep_resume, plan.sweep), 1);
    expect_run(store, plan.runs[QUEUED], RUN_STOPPED, RUN_STATE_COUNT);
    expect_run(store, plan.runs[RUNNING], RUN_RUNNING, RUN_STOPPED);
    apply(store, db_sweep_pause, plan.sweep);
    expect_run(store, plan.runs[RUNNING], RUN_RUNNING, RUN_STOPPED);
}

/* The last of a verb's statements fails: the first are taken back. */
static void test_a_verb_is_whole_or_not_there(void **state)
{
    struct store *store = *state;
    struct plan plan = make(store);
    int64_t *runs;
    size_t count;
    store_sql(store,
              "CREATE TRIGGER refuse BEFORE UPDATE ON runs WHEN NEW.wanted IS NOT NULL"
              " BEGIN SELECT RAISE(ABORT, 'no'); END",
              NULL, 0);
    assert_int_not_equal(db_sweep_stop(store->db, plan.sweep, NULL, &runs, &count),
                         DB_OK);
    expect_sweep(store, plan.sweep, SWEEP_RUNNING);
    expect_run(store, plan.runs[QUEUED], RUN_QUEUED, RUN_STATE_COUNT);
    expect_run(store, plan.runs[PAUSED], RUN_PAUSED, RUN_STATE_COUNT);
    assert_int_equal(db_sweep_stop(store->db, 99, NULL, &runs, &count), DB_NOT_FOUND);
}

static void test_a_run_is_asked(void **state)
{
    struct store *store = *state;
    struct plan plan = make(store);
    enum run_state was;
    assert_int_equal(db_run_ask(store->db, plan.runs[QUEUED], RUN_PAUSED, &was), DB_OK);
    assert_int_equal(was, RUN_QUEUED);
    expect_run(store, plan.runs[QUEUED], RUN_PAUSED, RUN_STATE_COUNT);
    assert_int_equal(db_run_ask(store->db, plan.runs[PAUSED], RUN_PAUSED, &was),
                     DB_CONFLICT);
    assert_int_equal(was, RUN_PAUSED);
    assert_int_equal(db_run_ask(store->db, plan.runs[PAUSED], RUN_STOPPED, &was), DB_OK);
    expect_run(store, plan.runs[PAUSED], RUN_STOPPED, RUN_STATE_COUNT);
    assert_int_equal(db_run_ask(store->db, plan.runs[FINISHED], RUN_STOPPED, &was),
                     DB_CONFLICT);
    assert_int_equal(was, RUN_FINISHED);
    int64_t running = plan.runs[RUNNING];
    assert_int_equal(db_run_ask(store->db, running, RUN_PAUSED, &was), DB_OK);
    assert_int_equal(was, RUN_RUNNING);
    expect_run(store, running, RUN_RUNNING, RUN_PAUSED);
    assert_int_equal(db_run_ask(store->db, running, RUN_STOPPED, &was), DB_OK);
    assert_int_equal(db_run_ask(store->db, running, RUN_PAUSED, &was), DB_CONFLICT);
    expect_run(store, running, RUN_RUNNING, RUN_STOPPED);
    assert_int_equal(db_run_ask(store->db, 99, RUN_STOPPED, &was), DB_NOT_FOUND);
}

static enum run_state end_of(struct store *store, enum run_state end, verb *first,
                             verb *second)
{
    struct plan plan = make(store);
    struct db_record record = store_record(plan.runs[RUNNING], NULL, 0);
    record.end_state = end;
    apply(store, first, plan.sweep);
    if (second)
        apply(store, second, plan.sweep);
    assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    struct db_run run = store_get(store, plan.runs[RUNNING]);
    enum run_state state = run.state;
    assert_int_equal(run.wanted, RUN_STATE_COUNT);
    if (state == RUN_STOPPED)
        assert_string_equal(run.stop_reason, "user");
    db_run_clear(&run);
    return state;
}

/* A trainer that pauses may be behind the times; one that has ended has ended. */
static void test_the_end_of_a_pause_is_what_is_wanted_by_then(void **state)
{
    struct store *store = *state;
    assert_int_equal(end_of(store, RUN_PAUSED, db_sweep_pause, NULL), RUN_PAUSED);
    assert_int_equal(end_of(store, RUN_PAUSED, db_sweep_pause, db_sweep_resume),
                     RUN_QUEUED);
    assert_int_equal(end_of(store, RUN_PAUSED, db_sweep_pause, db_sweep_stop),
                     RUN_STOPPED);
    assert_int_equal(end_of(store, RUN_FINISHED, db_sweep_pause, NULL), RUN_FINISHED);
    assert_int_equal(end_of(store, RUN_FINISHED, db_sweep_stop, NULL), RUN_FINISHED);
    assert_int_equal(end_of(store, RUN_DIVERGED, db_sweep_pause, db_sweep_resume),
                     RUN_DIVERGED);
}

static void expect_plan(struct store *store, int64_t id, enum sweep_state state,
                        const char *spec, int64_t total)
{
    struct db_sweep sweep = get(store, id);
    assert_int_equal(sweep.state, state);
    assert_string_equal(sweep.spec, spec);
    assert_int_equal(sweep.total_runs, total);
    db_sweep_clear(&sweep);
}

/* Of two that start from the same plan the second is told so. */
static void test_extensions_do_not_undo_each_other(void **state)
{
    struct store *store = *state;
    struct db *db = store->db;
    int64_t id = create(store, 3);
    const char *before = "{\"x\":1}";
    assert_int_equal(db_sweep_extend(db, id, before, "{\"x\":9}", 9), DB_OK);
    assert_int_equal(db_sweep_extend(db, id, before, "{\"x\":5}", 5), DB_CONFLICT);
    expect_plan(store, id, SWEEP_RUNNING, "{\"x\":9}", 9);
    move(store, id, SWEEP_PAUSED);
    assert_int_equal(db_sweep_extend(db, id, "{\"x\":9}", "{\"x\":10}", 10), DB_OK);
    expect_plan(store, id, SWEEP_PAUSED, "{\"x\":10}", 10);
    move(store, id, SWEEP_FINISHED);
    assert_int_equal(db_sweep_extend(db, id, "{\"x\":9}", "{\"x\":12}", 12), DB_CONFLICT);
    expect_plan(store, id, SWEEP_FINISHED, "{\"x\":10}", 10);
    assert_int_equal(db_sweep_extend(db, id, "{\"x\":10}", "{\"x\":12}", 12), DB_OK);
    expect_plan(store, id, SWEEP_RUNNING, "{\"x\":12}", 12);
    assert_int_equal(db_sweep_extend(db, 99, before, before, 3), DB_NOT_FOUND);
}

static void test_only_a_dead_sweep_is_deleted(void **state)
{
    struct store *store = *state;
    int64_t id = create(store, 3), run = launch(store, id, 0), *runs;
    size_t count;
    assert_int_equal(db_sweep_delete(store->db, id), DB_CONFLICT);
    move(store, id, SWEEP_STOPPED);
    assert_int_equal(db_sweep_delete(store->db, id), DB_CONFLICT);
    end_run(store, run);
    assert_int_equal(db_sweep_delete_runs(store->db, id, 9, &runs, &count), DB_OK);
    assert_int_equal(count, 0); /* not of one that nobody deletes */
    free(runs);
    expect_sweep(store, id, SWEEP_STOPPED);
    assert_int_equal(db_sweep_delete(store->db, id), DB_OK);
    assert_int_equal(db_sweep_delete(store->db, id), DB_NOT_FOUND);
    assert_int_equal(db_sweep_delete(store->db, 99), DB_NOT_FOUND);
}

static size_t count_sweeps(struct store *store)
{
    struct db_sweep *sweeps;
    size_t count;
    int64_t total;
    assert_int_equal(db_sweep_list(store->db, 0, 9, &sweeps, &count, &total), DB_OK);
    for (size_t i = 0; i < count; i++)
        db_sweep_clear(&sweeps[i]);
    free(sweeps);
    assert_int_equal(count, total);
    return count;
}

/* Nobody finds it, and what is left of its runs cannot come to life. */
static void test_a_sweep_that_is_being_deleted_is_gone(void **state)
{
    struct store *store = *state;
    struct db *db = store->db;
    int64_t id = create(store, 3), run = launch(store, id, 0), *runs;
    struct db_sweep sweep;
    enum run_state was;
    size_t count;
    store_move(store, run, RUN_STOPPED);
    move(store, id, SWEEP_STOPPED);
    assert_int_equal(db_sweep_delete(db, id), DB_OK);
    assert_int_equal(db_sweep_get(db, id, &sweep), DB_NOT_FOUND);
    assert_int_equal(count_sweeps(store), 0);
    assert_int_equal(db_sweep_patch(db, id, "x", NULL), DB_NOT_FOUND);
    assert_int_equal(db_sweep_extend(db, id, "{\"x\":1}", "{}", 9), DB_NOT_FOUND);
    assert_int_equal(db_sweep_resume(db, id, NULL, &runs, &count), DB_NOT_FOUND);
    assert_int_equal(try_launch(store, id, 1, &run), DB_CONFLICT);
    assert_int_equal(db_run_transition(db, run, ~0u, RUN_QUEUED, NULL, NULL, NULL),
                     DB_NOT_FOUND);
    assert_int_equal(db_run_ask(db, run, RUN_STOPPED, &was), DB_NOT_FOUND);
    assert_int_equal(db_run_delete(db, run, &was), DB_NOT_FOUND);
}

static void expect_gone(struct store *store, int64_t run)
{
    struct db_run row;
    assert_int_equal(db_run_get(store->db, run, &row), DB_NOT_FOUND);
}

/* Piece by piece, and over a restart. */
static void test_deletes_in_pieces(void **state)
{
    struct store *store = *state;
    int64_t other = store_launch(store), id = create(store, 5), all[5], *runs, *ids;
    size_t count;
    for (int i = 0; i < 5; i++)
        end_run(store, all[i] = launch(store, id, i));
    move(store, id, SWEEP_FINISHED);
    assert_int_equal(db_sweep_delete(store->db, id), DB_OK);
    assert_int_equal(db_sweep_delete_runs(store->db, id, 2, &runs, &count), DB_OK);
    assert_int_equal(count, 2);
    assert_memory_equal(runs, all, 2 * sizeof *runs);
    free(runs);
    db_close(store->db);
    store_open(store);
    assert_int_equal(db_sweep_ids(store->db, SWEEP_MASK(SWEEP_DELETING), &ids, &count),
                     DB_OK);
    assert_int_equal(count, 1);
    assert_int_equal(ids[0], id);
    free(ids);
    assert_int_equal(db_sweep_delete_runs(store->db, id, 3, &runs, &count), DB_OK);
    assert_memory_equal(runs, all + 2, 3 * sizeof *runs);
    free(runs);
    assert_int_equal(db_sweep_delete_runs(store->db, id, 3, &runs, &count), DB_OK);
    assert_int_equal(count, 0);
    free(runs);
    assert_int_equal(db_sweep_ids(store->db, ~0u, &ids, &count), DB_OK);
    assert_int_equal(count, 0);
    free(ids);
    for (int i = 0; i < 5; i++)
        expect_gone(store, all[i]);
    expect_run(store, other, RUN_QUEUED, RUN_STATE_COUNT);
}

#define STORE_TEST(name)                                                                 \
    cmocka_unit_test_setup_teardown(name, store_set_up, store_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_stop_takes_the_runs_along),
        STORE_TEST(test_pause_and_resume_take_the_runs_along),
        STORE_TEST(test_a_stop_of_runs_is_final),
        STORE_TEST(test_a_verb_is_whole_or_not_there),
        STORE_TEST(test_a_run_is_asked),
        STORE_TEST(test_the_end_of_a_pause_is_what_is_wanted_by_then),
        STORE_TEST(test_extensions_do_not_undo_each_other),
        STORE_TEST(test_only_a_dead_sweep_is_deleted),
        STORE_TEST(test_a_sweep_that_is_being_deleted_is_gone),
        STORE_TEST(test_deletes_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
