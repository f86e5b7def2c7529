/* What the files of db/ share: the handle, transactions, and statement helpers. */
#ifndef DB_INTERNAL_H
#define DB_INTERNAL_H

#include <pthread.h>
#include <sqlite3.h>

#include "db/db.h"
#include "db/points.h"
#include "db/runs.h"
#include "db/sweeps.h"

#define DB_MAX_READERS 8

struct db {
    char *path;
    int lock_fd;
    pthread_mutex_t write_lock; /* guards the two tickets */
    pthread_cond_t write_ended;
    uint64_t next_ticket, now_serving; /* equal: nobody writes */
    sqlite3 *writer;                   /* of whoever is served, for a whole transaction */
    pthread_mutex_t pool_lock;         /* guards the fields below */
    pthread_cond_t reader_returned;
    sqlite3 *idle[DB_MAX_READERS];
    size_t idle_count, open_count;
};

/* A connection's error as ours. */
enum db_status db_status_of(int sqlite_code);

/* Whether the file is one of ours, and of no later version: DB_FOREIGN, DB_NEWER. */
enum db_status schema_check(sqlite3 *reader);
/* Brings the schema up to date. */
enum db_status schema_migrate(sqlite3 *writer);
/* Writes the version again: a page for the disk, and nothing changed. */
enum db_status schema_touch(sqlite3 *writer);

/* Takes the write connection, in the order of asking: who writes much in many short
 * transactions keeps nobody out. */
void writer_take(struct db *db);
void writer_give(struct db *db);

/* Takes the write connection and begins a transaction; on DB_OK `db_end_write` must
 * follow. It commits if `status` is DB_OK, rolls back otherwise, and returns the outcome.
 */
DB_MUST_CHECK enum db_status db_begin_write(struct db *db);
enum db_status db_end_write(struct db *db, enum db_status status);

/* Borrows a read-only connection; NULL if none can be opened. */
sqlite3 *db_take_reader(struct db *db);
void db_return_reader(struct db *db, sqlite3 *reader);

/* A prepared statement with running indexes: binds from 1, reads from 0. */
struct statement {
    sqlite3_stmt *handle;
    int next_bind, next_column;
    int code; /* first failure; later calls do nothing */
};

void statement_open(struct statement *statement, sqlite3 *connection, const char *sql);
void bind_integer(struct statement *statement, int64_t value);
void bind_optional_id(struct statement *statement, int64_t value); /* 0: NULL */
void bind_double(struct statement *statement, double value);       /* NaN: NULL */
void bind_text(struct statement *statement, const char *value);    /* NULL: NULL */
/* `bytes` NULL: NULL */
void bind_blob(struct statement *statement, const void *bytes, size_t size);
int64_t read_integer(struct statement *statement);
double read_double(struct statement *statement); /* NULL: NaN */
bool next_is_null(struct statement *statement);  /* of what is read next */
/* A copy, or NULL for NULL; sets `code` when memory is out. */
char *read_text(struct statement *statement);
/* The bytes until the next step, or NULL for NULL. */
const void *read_blob(struct statement *statement, size_t *size);
void read_text_into(struct statement *statement, char *out, size_t size);

/* Next row: true with a row; false at the end or on failure (see `code`). */
bool statement_step(struct statement *statement);
/* Makes it ready to be bound and run again. */
void statement_reset(struct statement *statement);
/* Releases it and gives the outcome: DB_OK if it ran to its end without failing. */
enum db_status statement_close(struct statement *statement);
/* Runs it to its end and releases it. */
enum db_status statement_run(struct statement *statement);

/* The columns of a run in `read_run`'s order. */
extern const char run_columns[];
enum db_status read_run(struct statement *statement, struct db_run *out);

/* Where a page starts: behind the row with this value of the sort column and this id. */
enum position_kind { AT_START, AT_NULL, AT_INTEGER, AT_NUMBER, AT_TEXT };
struct position {
    enum position_kind kind;
    int64_t integer;
    double number;
    char *text; /* owned; set only for AT_TEXT */
    int64_t id;
};
/* A cursor of another `sort` is DB_INVALID. Free `out->text` whatever the outcome. */
enum db_status cursor_parse(const char *cursor, const char *sort, struct position *out);
/* The malloc'd cursor behind a row whose sort value stands in `column`; NULL: no memory.
 */
