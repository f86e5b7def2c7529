/* Reading back points and the losses of steps. */
#include "db/points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"

static void read_point(struct statement *s, void *out)
{
    struct db_point *point = out;
    point->step = read_integer(s);
    point->epoch = read_double(s);
    point->samples = read_integer(s);
    point->train_seconds = read_double(s);
    point->cpu_seconds = read_double(s);
    point->wall_time = read_double(s);
    point->lr = read_double(s);
    point->train_loss = read_double(s);
    point->train_accuracy = read_double(s);
    point->test_loss = read_double(s);
    point->test_accuracy = read_double(s);
    point->val_loss = read_double(s);
    point->val_accuracy = read_double(s);
    point->grad_norm = read_double(s);
    point->is_best = read_integer(s) != 0;
}

static const char select_points[] =
    "SELECT step, epoch, samples, train_seconds, cpu_seconds, wall_time, lr, train_loss,"
    " train_accuracy, test_loss, test_accuracy, val_loss, val_accuracy, grad_norm, "
    "is_best"
    " FROM points WHERE run = ? AND step > ? ORDER BY step";

enum db_status points_read(sqlite3 *connection, int64_t run, int64_t since_step,
                           struct db_point **points, size_t *count)
{
    struct rows rows = {.row_size = sizeof **points};
    enum db_status status =
        rows_read(connection, select_points, run, since_step, read_point, &rows);
    if (status != DB_OK)
        return status;
    *points = (struct db_point *)(void *)rows.bytes;
    *count = rows.count;
    return DB_OK;
}

static double metric_of(const struct db_point *point, size_t offset)
{
    double value;
    memcpy(&value, (const char *)point + offset, sizeof value);
    return value;
}

/* Marks the extremes of one metric among points [first, last). */
static void mark_extremes(const struct db_point *points, size_t first, size_t last,
                          size_t offset, bool *keep)
{
    size_t low = last, high = last;
    for (size_t i = first; i < last; i++) {
        double value = metric_of(&points[i], offset);
        if (isnan(value))
            continue;
        if (low == last || value < metric_of(&points[low], offset))
            low = i;
        if (high == last || value > metric_of(&points[high], offset))
            high = i;
    }
    if (low < last)
        keep[low] = keep[high] = true;
}

static const size_t thinned_metrics[] = {offsetof(struct db_point, test_accuracy),
                                         offsetof(struct db_point, test_loss),
                                         offsetof(struct db_point, train_loss)};
#define METRICS (sizeof thinned_metrics / sizeof *thinned_metrics)

/* Each bucket keeps the extremes of each metric, up to six points. */
static enum db_status thin(struct db_point *points, size_t *count, size_t max)
{
    bool *keep = calloc(*count, sizeof *keep);
    if (!keep)
        return DB_NO_MEMORY;
    size_t buckets = max > 2 * METRICS ? max / (2 * METRICS) : 1;
    for (size_t b = 0; b < buckets; b++)
        for (size_t m = 0; m < METRICS; m++)
            mark_extremes(points, b * *count / buckets, (b + 1) * *count / buckets,
                          thinned_metrics[m], keep);
    keep[0] = keep[*count - 1] = true;
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (keep[i])
            points[kept++] = points[i];
    free(keep);
    *count = kept;
    return DB_OK;
}

enum db_status db_points(struct db *db, int64_t run, int64_t since_step, int64_t max,
                         struct db_point **points, size_t *count)
{
    struct rows rows = {.row_size = sizeof **points};
    enum db_status status =
        rows_read_with_pool(db, select_points, run, since_step, read_point, &rows);
    if (status != DB_OK)
        return status;
    struct db_point *found = (struct db_point *)(void *)rows.bytes;
    if (max > 0 && rows.count > (size_t)max)
        status = thin(found, &rows.count, (size_t)max);
    if (status != DB_OK) {
        free(found);
        return status;
    }
    *points = found;
    *count = rows.count;
    return DB_OK;
}

static void read_step_bucket(struct statement *s, void *out)
{
    struct db_step_bucket *bucket = out;
    bucket->first_step = read_integer(s);
    bucket->last_step = read_integer(s);
    bucket->loss_min = read_double(s);
    bucket->loss_mean = read_double(s);
    bucket->loss_max = read_double(s);
}

static struct db_step_bucket merge(const struct db_step_bucket *buckets, size_t count)
{
    struct db_step_bucket merged = buckets[0];
    double sum = 0, steps = 0;
    for (size_t i = 0; i < count; i++) {
        double width = (double)(buckets[i].last_step - buckets[i].first_step + 1);
        sum += buckets[i].loss_mean * width;
        steps += width;
        merged.loss_min = fmin(merged.loss_min, buckets[i].loss_min);
        merged.loss_max = fmax(merged.loss_max, buckets[i].loss_max);
    }
    merged.last_step = buckets[count - 1].last_step;
    merged.loss_mean = sum / steps;
    return merged;
}

enum db_status db_steps(struct db *db, int64_t run, int64_t since_step, int64_t max,
                        struct db_step_bucket **steps, size_t *count)
{
    struct rows rows = {.row_size = sizeof **steps};
    enum db_status status = rows_read_with_pool(
        db,
        "SELECT first_step, last_step, loss_min, loss_mean, loss_max"
        " FROM steps WHERE run = ? AND last_step > ? ORDER BY first_step",
        run, since_step, read_step_bucket, &rows);
    if (status != DB_OK)
        return status;
    struct db_step_bucket *found = (struct db_step_bucket *)(void *)rows.bytes;
    size_t kept = rows.count;
    if (max > 0 && rows.count > (size_t)max) {
        kept = (size_t)max;
        for (size_t i = 0; i < kept; i++) {
            size_t first = i * rows.count / kept, last = (i + 1) * rows.count / kept;
            found[i] = merge(found + first, last - first);
        }
    }
    *steps = found;
    *count = kept;
    return DB_OK;
}
