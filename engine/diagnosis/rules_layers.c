/* Rules about layers and their units, from looks at the first and the last weights. */
#include <math.h>

#include "engine/diagnosis/rules.h"

/* Hidden layers of a look. */
static size_t hidden_count(const struct network_look *look)
{
    return look->layer_count - 1;
}

/* The look to judge units by: as they are now, or were at the start. */
static const struct network_look *latest(const struct evidence *evidence)
{
    return evidence->last ? evidence->last : evidence->first;
}

enum verdict check_units_alike(const struct evidence *evidence, struct finding *finding)
{
    const struct network_look *look = evidence->first;
    double alike[MLP_MAX_LAYERS];
    size_t worst = 0;
    for (size_t i = 0; i < hidden_count(look); i++) {
        alike[i] = 100 * look->layers[i].alike;
        if (!(alike[i] <= alike[worst]))
            worst = i;
    }
    if (hidden_count(look) == 0 || isnan(alike[worst]))
        return VERDICT_UNKNOWN;
    finding->measured = alike[worst];
    if (finding->measured < finding->rule->threshold)
        return VERDICT_OK;
    finding_say(finding,
                "All units of layer %zu begin with the same weights. They compute the "
                "same and get the same gradient, so they stay copies of one unit for "
                "ever; with all weights zero, hidden layers get no gradient at all.",
                worst + 1);
    chart_layers(finding, "Units that begin alike", "% of units", alike,
                 hidden_count(look));
    finding->fixed.init = INIT_TORCH;
    finding_fix(finding, "Draw the first weights at random: init torch");
    return VERDICT_FOUND;
}

/* The largest of a fraction over hidden layers, as a percentage; NaN: no layer has it. */
static double find_worst(const double *values, size_t count, size_t *worst)
{
    *worst = 0;
    for (size_t i = 1; i < count; i++)
        if (isnan(values[*worst]) || values[i] > values[*worst])
            *worst = i;
    return count ? values[*worst] : NAN;
}

enum verdict check_dead_relu(const struct evidence *evidence, struct finding *finding)
{
    const struct network_look *look = latest(evidence);
    double dead[MLP_MAX_LAYERS];
    size_t count = hidden_count(look), worst;
    for (size_t i = 0; i < count; i++)
        dead[i] = 100 * look->layers[i].dead;
    finding->measured = find_worst(dead, count, &worst);
    if (isnan(finding->measured))
        return VERDICT_UNKNOWN;
    if (finding->measured < finding->rule->threshold ||
        (finding->measured < 90 && facts_learns(evidence)))
        return VERDICT_OK;
    bool from_start = evidence->first->layers[worst].dead >= 0.5;
    if (finding->measured < 90 || facts_learns(evidence))
        finding->severity = SEVERITY_WARNING;
    finding_say(finding,
                "%.0f %% of the units of layer %zu give 0 for every sample%s. Where relu "
                "gives 0 its slope is 0, too: no gradient comes through, and a unit that "
                "is off for all samples never comes back.",
                finding->measured, worst + 1,
                from_start ? ", and did so before the first step" : "");
    chart_layers(finding, "Dead units", "% of units", dead, count);
    if (evidence->config->init_bias < 0) {
        finding->fixed.init_bias = 0;
        finding_fix(finding, "Start the hidden biases where init puts them: init_bias 0");
    } else if (!from_start) {
        finding->fixed.lr = facts_slower_rate(evidence->config);
        finding_fix(finding,
                    "Take shorter steps, so that units are not pushed off: lr %g",
                    finding->fixed.lr);
    } else {
        finding->fixed.init = INIT_HE;
        finding_fix(finding, "Start from weights made for relu: init he");
    }
    return VERDICT_FOUND;
}

/* A network that has learned may well be sure of itself. */
enum verdict check_saturated(const struct evidence *evidence, struct finding *finding)
{
    const struct network_look *look = latest(evidence);
    double saturated[MLP_MAX_LAYERS];
    size_t count = hidden_count(look), worst;
    for (size_t i = 0; i < count; i++)
        saturated[i] = 100 * look->layers[i].saturated;
    finding->measured = find_worst(saturated, count, &worst);
    if (isnan(finding->measured))
        return VERDICT_UNKNOWN;
    if (finding->measured < finding->rule->threshold || facts_learns(evidence))
        return VERDICT_OK;
    finding_say(finding,
                "%.0f %% of what layer %zu hands on lies at the ends of its activation. "
                "There the curve is level: its slope, and with it every gradient that "
                "must pass, is almost 0.",
                finding->measured, worst + 1);
    chart_layers(finding, "Saturated outputs", "% of outputs", saturated, count);
    if (evidence->first->layers[worst].saturated >= 0.5) {
        finding->fixed.init = INIT_XAVIER;
        finding_fix(finding, "Start from smaller weights: init xavier");
    } else {
        finding->fixed.lr = facts_slower_rate(evidence->config);
        finding_fix(finding, "Take shorter steps: lr %g", finding->fixed.lr);
    }
    return VERDICT_FOUND;
}

