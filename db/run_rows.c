/* Between a row of `runs` and a struct db_run. */
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"

const char *run_state_name(enum run_state state)
{
    static const char *const names[RUN_STATE_COUNT + 1] = {
        [RUN_QUEUED] = "queued",     [RUN_RUNNING] = "running", [RUN_PAUSED] = "paused",
        [RUN_FINISHED] = "finished", [RUN_STOPPED] = "stopped", [RUN_FAILED] = "failed",
        [RUN_DIVERGED] = "diverged", [RUN_PRUNED] = "pruned",
    };
    return names[state];
}

bool run_state_from_name(const char *name, enum run_state *out)
{
    for (int state = 0; state < RUN_STATE_COUNT; state++)
        if (strcmp(run_state_name((enum run_state)state), name) == 0) {
            *out = (enum run_state)state;
            return true;
        }
    return false;
}

const char run_columns[] =
    " id, state, wanted, name, stop_reason, error, config, environment, tags, notes,"
    " archived, sweep, parent, created_at, started_at, finished_at, checkpoint_step,"
    " dataset, optimizer, activation, batching, engine, layers, lr, batch_size, epochs,"
    " seed, parameters, total_steps, target_accuracy, time_budget_s,"
    " points, last_step, last_samples, best_step, last_epoch, best_test_accuracy,"
    " best_val_accuracy, last_lr, last_train_loss, last_train_accuracy, last_test_loss,"
    " last_test_accuracy, last_val_loss, last_val_accuracy, last_grad_norm,"
    " train_seconds, cpu_seconds, time_to_target, spark ";

static void read_facts(struct statement *row, struct db_run_facts *facts)
{
    read_text_into(row, facts->dataset, sizeof facts->dataset);
    read_text_into(row, facts->optimizer, sizeof facts->optimizer);
    read_text_into(row, facts->activation, sizeof facts->activation);
    read_text_into(row, facts->batching, sizeof facts->batching);
    read_text_into(row, facts->engine, sizeof facts->engine);
    read_text_into(row, facts->layers, sizeof facts->layers);
    facts->lr = read_double(row);
    facts->batch_size = read_integer(row);
    facts->epochs = read_integer(row);
    facts->seed = read_integer(row);
    facts->parameters = read_integer(row);
    facts->total_steps = read_integer(row);
    facts->target_accuracy = read_double(row);
    facts->time_budget_s = read_double(row);
}

static void read_summary(struct statement *row, struct db_run_summary *summary)
{
    summary->points = read_integer(row);
    summary->last_step = read_integer(row);
    summary->last_samples = read_integer(row);
    summary->best_step = read_integer(row);
    summary->last_epoch = read_double(row);
    summary->best_test_accuracy = read_double(row);
    summary->best_val_accuracy = read_double(row);
    summary->last_lr = read_double(row);
    summary->last_train_loss = read_double(row);
    summary->last_train_accuracy = read_double(row);
    summary->last_test_loss = read_double(row);
    summary->last_test_accuracy = read_double(row);
    summary->last_val_loss = read_double(row);
    summary->last_val_accuracy = read_double(row);
    summary->last_grad_norm = read_double(row);
    summary->train_seconds = read_double(row);
    summary->cpu_seconds = read_double(row);
    summary->time_to_target = read_double(row);
}

static void read_spark(struct statement *row, struct db_run *run)
{
    int column = row->next_column++;
    const void *bytes = sqlite3_column_blob(row->handle, column);
    size_t size = (size_t)sqlite3_column_bytes(row->handle, column);
    if (!bytes || size > sizeof run->spark)
        return;
    memcpy(run->spark, bytes, size);
    run->spark_count = size / sizeof(float);
}

enum db_status read_run(struct statement *row, struct db_run *out)
{
    struct db_run run = {.id = read_integer(row)};
    run.state = (enum run_state)read_integer(row);
    bool asked = !next_is_null(row);
    int64_t wanted = read_integer(row);
    run.wanted = asked ? (enum run_state)wanted : RUN_STATE_COUNT;
    run.name = read_text(row);
    run.stop_reason = read_text(row);
    run.error = read_text(row);
    run.config = read_text(row);
    run.environment = read_text(row);
    run.tags = read_text(row);
    run.notes = read_text(row);
    run.archived = read_integer(row) != 0;
    run.sweep = read_integer(row);
    run.parent = read_integer(row);
    run.created_at = read_double(row);
    run.started_at = read_double(row);
    run.finished_at = read_double(row);
    run.checkpoint_step = read_integer(row);
    read_facts(row, &run.facts);
    read_summary(row, &run.summary);
    read_spark(row, &run);
    if (row->code != SQLITE_OK) {
        db_run_clear(&run);
        return db_status_of(row->code);
    }
    *out = run;
    return DB_OK;
}

void db_run_clear(struct db_run *run)
{
    free(run->name);
    free(run->stop_reason);
    free(run->error);
    free(run->config);
    free(run->environment);
    free(run->tags);
    free(run->notes);
    *run = (struct db_run){0};
}
