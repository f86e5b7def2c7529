/* Rules about the data: labels, inputs, the order and the number of samples. */
#include <math.h>

#include "engine/diagnosis/rules.h"

enum verdict check_labels_constant(const struct evidence *evidence,
                                   struct finding *finding)
{
    finding->measured = (double)evidence->data->classes;
    if (finding->measured >= finding->rule->threshold)
        return VERDICT_OK;
    finding_say(finding,
                "Every training sample has the same label. The network learns to say "
                "that one always, whatever it is shown; the loss falls and the test "
                "accuracy stays at that class's share.");
    if (evidence->config->labels != LABELS_TRUE) {
        finding->fixed.labels = LABELS_TRUE;
        finding_fix(finding, "Train on the true labels");
    }
    return VERDICT_FOUND;
}

/* Where one class has nearly all samples, neighbours agree by chance. */
enum verdict check_labels_permuted(const struct evidence *evidence,
                                   struct finding *finding)
{
    const struct data_look *data = evidence->data;
    double above = data->neighbour_agreement - data->chance_agreement;
    if (data->classes < 2 || data->chance_agreement > 0.8)
        return VERDICT_UNKNOWN;
    finding->measured = above / data->agreement_error;
    if (finding->measured >= finding->rule->threshold)
        return VERDICT_OK;
    finding_say(
        finding,
        "Samples that look alike have different labels: nearest neighbours share "
        "a label in %.0f %% of cases, chance gives %.0f %%. Labels and inputs have "
        "probably lost their order, so that there is nothing to learn but each "
        "sample by heart.",
        100 * data->neighbour_agreement, 100 * data->chance_agreement);
    if (evidence->config->labels != LABELS_TRUE) {
        finding->fixed.labels = LABELS_TRUE;
        finding_fix(finding, "Train on the true labels");
    }
    return VERDICT_FOUND;
}

enum verdict check_inputs_unscaled(const struct evidence *evidence,
                                   struct finding *finding)
{
    finding->measured = evidence->data->largest_input;
    if (finding->measured <= finding->rule->threshold)
        return VERDICT_OK;
    finding_say(finding,
                "Inputs go up to %.4g. A weight's gradient is proportional to its input, "
                "so the first layer takes steps far too long while all other layers take "
                "short ones. Networks are made for inputs of about -1 to 1.",
                finding->measured);
    if (evidence->config->inputs == INPUTS_RAW) {
        finding->fixed.inputs = INPUTS_SCALED;
        finding_fix(finding, "Divide pixels by 255: inputs scaled");
    }
    return VERDICT_FOUND;
}

enum verdict check_unshuffled(const struct evidence *evidence, struct finding *finding)
{
    const struct data_look *data = evidence->data;
    double numbers[DATA_LOOK_BATCHES];
    if (data->classes < 2 || data->shuffled_batch_classes < 1.5)
        return VERDICT_UNKNOWN; /* batches of one sample have one class each */
    finding->measured = data->mean_batch_classes / data->shuffled_batch_classes;
    if (finding->measured >= finding->rule->threshold)
        return VERDICT_OK;
    for (size_t i = 0; i < data->batch_count; i++)
        numbers[i] = (double)(i + 1);
    finding_say(finding,
                "A batch holds %.1f different classes on average; shuffled it would hold "
                "%.1f. Each stretch of training teaches one class and unlearns the "
                "others: the loss looks excellent within a class and jumps at its end.",
                data->mean_batch_classes, data->shuffled_batch_classes);
    finding->chart = (struct chart){.kind = CHART_BARS,
                                    .title = "Classes in each of the first batches",
                                    .x_title = "batch",
                                    .y_title = "classes"};
    chart_add(&finding->chart, "classes", numbers, data->batch_classes,
              data->batch_count);
    chart_mark(finding, data->shuffled_batch_classes, "if shuffled: %.1f",
               data->shuffled_batch_classes);
    finding->has_chart = true;
    finding->fixed.batching = BATCHING_SHUFFLED;
    finding_fix(finding, "Shuffle the samples each epoch");
    return VERDICT_FOUND;
}

/* Samples that the run will have trained on by its planned end, or did by its end. */
static double samples_in_all(const struct evidence *evidence)
{
    const struct train_config *config = evidence->config;
    int64_t count = config_train_count(config);
    int64_t batch = config->batch_size < count ? config->batch_size : count;
    int64_t epoch = config->batching == BATCHING_ONE_BATCH ? batch : count;
    double planned = (double)config->epochs * (double)epoch;
    return evidence->live ? planned : (double)evidence->samples;
}

/* A run that got where it wanted did not need more. */
static bool is_content(const struct evidence *evidence)
{
    double wanted = evidence->config->target_accuracy;
    wanted = wanted > 0 ? wanted : 0.9;
    for (size_t i = 0; i < evidence->point_count; i++)
        if (facts_accuracy(&evidence->points[i]) >= wanted)
            return true;
    return false;
}

enum verdict check_too_few_samples(const struct evidence *evidence,
                                   struct finding *finding)
{
    const struct train_config *config = evidence->config;
    double all = (double)config_train_count(config), seen = samples_in_all(evidence);
    if (evidence->point_count == 0 || evidence->diverged)
        return VERDICT_UNKNOWN;
    finding->measured = 100 * seen / all;
    if (finding->measured >= finding->rule->threshold || is_content(evidence))
        return VERDICT_OK;
    bool one = config->batching == BATCHING_ONE_BATCH;
    finding_say(finding,
                "%lld epochs %s %.0f of %.0f samples%s. Every step was a fair one; there "
                "were just too few of them to get anywhere.",
                (long long)config->epochs, evidence->live ? "will see" : "saw", seen, all,
                one ? ", because each epoch is a single batch" : "");
    chart_loss(evidence, finding);
    if (one) {
        finding->fixed.batching = BATCHING_SHUFFLED;
        finding->fixed.epochs = config->epochs < 5 ? config->epochs : 5;
        finding->fixed.eval_every = 0;
        finding_fix(finding, "Let an epoch go through all samples, %lld times",
                    (long long)finding->fixed.epochs);
    } else if (!config->time_budget_s) {
        finding_fix(finding, "Train for the whole of its epochs");
        finding->fixed.patience = 0;
    }
    return VERDICT_FOUND;
}
