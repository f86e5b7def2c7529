#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/internal.h"

enum db_status db_status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return DB_OK;
    case SQLITE_FULL:
        return DB_FULL;
    case SQLITE_NOMEM:
        return DB_NO_MEMORY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DB_BUSY;
    case SQLITE_CONSTRAINT:
        return DB_CONFLICT;
    default:
        return DB_ERROR;
    }
}

static double seconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double db_now(void)
{
    return seconds_of(CLOCK_REALTIME);
}

double db_steady_now(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

void statement_open(struct statement *statement, sqlite3 *connection, const char *sql)
{
    *statement = (struct statement){.next_bind = 1};
    statement->code = sqlite3_prepare_v2(connection, sql, -1, &statement->handle, NULL);
}

/* Keeps the first failure: what follows it would only report its echo. */
static void note(struct statement *statement, int code)
{
    if (statement->code == SQLITE_OK)
        statement->code = code;
}

void bind_integer(struct statement *statement, int64_t value)
{
    note(statement, sqlite3_bind_int64(statement->handle, statement->next_bind++, value));
}

void bind_optional_id(struct statement *statement, int64_t value)
{
    int index = statement->next_bind++;
    note(statement, value ? sqlite3_bind_int64(statement->handle, index, value)
                          : sqlite3_bind_null(statement->handle, index));
}

void bind_double(struct statement *statement, double value)
{
    note(statement,
         sqlite3_bind_double(statement->handle, statement->next_bind++, value));
}

void bind_text(struct statement *statement, const char *value)
{
    note(statement, sqlite3_bind_text(statement->handle, statement->next_bind++, value,
                                      -1, SQLITE_TRANSIENT));
}

void bind_blob(struct statement *statement, const void *bytes, size_t size)
{
    note(statement, sqlite3_bind_blob64(statement->handle, statement->next_bind++, bytes,
                                        size, SQLITE_TRANSIENT));
}

int64_t read_integer(struct statement *statement)
{
    return sqlite3_column_int64(statement->handle, statement->next_column++);
}

double read_double(struct statement *statement)
{
    int column = statement->next_column++;
    if (sqlite3_column_type(statement->handle, column) == SQLITE_NULL)
        return NAN;
    return sqlite3_column_double(statement->handle, column);
}

bool next_is_null(struct statement *statement)
{
    return sqlite3_column_type(statement->handle, statement->next_column) == SQLITE_NULL;
}

const void *read_blob(struct statement *statement, size_t *size)
{
    int column = statement->next_column++;
    const void *bytes = sqlite3_column_blob(statement->handle, column);
    *size = (size_t)sqlite3_column_bytes(statement->handle, column);
    return bytes;
}

char *read_text(struct statement *statement)
{
    const unsigned char *text =
        sqlite3_column_text(statement->handle, statement->next_column++);
    if (!text)
        return NULL;
    char *copy = strdup((const char *)text);
    if (!copy)
        note(statement, SQLITE_NOMEM);
    return copy;
}

void read_text_into(struct statement *statement, char *out, size_t size)
{
    const unsigned char *text =
        sqlite3_column_text(statement->handle, statement->next_column++);
    snprintf(out, size, "%s", text ? (const char *)text : "");
}

bool statement_step(struct statement *statement)
{
    if (statement->code != SQLITE_OK)
        return false;
    statement->next_column = 0;
    int code = sqlite3_step(statement->handle);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        note(statement, code);
    return false;
}

void statement_reset(struct statement *statement)
{
    sqlite3_reset(statement->handle);
    statement->next_bind = 1;
}

enum db_status statement_close(struct statement *statement)
{
    sqlite3_finalize(statement->handle);
    return db_status_of(statement->code);
}

enum db_status statement_run(struct statement *statement)
{
    while (statement_step(statement))
        ;
    return statement_close(statement);
}
