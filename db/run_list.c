/* Pages of runs under any filter and sort.
 *
 * Pages are cut by key, not by offset: a cursor holds the sort value and the id of the
 * last row, so that rows that come or go between two pages are neither repeated nor
 * skipped. Rows without a value come last in both directions; ties go by newest id. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"

/* Names of the API are the columns' own, but for the short form of one. */
static const char *const sort_columns[] = {
    "id",
    "name",
    "state",
    "dataset",
    "layers",
    "optimizer",
    "activation",
    "lr",
    "batch_size",
    "epochs",
    "seed",
    "parameters",
    "created_at",
    "started_at",
    "finished_at",
    "points",
    "test_accuracy",
    "best_test_accuracy",
    "best_val_accuracy",
    "best_step",
    "last_step",
    "last_epoch",
    "last_samples",
    "last_lr",
    "last_train_loss",
    "last_train_accuracy",
    "last_test_loss",
    "last_test_accuracy",
    "last_val_loss",
    "last_val_accuracy",
    "last_grad_norm",
    "train_seconds",
    "cpu_seconds",
    "time_to_target",
    NULL,
};

const char *const *db_run_sort_columns(void)
{
    return sort_columns;
}

struct order {
    const char *sql; /* the column */
    bool descending;
};

static bool find_order(const char *sort, struct order *order)
{
    if (!sort)
        sort = "-id";
    order->descending = *sort == '-';
    const char *name = sort + order->descending;
    for (size_t i = 0; sort_columns[i]; i++)
        if (strcmp(sort_columns[i], name) == 0) {
            bool is_short = strcmp(name, "test_accuracy") == 0;
            order->sql = is_short ? "last_test_accuracy" : sort_columns[i];
            return true;
        }
    return false;
}

/* Where a page starts: behind the row with this value and id. */
struct position {
    enum { AT_START, AT_NULL, AT_NUMBER, AT_TEXT } kind;
    double number;
    char *text; /* owned */
    int64_t id;
};

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

static bool decode_hex(const char *hex, size_t length, char **out)
{
    char *text = length % 2 == 0 ? malloc(length / 2 + 1) : NULL;
    if (!text)
        return false;
    for (size_t i = 0; i < length / 2; i++) {
        int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            free(text);
            return false;
        }
        text[i] = (char)(high * 16 + low);
    }
    text[length / 2] = '\0';
    *out = text;
    return true;
}

static bool parse_id(const char *text, int64_t *id)
{
    char *end;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || value <= 0)
        return false;
    *id = value;
    return true;
}

/* "z.ID" (no value), "nNUMBER.ID" with the number's bits, "tHEX.ID". */
static bool parse_cursor(const char *cursor, struct position *position)
{
    *position = (struct position){.kind = AT_START};
    if (!cursor)
        return true;
    const char *dot = strchr(cursor, '.');
    if (!dot || !parse_id(dot + 1, &position->id))
        return false;
    size_t length = (size_t)(dot - cursor) - 1;
    if (cursor[0] == 'z' && length == 0) {
        position->kind = AT_NULL;
        return true;
    }
    if (cursor[0] == 't') {
        position->kind = AT_TEXT;
        return decode_hex(cursor + 1, length, &position->text);
    }
    uint64_t bits;
    if (cursor[0] != 'n' || length != 16 || sscanf(cursor + 1, "%16" SCNx64, &bits) != 1)
        return false;
    position->kind = AT_NUMBER;
    memcpy(&position->number, &bits, sizeof bits);
    return true;
}

