/* Softmax and cross-entropy in one op.   x: (B, K) logits, y: (B, 1) losses
 *
 *   p = e^x / sum e^x     y = -ln p[label]     dx += dy (p - onehot(label))
 *
 * The largest logit is subtracted first, so that e^x cannot overflow. */
#include <math.h>

#include "engine/autograd/labels.h"
#include "engine/autograd/ops.h"
#include "engine/autograd/simd_math.h"

/* p: (K) probabilities; returns the loss. A NaN anywhere in x makes the sum NaN. */
static float softmax(const float *restrict x, size_t count, size_t largest, size_t label,
                     float *restrict p)
{
    float top = x[largest];
    for (size_t i = 0; i < count; i++)
        p[i] = simd_exp(x[i] - top);
    float sum = p[0];
    for (size_t i = 1; i < count; i++)
        sum += p[i];
    for (size_t i = 0; i < count; i++)
        p[i] /= sum;
    return logf(sum) - (x[label] - top);
}

void cross_entropy_forward(struct node *y)
{
    struct graph *graph = y->graph;
    size_t classes = y->inputs[0]->columns;
    for (size_t r = 0; r < graph->rows; r++) {
        const float *x = y->inputs[0]->data + r * classes;
        size_t label = graph->labels[r], largest = label_of_row(x, classes, 0);
        y->data[r] = softmax(x, classes, largest, label, y->saved + r * classes);
        graph->loss_sum += y->data[r];
        graph->correct += largest == label;
    }
}

void cross_entropy_backward(struct node *y)
{
    const struct graph *graph = y->graph;
    size_t classes = y->inputs[0]->columns;
    float *dx = input_gradient(y, 0);
    for (size_t r = 0; r < graph->rows; r++) {
        float dy = y->gradient[r];
        const float *p = y->saved + r * classes;
        for (size_t c = 0; c < classes; c++)
            dx[r * classes + c] += dy * p[c];
        dx[r * classes + graph->labels[r]] -= dy;
    }
}
