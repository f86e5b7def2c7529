#include "engine/search/trials.h"

#include <math.h>
#include <stdlib.h>

const char *objective_name(enum objective objective)
{
    static const char *const names[] = {
        [OBJECTIVE_TIME_TO_TARGET] = "time_to_target",
        [OBJECTIVE_ACCURACY_WITHIN] = "accuracy_within",
        [OBJECTIVE_BEST_ACCURACY] = "best_accuracy",
        [OBJECTIVE_FINAL_LOSS] = "final_loss",
    };
    return names[objective];
}

static bool is_within(const struct trial_step *step, const struct goal *goal)
{
    bool limited = goal->objective == OBJECTIVE_TIME_TO_TARGET ||
                   goal->objective == OBJECTIVE_ACCURACY_WITHIN;
    return !limited || step->seconds <= goal->budget;
}

/* The first step at the target; NULL: none. */
static const struct trial_step *find_hit(const struct trial *trial,
                                         const struct goal *goal)
{
    for (size_t i = 0; i < trial->count && is_within(&trial->steps[i], goal); i++)
        if (trial->steps[i].accuracy >= goal->target)
            return &trial->steps[i];
    return NULL;
}

/* The last step within the budget, and so the best; NULL: none. */
static const struct trial_step *find_best(const struct trial *trial,
                                          const struct goal *goal)
{
    const struct trial_step *best = NULL;
    for (size_t i = 0; i < trial->count && is_within(&trial->steps[i], goal); i++)
        best = &trial->steps[i];
    return best;
}

const struct trial_step *trial_counting_step(const struct trial *trial,
                                             const struct goal *goal)
{
    return goal->objective == OBJECTIVE_TIME_TO_TARGET ? find_hit(trial, goal)
                                                       : find_best(trial, goal);
}

struct score trial_score(const struct trial *trial, const struct goal *goal)
{
    bool for_time = goal->objective == OBJECTIVE_TIME_TO_TARGET;
    const struct trial_step *best = find_best(trial, goal);
    struct score score = {.counts =
                              trial->state != TRIAL_LIVE && trial->state != TRIAL_STOPPED,
                          .value = NAN,
                          .accuracy = best ? best->accuracy : NAN};
    const struct trial_step *hit = for_time ? find_hit(trial, goal) : NULL;
    if (hit)
        score.value = hit->seconds;
    else if (!for_time && trial->state == TRIAL_DONE)
        score.value =
            goal->objective == OBJECTIVE_FINAL_LOSS ? trial->final_loss : score.accuracy;
    score.reached = isfinite(score.value);
    score.counts = score.counts || score.reached;
    if (!score.reached)
        score.value = NAN;
    return score;
}

