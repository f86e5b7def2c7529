#include "engine/search/importance.h"

#include <math.h>
#include <stdlib.h>

/* The densities of numbers are compared on this many even places of the range. */
#define PLACES     64
#define BEST_SHARE 0.1
/* Fewer than this of the best would make a density of noise. */
#define LEAST_BEST 5

/* A point's place along a dimension: an alternative, or 0 .. 1 of the range, where whole
 * numbers reach half beyond, so that the first and the last have room on both sides. */
static double place_of(const struct search_dimension *dimension, double value)
{
    double half = dimension->kind == SEARCH_INTEGER ? 0.5 : 0;
    double low = dimension->low - half, high = dimension->high + half;
    if (dimension->kind == SEARCH_CHOICE)
        return value;
    if (low == high)
        return 0.5;
    return dimension->log ? log(value / low) / log(high / low)
                          : (value - low) / (high - low);
}

/* Scott's rule in one dimension: 1.06 s n^(-1/5), but never so narrow that a kernel falls
 * between two places. */
static double bandwidth(const double *x, size_t count)
{
    double sum = 0, squares = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) {
        sum += x[i];
        squares += x[i] * x[i];
    }
    double variance = fmax(0, squares / n - sum / n * (sum / n));
    return fmax(1.06 * sqrt(variance) * pow(n, -0.2), 1.0 / PLACES);
}

/* The share of each place: normal kernels cut off at the range's ends, and a little of an
 * even one, so that no place is impossible. */
static void density(const double *x, size_t count, double *shares)
{
    double width = bandwidth(x, count), total = 0;
    for (size_t p = 0; p < PLACES; p++) {
        double at = ((double)p + 0.5) / PLACES;
        shares[p] = 0;
        for (size_t i = 0; i < count; i++)
            shares[p] += exp(-0.5 * (at - x[i]) * (at - x[i]) / (width * width));
        total += shares[p];
    }
    for (size_t p = 0; p < PLACES; p++)
        shares[p] =
            (shares[p] / total * (double)count + 1.0 / PLACES) / ((double)count + 1);
}

static void histogram(const double *x, size_t count, size_t choices, double *shares)
{
    for (size_t c = 0; c < choices; c++)
        shares[c] = 1 / (double)choices;
    for (size_t i = 0; i < count; i++)
        shares[(size_t)x[i]] += 1;
    for (size_t c = 0; c < choices; c++)
        shares[c] /= (double)count + 1;
}

/* The Pearson divergence of the best from all: sum of (p / q - 1)^2 q. */
static double divergence(const double *p, const double *q, size_t places)
{
    double sum = 0;
    for (size_t i = 0; i < places; i++)
        sum += (p[i] / q[i] - 1) * (p[i] / q[i] - 1) * q[i];
    return sum;
}

static int compare_losses(const void *a, const void *b)
{
    const struct sampler_trial *one = *(const struct sampler_trial *const *)a;
    const struct sampler_trial *two = *(const struct sampler_trial *const *)b;
    if (one->loss != two->loss)
        return one->loss > two->loss ? 1 : -1;
    return (one > two) - (one < two);
}

/* The best tenth, and all that are as good as the last of them: the order of equals says
 * nothing. */
static size_t count_best(const struct sampler_trial *const *sorted, size_t count)
{
    size_t best = (size_t)ceil(BEST_SHARE * (double)count);
    best = best < LEAST_BEST ? LEAST_BEST : best;
    while (best < count && sorted[best]->loss == sorted[best - 1]->loss)
        best++;
    return best;
}

/* `sorted`: best first. `room`: a place for each trial, and twice the places. */
static double measure(const struct search_dimension *dimension, size_t index,
                      const struct sampler_trial *const *sorted, size_t count,
                      double *room)
{
    bool choice = dimension->kind == SEARCH_CHOICE;
    size_t places = choice ? dimension->count : PLACES;
    size_t best = count_best(sorted, count);
    double *p = room + count, *q = p + places;
    for (size_t i = 0; i < count; i++)
        room[i] = place_of(dimension, sorted[i]->point.values[index]);
    if (choice) {
        histogram(room, best, places, p);
        histogram(room, count, places, q);
    } else {
        density(room, best, p);
        density(room, count, q);
    }
    return divergence(p, q, places);
}

static size_t most_places(const struct search_space *space)
{
    size_t most = PLACES;
    for (size_t i = 0; i < space->count; i++)
        if (space->dimensions[i].count > most)
            most = space->dimensions[i].count;
    return most;
}

/* Those that have ended, best first. */
static size_t sort_ended(const struct sampler_trial *trials, size_t count,
                         const struct sampler_trial **sorted)
{
    size_t ended = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(trials[i].loss))
            sorted[ended++] = &trials[i];
    qsort(sorted, ended, sizeof *sorted, compare_losses);
    return ended;
}

bool importance_of(const struct search_space *space, const struct sampler_trial *trials,
                   size_t count, double *shares)
{
    const struct sampler_trial **sorted = malloc((count + 1) * sizeof *sorted);
    double *room = malloc((count + 2 * most_places(space)) * sizeof *room);
    size_t ended = sorted ? sort_ended(trials, count, sorted) : 0;
    bool enough = sorted && room && ended >= IMPORTANCE_LEAST;
    double sum = 0;
    for (size_t i = 0; enough && i < space->count; i++) {
        shares[i] = measure(&space->dimensions[i], i, sorted, ended, room);
        sum += shares[i];
    }
    for (size_t i = 0; enough && i < space->count; i++)
        shares[i] = sum > 0 ? shares[i] / sum : 0;
    free(sorted);
    free(room);
    return enough;
}
