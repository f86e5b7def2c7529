/* Launching, reading, changing and deleting runs. */
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"

/* Idempotency keys older than this (seconds) are forgotten. */
#define KEY_LIFETIME (7 * 24 * 3600.0)

/* The run that used the key before: DB_OK, DB_CONFLICT for another body, else
 * DB_NOT_FOUND. */
static enum db_status find_key(sqlite3 *writer, const struct db_run_insert *insert,
                               int64_t *id)
{
    struct statement s;
    statement_open(&s, writer, "SELECT run, digest = ? FROM idempotency WHERE key = ?");
    bind_text(&s, insert->idempotency_digest);
    bind_text(&s, insert->idempotency_key);
    enum db_status found = DB_NOT_FOUND;
    if (statement_step(&s)) {
        *id = read_integer(&s);
        found = read_integer(&s) ? DB_OK : DB_CONFLICT;
    }
    enum db_status status = statement_close(&s);
    return status == DB_OK ? found : status;
}

static enum db_status store_key(sqlite3 *writer, const struct db_run_insert *insert,
                                int64_t id)
{
    struct statement s;
    statement_open(&s, writer, "DELETE FROM idempotency WHERE created_at < ?");
    bind_double(&s, db_now() - KEY_LIFETIME);
    enum db_status status = statement_run(&s);
    if (status != DB_OK)
        return status;
    statement_open(&s, writer, "INSERT INTO idempotency VALUES (?, ?, ?, ?)");
    bind_text(&s, insert->idempotency_key);
    bind_text(&s, insert->idempotency_digest);
    bind_integer(&s, id);
    bind_double(&s, db_now());
    return statement_run(&s);
}

static enum db_status check_room(sqlite3 *writer, int64_t max_queued)
{
    struct statement s;
    int64_t queued = 0;
    statement_open(&s, writer, "SELECT count(*) FROM runs WHERE state = ?");
    bind_integer(&s, RUN_QUEUED);
    if (statement_step(&s))
        queued = read_integer(&s);
    enum db_status status = statement_close(&s);
    return status == DB_OK && queued >= max_queued ? DB_QUEUE_FULL : status;
}

static void bind_facts(struct statement *s, const struct db_run_facts *facts)
{
    bind_text(s, facts->dataset);
    bind_text(s, facts->optimizer);
    bind_text(s, facts->activation);
    bind_text(s, facts->batching);
    bind_text(s, facts->engine);
    bind_text(s, facts->layers);
    bind_double(s, facts->lr);
    bind_integer(s, facts->batch_size);
    bind_integer(s, facts->epochs);
    bind_integer(s, facts->seed);
    bind_integer(s, facts->parameters);
    bind_integer(s, facts->total_steps);
    bind_double(s, facts->target_accuracy);
    bind_double(s, facts->time_budget_s);
}

static enum db_status insert_run(sqlite3 *writer, const struct db_run_insert *insert,
                                 int64_t *id)
{
    struct statement s;
    statement_open(&s, writer,
                   "INSERT INTO runs (dataset, optimizer, activation, batching, engine,"
                   " layers, lr, batch_size, epochs, seed, parameters, total_steps,"
                   " target_accuracy, time_budget_s, state, name, config, tags, notes,"
                   " sweep, sweep_index, parent, created_at) VALUES"
                   " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    bind_facts(&s, &insert->facts);
    bind_integer(&s, RUN_QUEUED);
    bind_text(&s, insert->name);
    bind_text(&s, insert->config);
    bind_text(&s, insert->tags);
    bind_text(&s, insert->notes);
    bind_optional_id(&s, insert->sweep);
    if (insert->sweep)
        bind_integer(&s, insert->sweep_index);
    else
        bind_text(&s, NULL);
    bind_optional_id(&s, insert->parent);
    bind_double(&s, db_now());
    enum db_status status = statement_run(&s);
    *id = sqlite3_last_insert_rowid(writer);
    return status;
}

enum db_status run_create(sqlite3 *writer, const struct db_run_insert *insert,
                          int64_t *id, bool *existing)
{
    enum db_status status = DB_NOT_FOUND;
    if (insert->idempotency_key)
        status = find_key(writer, insert, id);
    *existing = status == DB_OK;
    if (status != DB_NOT_FOUND)
        return status;
    status = check_room(writer, insert->max_queued);
    if (status == DB_OK)
        status = insert_run(writer, insert, id);
    if (status == DB_OK && insert->idempotency_key)
        status = store_key(writer, insert, *id);
    return status;
}

enum db_status db_run_create(struct db *db, const struct db_run_insert *insert,
                             int64_t *id, bool *existing)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    int64_t new_id = 0;
    bool was_there = false;
    status = db_end_write(db, run_create(db->writer, insert, &new_id, &was_there));
    if (status == DB_OK) {
        *id = new_id;
        *existing = was_there;
    }
    return status;
}

