/* Reading back layers' statistics and the gradient's noise. */
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"

/* A point that has rows of layers. */
struct layer_step {
    int64_t step;
    bool probed, keep;
};

static void read_step(struct statement *s, void *out)
{
    struct layer_step *step = out;
    step->step = read_integer(s);
    step->probed = read_integer(s) != 0;
    step->keep = false;
}

/* Keeps up to `quota` of the points with (or without) a probe, evenly spread, the last
 * of them in any case. Returns how many. */
static size_t keep_some(struct layer_step *steps, size_t count, bool probed, size_t quota)
{
    size_t members = 0, seen = 0;
    for (size_t i = 0; i < count; i++)
        members += steps[i].probed == probed;
    if (quota > members)
        quota = members;
    for (size_t i = 0; i < count; i++)
        if (steps[i].probed == probed) {
            steps[i].keep = (seen + 1) * quota / members > seen * quota / members;
            seen++;
        }
    return quota;
}

/* Probes first, since there are few of them and they say most. */
static enum db_status choose_steps(sqlite3 *reader, int64_t run, int64_t since_step,
                                   size_t max, struct rows *rows)
{
    enum db_status status = rows_read(
        reader,
        "SELECT step, max(histograms IS NOT NULL) FROM layers WHERE run = ? AND step > ?"
        " GROUP BY step ORDER BY step",
        run, since_step, read_step, rows);
    if (status != DB_OK || rows->count == 0)
        return status;
    struct layer_step *steps = (struct layer_step *)(void *)rows->bytes;
    size_t probes = keep_some(steps, rows->count, true, max);
    keep_some(steps, rows->count, false, max - probes);
    steps[0].keep = steps[rows->count - 1].keep = true;
    return DB_OK;
}

/* Layers, and apart from them the histograms of those that were probed, in order. */
struct gathered {
    struct rows layers, histograms;
};

/* Stands for histograms until `hand_out` knows where they stay. */
static const struct db_histograms to_follow;

/* The rest of a row behind its step; false: see the statement's code. */
static bool read_layer(struct statement *s, int64_t step, struct gathered *gathered)
{
    struct db_layer *layer = rows_add(&gathered->layers);
    struct db_histograms *histograms = NULL;
    size_t size;
    if (!layer) {
        s->code = SQLITE_NOMEM;
        return false;
    }
    layer->step = step;
    layer->layer = (int)read_integer(s);
    layer->weight_norm = read_double(s);
    layer->grad_norm = read_double(s);
    layer->update_ratio = read_double(s);
    layer->activation_mean = read_double(s);
    layer->activation_deviation = read_double(s);
    layer->dead_fraction = read_double(s);
    layer->saturated_fraction = read_double(s);
    const uint8_t *bytes = read_blob(s, &size);
    if (bytes && !(histograms = rows_add(&gathered->histograms)))
        s->code = SQLITE_NOMEM;
    else if (bytes && !histograms_decode(bytes, size, histograms))
        s->code = SQLITE_CORRUPT;
    layer->histograms = histograms ? &to_follow : NULL;
    return s->code == SQLITE_OK;
}

/* Layers of the points after one step, up to another. */
static void read_range(struct statement *s, int64_t run, int64_t after, int64_t last,
                       struct gathered *gathered)
{
    statement_reset(s);
    bind_integer(s, run);
    bind_integer(s, after);
    bind_integer(s, last);
    while (statement_step(s)) {
        int64_t step = read_integer(s);
        if (!read_layer(s, step, gathered))
            break;
    }
}

/* Each stretch of points to keep by itself: those between would take longer to pass over
 * than the others to find. */
static void read_chosen(struct statement *s, int64_t run, const struct rows *chosen,
                        struct gathered *gathered)
{
    const struct layer_step *steps = (const struct layer_step *)(void *)chosen->bytes;
    size_t last;
    for (size_t i = 0; i < chosen->count && s->code == SQLITE_OK; i = last + 1) {
        last = i;
        if (!steps[i].keep)
            continue;
        while (last + 1 < chosen->count && steps[last + 1].keep)
            last++;
        read_range(s, run, steps[i].step - 1, steps[last].step, gathered);
    }
}

