/* A store in a temporary folder, and short ways to fill it; each test is one file. */
#ifndef TESTS_DB_STORE_H
#define TESTS_DB_STORE_H

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/points.h"
#include "db/runs.h"
#include "tests/engine/cmocka_all.h"
#include "tests/engine/folder.h"

struct store {
    struct folder folder;
    struct db *db;
};

UNUSED_HERE static void store_open(struct store *store)
{
    char reason[256] = "";
    if (db_open(store->folder.path, &store->db, reason, sizeof reason) != DB_OK)
        fail_msg("%s", reason);
}

UNUSED_HERE static int store_set_up(void **state)
{
    static struct store store;
    store.folder = folder_open();
    store_open(&store);
    *state = &store;
    return 0;
}

UNUSED_HERE static int store_tear_down(void **state)
{
    struct store *store = *state;
    char command[128];
    db_close(store->db);
    snprintf(command, sizeof command, "rm -rf %s", store->folder.path);
    return system(command);
}

UNUSED_HERE static struct db_run_insert store_insert(const char *name)
{
    struct db_run_insert insert = {
        .name = name,
        .config = "{}",
        .tags = "[]",
        .notes = "",
        .max_queued = 1000000,
        .facts = {.dataset = "mnist",
                  .optimizer = "sgd",
                  .activation = "relu",
                  .batching = "shuffled",
                  .engine = "tensor",
                  .layers = "784-128-10",
                  .lr = 0.1,
                  .batch_size = 32,
                  .epochs = 10,
                  .seed = 1,
                  .total_steps = 100,
                  .target_accuracy = NAN,
                  .time_budget_s = NAN}
    };
    return insert;
}

UNUSED_HERE static int64_t store_create(struct store *store,
                                        const struct db_run_insert *insert)
{
    int64_t id = 0;
    bool existing;
    assert_int_equal(db_run_create(store->db, insert, &id, &existing), DB_OK);
    return id;
}

UNUSED_HERE static int64_t store_launch(struct store *store)
{
    struct db_run_insert insert = store_insert("run");
    return store_create(store, &insert);
}

UNUSED_HERE static struct db_run store_get(struct store *store, int64_t id)
{
    struct db_run run;
    assert_int_equal(db_run_get(store->db, id, &run), DB_OK);
    return run;
}

UNUSED_HERE static void store_move(struct store *store, int64_t id, enum run_state to)
{
    assert_int_equal(db_run_transition(store->db, id, ~0u, to, NULL, NULL, NULL), DB_OK);
}

/* Launches a run that a worker has taken, so that its end may be recorded. */
UNUSED_HERE static int64_t store_launch_running(struct store *store)
{
    int64_t id = store_launch(store);
    store_move(store, id, RUN_RUNNING);
    return id;
}

/* Runs SQL behind the store's back; the last value that it gives goes to `text`. */
UNUSED_HERE static void store_sql(const struct store *store, const char *sql, char *text,
                                  size_t size)
{
    sqlite3 *connection;
    sqlite3_stmt *statement;
    assert_int_equal(
        sqlite3_open(folder_path(&store->folder, "sweetspot.db"), &connection),
        SQLITE_OK);
    for (const char *rest = sql; *rest;) {
        assert_int_equal(sqlite3_prepare_v2(connection, rest, -1, &statement, &rest),
                         SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW)
            if (text)
                snprintf(text, size, "%s", sqlite3_column_text(statement, 0));
        assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    }
    sqlite3_close(connection);
}

/* A layer without a probe. */
UNUSED_HERE static struct db_layer store_layer(int64_t step, int layer)
{
    return (struct db_layer){.step = step,
                             .layer = layer,
                             .weight_norm = 1.5,
                             .grad_norm = 0.25,
                             .update_ratio = 1e-3,
                             .activation_mean = NAN,
                             .activation_deviation = NAN,
                             .dead_fraction = NAN,
                             .saturated_fraction = NAN};
}

UNUSED_HERE static struct db_point store_point(int64_t step, double accuracy)
{
    return (struct db_point){.step = step,
                             .epoch = (double)step / 10,
                             .samples = step * 32,
                             .train_seconds = (double)step / 100,
                             .cpu_seconds = (double)step / 100,
                             .wall_time = 1.7e9 + (double)step,
                             .lr = 0.1,
                             .train_loss = 1 - accuracy,
                             .train_accuracy = accuracy,
                             .test_loss = 1 - accuracy / 3,
                             .test_accuracy = accuracy,
                             .val_loss = NAN,
                             .val_accuracy = NAN,
                             .grad_norm = 0.5,
                             .is_best = true};
}

UNUSED_HERE static struct db_record
store_record(int64_t run, const struct db_point *points, size_t count)
{
    return (struct db_record){.run = run,
                              .points = points,
                              .point_count = count,
                              .checkpoint_step = count ? points[count - 1].step : -1,
                              .end_state = RUN_STATE_COUNT,
                              .train_seconds = NAN,
                              .cpu_seconds = NAN};
}

#endif
