/* Rows of sweeps, and the launch of their runs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"
#include "db/sweeps.h"

const char *sweep_state_name(enum sweep_state state)
{
    static const char *const names[SWEEP_STATE_COUNT] = {
        [SWEEP_RUNNING] = "running",   [SWEEP_PAUSED] = "paused",
        [SWEEP_FINISHED] = "finished", [SWEEP_STOPPED] = "stopped",
        [SWEEP_DELETING] = "deleting",
    };
    return names[state];
}

void db_sweep_clear(struct db_sweep *sweep)
{
    free(sweep->name);
    free(sweep->notes);
    free(sweep->spec);
    free(sweep->stop_reason);
    free(sweep->error);
    *sweep = (struct db_sweep){0};
}

enum db_status db_sweep_create(struct db *db, const char *name, const char *notes,
                               const char *spec, int64_t total_runs, int64_t *id)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    struct statement s;
    statement_open(&s, db->writer,
                   "INSERT INTO sweeps (state, name, notes, spec, total_runs, created_at,"
                   " running_since) VALUES (?, ?, ?, ?, ?, ?, ?)");
    bind_integer(&s, SWEEP_RUNNING);
    bind_text(&s, name);
    bind_text(&s, notes);
    bind_text(&s, spec);
    bind_integer(&s, total_runs);
    bind_double(&s, db_now());
    bind_double(&s, db_steady_now());
    status = statement_run(&s);
    int64_t made = sqlite3_last_insert_rowid(db->writer);
    status = db_end_write(db, status);
    if (status == DB_OK)
        *id = made;
    return status;
}

static const char sweep_columns[] =
    "SELECT id, state, name, notes, spec, stop_reason, error, total_runs, launched,"
    " created_at, finished_at, wall_seconds, running_since FROM sweeps ";

static enum db_status read_sweep(struct statement *row, struct db_sweep *out)
{
    struct db_sweep sweep = {.id = read_integer(row)};
    sweep.state = (enum sweep_state)read_integer(row);
    sweep.name = read_text(row);
    sweep.notes = read_text(row);
    sweep.spec = read_text(row);
    sweep.stop_reason = read_text(row);
    sweep.error = read_text(row);
    sweep.total_runs = read_integer(row);
    sweep.launched = read_integer(row);
    sweep.created_at = read_double(row);
    sweep.finished_at = read_double(row);
    sweep.wall_seconds = read_double(row);
    double since = read_double(row);
    if (!isnan(since))
        sweep.wall_seconds += fmax(0, db_steady_now() - since);
    if (row->code != SQLITE_OK) {
        db_sweep_clear(&sweep);
        return db_status_of(row->code);
    }
    *out = sweep;
    return DB_OK;
}

static enum db_status read_counts(sqlite3 *reader, struct db_sweep *sweep)
{
    struct statement s;
    statement_open(&s, reader,
                   "SELECT state, count(*) FROM runs WHERE sweep = ? GROUP BY state");
    bind_integer(&s, sweep->id);
    while (statement_step(&s)) {
        int64_t state = read_integer(&s);
        if (state >= 0 && state < RUN_STATE_COUNT)
            sweep->counts[state] = read_integer(&s);
    }
    return statement_close(&s);
}

/* The rows that `s` gives, with their counts, appended to `rows`. */
static enum db_status read_sweeps(sqlite3 *reader, struct statement *s, struct rows *rows)
{
    enum db_status read = DB_OK;
    while (read == DB_OK && statement_step(s)) {
        struct db_sweep *sweep = rows_add(rows);
        read = sweep ? read_sweep(s, sweep) : DB_NO_MEMORY;
        if (sweep && read != DB_OK)
            rows->count--;
    }
    enum db_status status = statement_close(s);
    if (status == DB_OK)
        status = read;
    for (size_t i = 0; status == DB_OK && i < rows->count; i++)
        status = read_counts(reader, (struct db_sweep *)(void *)rows->bytes + i);
    return status;
}

