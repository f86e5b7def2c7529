/* Trials are split into the best and the rest. Along each dimension l(x) is the density
 * of the best and g(x) that of the rest, made of a kernel at each trial and one of the
 * prior; of some candidates drawn from l the one with the largest l / g is taken. */
#include "engine/search/tpe.h"

#include <math.h>
#include <stdlib.h>

/* Kernels of one density along one dimension, in the dimension's own scale. */
struct parzen {
    double low, high; /* what it is truncated to */
    double *mu, *sigma, *weight;
    double *height; /* weight over weight_sum and over what of the kernel is inside */
    size_t count;
    double weight_sum;
};

/* A dimension's scale: logarithmic where it is; whole numbers reach half beyond. */
static double to_scale(const struct search_dimension *dimension, double value)
{
    return dimension->log ? log(value) : value;
}

static void set_limits(const struct search_dimension *dimension, struct parzen *parzen)
{
    double half = dimension->kind == SEARCH_INTEGER ? 0.5 : 0;
    parzen->low = to_scale(dimension, dimension->low - half);
    parzen->high = to_scale(dimension, dimension->high + half);
}

static double from_scale(const struct search_dimension *dimension, double x)
{
    double value = dimension->log ? exp(x) : x;
    if (dimension->kind == SEARCH_INTEGER)
        value = round(value);
    return fmin(fmax(value, dimension->low), dimension->high);
}

/* Optuna's weights by age: the newest 25 count fully, older ones less the older. */
#define FULL_WEIGHTS 25
static double weight_of(size_t place, size_t count)
{
    size_t ramp = count > FULL_WEIGHTS ? count - FULL_WEIGHTS : 0;
    if (place >= ramp)
        return 1;
    double first = 1 / (double)count;
    return ramp == 1 ? first : first + (1 - first) * (double)place / (double)(ramp - 1);
}

struct sorted {
    double mu;
    size_t place;
};

static int compare_sorted(const void *a, const void *b)
{
    const struct sorted *one = a, *two = b;
    if (one->mu != two->mu)
        return one->mu > two->mu ? 1 : -1;
    return (one->place > two->place) - (one->place < two->place);
}

/* A kernel is as wide as the larger gap to its neighbours (the ends of the range count
 * as neighbours only where there is but one kernel), but not too narrow for the number
 * of them ("magic clip"). The last kernel, the prior, is as wide as the range. */
static void set_widths(struct parzen *parzen, struct sorted *sorted)
{
    size_t count = parzen->count;
    double range = parzen->high - parzen->low;
    double least = range / fmin(100, 1 + (double)count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct sorted){parzen->mu[i], i};
    qsort(sorted, count, sizeof *sorted, compare_sorted);
    for (size_t i = 0; i < count; i++) {
        double below = sorted[i].mu - (i > 0 ? sorted[i - 1].mu : parzen->low);
        double above = (i + 1 < count ? sorted[i + 1].mu : parzen->high) - sorted[i].mu;
        double gap = fmax(below, above);
        if (count > 1 && i == 0)
            gap = above;
        if (count > 1 && i + 1 == count)
            gap = below;
        parzen->sigma[sorted[i].place] = fmin(fmax(gap, least), range);
    }
    parzen->sigma[count - 1] = range;
}

static double normal_cdf(double z)
{
    return 0.5 * erfc(-z * M_SQRT1_2);
}

/* The share of a normal kernel that lies in [a, b]. */
static double mass(double mu, double sigma, double a, double b)
{
    return fmax(normal_cdf((b - mu) / sigma) - normal_cdf((a - mu) / sigma), 1e-300);
}

static void finish(struct parzen *parzen, struct sorted *sorted)
{
    size_t trials = parzen->count++;
    parzen->mu[trials] = (parzen->low + parzen->high) / 2;
    parzen->weight_sum = 0;
    for (size_t i = 0; i < trials; i++)
        parzen->weight[i] = weight_of(i, trials);
    parzen->weight[trials] = 1;
    for (size_t i = 0; i <= trials; i++)
        parzen->weight_sum += parzen->weight[i];
    set_widths(parzen, sorted);
    for (size_t i = 0; i <= trials; i++)
        parzen->height[i] =
            parzen->weight[i] / parzen->weight_sum /
            mass(parzen->mu[i], parzen->sigma[i], parzen->low, parzen->high);
}

