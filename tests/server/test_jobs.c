/* Queue, workers and recorder against a real store and the real trainer. */
#include "tests/server/jobs_lab.h"

static void test_trains_to_the_end(void **state)
{
    (void)state;
    struct lab lab;
    open_lab(&lab, 1);
    int64_t id = launch(&lab, QUICK);
    wait_for(&lab, id, RUN_MASK(RUN_FINISHED));
    expect_reason(&lab, id, "epochs_done");
    struct db_run run = get(&lab, id);
    assert_int_equal(run.summary.points, 5);
    assert_int_equal(run.checkpoint_step, 100);
    assert_string_equal(run.environment, "{\"cpu\":\"test\"}");
    db_run_clear(&run);
    struct checkpoint *checkpoint;
    assert_int_equal(checkpoint_new(&checkpoint), ENGINE_OK);
    assert_int_equal(jobs_read_checkpoint(lab.jobs, id, checkpoint), JOBS_OK);
    assert_int_equal(checkpoint_step(checkpoint), 100);
    checkpoint_free(checkpoint);
    assert_true(jobs_alive(lab.jobs));
    close_lab(&lab);
}

/* Noise where there are histograms and nowhere else, also with more points than wait for
 * the recorder at a time. */
static void test_every_probe_has_its_noise(void **state)
{
    (void)state;
    struct lab lab;
    struct db_layer *layers;
    struct db_noise *noises;
    size_t layer_count, noise_count, probes = 0;
    open_lab(&lab, 1);
    int64_t id = launch(&lab, "{\"dataset\":\"moons\",\"hidden\":[4,4],\"epochs\":10,"
                              "\"batch_size\":50,\"eval_every\":1}");
    wait_for(&lab, id, RUN_MASK(RUN_FINISHED));
    assert_int_equal(db_layers(lab.db, id, -1, 0, &layers, &layer_count), DB_OK);
    assert_int_equal(db_noises(lab.db, id, -1, &noises, &noise_count), DB_OK);
    assert_int_equal(layer_count, 3 * 200);
    for (size_t i = 0; i < layer_count; i++) {
        bool probed = layers[i - i % 3].histograms != NULL;
        assert_int_equal(layers[i].step, i / 3 + 1);
        assert_int_equal(layers[i].layer, i % 3);
        assert_int_equal(layers[i].histograms != NULL, probed);
        if (i % 3 == 0 && probed) {
            assert_true(probes < noise_count);
            assert_int_equal(noises[probes++].step, layers[i].step);
        }
    }
    assert_int_equal(probes, noise_count);
    free(layers);
    free(noises);
    close_lab(&lab);
}

static void test_two_at_once_and_a_third_waits(void **state)
{
    (void)state;
    struct lab lab;
    enum run_state actual;
    open_lab(&lab, 2);
    int64_t a = launch(&lab, LONG), b = launch(&lab, LONG), c = launch(&lab, QUICK);
    wait_for_points(&lab, a, 1);
    wait_for_points(&lab, b, 1);
    assert_int_equal(state_of(&lab, c), RUN_QUEUED);
    assert_int_equal(jobs_stop(lab.jobs, a, &actual), JOBS_ACCEPTED);
    wait_for(&lab, c, RUN_MASK(RUN_FINISHED));
    wait_for(&lab, a, RUN_MASK(RUN_STOPPED));
    expect_reason(&lab, a, "user");
    assert_int_equal(state_of(&lab, b), RUN_RUNNING);
    close_lab(&lab);
}

static void test_verbs_fit_states(void **state)
{
    (void)state;
    struct lab lab;
    enum run_state actual;
    open_lab(&lab, 1);
    int64_t busy = launch(&lab, LONG);
    wait_for_points(&lab, busy, 1);
    int64_t id = launch(&lab, QUICK);
    assert_int_equal(jobs_resume(lab.jobs, id, &actual), JOBS_CONFLICT);
    assert_int_equal(actual, RUN_QUEUED);
    assert_int_equal(jobs_delete(lab.jobs, id, &actual), JOBS_CONFLICT);
    assert_int_equal(jobs_pause(lab.jobs, id, &actual), JOBS_OK);
    assert_int_equal(jobs_pause(lab.jobs, id, &actual), JOBS_CONFLICT);
    assert_int_equal(actual, RUN_PAUSED);
    assert_int_equal(jobs_delete(lab.jobs, id, &actual), JOBS_CONFLICT);
    assert_int_equal(jobs_resume(lab.jobs, id, &actual), JOBS_OK);
    assert_int_equal(jobs_stop(lab.jobs, id, &actual), JOBS_OK);
    assert_int_equal(jobs_stop(lab.jobs, id, &actual), JOBS_CONFLICT);
    assert_int_equal(actual, RUN_STOPPED);
    assert_int_equal(jobs_resume(lab.jobs, id, &actual), JOBS_OK);
    assert_int_equal(jobs_delete(lab.jobs, busy, &actual), JOBS_CONFLICT);
    assert_int_equal(actual, RUN_RUNNING);
    assert_int_equal(jobs_pause(lab.jobs, busy, &actual), JOBS_ACCEPTED);
    wait_for(&lab, busy, RUN_MASK(RUN_PAUSED));
    wait_for(&lab, id, RUN_MASK(RUN_FINISHED));
    assert_int_equal(jobs_resume(lab.jobs, id, &actual), JOBS_CONFLICT);
    assert_int_equal(jobs_stop(lab.jobs, busy, &actual), JOBS_OK);
    assert_int_equal(jobs_delete(lab.jobs, busy, &actual), JOBS_OK);
    assert_int_equal(jobs_stop(lab.jobs, busy, &actual), JOBS_NOT_FOUND);
    assert_int_equal(jobs_delete(lab.jobs, 12345, &actual), JOBS_NOT_FOUND);
    close_lab(&lab);
}

