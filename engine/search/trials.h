/* What runs of a search came to, and which is better.
 *
 * A trial is one run; a cell is one setting, tried under several seeds: one trial each.
 * What counts of a run is its staircase: the points at which its accuracy was higher than
 * at any before. From staircases alone every goal can be judged again for another target
 * or budget, here and on the page (web/src/logic/trials.js): both are held to the same
 * cases, tests/golden/trial_cases.json. */
#ifndef ENGINE_SEARCH_TRIALS_H
#define ENGINE_SEARCH_TRIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum objective {
    OBJECTIVE_TIME_TO_TARGET,  /* seconds to the target accuracy; lower is better */
    OBJECTIVE_ACCURACY_WITHIN, /* the best accuracy within the budget; higher */
    OBJECTIVE_BEST_ACCURACY,   /* the best accuracy at all; higher */
    OBJECTIVE_FINAL_LOSS,      /* the loss at the last point; lower */
};
const char *objective_name(enum objective objective); /* "time_to_target", ... */

struct goal {
    enum objective objective;
    double target; /* accuracy, 0 .. 1 */
    double budget; /* seconds of training; INFINITY: none */
};

enum trial_state {
    TRIAL_LIVE, /* queued, running or paused */
    TRIAL_DONE,
    TRIAL_PRUNED,
    TRIAL_STOPPED, /* by its owner: says nothing of its setting */
    TRIAL_DIVERGED,
    TRIAL_FAILED,
};

struct trial_step {
    double seconds; /* of training, by the search's clock */
    double accuracy;
    int64_t samples, step;
};

struct trial {
    size_t cell;
    enum trial_state state;
    double final_loss;              /* NaN: none */
    const struct trial_step *steps; /* rising in seconds and in accuracy */
    size_t count;
};

/* How well a trial or a cell did. */
struct score {
    bool counts;     /* false: nothing can be said (yet) */
    bool reached;    /* it has a value; else it ranks behind all that have, by accuracy */
    double value;    /* as the objective has it; NaN unless reached */
    double accuracy; /* the best within the budget; NaN: none */
};

/* time_to_target: the first step at or above the target, if not beyond the budget. Live
 * trials count once they have reached it, and stopped ones too. For the other objectives
 * a trial has a value when it is done (accuracy_within: a step within the budget;
 * final_loss: a finite loss); pruned, diverged and failed ones have none. The budget says
 * nothing to best_accuracy and final_loss. */
struct score trial_score(const struct trial *trial, const struct goal *goal);

/* The step at which a trial did what the goal asks for: the first at the target, or its
 * best within the budget. NULL: none. */
const struct trial_step *trial_counting_step(const struct trial *trial,
                                             const struct goal *goal);

/* < 0 if `a` is better, > 0 if `b` is, 0 if there is nothing between them. Those that do
 * not count come last. */
int score_compare(const struct score *a, const struct score *b, enum objective objective);

/* The median of the scores that count: of an even number the mean of the middle two where
 * both are reached, else the worse of them. False: no memory. */
bool scores_median(const struct score *scores, size_t count, enum objective objective,
                   struct score *median);

/* Scores as losses, of which only the order counts: equal ones have one loss, and those
 * that do not count NaN. False: no memory. */
bool scores_losses(const struct score *scores, size_t count, enum objective objective,
                   double *losses);

struct cell {
    struct score score; /* the median trial */
    double low, high;   /* least and greatest value of those reached; NaN: none */
    size_t trials, counted, reached, live, pruned, diverged, failed;
    size_t rank; /* 1: the best; cells with equal scores stand in their order; 0: does not
                    count */
};

/* Sums `count` trials up into `cells` (cell_count of them, overwritten), and ranks them.
 * False: no memory. */
bool trials_sum_up(const struct trial *trials, size_t count, const struct goal *goal,
                   struct cell *cells, size_t cell_count);

#endif
