/* Store, hub and jobs inside the test, without HTTP: launching, waiting, comparing. */
#ifndef TESTS_SERVER_JOBS_LAB_H
#define TESTS_SERVER_JOBS_LAB_H

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

UNUSED_HERE static void start(struct lab *lab, int workers)
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

UNUSED_HERE static void stop(struct lab *lab)
{
    jobs_shutdown(lab->jobs);
    db_close(lab->db);
    hub_free(lab->hub);
}

UNUSED_HERE static void open_lab(struct lab *lab, int workers)
{
    lab->folder = folder_open();
    start(lab, workers);
}

UNUSED_HERE static void close_lab(struct lab *lab)
{
    char command[128];
    stop(lab);
    snprintf(command, sizeof command, "rm -rf %s", lab->folder.path);
    assert_int_equal(system(command), 0);
}

UNUSED_HERE static int64_t launch(struct lab *lab, const char *config_text)
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

UNUSED_HERE static struct db_run get(struct lab *lab, int64_t id)
{
    struct db_run run;
    assert_int_equal(db_run_get(lab->db, id, &run), DB_OK);
    return run;
}

UNUSED_HERE static enum run_state state_of(struct lab *lab, int64_t id)
{
    struct db_run run = get(lab, id);
    enum run_state state = run.state;
    db_run_clear(&run);
    return state;
}

/* Looks again every millisecond, for at most a minute. */
UNUSED_HERE static void wait_for(struct lab *lab, int64_t id, unsigned mask)
{
    for (int i = 0; i < 60000; i++) {
        if (RUN_MASK(state_of(lab, id)) & mask)
            return;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    fail_msg("run %d stays %s", (int)id, run_state_name(state_of(lab, id)));
}

UNUSED_HERE static void wait_for_points(struct lab *lab, int64_t id, int64_t points)
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

UNUSED_HERE static void expect_reason(struct lab *lab, int64_t id, const char *reason)
{
    struct db_run run = get(lab, id);
    assert_non_null(run.stop_reason);
    assert_string_equal(run.stop_reason, reason);
    db_run_clear(&run);
}

/* The model's bytes and the points without their times. */
struct outcome {
    uint8_t *model;
    size_t size;
    struct db_point *points;
    size_t count;
};

UNUSED_HERE static struct outcome outcome_of(struct lab *lab, int64_t id)
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

UNUSED_HERE static void expect_same(struct outcome a, struct outcome b)
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

#endif
