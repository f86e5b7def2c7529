/* Rules about loss and accuracy. */
#include <math.h>
#include <stdlib.h>

#include "engine/diagnosis/rules.h"

#define LEAST_BUCKETS 8
#define MOST_POINTS   512

/* A network that knows nothing should give each of K classes 1/K: a loss of ln K. */
enum verdict check_initial_loss(const struct evidence *evidence, struct finding *finding)
{
    struct mlp_shape shape = config_shape(evidence->config);
    double expected = log((double)shape.outputs);
    if (shape.loss != LOSS_CROSS_ENTROPY || !isfinite(evidence->first->loss))
        return VERDICT_UNKNOWN;
    finding->measured = evidence->first->loss / expected;
    if (finding->measured < 10 || facts_learns(evidence))
        finding->severity = SEVERITY_WARNING;
    if (finding->measured <= finding->rule->threshold)
        return VERDICT_OK;
    finding_say(finding,
                "Before the first step the loss is %.3g; a network that knows nothing "
                "should have ln %zu = %.3f. It begins sure of itself and wrong, and must "
                "first unlearn that.",
                evidence->first->loss, shape.outputs, expected);
    chart_loss(evidence, finding);
    chart_mark(finding, expected, "ln %zu = %.3f", shape.outputs, expected);
    finding->fixed.init =
        evidence->config->activation == ACTIVATION_RELU ? INIT_HE : INIT_XAVIER;
    if (evidence->config->init != finding->fixed.init)
        finding_fix(finding, "Start from smaller weights: init %s",
                    finding->fixed.init == INIT_HE ? "he" : "xavier");
    return VERDICT_FOUND;
}

/* A line through the buckets' means by least squares: how many of its standard errors the
 * slope lies below zero. */
static double fall_in_errors(const struct step_bucket *steps, size_t count)
{
    double n = (double)count, x_mean = 0, y_mean = 0, xx = 0, xy = 0, rest = 0;
    for (size_t i = 0; i < count; i++) {
        x_mean += (double)steps[i].last_step / n;
        y_mean += steps[i].loss_mean / n;
    }
    for (size_t i = 0; i < count; i++) {
        double x = (double)steps[i].last_step - x_mean;
        xx += x * x;
        xy += x * (steps[i].loss_mean - y_mean);
    }
    for (size_t i = 0; i < count; i++) {
        double line = y_mean + xy / xx * ((double)steps[i].last_step - x_mean);
        rest += (steps[i].loss_mean - line) * (steps[i].loss_mean - line);
    }
    double error = sqrt(rest / (n - 2) / xx);
    return error > 0 ? -xy / xx / error : 0;
}

/* Flat is what a run that still has everything to learn must not be. */
enum verdict check_loss_flat(const struct evidence *evidence, struct finding *finding)
{
    if (evidence->step_count < LEAST_BUCKETS || evidence->diverged ||
        facts_is_early(evidence))
        return VERDICT_UNKNOWN;
    double left = facts_loss_left(evidence);
    finding->measured = fall_in_errors(evidence->steps, evidence->step_count);
    if (isnan(finding->measured) || isnan(left))
        return VERDICT_UNKNOWN;
    if (finding->measured >= finding->rule->threshold || facts_learns(evidence))
        return VERDICT_OK;
    finding_say(finding,
                "After %lld steps the loss is at %.0f %% of its start. Its slope is %.1f "
                "standard errors below level; from 3 on it would be more than noise.",
                (long long)evidence->step, 100 * left, finding->measured);
    chart_loss(evidence, finding);
    return VERDICT_FOUND;
}

struct over_fit {
    double gap;  /* training accuracy above that on unseen samples */
    double rise; /* of the loss on unseen samples above its lowest */
    const struct train_point *best;
};

static double unseen_loss(const struct train_point *point)
{
    return isnan(point->val_loss) ? point->test_loss : point->val_loss;
}