/* As after a kill before the trainer heeds it. */
static void test_what_was_asked_outlives_the_process(void **state)
{
    (void)state;
    struct lab lab;
    enum run_state was;
    open_lab(&lab, 2);
    int64_t paused = launch(&lab, LONG), stopped = launch(&lab, LONG);
    wait_for_points(&lab, paused, 1);
    wait_for_points(&lab, stopped, 1);
    assert_int_equal(db_run_ask(lab.db, paused, RUN_PAUSED, &was), DB_OK);
    assert_int_equal(db_run_ask(lab.db, stopped, RUN_STOPPED, &was), DB_OK);
    stop(&lab);
    start(&lab, 2);
    assert_int_equal(state_of(&lab, paused), RUN_PAUSED);
    assert_int_equal(state_of(&lab, stopped), RUN_STOPPED);
    expect_reason(&lab, stopped, "user");
    assert_int_equal(jobs_resume(lab.jobs, paused, &was), JOBS_OK);
    wait_for(&lab, paused, RUN_MASK(RUN_RUNNING));
    assert_int_equal(jobs_pause(lab.jobs, paused, &was), JOBS_ACCEPTED);
    wait_for(&lab, paused, RUN_MASK(RUN_PAUSED));
    close_lab(&lab);
}

static void test_restarts_leave_no_trace(void **state)
{
    (void)state;
    struct lab lab;
    open_lab(&lab, 2);
    int64_t calm = launch(&lab, MEDIUM), shaken = launch(&lab, MEDIUM);
    wait_for(&lab, calm, RUN_MASK(RUN_FINISHED));
    wait_for(&lab, shaken, RUN_MASK(RUN_FINISHED));
    int64_t id = launch(&lab, MEDIUM);
    for (int i = 1; i <= 3; i++) {
        wait_for_points(&lab, id, 10 * i);
        stop(&lab);
        start(&lab, 2);
    }
    wait_for(&lab, id, RUN_MASK(RUN_FINISHED));
    expect_same(outcome_of(&lab, calm), outcome_of(&lab, shaken));
    expect_same(outcome_of(&lab, calm), outcome_of(&lab, id));
    close_lab(&lab);
}

static void test_pauses_and_stops_leave_no_trace(void **state)
{
    (void)state;
    struct lab lab;
    enum run_state actual;
    open_lab(&lab, 1);
    int64_t calm = launch(&lab, MEDIUM);
    wait_for(&lab, calm, RUN_MASK(RUN_FINISHED));
    int64_t id = launch(&lab, MEDIUM);
    wait_for_points(&lab, id, 5);
    if (jobs_pause(lab.jobs, id, &actual) == JOBS_ACCEPTED)
        wait_for(&lab, id, RUN_MASK(RUN_PAUSED) | RUN_MASK(RUN_FINISHED));
    jobs_resume(lab.jobs, id, &actual);
    wait_for_points(&lab, id, 20);
    if (jobs_stop(lab.jobs, id, &actual) == JOBS_ACCEPTED)
        wait_for(&lab, id, RUN_MASK(RUN_STOPPED) | RUN_MASK(RUN_FINISHED));
    jobs_resume(lab.jobs, id, &actual);
    wait_for(&lab, id, RUN_MASK(RUN_FINISHED));
    expect_same(outcome_of(&lab, calm), outcome_of(&lab, id));
    close_lab(&lab);
}

static void test_a_missing_dataset_fails_with_advice(void **state)
{
    (void)state;
    struct lab lab;
    open_lab(&lab, 1);
    int64_t id = launch(&lab, "{\"dataset\":\"mnist\"}");
    wait_for(&lab, id, RUN_MASK(RUN_FAILED));
    struct db_run run = get(&lab, id);
    assert_string_equal(run.stop_reason, "error");
    assert_non_null(strstr(run.error, "npm ci"));
    db_run_clear(&run);
    int64_t next = launch(&lab, QUICK);
    wait_for(&lab, next, RUN_MASK(RUN_FINISHED));
    close_lab(&lab);
}

static void wait_for_disk(struct lab *lab, bool full)
{
    for (int i = 0; i < 60000 && jobs_disk_full(lab->jobs) != full; i++)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    assert_int_equal(jobs_disk_full(lab->jobs), full);
}

/* Still on its way when its first point has been seen, however fast the machine; what
 * makes the program slower makes the run shorter. */
