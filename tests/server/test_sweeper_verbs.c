/* Pause, resume, stop, extend and delete: what a sweep and its runs make of them, also
 * where the process ends before they have heard of it. */
#include "tests/server/sweep_lab.h"

static void test_pauses_goes_on_and_stops(void **context)
{
    (void)context;
    struct sweep_lab own;
    open_sweep_lab(&own);
    int64_t id = create(&own, ENDLESS "}");
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 2);
    pause_sweep(&own, id);
    wait_until(&own, id, SWEEP_PAUSED, RUN_PAUSED, 2);
    resume_sweep(&own, id);
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 2);
    stop_sweep(&own, id);
    wait_until(&own, id, SWEEP_STOPPED, RUN_STOPPED, 2);
    close_sweep_lab(&own);
}

/* A trainer that was told to pause takes a while: by then the sweep may go on again. */
static void test_goes_on_while_its_runs_are_pausing(void **context)
{
    (void)context;
    struct sweep_lab own;
    open_sweep_lab(&own);
    int64_t id = create(&own, ENDLESS "}");
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 2);
    for (int i = 0; i < 20; i++) {
        pause_sweep(&own, id);
        nanosleep(&(struct timespec){0, i * 200000}, NULL);
        resume_sweep(&own, id);
        wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 2);
    }
    nanosleep(&(struct timespec){0, 100000000}, NULL);
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 2);
    close_sweep_lab(&own);
}

/* A plan that grows says nothing to a run that a person paused. */
static void test_leaves_alone_what_a_person_paused(void **context)
{
    (void)context;
    struct sweep_lab own;
    enum run_state actual;
    int64_t *runs;
    size_t count;
    open_sweep_lab(&own);
    int64_t id = create(&own, ENDLESS "}");
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 2);
    assert_int_equal(db_sweep_run_ids(own.lab.db, id, RUN_LIVE, &runs, &count), DB_OK);
    assert_int_equal(jobs_pause(own.lab.jobs, runs[0], &actual), JOBS_ACCEPTED);
    free(runs);
    wait_until(&own, id, SWEEP_RUNNING, RUN_PAUSED, 1);
    int64_t other = create(&own, SHORT "}");
    sweeper_wake(own.sweeper, id); /* as an extension does */
    wait_until(&own, other, SWEEP_FINISHED, RUN_FINISHED, 6);
    wait_until(&own, id, SWEEP_RUNNING, RUN_PAUSED, 1);
    close_sweep_lab(&own);
}

/* As after a kill between the store's word and the trainers': a pause, a way back from it
 * and a stop that no trainer has heard of are carried out by the next start. */
static void test_what_was_wanted_is_done_at_the_next_start(void **context)
{
    (void)context;
    struct sweep_lab own;
    int64_t *runs;
    size_t count;
    open_sweep_lab(&own);
    int64_t id = create(&own, ENDLESS ",\"parallel\":3}");
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 2);
    wait_until(&own, id, SWEEP_RUNNING, RUN_QUEUED, 1);
    assert_int_equal(db_sweep_pause(own.lab.db, id, NULL, &runs, &count), DB_OK);
    assert_int_equal(count, 3);
    free(runs);
    end(&own);
    begin(&own);
    assert_true(is_at(&own, id, SWEEP_PAUSED, RUN_PAUSED, 3));
    assert_int_equal(db_sweep_resume(own.lab.db, id, NULL, &runs, &count), DB_OK);
    free(runs);
    end(&own);
    begin(&own);
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 2);
    assert_true(is_at(&own, id, SWEEP_RUNNING, RUN_QUEUED, 1));
    assert_int_equal(db_sweep_stop(own.lab.db, id, NULL, &runs, &count), DB_OK);
    free(runs);
    end(&own);
    begin(&own);
    assert_true(is_at(&own, id, SWEEP_STOPPED, RUN_STOPPED, 3));
    close_sweep_lab(&own);
}

