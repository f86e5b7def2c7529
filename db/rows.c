/* Rows of one query, gathered in memory. */
#include <stdlib.h>

#include "db/internal.h"

void *rows_add(struct rows *rows)
{
    if (rows->count == rows->capacity) {
        size_t capacity = rows->capacity ? 2 * rows->capacity : 64;
        char *grown = realloc(rows->bytes, capacity * rows->row_size);
        if (!grown)
            return NULL;
        rows->bytes = grown;
        rows->capacity = capacity;
    }
    return rows->bytes + rows->row_size * rows->count++;
}

enum db_status rows_read(sqlite3 *connection, const char *sql, int64_t first,
                         int64_t second, void (*read)(struct statement *, void *),
                         struct rows *rows)
{
    struct statement s;
    statement_open(&s, connection, sql);
    bind_integer(&s, first);
    bind_integer(&s, second);
    while (statement_step(&s)) {
        void *row = rows_add(rows);
        if (!row) {
            s.code = SQLITE_NOMEM;
            break;
        }
        read(&s, row);
    }
    enum db_status status = statement_close(&s);
    if (status != DB_OK)
        free(rows->bytes);
    return status;
}

enum db_status rows_read_with_pool(struct db *db, const char *sql, int64_t first,
                                   int64_t second,
                                   void (*read)(struct statement *, void *),
                                   struct rows *rows)
{
    sqlite3 *reader = db_take_reader(db);
    if (!reader)
        return DB_ERROR;
    enum db_status status = rows_read(reader, sql, first, second, read, rows);
    db_return_reader(db, reader);
    return status;
}

static void read_id(struct statement *s, void *id)
{
    *(int64_t *)id = read_integer(s);
}

enum db_status ids_read(sqlite3 *connection, const char *sql, int64_t first,
                        int64_t second, int64_t **ids, size_t *count)
{
    struct rows rows = {.row_size = sizeof **ids};
    enum db_status status = rows_read(connection, sql, first, second, read_id, &rows);
    if (status != DB_OK)
        return status;
    *ids = (int64_t *)(void *)rows.bytes;
    *count = rows.count;
    return DB_OK;
}

enum db_status ids_read_with_pool(struct db *db, const char *sql, int64_t first,
                                  int64_t second, int64_t **ids, size_t *count)
{
    sqlite3 *reader = db_take_reader(db);
    if (!reader)
        return DB_ERROR;
    enum db_status status = ids_read(reader, sql, first, second, ids, count);
    db_return_reader(db, reader);
    return status;
}
