#include "engine/train/mistakes.h"

#include <math.h>
#include <stdlib.h>

#include "engine/autograd/labels.h"

/* What all functions here work on. */
struct judge {
    struct mlp *mlp;
    size_t max_rows, outputs;
    const struct dataset_split *split;
    struct mistake *samples; /* (count): in the split's order until they are sorted */
    uint32_t *rows;          /* (max_rows) */
    uint8_t *labels;         /* (max_rows) */
};

/* Loss of one row of outputs, by the formulas of cross_entropy.c and margin_losses.c. */
static double row_loss(enum loss loss, const float *x, size_t columns, size_t label)
{
    double sum = 0, top = x[label_of_row(x, columns, 0)];
    for (size_t c = 0; c < columns; c++) {
        bool on = label_is_on(c, columns, label);
        double error = (double)x[c] - on, lack = 1 - (on ? 1 : -1) * (double)x[c];
        switch (loss) {
        case LOSS_CROSS_ENTROPY:
            sum += exp((double)x[c] - top);
            break;
        case LOSS_MSE:
            sum += error * error;
            break;
        case LOSS_HINGE:
            sum += lack < 0 ? 0 : lack;
            break;
        }
    }
    if (loss == LOSS_CROSS_ENTROPY)
        return log(sum) - ((double)x[label] - top);
    return sum / (double)columns;
}

/* The outputs of judge->rows[0..count), whose labels go to judge->labels. The one place
 * that turns samples into what the model takes. */
static const float *answer(struct judge *judge, size_t count)
{
    dataset_gather(judge->split, mlp_layer(judge->mlp, 0)->inputs, judge->rows, count,
                   mlp_inputs(judge->mlp), judge->labels);
    return mlp_forward(judge->mlp, count);
}