/* Gradient of the first layer's weights against that of the last one's, before the first
 * step; NaN where there is nothing between them, or nothing arrives for other reasons. */
static double first_against_last(const struct evidence *evidence, double *gradients)
{
    const struct network_look *look = evidence->first;
    for (size_t i = 0; i < look->layer_count; i++)
        gradients[i] = look->layers[i].gradient;
    if (look->layer_count < 3 || !(gradients[0] > 0))
        return NAN;
    return gradients[0] / gradients[look->layer_count - 1];
}

enum verdict check_vanishing(const struct evidence *evidence, struct finding *finding)
{
    double gradients[MLP_MAX_LAYERS];
    finding->measured = first_against_last(evidence, gradients);
    if (isnan(finding->measured))
        return VERDICT_UNKNOWN;
    if (finding->measured >= finding->rule->threshold || facts_learns(evidence))
        return VERDICT_OK;
    finding_say(
        finding,
        "On its way back through %zu layers the gradient all but dies out: the "
        "first layer gets %.1g of what the last one gets. Each layer multiplies it "
        "by its activation's slope (sigmoid: a quarter at most) and its weights.",
        facts_layer_count(evidence), finding->measured);
    chart_layers(finding, "Gradient of the weights before the first step",
                 "root mean square", gradients, facts_layer_count(evidence));
    finding->chart.log = true;
    finding->fixed.activation = ACTIVATION_RELU;
    finding->fixed.init = INIT_HE;
    finding_fix(finding, "Use relu with weights made for it: init he");
    return VERDICT_FOUND;
}

enum verdict check_exploding(const struct evidence *evidence, struct finding *finding)
{
    double gradients[MLP_MAX_LAYERS];
    finding->measured = first_against_last(evidence, gradients);
    if (isnan(finding->measured))
        return VERDICT_UNKNOWN;
    if (finding->measured <= finding->rule->threshold || facts_learns(evidence))
        return VERDICT_OK;
    finding_say(
        finding,
        "The gradient grows on its way back: the first layer gets %.3g times what "
        "the last one gets, so that no learning rate suits both.",
        finding->measured);
    chart_layers(finding, "Gradient of the weights before the first step",
                 "root mean square", gradients, facts_layer_count(evidence));
    finding->chart.log = true;
    finding->fixed.init = INIT_XAVIER;
    finding->fixed.grad_clip = 1;
    finding_fix(finding, "Start from smaller weights and clip the gradient at 1");
    return VERDICT_FOUND;
}

/* Forwards, too, each layer may shrink what differs between samples, until only biases
 * are left; the gradient of every weight shrinks with it, the last layer's as well. */
enum verdict check_fading_signal(const struct evidence *evidence, struct finding *finding)
{
    finding->measured = evidence->first->output_spread;
    if (isnan(finding->measured))
        return VERDICT_UNKNOWN;
    if (finding->measured >= finding->rule->threshold || facts_learns(evidence))
        return VERDICT_OK;
    bool relu = evidence->config->activation == ACTIVATION_RELU;
    finding_say(
        finding,
        "Before the first step the outputs differ between samples by only %.1g of "
        "their size: %zu layers, each shrinking a little, leave nothing of the "
        "input. What does not reach the outputs cannot be learned from.",
        finding->measured, facts_layer_count(evidence));
    finding->fixed.init = relu ? INIT_HE : INIT_XAVIER;
    if (finding->fixed.init != evidence->config->init)
        finding_fix(finding, "Start from weights that keep the signal's size: init %s",
                    relu ? "he" : "xavier");
    return VERDICT_FOUND;
}

enum verdict check_outputs_equal(const struct evidence *evidence, struct finding *finding)
{
    const struct data_look *data = evidence->data;
    if (!evidence->last || data->largest_share > 0.9 || facts_is_early(evidence))
        return VERDICT_UNKNOWN;
    finding->measured = 100 * evidence->last->leading_share;
    if (finding->measured < finding->rule->threshold)
        return VERDICT_OK;
    finding_say(
        finding,
        "The network gives the same answer for every sample: it has learned how "
        "frequent the classes are (the largest has %.0f %%) and nothing about the "
        "inputs. Look at what else is found here for the reason.",
        100 * data->largest_share);
    return VERDICT_FOUND;
}
