/* Pruners: which live runs are not worth their time any more.
 *
 * All go by the best accuracy so far, whatever the objective; with time_to_target a run
 * that has met the target stands above every one that has not.
 *
 * A pruner hears of every point of every run of one search, in any order, and answers
 * whether the run should end. It compares runs at equal training seconds or samples,
 * never at equal epochs, which would favour small batches. Not thread-safe: the caller
 * locks. */
#ifndef ENGINE_SEARCH_PRUNER_H
#define ENGINE_SEARCH_PRUNER_H

#include "engine/search/trials.h"
#include "engine/status.h"

enum pruner_kind {
    PRUNER_NONE,
    PRUNER_MEDIAN,     /* worse than the median of the others at the same resource */
    PRUNER_ASHA,       /* asynchronous successive halving (Li et al. 2020): not among the
                          best of each rung */
    PRUNER_PROJECTION, /* will not reach the target in time (engine/search/projection.h)
                        */
};
const char *pruner_name(enum pruner_kind kind); /* "none", ... of the API */

enum pruner_resource { PRUNER_SECONDS, PRUNER_SAMPLES };

#define PRUNER_STARTUP 5    /* median: runs that must have ended before any is pruned */
#define PRUNER_ETA     4    /* asha: of each rung one in so many goes on */
#define PRUNER_CHANCE  0.05 /* projection: with less than this it will not make it */
#define PRUNER_DOUBTS  2    /* projection: so often in a row; one call in many errs */
#define PRUNER_SLACK   1.5  /* projection: so many times the soonest run's time is lost */

struct pruner_options {
    enum pruner_kind kind;
    enum pruner_resource resource; /* what median and asha compare at */
    double first_rung;             /* asha: of the resource; above 0 */
    struct goal goal;
};

/* A point of a live run. */
struct pruner_point {
    double seconds;
    int64_t samples;
    double accuracy;
    double end_seconds; /* when the run will have ended: its budget or its last epoch */
};

struct pruner;

ENGINE_MUST_CHECK enum engine_status pruner_new(const struct pruner_options *options,
                                                struct pruner **out);
void pruner_free(struct pruner *pruner);

/* The next point of `run`. True: prune it. Running out of memory prunes nothing. */
bool pruner_hear(struct pruner *pruner, int64_t run, const struct pruner_point *point);

/* `run` has ended. Only runs that were not pruned count for the median. */
void pruner_end(struct pruner *pruner, int64_t run, bool pruned);

#endif