/* The cursor behind a row, whose sort value stands in `column`. */
static char *make_cursor(struct statement *row, int column, int64_t id)
{
    int type = sqlite3_column_type(row->handle, column);
    if (type == SQLITE_NULL)
        return sqlite3_mprintf("z.%lld", (long long)id);
    if (type != SQLITE_TEXT) {
        double number = sqlite3_column_double(row->handle, column);
        uint64_t bits;
        memcpy(&bits, &number, sizeof bits);
        return sqlite3_mprintf("n%016llx.%lld", (unsigned long long)bits, (long long)id);
    }
    const unsigned char *text = sqlite3_column_text(row->handle, column);
    sqlite3_str *out = sqlite3_str_new(NULL);
    sqlite3_str_appendchar(out, 1, 't');
    for (; *text; text++)
        sqlite3_str_appendf(out, "%02x", *text);
    sqlite3_str_appendf(out, ".%lld", (long long)id);
    return sqlite3_str_finish(out);
}

static void append_filters(sqlite3_str *sql, const struct db_run_query *query)
{
    sqlite3_str_appendall(sql, " WHERE 1");
    if (query->state_mask)
        sqlite3_str_appendf(sql, " AND ((1 << state) & %u)", query->state_mask);
    if (query->dataset)
        sqlite3_str_appendf(sql, " AND dataset = %Q", query->dataset);
    if (query->sweep)
        sqlite3_str_appendf(sql, " AND sweep = %lld", (long long)query->sweep);
    if (query->archived >= 0)
        sqlite3_str_appendf(sql, " AND archived = %d", query->archived);
    if (query->tag)
        sqlite3_str_appendf(
            sql, " AND EXISTS (SELECT 1 FROM json_each(tags) WHERE value = %Q)",
            query->tag);
    if (query->name_contains)
        sqlite3_str_appendf(sql, " AND instr(lower(name), lower(%Q)) > 0",
                            query->name_contains);
}

static void append_position(sqlite3_str *sql, const struct order *order,
                            const struct position *position)
{
    const char *column = order->sql, *beyond = order->descending ? "<" : ">";
    long long id = position->id;
    switch (position->kind) {
    case AT_START:
        break;
    case AT_NULL:
        sqlite3_str_appendf(sql, " AND %s IS NULL AND id < %lld", column, id);
        break;
    case AT_NUMBER:
        sqlite3_str_appendf(sql,
                            " AND (%s %s ?1 OR (%s = ?1 AND id < %lld) OR %s IS NULL)",
                            column, beyond, column, id, column);
        break;
    case AT_TEXT:
        sqlite3_str_appendf(
            sql, " AND (%s %s %Q OR (%s = %Q AND id < %lld) OR %s IS NULL)", column,
            beyond, position->text, column, position->text, id, column);
        break;
    }
}

/* One row more than asked for tells whether there is a next page. */
static char *make_sql(const struct db_run_query *query, const struct order *order,
                      const struct position *position)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendf(sql, "SELECT%s, %s FROM runs", run_columns, order->sql);
    append_filters(sql, query);
    append_position(sql, order, position);
    if (strcmp(order->sql, "id") == 0)
        sqlite3_str_appendf(sql, " ORDER BY id %s", order->descending ? "DESC" : "ASC");
    else
        sqlite3_str_appendf(sql, " ORDER BY %s IS NULL, %s %s, id DESC", order->sql,
                            order->sql, order->descending ? "DESC" : "ASC");
    sqlite3_str_appendf(sql, " LIMIT %lld", (long long)query->limit + 1);
    return sqlite3_str_finish(sql);
}

static enum db_status count_matches(sqlite3 *reader, const struct db_run_query *query,
                                    int64_t *total)
{
    sqlite3_str *text = sqlite3_str_new(NULL);
    sqlite3_str_appendall(text, "SELECT count(*) FROM runs");
    append_filters(text, query);
    char *sql = sqlite3_str_finish(text);
    if (!sql)
        return DB_NO_MEMORY;
    struct statement s;
    statement_open(&s, reader, sql);
    if (statement_step(&s))
        *total = read_integer(&s);
    sqlite3_free(sql);
    return statement_close(&s);
}