/* Judges samples first .. first + count of the split. */
static void judge_batch(struct judge *judge, size_t first, size_t count)
{
    for (size_t i = 0; i < count; i++)
        judge->rows[i] = (uint32_t)(first + i);
    const float *outputs = answer(judge, count);
    for (size_t i = 0; i < count; i++) {
        const float *row = outputs + i * judge->outputs;
        judge->samples[first + i] = (struct mistake){
            .index = judge->rows[i],
            .label = judge->labels[i],
            .predicted = (uint8_t)mlp_label(judge->mlp, row),
            .loss = row_loss(mlp_loss(judge->mlp), row, judge->outputs, judge->labels[i]),
        };
    }
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void judge_all(struct judge *judge, size_t count)
{
    for (size_t done = 0, part; done < count; done += part) {
        part = smaller(count - done, judge->max_rows);
        judge_batch(judge, done, part);
    }
}

static void count_all(const struct mistake *samples, struct mistakes *out)
{
    for (size_t i = 0; i < out->count; i++) {
        out->correct += samples[i].label == samples[i].predicted;
        out->confusion[samples[i].label * out->classes + samples[i].predicted]++;
    }
}

static bool fits(const struct mistake *sample, const struct mistakes_question *question)
{
    bool by_label = question->actual != MISTAKES_ANY;
    bool by_answer = question->predicted != MISTAKES_ANY;
    if (by_label && sample->label != question->actual)
        return false;
    if (by_answer && sample->predicted != question->predicted)
        return false;
    return (by_label && by_answer) || sample->label != sample->predicted;
}

/* Highest loss first, a NaN before all; among equals the order of the split. */
static int compare(const void *left, const void *right)
{
    const struct mistake *a = left, *b = right;
    double x = isnan(a->loss) ? INFINITY : a->loss;
    double y = isnan(b->loss) ? INFINITY : b->loss;
    if (x != y)
        return x > y ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

/* Brings those that fit the question to the front of `samples`, worst first. */
static size_t sift(struct mistake *samples, size_t count,
                   const struct mistakes_question *question)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (fits(&samples[i], question))
            samples[found++] = samples[i];
    qsort(samples, found, sizeof *samples, compare);
    return found;
}

/* Keeps the part that was asked for, with its outputs. */
static enum engine_status take(struct judge *judge, size_t offset, size_t limit,
                               struct mistakes *out)
{
    offset = smaller(offset, out->found);
    size_t count = smaller(limit, out->found - offset);
    out->worst = malloc((count + 1) * sizeof *out->worst);
    out->worst_outputs = malloc((count * judge->outputs + 1) * sizeof(float));
    if (out->worst == NULL || out->worst_outputs == NULL)
        return ENGINE_NO_MEMORY;
    out->worst_count = count;
    for (size_t i = 0; i < count; i++)
        out->worst[i] = judge->samples[offset + i];
    for (size_t done = 0, part; done < count; done += part) {
        part = smaller(count - done, judge->max_rows);
        for (size_t i = 0; i < part; i++)
            judge->rows[i] = out->worst[done + i].index;
        const float *outputs = answer(judge, part);
        for (size_t i = 0; i < part * judge->outputs; i++)
            out->worst_outputs[done * judge->outputs + i] = outputs[i];
    }
    return ENGINE_OK;
}

static size_t affordable(const struct mlp *mlp, double budget, size_t of)
{
    double cost = 0;
    for (size_t i = 0; i < mlp_layer_count(mlp); i++)
        cost += (double)mlp_layer(mlp, i)->inputs * (double)mlp_layer(mlp, i)->outputs;
    double count = fmax(budget / cost, MISTAKES_MIN_SAMPLES);
    return count < (double)of ? (size_t)count : of;
}

enum engine_status mistakes_find(struct mlp *mlp, size_t max_rows,
                                 const struct dataset_info *info,
                                 const struct dataset_split *split,
                                 const struct mistakes_question *question,
                                 struct mistakes *out)
{
    enum engine_status status = ENGINE_NO_MEMORY;
    size_t outputs = mlp_layer(mlp, mlp_layer_count(mlp) - 1)->outputs;
    if (mlp_layer(mlp, 0)->inputs != info->features ||
        (outputs != info->classes && !(outputs == 1 && info->classes == 2)))
        return ENGINE_INVALID;
    struct mistakes made = {.of = smaller(question->of, split->count),
                            .classes = info->classes,
                            .outputs = outputs};
    made.count = affordable(mlp, question->budget, made.of);
    made.confusion = calloc(made.classes * made.classes, sizeof *made.confusion);
    struct judge judge = {
        .mlp = mlp,
        .max_rows = max_rows,
        .outputs = outputs,
        .split = split,
        .samples = calloc(made.count + 1, sizeof *judge.samples),
        .rows = malloc(max_rows * sizeof *judge.rows),
        .labels = malloc(max_rows),
    };
    if (made.confusion != NULL && judge.samples != NULL && judge.rows != NULL &&
        judge.labels != NULL) {
        judge_all(&judge, made.count);
        count_all(judge.samples, &made);
        made.found = sift(judge.samples, made.count, question);
        status = take(&judge, question->offset, question->limit, &made);
    }
    free(judge.samples);
    free(judge.rows);
    free(judge.labels);
    if (status == ENGINE_OK)
        *out = made;
    else
        mistakes_clear(&made);
    return status;
}

void mistakes_clear(struct mistakes *mistakes)
{
    free(mistakes->confusion);
    free(mistakes->worst);
    free(mistakes->worst_outputs);
    *mistakes = (struct mistakes){0};
}

static double share(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : NAN;
}

struct class_score mistakes_score(const struct mistakes *mistakes, size_t label)
{
    size_t support = 0, said = 0;
    for (size_t other = 0; other < mistakes->classes; other++) {
        support += mistakes->confusion[label * mistakes->classes + other];
        said += mistakes->confusion[other * mistakes->classes + label];
    }
    size_t right = mistakes->confusion[label * mistakes->classes + label];
    return (struct class_score){
        .support = support,
        .precision = share(right, said),
        .recall = share(right, support),
        .f1 = share(2 * right, said + support),
    };
}
