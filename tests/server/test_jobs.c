/* Queue, workers and recorder against a real store and the real trainer. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/jobs/jobs.h"
#include "server/json/config_json.h"
#include "server/json/run_json.h"
#include "tests/engine/cmocka_all.h"
#include "tests/engine/folder.h"

#define QUICK "{\"dataset\":\"moons\",\"hidden\":[8],\"epochs\":5,\"batch_size\":50}"
#define LONG                                                                             \
    "{\"dataset\":\"moons\",\"hidden\":[8],\"epochs\":100000,\"batch_size\":50,"         \
    "\"eval_every\":500}"
#define MEDIUM                                                                           \
    "{\"dataset\":\"moons\",\"hidden\":[16,16],\"epochs\":400,\"batch_size\":7,"         \
    "\"momentum\":0.5,\"eval_every\":333,\"validation_samples\":50}"

struct lab {
    struct folder folder;
    struct db *db;
    struct hub *hub;
    struct jobs *jobs;
};

static void start(struct lab *lab, int workers)
{
    char reason[256] = "";
    lab->hub = hub_new();
    assert_non_null(lab->hub);
    if (db_open(lab->folder.path, &lab->db, reason, sizeof reason) != DB_OK)
        fail_msg("%s", reason);
    struct jobs_options options = {.db = lab->db,
                                   .hub = lab->hub,
                                   .data_dir = lab->folder.path,
                                   .workers = workers,
                                   .environment = "{\"cpu\":\"test\"}"};
    lab->jobs = jobs_start(&options, reason, sizeof reason);
    if (!lab->jobs)
        fail_msg("%s", reason);
}

static void stop(struct lab *lab)
{
    jobs_shutdown(lab->jobs);
    db_close(lab->db);
    hub_free(lab->hub);
}

static void open_lab(struct lab *lab, int workers)
{
    lab->folder = folder_open();
    start(lab, workers);
}

static void close_lab(struct lab *lab)
{
    char command[128];
    stop(lab);
    snprintf(command, sizeof command, "rm -rf %s", lab->folder.path);
    assert_int_equal(system(command), 0);
}

static int64_t launch(struct lab *lab, const char *config_text)
{
    struct train_config config;
    struct config_problems problems = {.count = 0};
    int64_t id;
    bool existing;
    if (!config_from_text(config_text, &config, &problems))
        fail_msg("%s %s", problems.list[0].field, problems.list[0].message);
    struct db_run_insert insert = {
        .name = "", .config = config_text, .tags = "[]", .notes = "", .max_queued = 100};
    run_facts(&config, &insert.facts);
    assert_int_equal(db_run_create(lab->db, &insert, &id, &existing), DB_OK);
    jobs_wake(lab->jobs);
    return id;
}

static struct db_run get(struct lab *lab, int64_t id)
{
    struct db_run run;
    assert_int_equal(db_run_get(lab->db, id, &run), DB_OK);
    return run;
}

static enum run_state state_of(struct lab *lab, int64_t id)
{
    struct db_run run = get(lab, id);
    enum run_state state = run.state;
    db_run_clear(&run);
    return state;
}

/* Looks again every millisecond, for at most a minute. */
static void wait_for(struct lab *lab, int64_t id, unsigned mask)
{
    for (int i = 0; i < 60000; i++) {
        if (RUN_MASK(state_of(lab, id)) & mask)
            return;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    fail_msg("run %d stays %s", (int)id, run_state_name(state_of(lab, id)));
}

static void wait_for_points(struct lab *lab, int64_t id, int64_t points)
{
    for (int i = 0; i < 60000; i++) {
        struct db_run run = get(lab, id);
        int64_t found = run.summary.points;
        db_run_clear(&run);
        if (found >= points)
            return;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    fail_msg("run %d has too few points", (int)id);
}

static void expect_reason(struct lab *lab, int64_t id, const char *reason)
{
    struct db_run run = get(lab, id);
    assert_non_null(run.stop_reason);
    assert_string_equal(run.stop_reason, reason);
    db_run_clear(&run);
}

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

/* The model's bytes and the points without their times. */
struct outcome {
    uint8_t *model;
    size_t size;
    struct db_point *points;
    size_t count;
};

static struct outcome outcome_of(struct lab *lab, int64_t id)
{
    struct outcome outcome;
    struct checkpoint *checkpoint;
    assert_int_equal(checkpoint_new(&checkpoint), ENGINE_OK);
    assert_int_equal(jobs_read_checkpoint(lab->jobs, id, checkpoint), JOBS_OK);
    assert_int_equal(checkpoint_export_model(checkpoint, CHECKPOINT_LAST, &outcome.model,
                                             &outcome.size, NULL),
                     ENGINE_OK);
    checkpoint_free(checkpoint);
    assert_int_equal(db_points(lab->db, id, -1, 0, &outcome.points, &outcome.count),
                     DB_OK);
    for (size_t i = 0; i < outcome.count; i++) {
        struct db_point *point = &outcome.points[i];
        point->train_seconds = point->cpu_seconds = point->wall_time = 0;
    }
    return outcome;
}

static void expect_same(struct outcome a, struct outcome b)
{
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.model, b.model, a.size);
    assert_int_equal(a.count, b.count);
    for (size_t i = 0; i < a.count; i++) {
        assert_int_equal(a.points[i].step, b.points[i].step);
        assert_true(a.points[i].train_loss == b.points[i].train_loss);
        assert_true(a.points[i].test_loss == b.points[i].test_loss);
        assert_true(a.points[i].val_accuracy == b.points[i].val_accuracy);
        assert_true(a.points[i].grad_norm == b.points[i].grad_norm);
        assert_int_equal(a.points[i].is_best, b.points[i].is_best);
    }
    free(a.model);
    free(a.points);
    free(b.model);
    free(b.points);
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

static void test_a_full_disk_fails_the_run_only(void **state)
{
    (void)state;
    struct lab lab;
    open_lab(&lab, 1);
    int64_t id = launch(&lab, LONG);
    wait_for_points(&lab, id, 1);
    assert_int_equal(db_limit_pages(lab.db, 1), DB_OK); /* no page more than it has */
    for (int i = 0; i < 60000 && db_run_transition(lab.db, id, 0, RUN_FAILED, NULL, NULL,
                                                   NULL) == DB_CONFLICT;
         i++) {
        struct jobs_worker_info worker;
        jobs_worker_info(lab.jobs, &worker, 1);
        if (worker.run == 0)
            break;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    assert_int_equal(db_limit_pages(lab.db, 0), DB_OK);
    assert_true(jobs_alive(lab.jobs));
    int64_t next = launch(&lab, QUICK);
    wait_for(&lab, next, RUN_MASK(RUN_FINISHED));
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
        cmocka_unit_test(test_two_at_once_and_a_third_waits),
        cmocka_unit_test(test_verbs_fit_states),
        cmocka_unit_test(test_restarts_leave_no_trace),
        cmocka_unit_test(test_pauses_and_stops_leave_no_trace),
        cmocka_unit_test(test_a_missing_dataset_fails_with_advice),
        cmocka_unit_test(test_a_full_disk_fails_the_run_only),
        cmocka_unit_test(test_limits_change_while_it_trains),
        cmocka_unit_test(test_thousands_of_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