static struct over_fit measure_over_fit(const struct evidence *evidence)
{
    const struct train_point *points = evidence->points;
    const struct train_point *last = &points[evidence->point_count - 1];
    struct over_fit fit = {.best = points};
    for (size_t i = 1; i < evidence->point_count; i++)
        if (unseen_loss(&points[i]) < unseen_loss(fit.best))
            fit.best = &points[i];
    fit.gap = last->train_accuracy - facts_accuracy(last);
    fit.rise = unseen_loss(last) / unseen_loss(fit.best);
    return fit;
}

static void chart_over_fit(const struct evidence *evidence, struct finding *finding)
{
    double steps[MOST_POINTS], seen[MOST_POINTS], unseen[MOST_POINTS];
    size_t count =
        evidence->point_count < MOST_POINTS ? evidence->point_count : MOST_POINTS;
    for (size_t i = 0; i < count; i++) {
        steps[i] = (double)evidence->points[i].step;
        seen[i] = evidence->points[i].train_loss;
        unseen[i] = unseen_loss(&evidence->points[i]);
    }
    finding->chart = (struct chart){.kind = CHART_LINE,
                                    .title = "Loss on seen and unseen samples",
                                    .x_title = "step",
                                    .y_title = "loss"};
    chart_add(&finding->chart, "training", steps, seen, count);
    chart_add(&finding->chart, "unseen", steps, unseen, count);
    finding->has_chart = true;
}

enum verdict check_overfitting(const struct evidence *evidence, struct finding *finding)
{
    if (evidence->point_count < 3)
        return VERDICT_UNKNOWN;
    struct over_fit fit = measure_over_fit(evidence);
    if (!isfinite(fit.gap) || !isfinite(fit.rise))
        return VERDICT_UNKNOWN;
    finding->measured = 100 * fit.gap;
    finding->severity = SEVERITY_WARNING;
    if (finding->measured <= finding->rule->threshold || fit.rise < 1.1)
        return VERDICT_OK;
    finding_say(finding,
                "Training accuracy is %.1f points above that on unseen samples, and the "
                "unseen loss has risen to %.2f times its lowest, at epoch %.3g: since "
                "then the network has learned samples by heart.",
                finding->measured, fit.rise, fit.best->epoch);
    chart_over_fit(evidence, finding);
    finding->fixed.patience = 3;
    if (evidence->config->weight_decay == 0)
        finding->fixed.weight_decay = 1e-4;
    finding_fix(finding, "Stop after 3 points without a new best, and pull weights back");
    return VERDICT_FOUND;
}

/* Its chance by the projection: at its planned end while it is live, else had it gone on
 * for four times as long. */
enum verdict check_target_out_of_reach(const struct evidence *evidence,
                                       struct finding *finding)
{
    struct projection projection;
    double target = evidence->config->target_accuracy;
    size_t count = evidence->point_count;
    if (!(target > 0) || count == 0 || evidence->step == 0)
        return VERDICT_UNKNOWN;
    double spent = evidence->points[count - 1].train_seconds;
    int64_t planned = evidence->config->epochs * config_steps_per_epoch(evidence->config);
    double horizon =
        evidence->live ? spent * (double)planned / (double)evidence->step : 4 * spent;
    struct projection_point *points = malloc(count * sizeof *points);
    for (size_t i = 0; points && i < count; i++)
        points[i] = (struct projection_point){evidence->points[i].train_seconds,
                                              facts_accuracy(&evidence->points[i])};
    bool made = points && projection_make(points, count, target, horizon, &projection);
    free(points);
    if (!made)
        return VERDICT_UNKNOWN;
    finding->measured = projection.reached ? 100 : 100 * projection.chance;
    finding->severity = SEVERITY_WARNING;
    if (finding->measured >= finding->rule->threshold)
        return VERDICT_OK;
    finding_say(finding,
                "The target of %.4g %% is beyond reach: the curve levels off at %.1f %% "
                "(80 %% of outcomes: %.1f to %.1f %%) %s.",
                100 * target, 100 * projection.level, 100 * projection.level_low,
                100 * projection.level_high,
                evidence->live ? "by its planned end" : "even after four times the time");
    return VERDICT_FOUND;
}