/* log density at a value; of whole numbers the log probability. */
static double log_density(const struct parzen *parzen,
                          const struct search_dimension *dimension, double value)
{
    bool whole = dimension->kind == SEARCH_INTEGER;
    double x = to_scale(dimension, value), sum = 0;
    double a = whole ? to_scale(dimension, value - 0.5) : 0;
    double b = whole ? to_scale(dimension, value + 0.5) : 0;
    for (size_t i = 0; i < parzen->count; i++) {
        double mu = parzen->mu[i], sigma = parzen->sigma[i], z = (x - mu) / sigma;
        double share =
            whole ? mass(mu, sigma, a, b) : exp(-0.5 * z * z) / (sigma * sqrt(2 * M_PI));
        sum += parzen->height[i] * share;
    }
    return log(fmax(sum, 1e-300));
}

static size_t draw_kernel(const double *weight, size_t count, double sum, struct rng *rng)
{
    double u = rng_uniform(rng, 0, sum);
    size_t i = 0;
    while (i + 1 < count && u >= weight[i])
        u -= weight[i++];
    return i;
}

/* A normal one within the limits, by trying; each kernel's centre lies within. */
static double draw(const struct parzen *parzen, const struct search_dimension *dimension,
                   struct rng *rng)
{
    size_t i = draw_kernel(parzen->weight, parzen->count, parzen->weight_sum, rng);
    double x;
    do
        x = parzen->mu[i] + parzen->sigma[i] * rng_normal(rng);
    while (x < parzen->low || x > parzen->high);
    return from_scale(dimension, x);
}

/* --- a choice: a table of weights --------------------------------------------------- */

/* A kernel of a trial: each alternative has a share of the prior's weight, its own one
 * more; the prior's kernel is even. Alternatives that were tried alike come out equal to
 * the last bit, so that it is left to chance which of them is taken. */
static void fill_table(const struct search_dimension *dimension,
                       const struct sampler_trial *const *trials, size_t count,
                       size_t index, double *table)
{
    double choices = (double)dimension->count, share = 1 / ((double)count + 1);
    double sum = 0; /* of the trials' weights */
    for (size_t c = 0; c < dimension->count; c++)
        table[c] = 0;
    for (size_t i = 0; i < count; i++) {
        double weight = weight_of(i, count);
        table[(size_t)trials[i]->point.values[index]] += weight;
        sum += weight;
    }
    for (size_t c = 0; c < dimension->count; c++)
        table[c] =
            (1 / choices + (table[c] + sum * share) / (1 + choices * share)) / (1 + sum);
}

/* --- one dimension ------------------------------------------------------------------ */

/* Trials split into the best and the rest, each in the order of their making. */
struct split {
    const struct sampler_trial **good, **bad;
    size_t good_count, bad_count;
};

/* Room for either way to look at a dimension. */
struct room {
    struct parzen good, bad;
    struct sorted *sorted;
    double *good_table, *bad_table;
};

static double choose_alternative(const struct search_dimension *dimension, size_t index,
                                 const struct split *split, struct room *room,
                                 struct rng *rng)
{
    double best = -INFINITY, chosen = 0;
    fill_table(dimension, split->good, split->good_count, index, room->good_table);
    fill_table(dimension, split->bad, split->bad_count, index, room->bad_table);
    for (int i = 0; i < TPE_CANDIDATES; i++) {
        size_t c = draw_kernel(room->good_table, dimension->count, 1, rng);
        double gain = log(room->good_table[c]) - log(room->bad_table[c]);
        if (gain > best) {
            best = gain;
            chosen = (double)c;
        }
    }
    return chosen;
}

static void fill(struct parzen *parzen, const struct search_dimension *dimension,
                 const struct sampler_trial *const *trials, size_t count, size_t index,
                 struct sorted *sorted)
{
    set_limits(dimension, parzen);
    parzen->count = count;
    for (size_t i = 0; i < count; i++)
        parzen->mu[i] = to_scale(dimension, trials[i]->point.values[index]);
    finish(parzen, sorted);
}