static int64_t launch_unhurried(struct lab *lab)
{
    const char *slowness = getenv("SLOWNESS");
    int times = slowness ? atoi(slowness) : 1;
    char config[256];
    assert_in_range(times, 1, 100);
    snprintf(config, sizeof config,
             "{\"dataset\":\"moons\",\"hidden\":[16,16],\"epochs\":%d,\"batch_size\":7,"
             "\"momentum\":0.5,\"eval_every\":2000,\"validation_samples\":50}",
             3000 / times);
    return launch(lab, config);
}

static void test_runs_wait_while_the_disk_is_full(void **state)
{
    (void)state;
    struct lab lab;
    open_lab(&lab, 2);
    int64_t calm = launch_unhurried(&lab);
    wait_for(&lab, calm, RUN_MASK(RUN_FINISHED));
    int64_t id = launch_unhurried(&lab), other = launch_unhurried(&lab);
    wait_for_points(&lab, id, 1);
    assert_int_equal(db_limit_pages(lab.db, 1), DB_OK); /* no page more than it has */
    wait_for_disk(&lab, true);
    assert_int_equal(state_of(&lab, id), RUN_RUNNING);
    assert_true(jobs_alive(lab.jobs));
    assert_int_equal(db_limit_pages(lab.db, 0), DB_OK);
    wait_for(&lab, id, RUN_MASK(RUN_FINISHED));
    wait_for(&lab, other, RUN_MASK(RUN_FINISHED));
    wait_for_disk(&lab, false);
    expect_same(outcome_of(&lab, calm), outcome_of(&lab, id));
    expect_same(outcome_of(&lab, calm), outcome_of(&lab, other));
    close_lab(&lab);
}

static void test_a_full_disk_does_not_outlast_the_process(void **state)
{
    (void)state;
    struct lab lab;
    open_lab(&lab, 1);
    int64_t calm = launch_unhurried(&lab);
    wait_for(&lab, calm, RUN_MASK(RUN_FINISHED));
    int64_t id = launch_unhurried(&lab);
    wait_for_points(&lab, id, 1);
    assert_int_equal(db_limit_pages(lab.db, 1), DB_OK);
    wait_for_disk(&lab, true);
    stop(&lab); /* the run's row says running, so the next start takes it up */
    start(&lab, 1);
    wait_for(&lab, id, RUN_MASK(RUN_FINISHED));
    expect_same(outcome_of(&lab, calm), outcome_of(&lab, id));
    close_lab(&lab);
}

static void test_limits_change_while_it_trains(void **state)
{
    (void)state;
    struct lab lab;
    open_lab(&lab, 1);
    int64_t id = launch(&lab, LONG);
    wait_for_points(&lab, id, 1);
    struct trainer_limits limits = {.epochs = 1};
    jobs_set_limits(lab.jobs, id, &limits);
    wait_for(&lab, id, RUN_MASK(RUN_FINISHED));
    expect_reason(&lab, id, "epochs_done");
    close_lab(&lab);
}

static void test_waits_for_trainers_no_longer_than_told(void **state)
{
    (void)state;
    struct lab lab;
    open_lab(&lab, 2);
    int64_t id = launch(&lab, LONG);
    wait_for_points(&lab, id, 1);
    assert_false(jobs_wait(lab.jobs, 0));
    jobs_interrupt(lab.jobs);
    assert_true(jobs_wait(lab.jobs, 60));
    assert_int_equal(state_of(&lab, id), RUN_RUNNING);
    close_lab(&lab);
}

static void test_thousands_of_points(void **state)
{
    (void)state;
    struct lab lab;
    open_lab(&lab, 1);
    int64_t id = launch(&lab, "{\"dataset\":\"xor\",\"hidden\":[4],\"epochs\":150,"
                              "\"batch_size\":50,\"eval_every\":1,\"test_samples\":20}");
    wait_for(&lab, id, RUN_MASK(RUN_FINISHED));
    struct outcome outcome = outcome_of(&lab, id);
    struct db_run run = get(&lab, id);
    assert_int_equal(run.summary.points, outcome.count);
    assert_int_equal(run.summary.last_step, outcome.count);
    assert_true(outcome.count >= 3000);
    db_run_clear(&run);
    free(outcome.model);
    free(outcome.points);
    close_lab(&lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trains_to_the_end),
        cmocka_unit_test(test_every_probe_has_its_noise),
        cmocka_unit_test(test_two_at_once_and_a_third_waits),
        cmocka_unit_test(test_verbs_fit_states),
        cmocka_unit_test(test_what_was_asked_outlives_the_process),
        cmocka_unit_test(test_restarts_leave_no_trace),
        cmocka_unit_test(test_pauses_and_stops_leave_no_trace),
        cmocka_unit_test(test_a_missing_dataset_fails_with_advice),
        cmocka_unit_test(test_runs_wait_while_the_disk_is_full),
        cmocka_unit_test(test_a_full_disk_does_not_outlast_the_process),
        cmocka_unit_test(test_limits_change_while_it_trains),
        cmocka_unit_test(test_waits_for_trainers_no_longer_than_told),
        cmocka_unit_test(test_thousands_of_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
