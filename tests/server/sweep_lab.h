/* The lab of jobs_lab.h with a sweeper, and short ways to move sweeps along. */
#ifndef TESTS_SERVER_SWEEP_LAB_H
#define TESTS_SERVER_SWEEP_LAB_H

#include "tests/server/jobs_lab.h"

#include "server/json/number.h"
#include "server/sweeps/spec.h"
#include "server/sweeps/sweeper.h"

struct sweep_lab {
    struct lab lab;
    struct sweeper *sweeper;
};

/* As `start` of jobs_lab.h, with a sweeper that follows the runs. */
UNUSED_HERE static void begin(struct sweep_lab *own)
{
    char reason[256] = "";
    struct lab *lab = &own->lab;
    lab->hub = hub_new();
    assert_non_null(lab->hub);
    if (db_open(lab->folder.path, &lab->db, reason, sizeof reason) != DB_OK)
        fail_msg("%s", reason);
    own->sweeper = sweeper_new(lab->db, lab->hub, 2, 100);
    assert_non_null(own->sweeper);
    struct jobs_options options = {.db = lab->db,
                                   .hub = lab->hub,
                                   .observer = sweeper_observer(own->sweeper),
                                   .data_dir = lab->folder.path,
                                   .workers = 2,
                                   .environment = "{}"};
    lab->jobs = jobs_start(&options, reason, sizeof reason);
    if (!lab->jobs)
        fail_msg("%s", reason);
    assert_int_equal(sweeper_start(own->sweeper, lab->jobs), 0);
}

UNUSED_HERE static void end(struct sweep_lab *own)
{
    sweeper_stop(own->sweeper);
    jobs_shutdown(own->lab.jobs);
    sweeper_free(own->sweeper);
    db_close(own->lab.db);
    hub_free(own->lab.hub);
}

UNUSED_HERE static void open_sweep_lab(struct sweep_lab *own)
{
    own->lab.folder = folder_open();
    begin(own);
}

UNUSED_HERE static void close_sweep_lab(struct sweep_lab *own)
{
    char command[128];
    end(own);
    snprintf(command, sizeof command, "rm -rf %s", own->lab.folder.path);
    assert_int_equal(system(command), 0);
}

UNUSED_HERE static int64_t create(struct sweep_lab *own, const char *text)
{
    struct sweep_spec spec;
    struct config_problems problems = {.count = 0};
    int64_t id;
    if (!sweep_spec_parse(text, &spec, &problems))
        fail_msg("%s %s", problems.list[0].field, problems.list[0].message);
    char *stored = number_print_tree(spec.json);
    assert_int_equal(db_sweep_create(own->lab.db, "", "", stored, spec.total_runs, &id),
                     DB_OK);
    cJSON_free(stored);
    sweep_spec_clear(&spec);
    sweeper_wake(own->sweeper, id);
    return id;
}

UNUSED_HERE static struct db_sweep look(struct sweep_lab *own, int64_t id)
{
    struct db_sweep sweep;
    assert_int_equal(db_sweep_get(own->lab.db, id, &sweep), DB_OK);
    return sweep;
}

/* Whether the sweep is in `state` with so many runs in `run_state` (-1: any number). */
UNUSED_HERE static bool is_at(struct sweep_lab *own, int64_t id, enum sweep_state state,
                              enum run_state run_state, int64_t runs)
{
    struct db_sweep sweep = look(own, id);
    bool there = sweep.state == state && (runs < 0 || sweep.counts[run_state] == runs);
    db_sweep_clear(&sweep);
    return there;
}

UNUSED_HERE static void wait_until(struct sweep_lab *own, int64_t id,
                                   enum sweep_state state, enum run_state run_state,
                                   int64_t runs)
{
    for (int i = 0; i < 60000; i++) {
        if (is_at(own, id, state, run_state, runs))
            return;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    fail_msg("sweep %d does not come to state %d", (int)id, state);
}

UNUSED_HERE static void stop_sweep(struct sweep_lab *own, int64_t id)
{
    enum sweep_state actual;
    assert_int_equal(sweeper_stop_sweep(own->sweeper, id, &actual), DB_OK);
}

UNUSED_HERE static void pause_sweep(struct sweep_lab *own, int64_t id)
{
    enum sweep_state actual;
    assert_int_equal(sweeper_pause_sweep(own->sweeper, id, &actual), DB_OK);
}

UNUSED_HERE static void resume_sweep(struct sweep_lab *own, int64_t id)
{
    enum sweep_state actual;
    assert_int_equal(sweeper_resume_sweep(own->sweeper, id, &actual), DB_OK);
}

/* Stores another plan; the sweeper is not woken. */
UNUSED_HERE static void extend_sweep(struct sweep_lab *own, int64_t id, const char *spec,
                                     int64_t total_runs)
{
    struct db_sweep sweep = look(own, id);
    assert_int_equal(db_sweep_extend(own->lab.db, id, sweep.spec, spec, total_runs),
                     DB_OK);
    db_sweep_clear(&sweep);
}

#define SPACE                                                                            \
    "\"space\":{\"batch_size\":{\"values\":[10,50]},"                                    \
    "\"lr\":{\"values\":[0.01,0.1,1]}}"
#define SHORT                                                                            \
    "{\"base\":{\"dataset\":\"moons\",\"hidden\":[8],\"epochs\":3,"                      \
    "\"target_accuracy\":0.99}," SPACE
#define ENDLESS                                                                          \
    "{\"base\":{\"dataset\":\"moons\",\"hidden\":[8],\"epochs\":100000,"                 \
    "\"eval_every\":500,\"stop_at_target\":false}," SPACE

#endif
