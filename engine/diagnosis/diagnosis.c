#include "engine/diagnosis/diagnosis.h"

#include <math.h>
#include <stdlib.h>

#include "engine/diagnosis/rules.h"

/* The rules, cause before symptom. */
static const struct rule {
    rule_check check;
    struct rule_info info;
} rules[] = {
    {check_labels_constant,
     {"labels_constant", "All training labels are the same",
      "Training labels are not all the same", "classes among the training labels", "",
      "fewer than two classes", 2}                                                  },
    {check_labels_permuted,
     {"labels_permuted", "Labels do not go with the inputs", "Labels go with the inputs",
      "nearest neighbours' agreement above chance", "standard errors",
      "fewer than 3 standard errors", 3}                                            },
    {check_inputs_unscaled,
     {"inputs_unscaled", "The inputs are not scaled", "Inputs are scaled",
      "largest input", "", "above 10", 10}                                          },
    {check_unshuffled,
     {"unshuffled", "The samples are not shuffled", "Batches mix the classes",
      "classes in a batch against shuffled ones", "x", "below 0.7 times", 0.7}      },
    {check_units_alike,
     {"units_alike", "All units are copies of one", "Units begin different",
      "units that begin with the same weights", "%", "all of a layer", 100}         },
    {check_initial_loss,
     {"initial_loss", "It begins sure and wrong", "The first loss is that of a guess",
      "first loss against ln K", "x", "above 1.5 times", 1.5}                       },
    {check_lr_too_high,
     {"lr_too_high", "The learning rate is too high", "The learning rate is not too high",
      "highest loss against the first", "x", "above 3 times, and it has not come back",
      3}                                                                            },
    {check_dead_relu,
     {"dead_relu", "Relu units are dead", "Relu units are alive", "dead units", "%",
      "50 % or more of a layer", 50}                                                },
    {check_saturated,
     {"saturated", "Units are saturated", "Units are not saturated", "saturated outputs",
      "%", "50 % or more of a layer, with nothing learned", 50}                     },
    {check_vanishing,
     {"vanishing_gradient", "The gradient vanishes", "The gradient does not vanish",
      "first layer's gradient against the last", "x",
      "below 0.001 times, with nothing learned", 1e-3}                              },
    {check_exploding,
     {"exploding_gradient", "The gradient explodes", "The gradient does not explode",
      "first layer's gradient against the last", "x",
      "above 1,000 times, with nothing learned", 1e3}                               },
    {check_fading_signal,
     {"fading_signal", "The signal fades on its way through",
      "The signal comes through to the outputs",
      "how much outputs differ between samples, before the first step", "x their size",
      "below 0.01 times, with nothing learned", 0.01}                               },
    {check_too_few_samples,
     {"too_few_samples", "It has seen too few samples", "It sees every sample",
      "samples trained on, of one pass", "%",
      "less than one pass, and short of its target (or 90 %)", 100}                 },
    {check_lr_too_low,
     {"lr_too_low", "The learning rate is too low", "The learning rate is not too low",
      "largest update ratio", "",
      "below 0.0001 (0.001 with 90 % of the loss left), with nothing learned", 1e-4}},
    {check_update_ratio,
     {"update_ratio", "A layer moves too fast or too slowly",
      "Layers move at a healthy pace", "update ratio furthest off", "",
      "outside 0.0001 .. 0.01, with nothing learned", 1e-3}                         },
    {check_outputs_equal,
     {"outputs_equal", "It gives the same answer to everything",
      "Answers differ from sample to sample", "samples that get the most frequent answer",
      "%", "99 % or more", 99}                                                      },
    {check_loss_flat,
     {"loss_flat", "The loss does not move", "The loss falls", "slope below level",
      "standard errors", "below 3, with nothing learned", 3}                        },
    {check_overfitting,
     {"overfitting", "It learns by heart", "It does not learn by heart",
      "training accuracy above that on unseen samples", "points",
      "above 5, with the unseen loss 10 % past its lowest", 5}                      },
    {check_target_out_of_reach,
     {"target_out_of_reach", "The target is out of reach", "The target is within reach",
      "chance to reach the target", "%", "below 10 %", 10}                          },
};

#define RULE_COUNT (sizeof rules / sizeof *rules)
_Static_assert(RULE_COUNT <= DIAGNOSIS_MAX_RULES, "there is room for every rule");

static void judge(const struct rule *rule, const struct evidence *evidence,
                  struct diagnosis *diagnosis)
{
    struct finding *finding = &diagnosis->findings[diagnosis->finding_count];
    finding->rule = &rule->info;
    finding->severity = SEVERITY_CRITICAL;
    finding->measured = NAN;
    finding->fixed = *evidence->config;
    enum verdict verdict = rule->check(evidence, finding);
    diagnosis->checks[diagnosis->check_count++] = (struct check){
        &rule->info, verdict, verdict == VERDICT_UNKNOWN ? NAN : finding->measured};
    if (verdict == VERDICT_FOUND)
        diagnosis->finding_count++;
    else
        *finding = (struct finding){.rule = NULL};
}

/* Critical ones first; otherwise the rules' order stays. */
static void sort_findings(struct diagnosis *diagnosis)
{
    struct finding *findings = diagnosis->findings;
    for (size_t i = 1; i < diagnosis->finding_count; i++)
        for (size_t j = i; j > 0 && findings[j].severity < findings[j - 1].severity;
             j--) {
            struct finding kept = findings[j];
            findings[j] = findings[j - 1];
            findings[j - 1] = kept;
        }
}

struct diagnosis *diagnosis_make(const struct evidence *evidence)
{
    struct diagnosis *diagnosis = calloc(1, sizeof *diagnosis);
    if (diagnosis == NULL)
        return NULL;
    for (size_t i = 0; i < RULE_COUNT; i++)
        judge(&rules[i], evidence, diagnosis);
    sort_findings(diagnosis);
    return diagnosis;
}

const char *severity_name(enum severity severity)
{
    static const char *const names[] = {
        [SEVERITY_CRITICAL] = "critical", [SEVERITY_WARNING] = "warning"};
    return names[severity];
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_OK] = "ok", [VERDICT_FOUND] = "found", [VERDICT_UNKNOWN] = "unknown"};
    return names[verdict];
}

/* Small networks on points in the plane need thousands of steps, and a thousand of theirs
 * take no longer than one of a large one. */
static int64_t steps_for(const struct train_config *config)
{
    double work = 6 * (double)config_parameter_count(config) * (double)config->batch_size;
    return (int64_t)fmax(200, fmin(5000, 1e10 / work));
}

struct train_config diagnosis_one_batch(const struct train_config *config)
{
    struct train_config batch = *config;
    int64_t count = config_train_count(config);
    batch.train_samples = config->batch_size < count ? config->batch_size : count;
    if (batch.train_samples > 64)
        batch.train_samples = 64;
    if (batch.train_samples < 8)
        batch.train_samples = count < 8 ? count : 8;
    batch.test_samples = batch.train_samples;
    batch.batch_size = batch.train_samples;
    batch.validation_samples = 0;
    batch.test_at = TEST_AT_POINTS;
    batch.batching = BATCHING_SEQUENTIAL;
    batch.epochs = steps_for(&batch);
    batch.eval_every = batch.epochs / 50;
    batch.dropout = batch.weight_decay = 0;
    batch.schedule = SCHEDULE_CONSTANT;
    batch.warmup_steps = 0;
    batch.target_accuracy = batch.time_budget_s = 0;
    batch.stop_at_target = false;
    batch.patience = 0;
    return batch;
}
