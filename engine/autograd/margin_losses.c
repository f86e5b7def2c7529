/* Losses that judge each output by itself.   x: (B, K) outputs, y: (B, 1) losses
 *
 * The label becomes a target for every output: on for the label's own, off for the
 * others. A single output stands for class 1, as in micrograd. */
#include <string.h>

#include "engine/autograd/labels.h"
#include "engine/autograd/ops.h"

/* The gradient to add to: cleared if this op is the first to reach the outputs. */
static float *gradient_of_outputs(struct node *y)
{
    struct node *x = y->inputs[0];
    if (!y->accumulate[0])
        memset(x->gradient, 0, node_rows(y) * x->columns * sizeof(float));
    return x->gradient;
}

static void add_up(struct node *y, size_t row, float loss, bool correct)
{
    y->data[row] = loss;
    y->graph->loss_sum += loss;
    y->graph->correct += correct;
}

/* y = mean of (x - t)^2, t: 1 on, 0 off;  dx += dy 2 (x - t) / K */
void mse_forward(struct node *y)
{
    size_t columns = y->inputs[0]->columns;
    for (size_t r = 0; r < node_rows(y); r++) {
        const float *x = y->inputs[0]->data + r * columns;
        size_t label = y->graph->labels[r];
        float sum = 0;
        for (size_t c = 0; c < columns; c++) {
            float error = x[c] - (label_is_on(c, columns, label) ? 1.0f : 0.0f);
            sum += error * error;
        }
        add_up(y, r, sum / (float)columns, label_of_row(x, columns, 0.5f) == label);
    }
}

void mse_backward(struct node *y)
{
    size_t columns = y->inputs[0]->columns;
    float *dx = gradient_of_outputs(y);
    for (size_t r = 0; r < node_rows(y); r++) {
        const float *x = y->inputs[0]->data + r * columns;
        float scale = 2 * y->gradient[r] / (float)columns;
        for (size_t c = 0; c < columns; c++) {
            float target = label_is_on(c, columns, y->graph->labels[r]) ? 1 : 0;
            dx[r * columns + c] += scale * (x[c] - target);
        }
    }
}

/* y = mean of max(0, 1 - t x), t: +1 on, -1 off;  dx -= dy t (t x < 1) / K. A NaN is not
 * cut off, so that divergence shows. */
void hinge_forward(struct node *y)
{
    size_t columns = y->inputs[0]->columns;
    for (size_t r = 0; r < node_rows(y); r++) {
        const float *x = y->inputs[0]->data + r * columns;
        size_t label = y->graph->labels[r];
        float sum = 0;
        for (size_t c = 0; c < columns; c++) {
            float lack = label_is_on(c, columns, label) ? 1 - x[c] : 1 + x[c];
            sum += lack < 0 ? 0 : lack;
        }
        add_up(y, r, sum / (float)columns, label_of_row(x, columns, 0) == label);
    }
}

void hinge_backward(struct node *y)
{
    size_t columns = y->inputs[0]->columns;
    float *dx = gradient_of_outputs(y);
    for (size_t r = 0; r < node_rows(y); r++) {
        const float *x = y->inputs[0]->data + r * columns;
        float share = y->gradient[r] / (float)columns;
        for (size_t c = 0; c < columns; c++) {
            float target = label_is_on(c, columns, y->graph->labels[r]) ? 1 : -1;
            dx[r * columns + c] -= target * x[c] < 1 ? share * target : 0;
        }
    }
}