enum db_status db_run_get(struct db *db, int64_t id, struct db_run *out)
{
    sqlite3 *reader = db_take_reader(db);
    if (!reader)
        return DB_ERROR;
    char *sql = sqlite3_mprintf("SELECT%sFROM runs WHERE id = ?", run_columns);
    struct statement s;
    statement_open(&s, reader, sql ? sql : "");
    bind_integer(&s, id);
    enum db_status found = DB_NOT_FOUND;
    if (sql && statement_step(&s))
        found = read_run(&s, out);
    enum db_status status = sql ? statement_close(&s) : DB_NO_MEMORY;
    sqlite3_free(sql);
    db_return_reader(db, reader);
    return status == DB_OK ? found : status;
}

static enum db_status read_state(sqlite3 *connection, int64_t id, enum run_state *state)
{
    struct statement s;
    statement_open(&s, connection,
                   "SELECT state FROM runs WHERE id = ? AND NOT EXISTS (SELECT 1 FROM"
                   " sweeps s WHERE s.id = runs.sweep AND s.state = ?)");
    bind_integer(&s, id);
    bind_integer(&s, SWEEP_DELETING);
    bool found = statement_step(&s);
    if (found)
        *state = (enum run_state)read_integer(&s);
    enum db_status status = statement_close(&s);
    return status == DB_OK && !found ? DB_NOT_FOUND : status;
}

enum db_status run_require_state(sqlite3 *connection, int64_t id, unsigned mask,
                                 enum run_state *actual)
{
    enum run_state state = RUN_QUEUED;
    enum db_status status = read_state(connection, id, &state);
    if (status != DB_OK)
        return status;
    if (actual)
        *actual = state;
    return mask & RUN_MASK(state) ? DB_OK : DB_CONFLICT;
}

/* A clock that was set back makes no run end before it began. */
enum db_status run_move(sqlite3 *writer, int64_t id, enum run_state to,
                        const char *stop_reason, const char *error)
{
    bool live = (RUN_LIVE & RUN_MASK(to)) != 0;
    double now = db_now();
    struct statement s;
    statement_open(&s, writer,
                   "UPDATE runs SET state = ?, wanted = NULL, stop_reason = ?, error = ?,"
                   " finished_at = CASE WHEN ? THEN NULL"
                   " ELSE max(?, created_at, coalesce(started_at, 0)) END,"
                   " started_at = CASE WHEN ? THEN"
                   " coalesce(started_at, max(?, created_at)) ELSE started_at END"
                   " WHERE id = ?");
    bind_integer(&s, to);
    bind_text(&s, stop_reason);
    bind_text(&s, error);
    bind_integer(&s, live);
    bind_double(&s, now);
    bind_integer(&s, to == RUN_RUNNING);
    bind_double(&s, now);
    bind_integer(&s, id);
    return statement_run(&s);
}

enum db_status db_run_transition(struct db *db, int64_t id, unsigned from_mask,
                                 enum run_state to, const char *stop_reason,
                                 const char *error, enum run_state *actual)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    status = run_require_state(db->writer, id, from_mask, actual);
    if (status == DB_OK)
        status = run_move(db->writer, id, to, stop_reason, error);
    return db_end_write(db, status);
}

/* A run that was asked to stop pauses no more: DB_CONFLICT. */
static enum db_status want(sqlite3 *writer, int64_t id, enum run_state wanted)
{
    struct statement s;
    statement_open(&s, writer,
                   "UPDATE runs SET wanted = ?1 WHERE id = ?2"
                   " AND (?1 = ?3 OR wanted IS NOT ?3)");
    bind_integer(&s, wanted);
    bind_integer(&s, id);
    bind_integer(&s, RUN_STOPPED);
    enum db_status status = statement_run(&s);
    return status == DB_OK && sqlite3_changes(writer) == 0 ? DB_CONFLICT : status;
}

