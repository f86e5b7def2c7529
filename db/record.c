/* Making a run's history durable: rows, summary and state in one transaction. */
#include <math.h>

#include "db/internal.h"

static enum db_status insert_points(sqlite3 *writer, const struct db_record *record)
{
    struct statement s;
    statement_open(
        &s, writer,
        "INSERT OR REPLACE INTO points VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    for (size_t i = 0; i < record->point_count && s.code == SQLITE_OK; i++) {
        const struct db_point *point = &record->points[i];
        statement_reset(&s);
        bind_integer(&s, record->run);
        bind_integer(&s, point->step);
        bind_double(&s, point->epoch);
        bind_integer(&s, point->samples);
        bind_double(&s, point->train_seconds);
        bind_double(&s, point->cpu_seconds);
        bind_double(&s, point->wall_time);
        bind_double(&s, point->lr);
        bind_double(&s, point->train_loss);
        bind_double(&s, point->train_accuracy);
        bind_double(&s, point->test_loss);
        bind_double(&s, point->test_accuracy);
        bind_double(&s, point->val_loss);
        bind_double(&s, point->val_accuracy);
        bind_double(&s, point->grad_norm);
        bind_integer(&s, point->is_best);
        statement_step(&s);
    }
    return statement_close(&s);
}

static void bind_histograms(struct statement *s, const struct db_histograms *histograms)
{
    uint8_t bytes[HISTOGRAMS_BYTES];
    if (histograms)
        histograms_encode(histograms, bytes);
    bind_blob(s, histograms ? bytes : NULL, sizeof bytes);
}

static enum db_status insert_layers(sqlite3 *writer, const struct db_record *record)
{
    struct statement s;
    statement_open(&s, writer,
                   "INSERT OR REPLACE INTO layers VALUES (?,?,?,?,?,?,?,?,?,?,?)");
    for (size_t i = 0; i < record->layer_count && s.code == SQLITE_OK; i++) {
        const struct db_layer *layer = &record->layers[i];
        statement_reset(&s);
        bind_integer(&s, record->run);
        bind_integer(&s, layer->step);
        bind_integer(&s, layer->layer);
        bind_double(&s, layer->weight_norm);
        bind_double(&s, layer->grad_norm);
        bind_double(&s, layer->update_ratio);
        bind_double(&s, layer->activation_mean);
        bind_double(&s, layer->activation_deviation);
        bind_double(&s, layer->dead_fraction);
        bind_double(&s, layer->saturated_fraction);
        bind_histograms(&s, layer->histograms);
        statement_step(&s);
    }
    return statement_close(&s);
}

static enum db_status insert_noises(sqlite3 *writer, const struct db_record *record)
{
    struct statement s;
    statement_open(&s, writer, "INSERT OR REPLACE INTO noise VALUES (?,?,?,?,?)");
    for (size_t i = 0; i < record->noise_count && s.code == SQLITE_OK; i++) {
        const struct db_noise *noise = &record->noises[i];
        statement_reset(&s);
        bind_integer(&s, record->run);
        bind_integer(&s, noise->step);
        bind_double(&s, noise->gradient_squared);
        bind_double(&s, noise->gradient_variance);
        bind_double(&s, noise->scale);
        statement_step(&s);
    }
    return statement_close(&s);
}

static enum db_status insert_steps(sqlite3 *writer, const struct db_record *record)
{
    struct statement s;
    statement_open(&s, writer, "INSERT OR REPLACE INTO steps VALUES (?,?,?,?,?,?)");
    for (size_t i = 0; i < record->step_count && s.code == SQLITE_OK; i++) {
        const struct db_step_bucket *bucket = &record->steps[i];
        statement_reset(&s);
        bind_integer(&s, record->run);
        bind_integer(&s, bucket->first_step);
        bind_integer(&s, bucket->last_step);
        bind_double(&s, bucket->loss_min);
        bind_double(&s, bucket->loss_mean);
        bind_double(&s, bucket->loss_max);
        statement_step(&s);
    }
    return statement_close(&s);
}

