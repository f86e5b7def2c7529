/* What is done to a sweep as a whole: stop, pause, resume, extend, delete. Each is one
 * transaction over its row and its runs, but for the deletion, which would keep others
 * from writing for long: that marks the row first and takes the runs in pieces. */
#include <stdlib.h>

#include "db/internal.h"

/* Moves the runs of a sweep that are in a state of the mask. */
static enum db_status move_runs(sqlite3 *writer, int64_t sweep, unsigned from,
                                enum run_state to, const char *stop_reason)
{
    struct statement s;
    statement_open(&s, writer,
                   "UPDATE runs SET state = ?1, wanted = NULL, stop_reason = ?2,"
                   " error = NULL, finished_at = CASE WHEN ?3 THEN NULL"
                   " ELSE max(?4, created_at, coalesce(started_at, 0)) END"
                   " WHERE sweep = ?5 AND (1 << state) & ?6");
    bind_integer(&s, to);
    bind_text(&s, stop_reason);
    bind_integer(&s, (RUN_LIVE & RUN_MASK(to)) != 0);
    bind_double(&s, db_now());
    bind_integer(&s, sweep);
    bind_integer(&s, from);
    return statement_run(&s);
}

/* Notes what its running runs are wanted to become; one that was asked to stop will. */
static enum db_status ask_runs(sqlite3 *writer, int64_t sweep, enum run_state wanted)
{
    struct statement s;
    statement_open(&s, writer,
                   "UPDATE runs SET wanted = ?1 WHERE sweep = ?2 AND state = ?3"
                   " AND wanted IS NOT ?4");
    bind_integer(&s, wanted);
    bind_integer(&s, sweep);
    bind_integer(&s, RUN_RUNNING);
    bind_integer(&s, RUN_STOPPED);
    return statement_run(&s);
}

struct verb {
    unsigned from;
    enum sweep_state to;
    const char *stop_reason;
    unsigned runs_from; /* those that wait */
    enum run_state runs_to;
    enum run_state wanted; /* of those that train */
};

static enum db_status apply(sqlite3 *writer, int64_t id, const struct verb *verb,
                            enum sweep_state *actual)
{
    enum db_status status = sweep_require_state(writer, id, verb->from, actual);
    if (status == DB_OK)
        status = sweep_move(writer, id, verb->to, verb->stop_reason, NULL);
    if (status == DB_OK)
        status = move_runs(writer, id, verb->runs_from, verb->runs_to, verb->stop_reason);
    return status == DB_OK ? ask_runs(writer, id, verb->wanted) : status;
}

static enum db_status steer(struct db *db, int64_t id, const struct verb *verb,
                            enum sweep_state *actual, int64_t **runs, size_t *count)
{
    int64_t *ids = NULL;
    size_t found = 0;
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    status = ids_read(db->writer, sweep_select_runs, id, RUN_LIVE, &ids, &found);
    if (status == DB_OK)
        status = apply(db->writer, id, verb, actual);
    status = db_end_write(db, status);
    if (status != DB_OK) {
        free(ids);
        return status;
    }
    *runs = ids;
    *count = found;
    return DB_OK;
}

enum db_status db_sweep_stop(struct db *db, int64_t id, enum sweep_state *actual,
                             int64_t **runs, size_t *count)
{
    static const struct verb stop = {
        .from = SWEEP_MASK(SWEEP_RUNNING) | SWEEP_MASK(SWEEP_PAUSED),
        .to = SWEEP_STOPPED,
        .stop_reason = "user",
        .runs_from = RUN_MASK(RUN_QUEUED) | RUN_MASK(RUN_PAUSED),
        .runs_to = RUN_STOPPED,
        .wanted = RUN_STOPPED};
    return steer(db, id, &stop, actual, runs, count);
}

enum db_status db_sweep_pause(struct db *db, int64_t id, enum sweep_state *actual,
                              int64_t **runs, size_t *count)
{
    static const struct verb pause = {.from = SWEEP_MASK(SWEEP_RUNNING),
                                      .to = SWEEP_PAUSED,
                                      .runs_from = RUN_MASK(RUN_QUEUED),
                                      .runs_to = RUN_PAUSED,
                                      .wanted = RUN_PAUSED};
    return steer(db, id, &pause, actual, runs, count);
}