enum db_status db_run_ask(struct db *db, int64_t id, enum run_state to,
                          enum run_state *was)
{
    unsigned paused = to == RUN_STOPPED ? RUN_MASK(RUN_PAUSED) : 0;
    unsigned mask = RUN_MASK(RUN_QUEUED) | RUN_MASK(RUN_RUNNING) | paused;
    const char *reason = to == RUN_STOPPED ? "user" : NULL;
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    status = run_require_state(db->writer, id, mask, was);
    if (status == DB_OK)
        status = *was == RUN_RUNNING ? want(db->writer, id, to)
                                     : run_move(db->writer, id, to, reason, NULL);
    return db_end_write(db, status);
}

enum db_status db_run_claim(struct db *db, int64_t *id)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    struct statement s;
    int64_t oldest = 0;
    statement_open(&s, db->writer, "SELECT min(id) FROM runs WHERE state = ?");
    bind_integer(&s, RUN_QUEUED);
    if (statement_step(&s))
        oldest = read_integer(&s);
    status = statement_close(&s);
    if (status == DB_OK && oldest == 0)
        status = DB_NOT_FOUND;
    if (status == DB_OK)
        status = run_move(db->writer, oldest, RUN_RUNNING, NULL, NULL);
    status = db_end_write(db, status);
    if (status == DB_OK)
        *id = oldest;
    return status;
}

static enum db_status patch_words(sqlite3 *writer, int64_t id,
                                  const struct db_run_patch *patch)
{
    struct statement s;
    statement_open(&s, writer,
                   "UPDATE runs SET name = coalesce(?, name), notes = coalesce(?, notes),"
                   " tags = coalesce(?, tags), archived = coalesce(?, archived),"
                   " config = coalesce(?, config) WHERE id = ?");
    bind_text(&s, patch->name);
    bind_text(&s, patch->notes);
    bind_text(&s, patch->tags);
    if (patch->archived)
        bind_integer(&s, *patch->archived);
    else
        bind_text(&s, NULL);
    bind_text(&s, patch->config);
    bind_integer(&s, id);
    return statement_run(&s);
}

/* A new target means another time to it; nothing else of the summary changes. */
static enum db_status find_time_to_target(sqlite3 *writer, int64_t id)
{
    struct statement s;
    statement_open(&s, writer,
                   "UPDATE runs SET time_to_target = (SELECT p.train_seconds"
                   " FROM points p WHERE p.run = runs.id AND"
                   " coalesce(p.val_accuracy, p.test_accuracy) >= runs.target_accuracy"
                   " ORDER BY p.step LIMIT 1) WHERE id = ?");
    bind_integer(&s, id);
    return statement_run(&s);
}

static enum db_status patch_facts(sqlite3 *writer, int64_t id,
                                  const struct db_run_facts *facts)
{
    struct statement s;
    statement_open(&s, writer,
                   "UPDATE runs SET dataset = ?, optimizer = ?, activation = ?,"
                   " batching = ?, engine = ?, layers = ?, lr = ?, batch_size = ?,"
                   " epochs = ?, seed = ?, parameters = ?, total_steps = ?,"
                   " target_accuracy = ?, time_budget_s = ? WHERE id = ?");
    bind_facts(&s, facts);
    bind_integer(&s, id);
    enum db_status status = statement_run(&s);
    return status == DB_OK ? find_time_to_target(writer, id) : status;
}

enum db_status db_run_patch(struct db *db, int64_t id, const struct db_run_patch *patch)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    status = run_require_state(db->writer, id, ~0u, NULL);
    if (status == DB_OK)
        status = patch_words(db->writer, id, patch);
    if (status == DB_OK && patch->facts)
        status = patch_facts(db->writer, id, patch->facts);
    return db_end_write(db, status);
}

enum db_status db_run_set_environment(struct db *db, int64_t id, const char *environment)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    struct statement s;
    statement_open(&s, db->writer, "UPDATE runs SET environment = ? WHERE id = ?");
    bind_text(&s, environment);
    bind_integer(&s, id);
    status = statement_run(&s);
    if (status == DB_OK && sqlite3_changes(db->writer) == 0)
        status = DB_NOT_FOUND;
    return db_end_write(db, status);
}

enum db_status db_run_delete(struct db *db, int64_t id, enum run_state *actual)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    status = run_require_state(db->writer, id, ~(unsigned)RUN_LIVE, actual);
    if (status == DB_OK) {
        struct statement s;
        statement_open(&s, db->writer, "DELETE FROM runs WHERE id = ?");
        bind_integer(&s, id);
        status = statement_run(&s);
    }
    return db_end_write(db, status);
}