char *cursor_make(const char *sort, struct statement *row, int column, int64_t id);

/* Unix seconds now, for the moments that people read. */
double db_now(void);
/* Seconds of a clock that nobody sets, for durations within this process. */
double db_steady_now(void);

/* DB_NOT_FOUND also where the run's sweep is being deleted, and it along with it;
 * DB_CONFLICT if the run's state is not in the mask; the state goes to `actual` (may be
 * NULL). */
enum db_status run_require_state(sqlite3 *connection, int64_t id, unsigned mask,
                                 enum run_state *actual);

/* db_run_create inside the caller's transaction. */
enum db_status run_create(sqlite3 *writer, const struct db_run_insert *insert,
                          int64_t *id, bool *existing);

/* Sets a run's state and what goes with it, inside the caller's transaction. */
enum db_status run_move(sqlite3 *writer, int64_t id, enum run_state to,
                        const char *stop_reason, const char *error);

/* The same for a sweep; one that is being deleted is DB_NOT_FOUND. */
enum db_status sweep_require_state(sqlite3 *writer, int64_t id, unsigned mask,
                                   enum sweep_state *actual);
enum db_status sweep_move(sqlite3 *writer, int64_t id, enum sweep_state to,
                          const char *stop_reason, const char *error);

/* The ids of a sweep's runs in a state of the mask. */
extern const char sweep_select_runs[];

/* The summary of a run as points are added to it. */
struct summary {
    struct db_run_summary values;
    double target_accuracy;
    float spark[DB_SPARK_MAX];
    size_t spark_count;
};
enum db_status summary_load(sqlite3 *connection, int64_t run, struct summary *out);
void summary_add(struct summary *summary, const struct db_point *point);
enum db_status summary_store(sqlite3 *writer, int64_t run, const struct summary *summary);
/* Counts it anew from the points that are stored; `rebuild` loads and stores it too. */
enum db_status summary_recount(sqlite3 *writer, int64_t run, struct summary *summary);
enum db_status summary_rebuild(sqlite3 *writer, int64_t run);

/* A growing array of rows of one size; the owner frees `bytes`. */
struct rows {
    char *bytes;
    size_t row_size, count, capacity;
};
/* Room for one more row; NULL: no memory. */
void *rows_add(struct rows *rows);
/* Runs `sql` with its two parameters (a run and a step, say) and reads each row with
 * `read`; nothing is left to free on failure. */
enum db_status rows_read(sqlite3 *connection, const char *sql, int64_t first,
                         int64_t second, void (*read)(struct statement *, void *),
                         struct rows *rows);
/* The same through a connection of the pool. */
enum db_status rows_read_with_pool(struct db *db, const char *sql, int64_t first,
                                   int64_t second,
                                   void (*read)(struct statement *, void *),
                                   struct rows *rows);
/* The ids in the one column of what `sql` gives; `*ids` is malloc'd. */
enum db_status ids_read(sqlite3 *connection, const char *sql, int64_t first,
                        int64_t second, int64_t **ids, size_t *count);
enum db_status ids_read_with_pool(struct db *db, const char *sql, int64_t first,
                                  int64_t second, int64_t **ids, size_t *count);

/* The blob of a probed layer. Decoding is false for one of another size. */
#define HISTOGRAMS_BYTES ((size_t)3 * (2 * 8 + 4 * DB_HISTOGRAM_BINS))
void histograms_encode(const struct db_histograms *histograms, uint8_t *bytes);
bool histograms_decode(const uint8_t *bytes, size_t size, struct db_histograms *out);

/* Points of a run after `since_step`, oldest first. */
enum db_status points_read(sqlite3 *connection, int64_t run, int64_t since_step,
                           struct db_point **points, size_t *count);

#endif
