#include "engine/search/pruner.h"

#include <math.h>
#include <stdlib.h>

#include "engine/array.h"
#include "engine/search/projection.h"

/* Of a live run as many points are kept to project from; thinned when they are full. */
#define MAX_POINTS 128

/* The best accuracy that a run had from this much of the resource on. */
struct step {
    double resource, accuracy;
};

struct track {
    int64_t run;
    struct step *steps;
    size_t count, capacity;
    double best;      /* accuracy; INFINITY: it has met the target */
    size_t next_rung; /* asha: the first that it has not come to */
    /* projection: MAX_POINTS of room, a share of its points, how many there have been. */
    struct projection_point *points;
    size_t point_count, stride, heard, asked;
    int doubts; /* projections in a row that it will not make it */
};

struct rung {
    double *values; /* the best accuracies of the runs that came to it */
    size_t count, capacity;
};

#define MAX_RUNGS 24

struct pruner {
    struct pruner_options options;
    struct track **live;
    size_t live_count, live_capacity;
    struct track **ended; /* median: those that were not pruned, without their points */
    size_t ended_count, ended_capacity;
    struct rung rungs[MAX_RUNGS];
    double soonest;  /* seconds of the first run to meet the target; INFINITY: none */
    double best_end; /* the best accuracy of a run that has ended */
};

const char *pruner_name(enum pruner_kind kind)
{
    static const char *const names[] = {
        [PRUNER_NONE] = "none",
        [PRUNER_MEDIAN] = "median",
        [PRUNER_ASHA] = "asha",
        [PRUNER_PROJECTION] = "projection",
    };
    return names[kind];
}

enum engine_status pruner_new(const struct pruner_options *options, struct pruner **out)
{
    struct pruner *pruner = calloc(1, sizeof *pruner);
    if (!pruner)
        return ENGINE_NO_MEMORY;
    pruner->options = *options;
    pruner->soonest = INFINITY;
    pruner->best_end = -INFINITY;
    *out = pruner;
    return ENGINE_OK;
}

static void free_track(struct track *track)
{
    free(track->steps);
    free(track->points);
    free(track);
}

void pruner_free(struct pruner *pruner)
{
    if (!pruner)
        return;
    for (size_t i = 0; i < pruner->live_count; i++)
        free_track(pruner->live[i]);
    for (size_t i = 0; i < pruner->ended_count; i++)
        free_track(pruner->ended[i]);
    for (size_t i = 0; i < MAX_RUNGS; i++)
        free(pruner->rungs[i].values);
    free(pruner->live);
    free(pruner->ended);
    free(pruner);
}

/* The run's track, made at its first point; NULL: no memory. */
static struct track *track_of(struct pruner *pruner, int64_t run)
{
    for (size_t i = 0; i < pruner->live_count; i++)
        if (pruner->live[i]->run == run)
            return pruner->live[i];
    if (!array_grow(&pruner->live, pruner->live_count, &pruner->live_capacity,
                    sizeof *pruner->live))
        return NULL;
    struct track *track = calloc(1, sizeof *track);
    if (!track)
        return NULL;
    track->run = run;
    track->best = -INFINITY;
    track->stride = 1;
    pruner->live[pruner->live_count++] = track;
    return track;
}

/* --- median ------------------------------------------------------------------------- */

/* False where the run had no point yet with this much of the resource. */
static bool best_at(const struct track *track, double resource, double *accuracy)
{
    size_t low = 0, high = track->count; /* steps before `low` are within */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (track->steps[middle].resource <= resource)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return false;
    *accuracy = track->steps[low - 1].accuracy;
    return true;
}

/* Below the median means: more than half of the others had more. */
static bool is_below_median(const struct pruner *pruner, const struct track *track,
                            double resource)
{
    size_t others = 0, better = 0;
    double accuracy;
    for (size_t i = 0; i < pruner->ended_count; i++)
        if (best_at(pruner->ended[i], resource, &accuracy)) {
            others++;
            better += accuracy > track->best;
        }
    return others >= PRUNER_STARTUP && 2 * better > others;
}

/* --- asha --------------------------------------------------------------------------- */

/* Among the best of the rung, itself counted: one in PRUNER_ETA, at least one. */
static bool is_among_best(const struct rung *rung, double value)
{
    size_t better = 0, kept = rung->count / PRUNER_ETA;
    for (size_t i = 0; i < rung->count; i++)
        better += rung->values[i] > value;
    return better < (kept > 0 ? kept : 1);
}

static bool falls_at_rung(struct pruner *pruner, struct track *track, double resource)
{
    const struct pruner_options *options = &pruner->options;
    bool falls = false;
    while (track->next_rung < MAX_RUNGS && !falls &&
           resource >= options->first_rung * pow(PRUNER_ETA, (double)track->next_rung)) {
        struct rung *rung = &pruner->rungs[track->next_rung++];
        if (!array_grow(&rung->values, rung->count, &rung->capacity,
                        sizeof *rung->values))
            return false;
        rung->values[rung->count++] = track->best;
        falls = !is_among_best(rung, track->best);
    }
    return falls;
}