static double choose_number(const struct search_dimension *dimension, size_t index,
                            const struct split *split, struct room *room, struct rng *rng)
{
    double best = -INFINITY, chosen = dimension->low;
    fill(&room->good, dimension, split->good, split->good_count, index, room->sorted);
    fill(&room->bad, dimension, split->bad, split->bad_count, index, room->sorted);
    for (int i = 0; i < TPE_CANDIDATES; i++) {
        double value = draw(&room->good, dimension, rng);
        double gain = log_density(&room->good, dimension, value) -
                      log_density(&room->bad, dimension, value);
        if (gain > best) {
            best = gain;
            chosen = value;
        }
    }
    return chosen;
}

/* ------------------------------------------------------------------------------------ */

/* Those that still run count as the failed ones do: no second point is to be tried where
 * one is being tried already. */
static double effective_loss(const struct sampler_trial *trial)
{
    return isnan(trial->loss) ? INFINITY : trial->loss;
}

static int compare_losses(const void *a, const void *b)
{
    const struct sampler_trial *one = *(const struct sampler_trial *const *)a;
    const struct sampler_trial *two = *(const struct sampler_trial *const *)b;
    double x = effective_loss(one), y = effective_loss(two);
    if (x != y)
        return x > y ? 1 : -1;
    return (one > two) - (one < two);
}

static int compare_places(const void *a, const void *b)
{
    const struct sampler_trial *one = *(const struct sampler_trial *const *)a;
    const struct sampler_trial *two = *(const struct sampler_trial *const *)b;
    return (one > two) - (one < two);
}

/* The best tenth of those that ended, but nothing that failed or still runs is good. */
static void split_trials(const struct sampler_trial *history, size_t count,
                         const struct sampler_trial **order, struct split *split)
{
    size_t ended = 0, valued = 0;
    for (size_t i = 0; i < count; i++) {
        order[i] = &history[i];
        ended += !isnan(history[i].loss);
        valued += isfinite(history[i].loss);
    }
    qsort(order, count, sizeof *order, compare_losses);
    size_t good = (size_t)ceil(0.1 * (double)ended);
    good = good < TPE_MAX_GOOD ? good : TPE_MAX_GOOD;
    good = good < valued ? good : valued;
    qsort(order, good, sizeof *order, compare_places);
    qsort(order + good, count - good, sizeof *order, compare_places);
    *split = (struct split){order, order + good, good, count - good};
}

static void *array(size_t count, size_t size)
{
    return calloc(count + 2, size);
}

static size_t most_choices(const struct search_space *space)
{
    size_t most = 0;
    for (size_t i = 0; i < space->count; i++)
        if (space->dimensions[i].count > most)
            most = space->dimensions[i].count;
    return most;
}

static void free_room(struct room *room)
{
    free(room->good.mu);
    free(room->sorted);
    free(room->good_table);
}

/* Eight arrays of kernels in one block, two tables in another. */
static bool make_room(const struct search_space *space, size_t count, struct room *room)
{
    size_t kernels = count + 2, choices = most_choices(space) + 2;
    double *block = array(8 * kernels, sizeof *block);
    *room = (struct room){.good = {.mu = block},
                          .sorted = array(count, sizeof *room->sorted),
                          .good_table = array(2 * choices, sizeof(double))};
    if (!block || !room->sorted || !room->good_table) {
        free_room(room);
        return false;
    }
    room->good.sigma = block + kernels;
    room->good.weight = block + 2 * kernels;
    room->good.height = block + 3 * kernels;
    room->bad.mu = block + 4 * kernels;
    room->bad.sigma = block + 5 * kernels;
    room->bad.weight = block + 6 * kernels;
    room->bad.height = block + 7 * kernels;
    room->bad_table = room->good_table + choices;
    return true;
}

enum engine_status tpe_suggest(const struct search_space *space,
                               const struct sampler_trial *history, size_t count,
                               struct rng *rng, struct search_point *out)
{
    struct split split;
    struct room room;
    const struct sampler_trial **order = array(count, sizeof *order);
    if (!order)
        return ENGINE_NO_MEMORY;
    if (!make_room(space, count, &room)) {
        free(order);
        return ENGINE_NO_MEMORY;
    }
    split_trials(history, count, order, &split);
    for (size_t i = 0; i < space->count; i++) {
        const struct search_dimension *dimension = &space->dimensions[i];
        bool choice = dimension->kind == SEARCH_CHOICE;
        out->values[i] = choice ? choose_alternative(dimension, i, &split, &room, rng)
                                : choose_number(dimension, i, &split, &room, rng);
    }
    free_room(&room);
    free(order);
    return ENGINE_OK;
}