static enum db_status update_summary(sqlite3 *writer, const struct db_record *record)
{
    struct summary summary;
    enum db_status status = summary_load(writer, record->run, &summary);
    if (status != DB_OK)
        return status;
    bool replaces = false;
    for (size_t i = 0; i < record->point_count; i++) {
        replaces |= summary.values.points > 0 &&
                    record->points[i].step <= summary.values.last_step;
        summary_add(&summary, &record->points[i]);
    }
    if (replaces) /* a point counted before: count anew what is stored */
        status = summary_recount(writer, record->run, &summary);
    if (status != DB_OK)
        return status;
    if (!isnan(record->train_seconds))
        summary.values.train_seconds = record->train_seconds;
    if (!isnan(record->cpu_seconds))
        summary.values.cpu_seconds = record->cpu_seconds;
    return summary_store(writer, record->run, &summary);
}

static enum db_status set_checkpoint(sqlite3 *writer, const struct db_record *record)
{
    struct statement s;
    statement_open(&s, writer, "UPDATE runs SET checkpoint_step = ? WHERE id = ?");
    bind_integer(&s, record->checkpoint_step);
    bind_integer(&s, record->run);
    return statement_run(&s);
}

/* What was wanted of a run since its trainer was told to pause. */
static enum db_status read_wanted(sqlite3 *writer, int64_t run, enum run_state *wanted)
{
    struct statement s;
    statement_open(&s, writer, "SELECT coalesce(wanted, ?) FROM runs WHERE id = ?");
    bind_integer(&s, RUN_PAUSED);
    bind_integer(&s, run);
    if (statement_step(&s))
        *wanted = (enum run_state)read_integer(&s);
    return statement_close(&s);
}

/* A trainer that was told to pause may have ended only after its run was to go on, or to
 * stop. Any other end stands. */
static enum db_status end_run(sqlite3 *writer, const struct db_record *record)
{
    enum run_state to = record->end_state;
    const char *reason = record->stop_reason;
    enum db_status status =
        run_require_state(writer, record->run, RUN_MASK(RUN_RUNNING), NULL);
    if (status == DB_OK && to == RUN_PAUSED)
        status = read_wanted(writer, record->run, &to);
    if (to == RUN_STOPPED && record->end_state == RUN_PAUSED)
        reason = "user";
    return status == DB_OK ? run_move(writer, record->run, to, reason, record->error)
                           : status;
}

static enum db_status write_record(sqlite3 *writer, const struct db_record *record)
{
    enum db_status status = insert_points(writer, record);
    if (status == DB_OK)
        status = insert_layers(writer, record);
    if (status == DB_OK)
        status = insert_noises(writer, record);
    if (status == DB_OK)
        status = insert_steps(writer, record);
    if (status == DB_OK)
        status = update_summary(writer, record);
    if (status == DB_OK && record->checkpoint_step >= 0)
        status = set_checkpoint(writer, record);
    if (status == DB_OK && record->end_state != RUN_STATE_COUNT)
        status = end_run(writer, record);
    return status;
}

enum db_status db_record(struct db *db, const struct db_record *records, size_t count)
{
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    for (size_t i = 0; i < count && status == DB_OK; i++)
        status = write_record(db->writer, &records[i]);
    return db_end_write(db, status);
}

static enum db_status delete_after(sqlite3 *writer, const char *sql, int64_t run,
                                   int64_t step)
{
    struct statement s;
    statement_open(&s, writer, sql);
    bind_integer(&s, run);
    bind_integer(&s, step);
    return statement_run(&s);
}

enum db_status db_cut_after(struct db *db, int64_t run, int64_t step)
{
    static const char *const cuts[] = {
        "DELETE FROM points WHERE run = ? AND step > ?",
        "DELETE FROM layers WHERE run = ? AND step > ?",
        "DELETE FROM noise WHERE run = ? AND step > ?",
        "DELETE FROM steps WHERE run = ? AND last_step > ?",
    };
    enum db_status status = db_begin_write(db);
    if (status != DB_OK)
        return status;
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts && status == DB_OK; i++)
        status = delete_after(db->writer, cuts[i], run, step);
    if (status == DB_OK)
        status = summary_rebuild(db->writer, run);
    return db_end_write(db, status);
}