/* The column behind run_columns holds the sort value. */
static enum db_status read_rows(struct statement *s, int64_t limit,
                                struct db_run_page *page)
{
    char *cursor = NULL;
    enum db_status status = DB_OK;
    while (status == DB_OK && statement_step(s)) {
        if ((int64_t)page->count == limit) {
            page->next_cursor = cursor ? strdup(cursor) : NULL;
            if (!page->next_cursor)
                status = DB_NO_MEMORY;
            break;
        }
        status = read_run(s, &page->runs[page->count]);
        if (status == DB_OK && (int64_t)++page->count == limit)
            cursor = make_cursor(s, s->next_column, page->runs[page->count - 1].id);
    }
    sqlite3_free(cursor);
    return status;
}

static enum db_status read_page(sqlite3 *reader, const struct db_run_query *query,
                                const struct order *order,
                                const struct position *position, struct db_run_page *page)
{
    page->runs = calloc((size_t)query->limit, sizeof *page->runs);
    char *sql = page->runs ? make_sql(query, order, position) : NULL;
    if (!sql)
        return DB_NO_MEMORY;
    struct statement s;
    statement_open(&s, reader, sql);
    if (position->kind == AT_NUMBER)
        bind_double(&s, position->number);
    enum db_status read = read_rows(&s, query->limit, page);
    enum db_status status = statement_close(&s);
    sqlite3_free(sql);
    if (status == DB_OK)
        status = read;
    return status == DB_OK ? count_matches(reader, query, &page->total) : status;
}

enum db_status db_run_list(struct db *db, const struct db_run_query *query,
                           struct db_run_page *out)
{
    struct order order;
    struct position position = {.kind = AT_START};
    if (query->limit < 1 || query->limit > 1000 || !find_order(query->sort, &order) ||
        !parse_cursor(query->cursor, &position)) {
        free(position.text);
        return DB_INVALID;
    }
    struct db_run_page page = {0};
    sqlite3 *reader = db_take_reader(db);
    enum db_status status =
        reader ? read_page(reader, query, &order, &position, &page) : DB_ERROR;
    if (reader)
        db_return_reader(db, reader);
    free(position.text);
    if (status == DB_OK)
        *out = page;
    else
        db_run_page_clear(&page);
    return status;
}

void db_run_page_clear(struct db_run_page *page)
{
    for (size_t i = 0; i < page->count; i++)
        db_run_clear(&page->runs[i]);
    free(page->runs);
    free(page->next_cursor);
    *page = (struct db_run_page){0};
}

enum db_status db_run_ids(struct db *db, enum run_state state, int64_t **ids,
                          size_t *count)
{
    sqlite3 *reader = db_take_reader(db);
    if (!reader)
        return DB_ERROR;
    struct statement s;
    int64_t *found = NULL;
    size_t used = 0, capacity = 0;
    statement_open(&s, reader, "SELECT id FROM runs WHERE state = ? ORDER BY id");
    bind_integer(&s, state);
    while (statement_step(&s)) {
        if (used == capacity) {
            capacity = capacity ? 2 * capacity : 64;
            int64_t *grown = realloc(found, capacity * sizeof *found);
            if (!grown) {
                s.code = SQLITE_NOMEM;
                break;
            }
            found = grown;
        }
        found[used++] = read_integer(&s);
    }
    enum db_status status = statement_close(&s);
    db_return_reader(db, reader);
    if (status != DB_OK) {
        free(found);
        return status;
    }
    *ids = found;
    *count = used;
    return DB_OK;
}

enum db_status db_run_counts(struct db *db, int64_t *counts)
{
    sqlite3 *reader = db_take_reader(db);
    if (!reader)
        return DB_ERROR;
    struct statement s;
    memset(counts, 0, RUN_STATE_COUNT * sizeof *counts);
    statement_open(&s, reader, "SELECT state, count(*) FROM runs GROUP BY state");
    while (statement_step(&s)) {
        int64_t state = read_integer(&s);
        if (state >= 0 && state < RUN_STATE_COUNT)
            counts[state] = read_integer(&s);
    }
    enum db_status status = statement_close(&s);
    db_return_reader(db, reader);
    return status;
}