/* --- projection --------------------------------------------------------------------- */

/* False: no memory. */
static bool keep_point(struct track *track, const struct pruner_point *point)
{
    if (!track->points)
        track->points = malloc(MAX_POINTS * sizeof *track->points);
    if (!track->points)
        return false;
    if (track->point_count == MAX_POINTS) {
        for (size_t i = 0; i < MAX_POINTS / 2; i++)
            track->points[i] = track->points[2 * i];
        track->point_count = MAX_POINTS / 2;
        track->stride *= 2;
    }
    if (track->heard++ % track->stride == 0)
        track->points[track->point_count++] =
            (struct projection_point){point->seconds, point->accuracy};
    return true;
}

/* Seldom enough that projecting costs little beside training: whenever there are a
 * quarter more points than at the last time. */
static bool is_time_to_ask(struct track *track)
{
    if (track->heard < PROJECTION_LEAST || 4 * track->heard < 5 * track->asked)
        return false;
    track->asked = track->heard;
    return true;
}

/* Where time counts, a run must meet the target not much later than the soonest has;
 * where accuracy does, it must come to more than the best that has ended. */
static bool will_not_make_it(struct pruner *pruner, struct track *track,
                             const struct pruner_point *point)
{
    const struct goal *goal = &pruner->options.goal;
    bool for_time = goal->objective == OBJECTIVE_TIME_TO_TARGET;
    double horizon = fmin(point->end_seconds, goal->budget);
    double target = for_time ? goal->target : pruner->best_end;
    if (for_time)
        horizon = fmin(horizon, PRUNER_SLACK * pruner->soonest);
    if (for_time && point->seconds > horizon)
        return true;
    if (!keep_point(track, point) || !isfinite(horizon) || !isfinite(target) ||
        !is_time_to_ask(track))
        return false;
    struct projection projection;
    bool doubted = projection_make(track->points, track->point_count, target, horizon,
                                   &projection) &&
                   projection.chance < PRUNER_CHANCE;
    track->doubts = doubted ? track->doubts + 1 : 0;
    return track->doubts >= PRUNER_DOUBTS;
}

/* ------------------------------------------------------------------------------------ */

/* Brings the track up to date; false: no memory. */
static bool add_point(struct pruner *pruner, struct track *track,
                      const struct pruner_point *point, double resource)
{
    const struct goal *goal = &pruner->options.goal;
    if (!(point->accuracy > track->best))
        return true;
    track->best = point->accuracy;
    if (goal->objective == OBJECTIVE_TIME_TO_TARGET && point->accuracy >= goal->target) {
        track->best = INFINITY;
        pruner->soonest = fmin(pruner->soonest, point->seconds);
    }
    if (pruner->options.kind != PRUNER_MEDIAN)
        return true;
    if (!array_grow(&track->steps, track->count, &track->capacity, sizeof *track->steps))
        return false;
    track->steps[track->count++] = (struct step){resource, track->best};
    return true;
}

bool pruner_hear(struct pruner *pruner, int64_t run, const struct pruner_point *point)
{
    struct track *track = track_of(pruner, run);
    bool by_seconds = pruner->options.resource == PRUNER_SECONDS;
    double resource = by_seconds ? point->seconds : (double)point->samples;
    if (!track || !add_point(pruner, track, point, resource) || isinf(track->best))
        return false;
    switch (pruner->options.kind) {
    case PRUNER_NONE:
        break;
    case PRUNER_MEDIAN:
        return is_below_median(pruner, track, resource);
    case PRUNER_ASHA:
        return falls_at_rung(pruner, track, resource);
    case PRUNER_PROJECTION:
        return will_not_make_it(pruner, track, point);
    }
    return false;
}

/* Whether the ended run's track is to be kept. */
static bool keep(struct pruner *pruner, struct track *track)
{
    if (pruner->options.kind != PRUNER_MEDIAN ||
        !array_grow(&pruner->ended, pruner->ended_count, &pruner->ended_capacity,
                    sizeof *pruner->ended))
        return false;
    pruner->ended[pruner->ended_count++] = track;
    return true;
}

void pruner_end(struct pruner *pruner, int64_t run, bool pruned)
{
    for (size_t i = 0; i < pruner->live_count; i++) {
        struct track *track = pruner->live[i];
        if (track->run != run)
            continue;
        pruner->live[i] = pruner->live[--pruner->live_count];
        /* One that met the target stands first at every rung that it never saw. */
        if (pruner->options.kind == PRUNER_ASHA && isinf(track->best) && track->best > 0)
            falls_at_rung(pruner, track, INFINITY);
        if (!pruned)
            pruner->best_end = fmax(pruner->best_end, track->best);
        if (pruned || !keep(pruner, track))
            free_track(track);
        return;
    }
}
