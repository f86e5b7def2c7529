/* Rules about the size of the steps. */
#include <math.h>

#include "engine/diagnosis/rules.h"

#define AIM          1e-3 /* of the update ratio */
#define MOST_SPEEDUP 1000.0
/* A single small batch may be an unlucky one. */
#define LEAST_SAMPLES 64

/* The highest loss over stretches of at least LEAST_SAMPLES samples, and where. */
static double highest_loss(const struct evidence *evidence, int64_t *step)
{
    double highest = -INFINITY, sum = 0, steps = 0;
    int64_t begin = 0;
    for (size_t i = 0; i < evidence->step_count; i++) {
        const struct step_bucket *bucket = &evidence->steps[i];
        double width = (double)(bucket->last_step - bucket->first_step + 1);
        begin = steps > 0 ? begin : bucket->first_step;
        sum += width * bucket->loss_mean;
        steps += width;
        if (steps * (double)evidence->config->batch_size < LEAST_SAMPLES)
            continue;
        if (sum / steps > highest) {
            highest = sum / steps;
            *step = begin;
        }
        sum = steps = 0;
    }
    return highest;
}

/* The largest of the layers' update ratios; NaN: none is known. */
static double largest_ratio(const struct evidence *evidence)
{
    double largest = NAN;
    for (size_t i = 0; i < facts_layer_count(evidence); i++)
        largest = fmax(largest, facts_update_ratio(evidence, i));
    return largest;
}

static void suggest_slower(const struct evidence *evidence, struct finding *finding)
{
    finding->fixed.lr = facts_slower_rate(evidence->config);
    finding_fix(finding, "Take shorter steps: lr %g", finding->fixed.lr);
}

/* Steps so long that a spike of the loss was no accident: it never came down again. */
enum verdict check_lr_too_high(const struct evidence *evidence, struct finding *finding)
{
    int64_t step = 0;
    double highest = highest_loss(evidence, &step);
    if (!(evidence->first->loss > 0) ||
        (evidence->step_count == 0 && !evidence->diverged))
        return VERDICT_UNKNOWN;
    finding->measured = evidence->diverged ? INFINITY : highest / evidence->first->loss;
    bool rose = facts_loss_left(evidence) > 1.5;
    if ((finding->measured <= finding->rule->threshold && !rose) ||
        facts_learns(evidence))
        return VERDICT_OK;
    chart_loss(evidence, finding);
    finding->chart.log = true;
    if (evidence->diverged)
        finding_say(finding,
                    "The loss was no number any more after step %lld: each step leapt "
                    "over the valley and landed higher than before, until the numbers "
                    "grew too large.",
                    (long long)evidence->step);
    else
        finding_say(finding,
                    "The loss rose to %.3g times its start around step %lld and has not "
                    "come back: a step of lr %g goes past the valley and lands higher on "
                    "the other side.",
                    finding->measured, (long long)step, evidence->config->lr);
    suggest_slower(evidence, finding);
    return VERDICT_FOUND;
}

/* Every layer moves too little, though there is a gradient to follow. */
enum verdict check_lr_too_low(const struct evidence *evidence, struct finding *finding)
{
    double ratios[MLP_MAX_LAYERS];
    size_t count = facts_layer_count(evidence);
    for (size_t i = 0; i < count; i++)
        ratios[i] = facts_update_ratio(evidence, i);
    finding->measured = largest_ratio(evidence);
    if (isnan(finding->measured) || facts_is_early(evidence))
        return VERDICT_UNKNOWN;
    /* A loss that has hardly moved may have been given too short steps of a fair size. */
    double limit = facts_loss_left(evidence) > 0.9 ? AIM : finding->rule->threshold;
    if (finding->measured >= limit || finding->measured == 0 || facts_learns(evidence))
        return VERDICT_OK;
    double factor = fmin(MOST_SPEEDUP, fmax(10, AIM / finding->measured));
    finding_say(
        finding,
        "A step changes the weights by one part in %.0f of their size at most; one "
        "in 1,000 is a good pace. The gradient points the right way, but at this "
        "rate it takes some %.0f times as many steps.",
        1 / finding->measured, AIM / finding->measured);
    chart_layers(finding, "Update ratio", "update ratio", ratios, count);
    finding->chart.log = true;
    chart_mark(finding, 1e-4, "too small below 0.0001");
    chart_mark(finding, AIM, "aim: 0.001");
    finding->fixed.lr = facts_round_rate(fmin(1000, evidence->config->lr * factor));
    finding_fix(finding, "Take longer steps: lr %g", finding->fixed.lr);
    return VERDICT_FOUND;
}

/* How many times a ratio lies outside 1e-4 .. 1e-2; 1 and less: inside. */
static double outside(double ratio)
{
    if (isnan(ratio))
        return NAN;
    return ratio < AIM ? 0.1 * AIM / ratio : ratio / (10 * AIM);
}

enum verdict check_update_ratio(const struct evidence *evidence, struct finding *finding)
{
    double ratios[MLP_MAX_LAYERS] = {NAN}, worst = NAN;
    size_t count = facts_layer_count(evidence), layer = 0;
    for (size_t i = 0; i < count; i++) {
        ratios[i] = facts_update_ratio(evidence, i);
        if (isnan(worst) || outside(ratios[i]) > worst) {
            worst = outside(ratios[i]);
            layer = i;
        }
    }
    if (isnan(worst) || facts_is_early(evidence))
        return VERDICT_UNKNOWN;
    finding->measured = ratios[layer];
    finding->severity = SEVERITY_WARNING;
    if (worst <= 1 || facts_learns(evidence))
        return VERDICT_OK;
    finding_say(
        finding,
        "A step changes layer %zu's weights by %.3g %% of their size; between 0.01 and "
        "1 %% is healthy, 0.1 %% a good aim. %s",
        layer + 1, 100 * ratios[layer],
        ratios[layer] > AIM ? "It forgets what it knew at every step."
                            : "It hardly moves.");
    if (largest_ratio(evidence) > 0) {
        chart_layers(finding, "Update ratio", "update ratio", ratios, count);
        finding->chart.log = true;
        chart_mark(finding, 1e-4, "too small below 0.0001");
        chart_mark(finding, 1e-2, "too large above 0.01");
    }
    return VERDICT_FOUND;
}
