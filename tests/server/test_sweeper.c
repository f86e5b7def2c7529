/* The sweeper: launches what is planned, survives restarts and a full disk, and lets
 * pruners end runs. */
#include "tests/server/sweep_lab.h"

#include <math.h>

#include "server/sweeps/active.h"

static void test_runs_all_that_is_planned(void **context)
{
    (void)context;
    struct sweep_lab own;
    open_sweep_lab(&own);
    int64_t id = create(&own, SHORT ",\"repeats\":2}");
    wait_until(&own, id, SWEEP_FINISHED, RUN_FINISHED, 12);
    struct db_sweep sweep = look(&own, id);
    assert_string_equal(sweep.stop_reason, "runs_done");
    assert_int_equal(sweep.launched, 12);
    db_sweep_clear(&sweep);
    close_sweep_lab(&own);
}

/* With two workers two runs train at a time, with parallel 1 one. */
static void test_keeps_to_its_parallel(void **context)
{
    (void)context;
    struct sweep_lab own;
    open_sweep_lab(&own);
    int64_t id = create(&own, ENDLESS ",\"parallel\":1}");
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 1);
    struct db_sweep sweep = look(&own, id);
    assert_int_equal(sweep.launched, 1);
    db_sweep_clear(&sweep);
    close_sweep_lab(&own);
}

/* A restart takes up the runs and the rest of the plan; with tpe its history, too. */
static void test_goes_on_after_restarts(void **context)
{
    (void)context;
    struct sweep_lab own;
    open_sweep_lab(&own);
    int64_t id = create(&own, SHORT ",\"sampler\":\"tpe\",\"pruner\":\"median\","
                                    "\"max_runs\":40}");
    for (int restart = 0; restart < 4; restart++) {
        struct db_sweep sweep = look(&own, id);
        int64_t launched = sweep.launched;
        db_sweep_clear(&sweep);
        for (int i = 0; i < 60000 && launched < 6 * (restart + 1); i++) {
            nanosleep(&(struct timespec){0, 1000000}, NULL);
            sweep = look(&own, id);
            launched = sweep.launched;
            db_sweep_clear(&sweep);
        }
        end(&own);
        begin(&own);
    }
    wait_until(&own, id, SWEEP_FINISHED, RUN_RUNNING, 0);
    struct db_trials trials;
    assert_int_equal(db_trials_read(own.lab.db, id, 0, &trials), DB_OK);
    assert_int_equal(trials.count, 40);
    for (size_t i = 0; i < trials.count; i++) {
        assert_int_equal(trials.trials[i].index, i);
        assert_true(trials.trials[i].state == RUN_FINISHED ||
                    trials.trials[i].state == RUN_PRUNED);
    }
    db_trials_clear(&trials);
    close_sweep_lab(&own);
}

/* What it ran before a restart is spent, also where nothing was launched meanwhile. */
static void test_keeps_its_time_over_restarts(void **context)
{
    (void)context;
    struct sweep_lab own;
    open_sweep_lab(&own);
    int64_t id = create(&own, ENDLESS "}");
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 2);
    nanosleep(&(struct timespec){0, 100000000}, NULL);
    struct db_sweep before = look(&own, id);
    end(&own);
    begin(&own);
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 2);
    struct db_sweep after = look(&own, id);
    assert_true(before.wall_seconds >= 0.1 && after.wall_seconds >= before.wall_seconds);
    db_sweep_clear(&before);
    db_sweep_clear(&after);
    close_sweep_lab(&own);
}

/* After a restart a run stands at every rung that it came to, also at those where it did
 * no better than before: of eight at the second rung, the two best go on. */
static void test_teaches_the_pruner_how_far_runs_came(void **context)
{
    (void)context;
    struct active active = {.spec = {.repeats = 1}};
    struct pruner_options options = {
        .kind = PRUNER_ASHA,
        .resource = PRUNER_SAMPLES,
        .first_rung = 100,
        .goal = {OBJECTIVE_BEST_ACCURACY, NAN, INFINITY}
    };
    struct db_trial_step step = {4, 4, 0.9, 400, 40};
    struct db_trial trial = {.batch_size = 10,
                             .state = RUN_FINISHED,
                             .train_seconds = 4,
                             .cpu_seconds = 4,
                             .last_step = 40,
                             .steps = &step,
                             .step_count = 1};
    struct pruner_point point = {4, 400, 0.8, INFINITY};
    assert_int_equal(pruner_new(&options, &active.pruner), ENGINE_OK);
    for (trial.run = 1; trial.run <= 7; trial.run++) {
        active_teach(&active, &trial);
        step = (struct db_trial_step){1, 1, 0.1, 100, 10};
    }
    assert_false(pruner_hear(active.pruner, 8, &point));
    pruner_free(active.pruner);
}

/* One run reaches the target at once; the others are then too late. */
static void test_a_pruner_ends_runs(void **context)
{
    (void)context;
    struct sweep_lab own;
    open_sweep_lab(&own);
    int64_t id = create(&own, "{\"base\":{\"dataset\":\"moons\",\"hidden\":[8],"
                              "\"epochs\":2000,\"target_accuracy\":0.8},"
                              "\"space\":{\"lr\":{\"values\":[0.5,1e-6,1e-7]}},"
                              "\"pruner\":\"projection\",\"parallel\":1}");
    wait_until(&own, id, SWEEP_FINISHED, RUN_PRUNED, 2);
    int64_t *runs;
    size_t count;
    assert_int_equal(
        db_sweep_run_ids(own.lab.db, id, RUN_MASK(RUN_PRUNED), &runs, &count), DB_OK);
    expect_reason(&own.lab, runs[0], "pruner");
    free(runs);
    close_sweep_lab(&own);
}

