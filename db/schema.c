/* The schema, as a list of migrations. Append only: a released entry never changes, since
 * databases out there have run it. `user_version` counts those that have been run. */
#include "db/internal.h"

static const char *const migrations[] = {
    /* 1: runs and what they measured */
    "CREATE TABLE runs ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  state INTEGER NOT NULL,"
    "  name TEXT NOT NULL, stop_reason TEXT, error TEXT,"
    "  config TEXT NOT NULL, environment TEXT, tags TEXT NOT NULL, notes TEXT NOT NULL,"
    "  archived INTEGER NOT NULL DEFAULT 0,"
    "  sweep INTEGER, parent INTEGER,"
    "  created_at REAL NOT NULL, started_at REAL, finished_at REAL,"
    "  checkpoint_step INTEGER NOT NULL DEFAULT -1,"
    "  dataset TEXT NOT NULL, optimizer TEXT NOT NULL, activation TEXT NOT NULL,"
    "  batching TEXT NOT NULL, engine TEXT NOT NULL, layers TEXT NOT NULL,"
    "  lr REAL NOT NULL, batch_size INTEGER NOT NULL, epochs INTEGER NOT NULL,"
    "  seed INTEGER NOT NULL, parameters INTEGER NOT NULL, total_steps INTEGER NOT NULL,"
    "  target_accuracy REAL, time_budget_s REAL,"
    "  points INTEGER NOT NULL DEFAULT 0, last_step INTEGER NOT NULL DEFAULT 0,"
    "  last_samples INTEGER NOT NULL DEFAULT 0, best_step INTEGER NOT NULL DEFAULT 0,"
    "  last_epoch REAL, best_test_accuracy REAL, best_val_accuracy REAL,"
    "  last_lr REAL, last_train_loss REAL, last_train_accuracy REAL,"
    "  last_test_loss REAL, last_test_accuracy REAL, last_val_loss REAL,"
    "  last_val_accuracy REAL, last_grad_norm REAL,"
    "  train_seconds REAL, cpu_seconds REAL, time_to_target REAL,"
    "  spark BLOB"
    ") STRICT;"
    "CREATE INDEX runs_by_state ON runs (state, id);"
    "CREATE INDEX runs_by_sweep ON runs (sweep) WHERE sweep IS NOT NULL;"
    /* All that lists filter and sort by, so that they pass over the texts of rows. */
    "CREATE INDEX runs_for_lists ON runs (archived, state, dataset, sweep, name, tags,"
    "  layers, optimizer, activation, lr, batch_size, epochs, seed, parameters,"
    "  created_at, started_at, finished_at, points, last_step, last_samples, best_step,"
    "  last_epoch, best_test_accuracy, best_val_accuracy, last_lr, last_train_loss,"
    "  last_train_accuracy, last_test_loss, last_test_accuracy, last_val_loss,"
    "  last_val_accuracy, last_grad_norm, train_seconds, cpu_seconds, time_to_target);"
    "CREATE TABLE points ("
    "  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
    "  step INTEGER NOT NULL, epoch REAL, samples INTEGER NOT NULL,"
    "  train_seconds REAL, cpu_seconds REAL, wall_time REAL, lr REAL,"
    "  train_loss REAL, train_accuracy REAL, test_loss REAL, test_accuracy REAL,"
    "  val_loss REAL, val_accuracy REAL, grad_norm REAL, is_best INTEGER NOT NULL,"
    "  PRIMARY KEY (run, step)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE layers ("
    "  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
    "  step INTEGER NOT NULL, layer INTEGER NOT NULL,"
    "  weight_norm REAL, grad_norm REAL, update_ratio REAL,"
    "  PRIMARY KEY (run, step, layer)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE steps ("
    "  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
    "  first_step INTEGER NOT NULL, last_step INTEGER NOT NULL,"
    "  loss_min REAL, loss_mean REAL, loss_max REAL,"
    "  PRIMARY KEY (run, first_step)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE idempotency ("
    "  key TEXT PRIMARY KEY, digest TEXT NOT NULL,"
    "  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
    "  created_at REAL NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX idempotency_by_run ON idempotency (run);",
    /* 2: what probes see of layers and gradients; histograms in histograms.c's form */
    "ALTER TABLE layers ADD COLUMN activation_mean REAL;"
    "ALTER TABLE layers ADD COLUMN activation_deviation REAL;"
    "ALTER TABLE layers ADD COLUMN dead_fraction REAL;"
    "ALTER TABLE layers ADD COLUMN saturated_fraction REAL;"
    "ALTER TABLE layers ADD COLUMN histograms BLOB;"
    "CREATE TABLE noise ("
    "  run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,"
    "  step INTEGER NOT NULL,"
    "  gradient_squared REAL, gradient_variance REAL, scale REAL,"
    "  PRIMARY KEY (run, step)"
    ") STRICT, WITHOUT ROWID;",
    /* 3: sweeps; a run's place in its sweep is taken once */
    "CREATE TABLE sweeps ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  state INTEGER NOT NULL, name TEXT NOT NULL, notes TEXT NOT NULL,"
    "  spec TEXT NOT NULL, stop_reason TEXT, error TEXT,"
    "  total_runs INTEGER NOT NULL, launched INTEGER NOT NULL DEFAULT 0,"
    "  created_at REAL NOT NULL, finished_at REAL,"
    "  wall_seconds REAL NOT NULL DEFAULT 0, running_since REAL"
    ") STRICT;"
    "ALTER TABLE runs ADD COLUMN sweep_index INTEGER;"
    "CREATE UNIQUE INDEX runs_of_sweeps ON runs (sweep, sweep_index)"
    "  WHERE sweep_index IS NOT NULL;"
    "DROP INDEX runs_by_sweep;"
    "CREATE INDEX runs_by_sweep ON runs (sweep, state) WHERE sweep IS NOT NULL;"
    /* What analyses read, so that they pass over all other points. */
    "CREATE INDEX best_points ON points (run, step, train_seconds, cpu_seconds, samples,"
    "  val_accuracy, test_accuracy) WHERE is_best = 1;",
    /* 4: what a running run is wanted to become */
    "ALTER TABLE runs ADD COLUMN wanted INTEGER;",
};

