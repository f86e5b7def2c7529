/* The store: SQLite behind plain structs. The only folder that knows SQL.
 *
 * One write connection under one mutex does every write and every WAL checkpoint (SQLite
 * up to 3.51.2 can corrupt a WAL when two connections do); readers borrow read-only
 * connections from a small pool. Who wants to write waits in line. Every function may be
 * called from any thread.
 *
 * Functions return `enum db_status`, leave out-parameters alone on failure and never
 * print. Strings in rows are UTF-8 and belong to the row; free rows with their
 * `..._clear`. Doubles that are NaN are stored as NULL and read back as NaN. */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DB_MUST_CHECK __attribute__((warn_unused_result))

enum db_status {
    DB_OK,
    DB_NOT_FOUND,
    DB_CONFLICT, /* the row is not in a state that allows this; an idempotency key reused
                  */
    DB_INVALID,  /* a bad argument: unknown sort column, malformed cursor */
    DB_NO_MEMORY,
    DB_BUSY,       /* another process owns the data folder */
    DB_NEWER,      /* made by a newer version than this binary */
    DB_FOREIGN,    /* a database, but not of this program */
    DB_FULL,       /* disk full */
    DB_QUEUE_FULL, /* as many runs wait as may */
    DB_ERROR,      /* anything else that SQLite or the system reports */
};

struct db;

/* Creates `dir` (0700) and `dir/sweetspot.db` (0600) as needed, takes the folder's lock
 * (flock on `dir/lock`), migrates. `reason` (may be NULL) gets a sentence on failure. */
DB_MUST_CHECK enum db_status db_open(const char *dir, struct db **out, char *reason,
                                     size_t reason_size);
void db_close(struct db *db);

const char *db_status_name(enum db_status status);

/* Proves that the database can be written (for /healthz). */
DB_MUST_CHECK enum db_status db_check_writable(struct db *db);

/* Bytes of the database and its WAL on disk. */
int64_t db_file_bytes(struct db *db);

/* Caps the database's size in pages of 4 KiB, as a full disk would; for tests and quotas.
 * 0 lifts the cap. */
DB_MUST_CHECK enum db_status db_limit_pages(struct db *db, int64_t pages);

/* A consistent copy (0600) through SQLite's backup interface; DB_CONFLICT if `path`
 * exists. */
DB_MUST_CHECK enum db_status db_backup(struct db *db, const char *path);

#endif