static enum db_status read_layers(sqlite3 *reader, int64_t run, int64_t since_step,
                                  const struct rows *chosen, struct gathered *gathered)
{
    struct statement s;
    statement_open(&s, reader,
                   "SELECT step, layer, weight_norm, grad_norm, update_ratio,"
                   " activation_mean, activation_deviation, dead_fraction,"
                   " saturated_fraction, histograms FROM layers"
                   " WHERE run = ? AND step > ? AND step <= ? ORDER BY step, layer");
    if (chosen)
        read_chosen(&s, run, chosen, gathered);
    else
        read_range(&s, run, since_step, INT64_MAX, gathered);
    return statement_close(&s);
}

/* One block for the caller to free: the layers, and behind them their histograms. */
static struct db_layer *join(struct gathered *gathered)
{
    size_t layers = gathered->layers.count * sizeof(struct db_layer);
    size_t histograms = gathered->histograms.count * sizeof(struct db_histograms);
    char *block = realloc(gathered->layers.bytes, layers + histograms + 1);
    if (!block)
        return NULL;
    gathered->layers = (struct rows){.bytes = NULL};
    if (histograms > 0)
        memcpy(block + layers, gathered->histograms.bytes, histograms);
    return (struct db_layer *)(void *)block;
}

static enum db_status hand_out(struct gathered *gathered, struct db_layer **layers,
                               size_t *count)
{
    size_t total = gathered->layers.count;
    struct db_layer *joined = join(gathered);
    if (!joined)
        return DB_NO_MEMORY;
    const struct db_histograms *next =
        (const struct db_histograms *)(const void *)(joined + total);
    for (size_t i = 0; i < total; i++)
        if (joined[i].histograms)
            joined[i].histograms = next++;
    *layers = joined;
    *count = total;
    return DB_OK;
}

enum db_status db_layers(struct db *db, int64_t run, int64_t since_step, int64_t max,
                         struct db_layer **layers, size_t *count)
{
    struct rows chosen = {.row_size = sizeof(struct layer_step)};
    struct gathered gathered = {
        .layers = {.row_size = sizeof(struct db_layer)},
        .histograms = {.row_size = sizeof(struct db_histograms)},
    };
    sqlite3 *reader = db_take_reader(db);
    if (!reader)
        return DB_ERROR;
    enum db_status status = DB_OK;
    if (max > 0)
        status = choose_steps(reader, run, since_step, (size_t)max, &chosen);
    if (status == DB_OK) {
        status =
            read_layers(reader, run, since_step, max > 0 ? &chosen : NULL, &gathered);
        free(chosen.bytes);
    }
    db_return_reader(db, reader);
    if (status == DB_OK)
        status = hand_out(&gathered, layers, count);
    free(gathered.layers.bytes);
    free(gathered.histograms.bytes);
    return status;
}

static void read_noise(struct statement *s, void *out)
{
    struct db_noise *noise = out;
    noise->step = read_integer(s);
    noise->gradient_squared = read_double(s);
    noise->gradient_variance = read_double(s);
    noise->scale = read_double(s);
}

enum db_status db_noises(struct db *db, int64_t run, int64_t since_step,
                         struct db_noise **noises, size_t *count)
{
    struct rows rows = {.row_size = sizeof **noises};
    enum db_status status =
        rows_read_with_pool(db,
                            "SELECT step, gradient_squared, gradient_variance, scale"
                            " FROM noise WHERE run = ? AND step > ? ORDER BY step",
                            run, since_step, read_noise, &rows);
    if (status != DB_OK)
        return status;
    *noises = (struct db_noise *)(void *)rows.bytes;
    *count = rows.count;
    return DB_OK;
}