#define MIGRATION_COUNT ((int64_t)(sizeof migrations / sizeof *migrations))

static enum db_status read_version(sqlite3 *writer, int64_t *version)
{
    struct statement statement;
    statement_open(&statement, writer, "PRAGMA user_version");
    if (statement_step(&statement))
        *version = read_integer(&statement);
    return statement_close(&statement);
}

enum db_status schema_touch(sqlite3 *writer)
{
    char pragma[64];
    sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA user_version = %lld",
                     (long long)MIGRATION_COUNT);
    return db_status_of(sqlite3_exec(writer, pragma, NULL, NULL, NULL));
}

/* One migration and its number in one transaction: it is done, or it never was. */
static enum db_status migrate(sqlite3 *writer, int64_t version)
{
    char *script =
        sqlite3_mprintf("BEGIN IMMEDIATE; %s PRAGMA user_version = %lld; COMMIT",
                        migrations[version], (long long)version + 1);
    if (!script)
        return DB_NO_MEMORY;
    int code = sqlite3_exec(writer, script, NULL, NULL, NULL);
    sqlite3_free(script);
    if (code != SQLITE_OK && !sqlite3_get_autocommit(writer))
        sqlite3_exec(writer, "ROLLBACK", NULL, NULL, NULL);
    return db_status_of(code);
}

static enum db_status count_tables(sqlite3 *reader, const char *pattern, int64_t *count)
{
    struct statement statement;
    statement_open(&statement, reader,
                   "SELECT count(*) FROM sqlite_master WHERE name LIKE ?");
    bind_text(&statement, pattern);
    if (statement_step(&statement))
        *count = read_integer(&statement);
    return statement_close(&statement);
}

enum db_status schema_check(sqlite3 *reader)
{
    int64_t version = 0, all = 0, ours = 0;
    enum db_status status = read_version(reader, &version);
    if (status == DB_OK)
        status = count_tables(reader, "%", &all);
    if (status == DB_OK)
        status = count_tables(reader, "runs", &ours);
    if (status != DB_OK)
        return status;
    if (version == 0 ? all > 0 : ours == 0)
        return DB_FOREIGN;
    return version > MIGRATION_COUNT ? DB_NEWER : DB_OK;
}

enum db_status schema_migrate(sqlite3 *writer)
{
    int64_t version = 0;
    enum db_status status = read_version(writer, &version);
    while (status == DB_OK && version < MIGRATION_COUNT)
        status = migrate(writer, version++);
    return status;
}
