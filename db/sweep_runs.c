/* A sweep's runs: their ids, and what they came to. */
#include <stdlib.h>

#include "db/internal.h"
#include "db/sweeps.h"

enum db_status db_sweep_ids(struct db *db, unsigned mask, int64_t **ids, size_t *count)
{
    return ids_read_with_pool(db,
                              "SELECT id FROM sweeps WHERE id > ?1 AND"
                              " (1 << state) & ?2 ORDER BY id",
                              0, mask, ids, count);
}

const char sweep_select_runs[] =
    "SELECT id FROM runs WHERE sweep = ?1 AND (1 << state) & ?2 ORDER BY id";

enum db_status db_sweep_run_ids(struct db *db, int64_t sweep, unsigned mask,
                                int64_t **ids, size_t *count)
{
    return ids_read_with_pool(db, sweep_select_runs, sweep, mask, ids, count);
}

static void read_trial(struct statement *s, void *out)
{
    struct db_trial *trial = out;
    *trial = (struct db_trial){.run = read_integer(s)};
    trial->index = read_integer(s);
    trial->seed = read_integer(s);
    trial->batch_size = read_integer(s);
    trial->state = (enum run_state)read_integer(s);
    trial->config = read_text(s);
    trial->train_seconds = read_double(s);
    trial->cpu_seconds = read_double(s);
    trial->final_loss = read_double(s);
    trial->test_accuracy = read_double(s);
    trial->last_step = read_integer(s);
}

/* A step and the run that it is of. */
struct step_row {
    int64_t run;
    struct db_trial_step step;
};

static void read_step(struct statement *s, void *out)
{
    struct step_row *row = out;
    row->run = read_integer(s);
    row->step = (struct db_trial_step){.train_seconds = read_double(s)};
    row->step.cpu_seconds = read_double(s);
    row->step.accuracy = read_double(s);
    row->step.samples = read_integer(s);
    row->step.step = read_integer(s);
}

/* Both in the order of the runs' ids: each trial is given the rows of its run. */
static enum db_status share_steps(const struct step_row *rows, size_t count,
                                  struct db_trials *trials)
{
    size_t next = 0;
    trials->steps = malloc((count + 1) * sizeof *trials->steps);
    if (!trials->steps)
        return DB_NO_MEMORY;
    for (size_t i = 0; i < trials->count; i++) {
        struct db_trial *trial = &trials->trials[i];
        while (next < count && rows[next].run < trial->run)
            next++;
        trial->steps = trials->steps + next;
        for (; next < count && rows[next].run == trial->run; next++)
            trials->steps[next] = rows[next].step;
        trial->step_count = (size_t)(trials->steps + next - trial->steps);
    }
    return DB_OK;
}

static enum db_status read_trials(sqlite3 *reader, int64_t sweep, int64_t run,
                                  struct db_trials *trials)
{
    struct rows rows = {.row_size = sizeof *trials->trials};
    struct rows steps = {.row_size = sizeof(struct step_row)};
    enum db_status status =
        rows_read(reader,
                  "SELECT id, sweep_index, seed, batch_size, state, config,"
                  " train_seconds, cpu_seconds, coalesce(last_val_loss, last_test_loss),"
                  " last_test_accuracy, last_step FROM runs"
                  " WHERE sweep = ?1 AND (?2 = 0 OR id = ?2) ORDER BY id",
                  sweep, run, read_trial, &rows);
    if (status != DB_OK)
        return status;
    trials->trials = (struct db_trial *)(void *)rows.bytes;
    trials->count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        if (!trials->trials[i].config)
            return DB_NO_MEMORY;
    status = rows_read(reader,
                       "SELECT p.run, p.train_seconds, p.cpu_seconds,"
                       " coalesce(p.val_accuracy, p.test_accuracy), p.samples, p.step"
                       " FROM runs r JOIN points p ON p.run = r.id WHERE r.sweep = ?1 AND"
                       " (?2 = 0 OR r.id = ?2) AND p.is_best = 1 ORDER BY r.id, p.step",
                       sweep, run, read_step, &steps);
    if (status != DB_OK)
        return status;
    status = share_steps((struct step_row *)(void *)steps.bytes, steps.count, trials);
    free(steps.bytes);
    return status;
}

enum db_status db_trials_read(struct db *db, int64_t sweep, int64_t run,
                              struct db_trials *out)
{
    struct db_trials trials = {0};
    sqlite3 *reader = db_take_reader(db);
    if (!reader)
        return DB_ERROR;
    enum db_status status = read_trials(reader, sweep, run, &trials);
    db_return_reader(db, reader);
    if (status == DB_OK)
        *out = trials;
    else
        db_trials_clear(&trials);
    return status;
}

void db_trials_clear(struct db_trials *trials)
{
    for (size_t i = 0; i < trials->count; i++)
        free(trials->trials[i].config);
    free(trials->trials);
    free(trials->steps);
    *trials = (struct db_trials){0};
}