static void free_sweeps(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        db_sweep_clear((struct db_sweep *)(void *)rows->bytes + i);
    free(rows->bytes);
}

enum db_status db_sweep_get(struct db *db, int64_t id, struct db_sweep *out)
{
    char sql[sizeof sweep_columns + 32];
    struct rows rows = {.row_size = sizeof *out};
    struct statement s;
    sqlite3 *reader = db_take_reader(db);
    if (!reader)
        return DB_ERROR;
    sqlite3_snprintf(sizeof sql, sql, "%sWHERE id = ? AND state <> ?", sweep_columns);
    statement_open(&s, reader, sql);
    bind_integer(&s, id);
    bind_integer(&s, SWEEP_DELETING);
    enum db_status status = read_sweeps(reader, &s, &rows);
    db_return_reader(db, reader);
    if (status == DB_OK && rows.count == 0)
        status = DB_NOT_FOUND;
    if (status != DB_OK) {
        free_sweeps(&rows);
        return status;
    }
    *out = *(struct db_sweep *)(void *)rows.bytes;
    free(rows.bytes);
    return DB_OK;
}

static enum db_status count_sweeps(sqlite3 *reader, int64_t *total)
{
    struct statement s;
    statement_open(&s, reader, "SELECT count(*) FROM sweeps WHERE state <> ?");
    bind_integer(&s, SWEEP_DELETING);
    if (statement_step(&s))
        *total = read_integer(&s);
    return statement_close(&s);
}

enum db_status db_sweep_list(struct db *db, int64_t before, int64_t limit,
                             struct db_sweep **sweeps, size_t *count, int64_t *total)
{
    char sql[sizeof sweep_columns + 64];
    struct rows rows = {.row_size = sizeof **sweeps};
    struct statement s;
    int64_t all = 0;
    sqlite3 *reader = db_take_reader(db);
    if (!reader)
        return DB_ERROR;
    sqlite3_snprintf(sizeof sql, sql,
                     "%sWHERE id < ? AND state <> ? ORDER BY id DESC LIMIT ?",
                     sweep_columns);
    statement_open(&s, reader, sql);
    bind_integer(&s, before > 0 ? before : INT64_MAX);
    bind_integer(&s, SWEEP_DELETING);
    bind_integer(&s, limit);
    enum db_status status = read_sweeps(reader, &s, &rows);
    if (status == DB_OK)
        status = count_sweeps(reader, &all);
    db_return_reader(db, reader);
    if (status != DB_OK) {
        free_sweeps(&rows);
        return status;
    }
    *sweeps = (struct db_sweep *)(void *)rows.bytes;
    *count = rows.count;
    *total = all;
    return DB_OK;
}

enum db_status sweep_require_state(sqlite3 *writer, int64_t id, unsigned mask,
                                   enum sweep_state *actual)
{
    struct statement s;
    enum sweep_state state = SWEEP_RUNNING;
    statement_open(&s, writer, "SELECT state FROM sweeps WHERE id = ? AND state <> ?");
    bind_integer(&s, id);
    bind_integer(&s, SWEEP_DELETING);
    bool found = statement_step(&s);
    if (found)
        state = (enum sweep_state)read_integer(&s);
    enum db_status status = statement_close(&s);
    if (status != DB_OK || !found)
        return status != DB_OK ? status : DB_NOT_FOUND;
    if (actual)
        *actual = state;
    return mask & SWEEP_MASK(state) ? DB_OK : DB_CONFLICT;
}

