/* Short ways to fill a store with sweeps and their runs. */
#ifndef TESTS_DB_SWEEP_STORE_H
#define TESTS_DB_SWEEP_STORE_H

#include "db/sweeps.h"
#include "tests/db/store.h"

UNUSED_HERE static int64_t create(struct store *store, int64_t total)
{
    int64_t id;
    assert_int_equal(
        db_sweep_create(store->db, "first", "a note", "{\"x\":1}", total, &id), DB_OK);
    return id;
}

UNUSED_HERE static struct db_sweep get(struct store *store, int64_t id)
{
    struct db_sweep sweep;
    assert_int_equal(db_sweep_get(store->db, id, &sweep), DB_OK);
    return sweep;
}

UNUSED_HERE static enum db_status try_launch(struct store *store, int64_t sweep,
                                             int64_t index, int64_t *run)
{
    struct db_run_insert insert = store_insert("of a sweep");
    insert.sweep = sweep;
    insert.sweep_index = index;
    return db_sweep_launch(store->db, &insert, run);
}

UNUSED_HERE static int64_t launch(struct store *store, int64_t sweep, int64_t index)
{
    int64_t run = 0;
    assert_int_equal(try_launch(store, sweep, index, &run), DB_OK);
    return run;
}

UNUSED_HERE static void move(struct store *store, int64_t sweep, enum sweep_state to)
{
    assert_int_equal(db_sweep_transition(store->db, sweep, ~0u, to, "user", NULL, NULL),
                     DB_OK);
}

UNUSED_HERE static void end_run(struct store *store, int64_t run)
{
    assert_int_equal(
        db_run_transition(store->db, run, ~0u, RUN_FINISHED, "epochs_done", NULL, NULL),
        DB_OK);
}

#endif