enum db_status db_sweep_resume(struct db *db, int64_t id, enum sweep_state *actual,
                               int64_t **runs, size_t *count)
{
    static const struct verb resume = {.from = SWEEP_MASK(SWEEP_PAUSED) |
                                               SWEEP_MASK(SWEEP_STOPPED),
                                       .to = SWEEP_RUNNING,
                                       .runs_from = RUN_MASK(RUN_PAUSED),
                                       .runs_to = RUN_QUEUED,
                                       .wanted = RUN_QUEUED};
    return steer(db, id, &resume, actual, runs, count);
}

static enum db_status change_plan(sqlite3 *writer, int64_t id, const char *before,
                                  const char *spec, int64_t total_runs)
{
    struct statement s;
    statement_open(
        &s, writer,
        "UPDATE sweeps SET spec = ?, total_runs = ? WHERE id = ? AND spec = ?");
    bind_text(&s, spec);
    bind_integer(&s, total_runs);
    bind_integer(&s, id);
    bind_text(&s, before);
    enum db_status status = statement_run(&s);
    return status == DB_OK && sqlite3_changes(writer) == 0 ? DB_CONFLICT : status;
}

enum db_status db_sweep_extend(struct db *db, int64_t id, const char *before,
                               const char *spec, int64_t total_runs)
{
    unsigned ended = SWEEP_MASK(SWEEP_FINISHED) | SWEEP_MASK(SWEEP_STOPPED);
    enum sweep_state state = SWEEP_RUNNING;
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    status = sweep_require_state(db->writer, id, ~0u, &state);
    if (status == DB_OK)
        status = change_plan(db->writer, id, before, spec, total_runs);
    if (status == DB_OK && ended & SWEEP_MASK(state))
        status = sweep_move(db->writer, id, SWEEP_RUNNING, NULL, NULL);
    return db_end_write(db, status);
}

static enum db_status require_dead_runs(sqlite3 *writer, int64_t id)
{
    struct statement s;
    statement_open(&s, writer, sweep_select_runs);
    bind_integer(&s, id);
    bind_integer(&s, RUN_LIVE);
    bool live = statement_step(&s);
    enum db_status status = statement_close(&s);
    return status == DB_OK && live ? DB_CONFLICT : status;
}

enum db_status db_sweep_delete(struct db *db, int64_t id)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    status =
        sweep_require_state(db->writer, id, ~(unsigned)SWEEP_MASK(SWEEP_RUNNING), NULL);
    if (status == DB_OK)
        status = require_dead_runs(db->writer, id);
    if (status == DB_OK)
        status = sweep_move(db->writer, id, SWEEP_DELETING, NULL, NULL);
    return db_end_write(db, status);
}

/* Of a sweep that is being deleted; of any other none. */
static enum db_status pick_runs(sqlite3 *writer, int64_t id, size_t limit, int64_t **ids,
                                size_t *count)
{
    struct statement s;
    statement_open(&s, writer, "SELECT 1 FROM sweeps WHERE id = ? AND state = ?");
    bind_integer(&s, id);
    bind_integer(&s, SWEEP_DELETING);
    bool deleting = statement_step(&s);
    enum db_status status = statement_close(&s);
    if (status != DB_OK || !deleting)
        return status;
    return ids_read(writer, "SELECT id FROM runs WHERE sweep = ? ORDER BY id LIMIT ?", id,
                    (int64_t)limit, ids, count);
}

static enum db_status delete_runs(sqlite3 *writer, const int64_t *ids, size_t count)
{
    struct statement s;
    statement_open(&s, writer, "DELETE FROM runs WHERE id = ?");
    for (size_t i = 0; i < count && s.code == SQLITE_OK; i++) {
        statement_reset(&s);
        bind_integer(&s, ids[i]);
        statement_step(&s);
    }
    return statement_close(&s);
}

static enum db_status delete_row(sqlite3 *writer, int64_t id)
{
    struct statement s;
    statement_open(&s, writer, "DELETE FROM sweeps WHERE id = ? AND state = ?");
    bind_integer(&s, id);
    bind_integer(&s, SWEEP_DELETING);
    return statement_run(&s);
}

enum db_status db_sweep_delete_runs(struct db *db, int64_t id, size_t limit,
                                    int64_t **runs, size_t *count)
{
    int64_t *ids = NULL;
    size_t found = 0;
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    status = pick_runs(db->writer, id, limit, &ids, &found);
    if (status == DB_OK)
        status = delete_runs(db->writer, ids, found);
    if (status == DB_OK && found < limit)
        status = delete_row(db->writer, id);
    status = db_end_write(db, status);
    if (status != DB_OK) {
        free(ids);
        return status;
    }
    *runs = ids;
    *count = found;
    return DB_OK;
}