enum db_status sweep_move(sqlite3 *writer, int64_t id, enum sweep_state to,
                          const char *stop_reason, const char *error)
{
    struct statement s;
    bool ended = to == SWEEP_FINISHED || to == SWEEP_STOPPED;
    statement_open(&s, writer,
                   "UPDATE sweeps SET state = ?1, stop_reason = ?2, error = ?3,"
                   " wall_seconds = wall_seconds + coalesce(max(0, ?4 - running_since),"
                   " 0), running_since = CASE WHEN ?5 THEN ?4 END,"
                   " finished_at = CASE WHEN ?6 THEN max(?7, created_at) END"
                   " WHERE id = ?8");
    bind_integer(&s, to);
    bind_text(&s, stop_reason);
    bind_text(&s, error);
    bind_double(&s, db_steady_now());
    bind_integer(&s, to == SWEEP_RUNNING);
    bind_integer(&s, ended);
    bind_double(&s, db_now());
    bind_integer(&s, id);
    return statement_run(&s);
}

enum db_status db_sweep_transition(struct db *db, int64_t id, unsigned from_mask,
                                   enum sweep_state to, const char *stop_reason,
                                   const char *error, enum sweep_state *actual)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    status = sweep_require_state(db->writer, id, from_mask, actual);
    if (status == DB_OK)
        status = sweep_move(db->writer, id, to, stop_reason, error);
    return db_end_write(db, status);
}

enum db_status db_sweep_patch(struct db *db, int64_t id, const char *name,
                              const char *notes)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    struct statement s;
    statement_open(&s, db->writer,
                   "UPDATE sweeps SET name = coalesce(?1, name),"
                   " notes = coalesce(?2, notes) WHERE id = ?3 AND state <> ?4");
    bind_text(&s, name);
    bind_text(&s, notes);
    bind_integer(&s, id);
    bind_integer(&s, SWEEP_DELETING);
    status = statement_run(&s);
    if (status == DB_OK && sqlite3_changes(db->writer) == 0)
        status = DB_NOT_FOUND;
    return db_end_write(db, status);
}

/* The clock is brought up to date along the way, so that a crash loses little of it. */
static enum db_status count_launch(sqlite3 *writer, int64_t sweep, int64_t index)
{
    struct statement s;
    statement_open(&s, writer,
                   "UPDATE sweeps SET launched = launched + 1,"
                   " wall_seconds = wall_seconds + max(0, ?1 - running_since),"
                   " running_since = ?1 WHERE id = ?2 AND state = ?3 AND launched = ?4");
    bind_double(&s, db_steady_now());
    bind_integer(&s, sweep);
    bind_integer(&s, SWEEP_RUNNING);
    bind_integer(&s, index);
    enum db_status status = statement_run(&s);
    return status == DB_OK && sqlite3_changes(writer) == 0 ? DB_CONFLICT : status;
}

enum db_status db_sweep_launch(struct db *db, const struct db_run_insert *insert,
                               int64_t *run)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    int64_t made = 0;
    bool existing;
    status = count_launch(db->writer, insert->sweep, insert->sweep_index);
    if (status == DB_OK)
        status = run_create(db->writer, insert, &made, &existing);
    status = db_end_write(db, status);
    if (status == DB_OK)
        *run = made;
    return status;
}

enum db_status db_sweep_take_up(struct db *db, int64_t id)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    struct statement s;
    statement_open(&s, db->writer,
                   "UPDATE sweeps SET running_since = ? WHERE id = ? AND state = ?");
    bind_double(&s, db_steady_now());
    bind_integer(&s, id);
    bind_integer(&s, SWEEP_RUNNING);
    return db_end_write(db, statement_run(&s));
}

enum db_status db_sweep_keep_time(struct db *db, int64_t id)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    struct statement s;
    statement_open(&s, db->writer,
                   "UPDATE sweeps SET running_since = ?1,"
                   " wall_seconds = wall_seconds + max(0, ?1 - running_since)"
                   " WHERE id = ?2 AND state = ?3");
    bind_double(&s, db_steady_now());
    bind_integer(&s, id);
    bind_integer(&s, SWEEP_RUNNING);
    return db_end_write(db, statement_run(&s));
}