/* A person takes a run of a stopped sweep up again: no restart takes that back. */
static void test_a_run_taken_up_alone_goes_on(void **context)
{
    (void)context;
    struct sweep_lab own;
    enum run_state actual;
    int64_t *runs;
    size_t count;
    open_sweep_lab(&own);
    int64_t id = create(&own, ENDLESS "}");
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 2);
    stop_sweep(&own, id);
    wait_until(&own, id, SWEEP_STOPPED, RUN_STOPPED, 2);
    assert_int_equal(db_sweep_run_ids(own.lab.db, id, ~0u, &runs, &count), DB_OK);
    assert_int_equal(jobs_resume(own.lab.jobs, runs[0], &actual), JOBS_OK);
    wait_until(&own, id, SWEEP_STOPPED, RUN_RUNNING, 1);
    sweeper_wake(own.sweeper, id);
    end(&own);
    begin(&own);
    wait_until(&own, id, SWEEP_STOPPED, RUN_RUNNING, 1);
    free(runs);
    close_sweep_lab(&own);
}

/* The last run ends just as the plan grows: its row says finished, but has more to do. */
static void test_goes_on_where_it_was_extended_at_its_end(void **context)
{
    (void)context;
    struct sweep_lab own;
    open_sweep_lab(&own);
    int64_t id = create(&own, SHORT "}");
    wait_until(&own, id, SWEEP_FINISHED, RUN_FINISHED, 6);
    extend_sweep(&own, id, SHORT ",\"repeats\":2}", 12);
    assert_int_equal(db_sweep_transition(own.lab.db, id, SWEEP_MASK(SWEEP_RUNNING),
                                         SWEEP_FINISHED, "runs_done", NULL, NULL),
                     DB_OK);
    sweeper_wake(own.sweeper, id);
    wait_until(&own, id, SWEEP_FINISHED, RUN_FINISHED, 12);
    close_sweep_lab(&own);
}

static bool is_gone(struct sweep_lab *own)
{
    int64_t *ids;
    size_t count;
    assert_int_equal(db_sweep_ids(own->lab.db, ~0u, &ids, &count), DB_OK);
    free(ids);
    return count == 0;
}

/* More than one piece, at once; what an earlier process left; what is left for later. */
static void test_a_deletion_comes_to_its_end(void **context)
{
    (void)context;
    struct sweep_lab own;
    open_sweep_lab(&own);
    int64_t counts[RUN_STATE_COUNT];
    for (int way = 0; way < 3; way++) {
        int64_t id = create(&own, "{\"base\":{\"dataset\":\"moons\",\"hidden\":[2],"
                                  "\"epochs\":1,\"train_samples\":10},\"space\":{\"lr\":"
                                  "{\"values\":[0.1]}},\"repeats\":60}");
        wait_until(&own, id, SWEEP_FINISHED, RUN_FINISHED, 60);
        if (way == 0) {
            assert_int_equal(sweeper_delete_sweep(own.sweeper, id), DB_OK);
            assert_true(is_gone(&own));
            assert_int_equal(sweeper_delete_sweep(own.sweeper, id), DB_NOT_FOUND);
        } else if (way == 1) {
            assert_int_equal(db_sweep_delete(own.lab.db, id), DB_OK);
            end(&own);
            begin(&own);
        } else {
            assert_int_equal(db_sweep_delete(own.lab.db, id), DB_OK);
            sweeper_wake(own.sweeper, id);
        }
        for (int i = 0; i < 60000 && !is_gone(&own); i++)
            nanosleep(&(struct timespec){0, 1000000}, NULL);
        assert_true(is_gone(&own));
        assert_int_equal(db_run_counts(own.lab.db, counts), DB_OK);
        assert_int_equal(counts[RUN_FINISHED], 0);
    }
    close_sweep_lab(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pauses_goes_on_and_stops),
        cmocka_unit_test(test_goes_on_while_its_runs_are_pausing),
        cmocka_unit_test(test_leaves_alone_what_a_person_paused),
        cmocka_unit_test(test_what_was_wanted_is_done_at_the_next_start),
        cmocka_unit_test(test_a_run_taken_up_alone_goes_on),
        cmocka_unit_test(test_goes_on_where_it_was_extended_at_its_end),
        cmocka_unit_test(test_a_deletion_comes_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
