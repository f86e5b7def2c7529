/* Pages of runs under any filter and sort.
 *
 * Pages are cut by key, not by offset: a cursor holds the sort value and the id of the
 * last row, so that rows that come or go between two pages are neither repeated nor
 * skipped. Rows without a value come last in both directions; ties go by newest id. */
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"

/* What `sort` accepts: columns of `runs`, and one name that the API calls otherwise. */
/* clang-format off */
static const char *const sort_columns[] = {
    "id", "name", "state", "dataset", "layers", "optimizer", "activation", "lr",
    "batch_size", "epochs", "seed", "parameters", "created_at", "started_at",
    "finished_at", "points", "test_accuracy", "best_test_accuracy", "best_val_accuracy",
    "best_step", "last_step", "last_epoch", "last_samples", "last_lr",
    "last_train_loss", "last_train_accuracy", "last_test_loss", "last_test_accuracy",
    "last_val_loss", "last_val_accuracy", "last_grad_norm", "train_seconds",
    "cpu_seconds", "time_to_target", NULL,
};
/* clang-format on */

const char *const *db_run_sort_columns(void)
{
    return sort_columns;
}

struct order {
    const char *sort, *column;
    bool descending;
};

static bool find_order(const char *sort, struct order *order)
{
    order->sort = sort ? sort : "-id";
    order->descending = order->sort[0] == '-';
    const char *name = order->sort + order->descending;
    for (const char *const *at = sort_columns; *at; at++)
        if (strcmp(*at, name) == 0) {
            bool alias = strcmp(name, "test_accuracy") == 0;
            order->column = alias ? "last_test_accuracy" : *at;
            return true;
        }
    return false;
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
    const char *column = order->column, *beyond = order->descending ? "<" : ">";
    long long id = position->id;
    if (position->kind == AT_NULL)
        sqlite3_str_appendf(sql, " AND %s IS NULL AND id < %lld", column, id);
    else if (position->kind != AT_START && strcmp(column, "id") == 0)
        sqlite3_str_appendf(sql, " AND id %s ?1", beyond);
    else if (position->kind != AT_START)
        sqlite3_str_appendf(sql,
                            " AND (%s %s ?1 OR (%s = ?1 AND id < %lld) OR %s IS NULL)",
                            column, beyond, column, id, column);
}

static void bind_position(struct statement *s, const struct position *position)
{
    if (position->kind == AT_INTEGER)
        bind_integer(s, position->integer);
    else if (position->kind == AT_NUMBER)
        bind_double(s, position->number);
    else if (position->kind == AT_TEXT)
        bind_text(s, position->text);
}

static void append_order(sqlite3_str *sql, const struct order *order)
{
    const char *way = order->descending ? "DESC" : "ASC";
    if (strcmp(order->column, "id") == 0)
        sqlite3_str_appendf(sql, " ORDER BY id %s", way);
    else
        sqlite3_str_appendf(sql, " ORDER BY %s IS NULL, %s %s, id DESC", order->column,
                            order->column, way);
}

/* The rows are chosen by the narrow index runs_for_lists, and only those of the page are
 * read whole. One row more than asked for tells whether there is a next page. */
static char *make_sql(const struct db_run_query *query, const struct order *order,
                      const struct position *position)
{
    sqlite3_str *sql = sqlite3_str_new(NULL);
    sqlite3_str_appendf(sql, "SELECT%s, %s FROM runs WHERE id IN (SELECT id FROM runs",
                        run_columns, order->column);
    /* What is rare would be looked for through whole rows, newest first. */
    if (query->name_contains || query->tag)
        sqlite3_str_appendall(sql, " INDEXED BY runs_for_lists");
    append_filters(sql, query);
    append_position(sql, order, position);
    append_order(sql, order);
    sqlite3_str_appendf(sql, " LIMIT %lld)", (long long)query->limit + 1);
    append_order(sql, order);
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
static enum db_status read_rows(struct statement *s, const struct db_run_query *query,
                                const struct order *order, struct db_run_page *page)
{
    char *cursor = NULL;
    enum db_status status = DB_OK;
    while (status == DB_OK && statement_step(s)) {
        if ((int64_t)page->count == query->limit) {
            page->next_cursor = cursor;
            return cursor ? DB_OK : DB_NO_MEMORY;
        }
        status = read_run(s, &page->runs[page->count]);
        if (status == DB_OK && (int64_t)++page->count == query->limit)
            cursor = cursor_make(order->sort, s, s->next_column,
                                 page->runs[page->count - 1].id);
    }
    free(cursor);
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
    bind_position(&s, position);
    enum db_status read = read_rows(&s, query, order, page);
    enum db_status status = statement_close(&s);
    sqlite3_free(sql);
    if (status == DB_OK)
        status = read;
    return status == DB_OK ? count_matches(reader, query, &page->total) : status;
}

static enum db_status read_with_pool(struct db *db, const struct db_run_query *query,
                                     const struct order *order,
                                     const struct position *position,
                                     struct db_run_page *out)
{
    struct db_run_page page = {0};
    sqlite3 *reader = db_take_reader(db);
    if (!reader)
        return DB_ERROR;
    enum db_status status = read_page(reader, query, order, position, &page);
    db_return_reader(db, reader);
    if (status == DB_OK)
        *out = page;
    else
        db_run_page_clear(&page);
    return status;
}

enum db_status db_run_list(struct db *db, const struct db_run_query *query,
                           struct db_run_page *out)
{
    struct order order;
    struct position position;
    if (query->limit < 1 || query->limit > 1000 || !find_order(query->sort, &order))
        return DB_INVALID;
    enum db_status status = cursor_parse(query->cursor, order.sort, &position);
    if (status == DB_OK)
        status = read_with_pool(db, query, &order, &position, out);
    free(position.text);
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
    return ids_read_with_pool(
        db, "SELECT id FROM runs WHERE state = ?1 AND id > ?2 ORDER BY id", state, 0, ids,
        count);
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
