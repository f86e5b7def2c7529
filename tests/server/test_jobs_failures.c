/* Jobs on a disk that takes nothing more, and queues that a restart must not reorder. */
#include <signal.h>
#include <sys/resource.h>

#include "tests/server/jobs_lab.h"

#define ENDLESS                                                                          \
    "{\"dataset\":\"moons\",\"hidden\":[8],\"epochs\":100000,\"batch_size\":1,"          \
    "\"eval_every\":5000}"

/* No file may grow beyond `bytes`: to the process a disk that is full. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes == RLIM_INFINITY ? limit.rlim_max : bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Waits until the run's trainer has ended, whatever could be stored of that. */
static void wait_for_trainer(struct lab *lab)
{
    for (int i = 0; i < 60000; i++) {
        struct jobs_worker_info worker;
        assert_int_equal(jobs_worker_info(lab->jobs, &worker, 1), 1);
        if (worker.samples_per_second == 0)
            return;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    fail_msg("the trainer never ended");
}

static void test_a_run_fails_once_that_can_be_stored(void **state)
{
    (void)state;
    struct lab lab;
    enum run_state actual;
    open_lab(&lab, 1);
    int64_t id = launch(&lab, ENDLESS), next = launch(&lab, QUICK);
    wait_for_points(&lab, id, 1);
    limit_files(4096);
    wait_for_trainer(&lab);
    assert_int_equal(state_of(&lab, id), RUN_RUNNING);
    assert_int_equal(jobs_stop(lab.jobs, id, &actual), JOBS_FAILED);
    limit_files(RLIM_INFINITY);
    wait_for(&lab, id, RUN_MASK(RUN_FAILED));
    expect_reason(&lab, id, "error");
    struct db_run run = get(&lab, id);
    assert_null(strstr(run.error, "memory"));
    db_run_clear(&run);
    wait_for(&lab, next, RUN_MASK(RUN_FINISHED));
    assert_true(jobs_alive(lab.jobs));
    assert_int_equal(jobs_resume(lab.jobs, id, &actual), JOBS_OK);
    wait_for(&lab, id, RUN_MASK(RUN_RUNNING));
    close_lab(&lab);
}

static void test_a_failed_run_goes_on_as_if_nothing_had_been(void **state)
{
    (void)state;
    struct lab lab;
    enum run_state actual;
    open_lab(&lab, 1);
    int64_t calm = launch(&lab, MEDIUM);
    wait_for(&lab, calm, RUN_MASK(RUN_FINISHED));
    int64_t id = launch(&lab, MEDIUM);
    wait_for_points(&lab, id, 1);
    limit_files(4096);
    wait_for_trainer(&lab);
    limit_files(RLIM_INFINITY);
    wait_for(&lab, id, RUN_MASK(RUN_FAILED) | RUN_MASK(RUN_FINISHED));
    jobs_resume(lab.jobs, id, &actual);
    wait_for(&lab, id, RUN_MASK(RUN_FINISHED));
    expect_same(outcome_of(&lab, calm), outcome_of(&lab, id));
    close_lab(&lab);
}

static void test_a_full_disk_at_shutdown_costs_no_run(void **state)
{
    (void)state;
    struct lab lab;
    open_lab(&lab, 1);
    int64_t id = launch(&lab, ENDLESS);
    wait_for_points(&lab, id, 1);
    jobs_interrupt(lab.jobs);
    limit_files(4096);
    stop(&lab);
    limit_files(RLIM_INFINITY);
    start(&lab, 1);
    wait_for(&lab, id, RUN_MASK(RUN_RUNNING));
    wait_for_points(&lab, id, 2);
    close_lab(&lab);
}

static void test_an_interrupted_run_stands_before_the_queue(void **state)
{
    (void)state;
    struct lab lab;
    enum run_state actual;
    open_lab(&lab, 1);
    int64_t older = launch(&lab, ENDLESS);
    wait_for_points(&lab, older, 1);
    assert_int_equal(jobs_pause(lab.jobs, older, &actual), JOBS_ACCEPTED);
    wait_for(&lab, older, RUN_MASK(RUN_PAUSED));
    int64_t newer = launch(&lab, ENDLESS);
    wait_for_points(&lab, newer, 1);
    assert_int_equal(jobs_resume(lab.jobs, older, &actual), JOBS_OK);
    stop(&lab);
    start(&lab, 1);
    for (int i = 0; i < 60000 && state_of(&lab, older) == RUN_QUEUED &&
                    state_of(&lab, newer) == RUN_QUEUED;
         i++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    assert_int_equal(state_of(&lab, newer), RUN_RUNNING);
    assert_int_equal(state_of(&lab, older), RUN_QUEUED);
    close_lab(&lab);
}

/* A row that is gone is its own run's trouble, not that of the runs recorded with it. */
static void test_one_run_that_cannot_be_recorded_fails_alone(void **state)
{
    (void)state;
    struct lab lab;
    enum run_state actual;
    open_lab(&lab, 2);
    int64_t gone = launch(&lab, ENDLESS), stays = launch(&lab, ENDLESS);
    wait_for_points(&lab, gone, 1);
    wait_for_points(&lab, stays, 1);
    assert_int_equal(db_run_transition(lab.db, gone, RUN_MASK(RUN_RUNNING), RUN_STOPPED,
                                       NULL, NULL, NULL),
                     DB_OK);
    assert_int_equal(db_run_delete(lab.db, gone, &actual), DB_OK);
    int64_t third = launch(&lab, QUICK);
    wait_for(&lab, third, RUN_MASK(RUN_FINISHED));
    assert_int_equal(state_of(&lab, stays), RUN_RUNNING);
    close_lab(&lab);
}

/* A row that another hand has moved keeps its state, and its worker takes the next. */
static void test_a_row_moved_meanwhile_keeps_its_state(void **state)
{
    (void)state;
    struct lab lab;
    enum run_state actual;
    open_lab(&lab, 1);
    int64_t id = launch(&lab, ENDLESS), next = launch(&lab, QUICK);
    wait_for_points(&lab, id, 1);
    assert_int_equal(db_run_transition(lab.db, id, RUN_MASK(RUN_RUNNING), RUN_DIVERGED,
                                       "moved", NULL, NULL),
                     DB_OK);
    assert_int_equal(jobs_stop(lab.jobs, id, &actual), JOBS_ACCEPTED);
    wait_for(&lab, next, RUN_MASK(RUN_FINISHED));
    assert_int_equal(state_of(&lab, id), RUN_DIVERGED);
    expect_reason(&lab, id, "moved");
    close_lab(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_run_fails_once_that_can_be_stored),
        cmocka_unit_test(test_a_failed_run_goes_on_as_if_nothing_had_been),
        cmocka_unit_test(test_a_full_disk_at_shutdown_costs_no_run),
        cmocka_unit_test(test_an_interrupted_run_stands_before_the_queue),
        cmocka_unit_test(test_one_run_that_cannot_be_recorded_fails_alone),
        cmocka_unit_test(test_a_row_moved_meanwhile_keeps_its_state),
    };
    signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