/* The first seed of a setting is gone: what its point was, nobody knows any more. */
static void test_tries_another_point_where_it_was_deleted(void **context)
{
    (void)context;
    struct sweep_lab own;
    struct db_trials trials;
    struct train_config config;
    struct config_problems problems = {.count = 0};
    enum run_state actual;
    open_sweep_lab(&own);
    int64_t id =
        create(&own, "{\"base\":{\"dataset\":\"moons\",\"hidden\":[8],\"epochs\":100000,"
                     "\"eval_every\":500,\"stop_at_target\":false},\"space\":{\"lr\":"
                     "{\"log_uniform\":[0.5,0.6]}},\"sampler\":\"tpe\",\"parallel\":1,"
                     "\"repeats\":2}");
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 1);
    pause_sweep(&own, id);
    wait_until(&own, id, SWEEP_PAUSED, RUN_PAUSED, 1);
    assert_int_equal(db_trials_read(own.lab.db, id, 0, &trials), DB_OK);
    int64_t run = trials.trials[0].run;
    db_trials_clear(&trials);
    assert_int_equal(jobs_stop(own.lab.jobs, run, &actual), JOBS_OK);
    assert_int_equal(jobs_delete(own.lab.jobs, run, &actual), JOBS_OK);
    resume_sweep(&own, id);
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 1);
    assert_int_equal(db_trials_read(own.lab.db, id, 0, &trials), DB_OK);
    assert_true(config_from_text(trials.trials[0].config, &config, &problems));
    assert_in_range((int)(config.lr * 1000), 500, 600);
    db_trials_clear(&trials);
    close_sweep_lab(&own);
}

/* A launch that the store refuses as out of order has the row read again. */
static void test_catches_up_with_its_row(void **context)
{
    (void)context;
    struct sweep_lab own;
    open_sweep_lab(&own);
    enum run_state actual;
    struct train_config config;
    struct db_run_insert insert = {
        .name = "", .config = QUICK, .tags = "[]", .notes = "", .max_queued = 100};
    int64_t run, id = create(&own, ENDLESS ",\"parallel\":1,\"max_runs\":3}");
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 1);
    config_init(&config);
    run_facts(&config, &insert.facts);
    insert.sweep = id;
    insert.sweep_index = 1;
    assert_int_equal(db_sweep_launch(own.lab.db, &insert, &run), DB_OK);
    jobs_wake(own.lab.jobs);
    wait_until(&own, id, SWEEP_RUNNING, RUN_FINISHED, 1);
    assert_int_equal(jobs_stop(own.lab.jobs, run - 1, &actual), JOBS_ACCEPTED);
    wait_until(&own, id, SWEEP_RUNNING, RUN_STOPPED, 1);
    wait_until(&own, id, SWEEP_RUNNING, RUN_RUNNING, 1);
    close_sweep_lab(&own);
}

/* While the disk takes nothing, nothing is launched and nothing lost. */
static void test_waits_for_a_full_disk(void **context)
{
    (void)context;
    struct sweep_lab own;
    open_sweep_lab(&own);
    int64_t id = create(&own, SHORT ",\"parallel\":1}");
    wait_until(&own, id, SWEEP_FINISHED, RUN_FINISHED, 6);
    extend_sweep(&own, id, SHORT ",\"repeats\":10}", 60);
    assert_int_equal(db_limit_pages(own.lab.db, 1), DB_OK);
    sweeper_wake(own.sweeper, id);
    nanosleep(&(struct timespec){0, 200000000}, NULL);
    assert_int_equal(db_limit_pages(own.lab.db, 0), DB_OK);
    wait_until(&own, id, SWEEP_FINISHED, RUN_RUNNING, 0);
    struct db_sweep sweep = look(&own, id);
    assert_int_equal(sweep.launched, 60);
    int64_t ended = 0;
    for (int state = 0; state < RUN_STATE_COUNT; state++)
        ended += sweep.counts[state];
    assert_int_equal(ended, 60);
    db_sweep_clear(&sweep);
    close_sweep_lab(&own);
}

/* What cannot be read any more stops with a word, and harms no other. */
static void test_a_damaged_description_stops_the_sweep(void **context)
{
    (void)context;
    struct sweep_lab own;
    int64_t id;
    open_sweep_lab(&own);
    assert_int_equal(db_sweep_create(own.lab.db, "", "", "{\"space\":3}", 5, &id), DB_OK);
    sweeper_wake(own.sweeper, id);
    int64_t other = create(&own, SHORT "}");
    wait_until(&own, id, SWEEP_STOPPED, RUN_RUNNING, 0);
    wait_until(&own, other, SWEEP_FINISHED, RUN_FINISHED, 6);
    struct db_sweep sweep = look(&own, id);
    assert_string_equal(sweep.stop_reason, "error");
    assert_non_null(sweep.error);
    db_sweep_clear(&sweep);
    close_sweep_lab(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_all_that_is_planned),
        cmocka_unit_test(test_keeps_to_its_parallel),
        cmocka_unit_test(test_goes_on_after_restarts),
        cmocka_unit_test(test_keeps_its_time_over_restarts),
        cmocka_unit_test(test_teaches_the_pruner_how_far_runs_came),
        cmocka_unit_test(test_a_pruner_ends_runs),
        cmocka_unit_test(test_tries_another_point_where_it_was_deleted),
        cmocka_unit_test(test_catches_up_with_its_row),
        cmocka_unit_test(test_waits_for_a_full_disk),
        cmocka_unit_test(test_a_damaged_description_stops_the_sweep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
