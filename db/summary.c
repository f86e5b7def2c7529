/* The summary of a run, kept on its row as points come in. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"

enum db_status summary_load(sqlite3 *connection, int64_t run, struct summary *out)
{
    char *sql = sqlite3_mprintf("SELECT%sFROM runs WHERE id = ?", run_columns);
    if (!sql)
        return DB_NO_MEMORY;
    struct statement s;
    struct db_run row;
    statement_open(&s, connection, sql);
    bind_integer(&s, run);
    enum db_status found = statement_step(&s) ? read_run(&s, &row) : DB_NOT_FOUND;
    enum db_status status = statement_close(&s);
    sqlite3_free(sql);
    if (status != DB_OK || found != DB_OK)
        return status != DB_OK ? status : found;
    *out = (struct summary){.values = row.summary,
                            .target_accuracy = row.facts.target_accuracy,
                            .spark_count = row.spark_count};
    memcpy(out->spark, row.spark, sizeof row.spark);
    db_run_clear(&row);
    return DB_OK;
}

/* Keeps every 2^k-th accuracy, with k growing as the line fills up. */
static void add_to_spark(struct summary *summary, int64_t index, double accuracy)
{
    int64_t stride = 1;
    while (index / stride >= DB_SPARK_MAX)
        stride *= 2;
    if (index % stride != 0)
        return;
    if (summary->spark_count == DB_SPARK_MAX) {
        for (size_t i = 0; i < DB_SPARK_MAX / 2; i++)
            summary->spark[i] = summary->spark[2 * i];
        summary->spark_count = DB_SPARK_MAX / 2;
    }
    summary->spark[summary->spark_count++] = (float)accuracy;
}

void summary_add(struct summary *summary, const struct db_point *point)
{
    struct db_run_summary *values = &summary->values;
    double judged =
        isnan(point->val_accuracy) ? point->test_accuracy : point->val_accuracy;
    add_to_spark(summary, values->points, judged);
    values->points++;
    values->last_step = point->step;
    values->last_samples = point->samples;
    values->last_epoch = point->epoch;
    values->last_lr = point->lr;
    values->last_train_loss = point->train_loss;
    values->last_train_accuracy = point->train_accuracy;
    values->last_test_loss = point->test_loss;
    values->last_test_accuracy = point->test_accuracy;
    values->last_val_loss = point->val_loss;
    values->last_val_accuracy = point->val_accuracy;
    values->last_grad_norm = point->grad_norm;
    values->train_seconds = point->train_seconds;
    values->cpu_seconds = point->cpu_seconds;
    if (point->is_best) {
        values->best_step = point->step;
        values->best_test_accuracy = point->test_accuracy;
        values->best_val_accuracy = point->val_accuracy;
    }
    if (isnan(values->time_to_target) && judged >= summary->target_accuracy)
        values->time_to_target = point->train_seconds;
}

enum db_status summary_store(sqlite3 *writer, int64_t run, const struct summary *summary)
{
    const struct db_run_summary *values = &summary->values;
    struct statement s;
    statement_open(
        &s, writer,
        "UPDATE runs SET points = ?, last_step = ?, last_samples = ?, best_step = ?,"
        " last_epoch = ?, best_test_accuracy = ?, best_val_accuracy = ?, last_lr = ?,"
        " last_train_loss = ?, last_train_accuracy = ?, last_test_loss = ?,"
        " last_test_accuracy = ?, last_val_loss = ?, last_val_accuracy = ?,"
        " last_grad_norm = ?, train_seconds = ?, cpu_seconds = ?, time_to_target = ?,"
        " spark = ? WHERE id = ?");
    bind_integer(&s, values->points);
    bind_integer(&s, values->last_step);
    bind_integer(&s, values->last_samples);
    bind_integer(&s, values->best_step);
    bind_double(&s, values->last_epoch);
    bind_double(&s, values->best_test_accuracy);
    bind_double(&s, values->best_val_accuracy);
    bind_double(&s, values->last_lr);
    bind_double(&s, values->last_train_loss);
    bind_double(&s, values->last_train_accuracy);
    bind_double(&s, values->last_test_loss);
    bind_double(&s, values->last_test_accuracy);
    bind_double(&s, values->last_val_loss);
    bind_double(&s, values->last_val_accuracy);
    bind_double(&s, values->last_grad_norm);
    bind_double(&s, values->train_seconds);
    bind_double(&s, values->cpu_seconds);
    bind_double(&s, values->time_to_target);
    bind_blob(&s, summary->spark, summary->spark_count * sizeof(float));
    bind_integer(&s, run);
    return statement_run(&s);
}

static const struct db_run_summary empty = {
    .last_epoch = NAN,
    .best_test_accuracy = NAN,
    .best_val_accuracy = NAN,
    .last_lr = NAN,
    .last_train_loss = NAN,
    .last_train_accuracy = NAN,
    .last_test_loss = NAN,
    .last_test_accuracy = NAN,
    .last_val_loss = NAN,
    .last_val_accuracy = NAN,
    .last_grad_norm = NAN,
    .train_seconds = NAN,
    .cpu_seconds = NAN,
    .time_to_target = NAN,
};

enum db_status summary_recount(sqlite3 *writer, int64_t run, struct summary *summary)
{
    struct db_point *points = NULL;
    size_t count = 0;
    enum db_status status = points_read(writer, run, -1, &points, &count);
    if (status != DB_OK)
        return status;
    summary->values = empty;
    summary->spark_count = 0;
    for (size_t i = 0; i < count; i++)
        summary_add(summary, &points[i]);
    free(points);
    return DB_OK;
}

enum db_status summary_rebuild(sqlite3 *writer, int64_t run)
{
    struct summary summary;
    enum db_status status = summary_load(writer, run, &summary);
    if (status == DB_OK)
        status = summary_recount(writer, run, &summary);
    return status == DB_OK ? summary_store(writer, run, &summary) : status;
}