/* Of two numbers, the lower first; NaN behind all. */
static int compare_rising(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

int score_compare(const struct score *a, const struct score *b, enum objective objective)
{
    bool lower =
        objective == OBJECTIVE_TIME_TO_TARGET || objective == OBJECTIVE_FINAL_LOSS;
    if (a->counts != b->counts || !a->counts)
        return b->counts - a->counts;
    if (a->reached != b->reached)
        return b->reached - a->reached;
    if (!a->reached)
        return compare_rising(-a->accuracy, -b->accuracy);
    return lower ? compare_rising(a->value, b->value)
                 : compare_rising(-a->value, -b->value);
}

/* A score, and where it stood: for sorting that keeps the order of equals. */
struct placed {
    struct score score;
    enum objective objective;
    size_t place;
};

static int compare_placed(const void *a, const void *b)
{
    const struct placed *one = a, *two = b;
    int order = score_compare(&one->score, &two->score, one->objective);
    return order ? order : (one->place > two->place) - (one->place < two->place);
}

/* Of sorted scores, the first `counted` of which count. */
static struct score median_of(const struct placed *sorted, size_t counted)
{
    if (counted == 0)
        return (struct score){.value = NAN, .accuracy = NAN};
    const struct score *better = &sorted[(counted - 1) / 2].score;
    struct score median = sorted[counted / 2].score;
    if (median.reached && better->reached) {
        median.value = (better->value + median.value) / 2;
        median.accuracy = (better->accuracy + median.accuracy) / 2;
    }
    return median;
}

/* The scores with their places; NULL: no memory. */
static struct placed *place_scores(const struct score *scores, size_t count,
                                   enum objective objective)
{
    struct placed *placed = malloc((count + 1) * sizeof *placed);
    for (size_t i = 0; placed && i < count; i++)
        placed[i] = (struct placed){scores[i], objective, i};
    return placed;
}

static size_t sort_placed(struct placed *placed, size_t count)
{
    size_t counted = 0;
    qsort(placed, count, sizeof *placed, compare_placed);
    while (counted < count && placed[counted].score.counts)
        counted++;
    return counted;
}

bool scores_median(const struct score *scores, size_t count, enum objective objective,
                   struct score *median)
{
    struct placed *placed = place_scores(scores, count, objective);
    if (!placed)
        return false;
    *median = median_of(placed, sort_placed(placed, count));
    free(placed);
    return true;
}

static void count_trial(struct cell *cell, enum trial_state state,
                        const struct score *score)
{
    cell->trials++;
    cell->counted += score->counts;
    cell->live += state == TRIAL_LIVE;
    cell->pruned += state == TRIAL_PRUNED;
    cell->diverged += state == TRIAL_DIVERGED;
    cell->failed += state == TRIAL_FAILED;
    if (!score->reached)
        return;
    cell->low = cell->reached ? fmin(cell->low, score->value) : score->value;
    cell->high = cell->reached ? fmax(cell->high, score->value) : score->value;
    cell->reached++;
}

/* `placed` has the trials' scores, those of one cell side by side. */
static void find_medians(struct placed *placed, struct cell *cells, size_t cell_count)
{
    for (size_t i = 0; i < cell_count; i++) {
        size_t counted = sort_placed(placed, cells[i].trials);
        cells[i].score = median_of(placed, counted);
        placed += cells[i].trials;
    }
}

bool scores_losses(const struct score *scores, size_t count, enum objective objective,
                   double *losses)
{
    struct placed *placed = place_scores(scores, count, objective);
    if (!placed)
        return false;
    sort_placed(placed, count);
    for (size_t i = 0; i < count; i++) {
        bool tie = i > 0 &&
                   score_compare(&placed[i - 1].score, &placed[i].score, objective) == 0;
        double loss = tie ? losses[placed[i - 1].place] : (double)i;
        losses[placed[i].place] = placed[i].score.counts ? loss : NAN;
    }
    free(placed);
    return true;
}

static void rank_cells(struct placed *placed, enum objective objective,
                       struct cell *cells, size_t cell_count)
{
    for (size_t i = 0; i < cell_count; i++)
        placed[i] = (struct placed){cells[i].score, objective, i};
    size_t counted = sort_placed(placed, cell_count);
    for (size_t i = 0; i < counted; i++)
        cells[placed[i].place].rank = i + 1;
}

bool trials_sum_up(const struct trial *trials, size_t count, const struct goal *goal,
                   struct cell *cells, size_t cell_count)
{
    size_t room = count > cell_count ? count : cell_count;
    struct placed *placed = malloc((room + 1) * sizeof *placed);
    size_t *next = calloc(cell_count + 1, sizeof *next); /* free places of each cell */
    bool done = placed && next;
    for (size_t i = 0; done && i < cell_count; i++)
        cells[i] = (struct cell){.low = NAN, .high = NAN};
    for (size_t i = 0; done && i < count; i++)
        next[trials[i].cell + 1]++;
    for (size_t i = 0; done && i < cell_count; i++)
        next[i + 1] += next[i];
    for (size_t i = 0; done && i < count; i++) {
        size_t cell = trials[i].cell;
        struct score score = trial_score(&trials[i], goal);
        count_trial(&cells[cell], trials[i].state, &score);
        placed[next[cell]++] = (struct placed){score, goal->objective, i};
    }
    if (done) {
        find_medians(placed, cells, cell_count);
        rank_cells(placed, goal->objective, cells, cell_count);
    }
    free(placed);
    free(next);
    return done;
}
