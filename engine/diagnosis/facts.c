/* What several rules ask of the evidence. */
#include <math.h>
#include <stdlib.h>

#include "engine/diagnosis/rules.h"

#define MOST_RATIOS   256
#define EARLY_SAMPLES 5000

/* The mean over the last eighth of the steps, and at least one bucket. */
static double last_loss(const struct evidence *evidence)
{
    double sum = 0, steps = 0;
    size_t taken = (evidence->step_count + 7) / 8;
    for (size_t i = evidence->step_count - taken; i < evidence->step_count; i++) {
        const struct step_bucket *bucket = &evidence->steps[i];
        double width = (double)(bucket->last_step - bucket->first_step + 1);
        sum += width * bucket->loss_mean;
        steps += width;
    }
    return sum / steps;
}

double facts_loss_left(const struct evidence *evidence)
{
    if (evidence->diverged)
        return INFINITY;
    if (evidence->step_count == 0 || !(evidence->first->loss > 0))
        return NAN;
    double left = last_loss(evidence) / evidence->first->loss;
    return isnan(left) ? INFINITY : left;
}

double facts_accuracy(const struct train_point *point)
{
    return isnan(point->val_accuracy) ? point->test_accuracy : point->val_accuracy;
}

static bool has_reached_target(const struct evidence *evidence)
{
    double target = evidence->config->target_accuracy;
    for (size_t i = 0; i < evidence->point_count && target > 0; i++)
        if (facts_accuracy(&evidence->points[i]) >= target)
            return true;
    return false;
}

bool facts_learns(const struct evidence *evidence)
{
    return !evidence->diverged &&
           (has_reached_target(evidence) || facts_loss_left(evidence) < 0.5);
}

bool facts_is_early(const struct evidence *evidence)
{
    const struct train_config *config = evidence->config;
    double planned = (double)config->epochs * (double)config_steps_per_epoch(config);
    return evidence->live && evidence->samples < EARLY_SAMPLES &&
           (double)evidence->step < planned / 2;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double facts_update_ratio(const struct evidence *evidence, size_t layer)
{
    double ratios[MOST_RATIOS];
    size_t count = 0;
    for (size_t i = 0; i < evidence->layer_count && count < MOST_RATIOS; i++)
        if (evidence->layers[i].layer == layer &&
            isfinite(evidence->layers[i].update_ratio))
            ratios[count++] = evidence->layers[i].update_ratio;
    if (count == 0)
        return NAN;
    qsort(ratios, count, sizeof *ratios, compare);
    return count % 2 ? ratios[count / 2]
                     : (ratios[count / 2 - 1] + ratios[count / 2]) / 2;
}

size_t facts_layer_count(const struct evidence *evidence)
{
    return evidence->first->layer_count;
}

double facts_round_rate(double rate)
{
    double power = pow(10, floor(log10(rate))), digits = rate / power;
    /* 0.99999: a rate of 0.1 divided by ten is still a one. */
    double step = digits >= 4.99999 ? 5 : digits >= 1.99999 ? 2 : 1;
    return step * power;
}

double facts_slower_rate(const struct train_config *config)
{
    double usual =
        config->optimizer == OPTIMIZER_SGD ? 0.1 * (1 - config->momentum) : 1e-3;
    return facts_round_rate(fmin(config->lr / 10, usual));
}
