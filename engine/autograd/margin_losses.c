/* Losses that judge each output by itself and take the mean.
 *
 *   y = sum of loss(x, t) / K      dx += dy loss'(x, t) / K
 *
 * x: (B, K) outputs, y: (B, 1) losses. The label becomes a target for every output: on
 * for the label's own, off for the others. A single output stands for class 1, as in
 * micrograd. */
#include "engine/autograd/labels.h"
#include "engine/autograd/ops.h"

#define INLINE static inline __attribute__((always_inline))

/* (x - t)^2, t: 1 on, 0 off */
INLINE float mse_loss(float x, bool on)
{
    float error = x - (on ? 1.0f : 0.0f);
    return error * error;
}

INLINE float mse_slope(float x, bool on)
{
    return 2 * (x - (on ? 1.0f : 0.0f));
}

/* max(0, 1 - t x), t: +1 on, -1 off. A NaN is not cut off, so that divergence shows. */
INLINE float hinge_loss(float x, bool on)
{
    float lack = on ? 1 - x : 1 + x;
    return lack < 0 ? 0 : lack;
}

INLINE float hinge_slope(float x, bool on)
{
    float target = on ? 1 : -1;
    return target * x < 1 ? -target : 0;
}

/* `middle`: where a single output stops meaning class 0. */
INLINE void forward(struct node *y, float (*loss)(float x, bool on), float middle)
{
    struct graph *graph = y->graph;
    size_t columns = y->inputs[0]->columns;
    for (size_t r = 0; r < node_rows(y); r++) {
        const float *x = y->inputs[0]->data + r * columns;
        size_t label = graph->labels[r];
        float sum = 0;
        for (size_t c = 0; c < columns; c++)
            sum += loss(x[c], label_is_on(c, columns, label));
        y->data[r] = sum / (float)columns;
        graph->loss_sum += y->data[r];
        graph->correct += label_of_row(x, columns, middle) == label;
    }
}

INLINE void backward(struct node *y, float (*slope)(float x, bool on))
{
    size_t columns = y->inputs[0]->columns;
    float *dx = input_gradient(y, 0);
    for (size_t r = 0; r < node_rows(y); r++) {
        const float *x = y->inputs[0]->data + r * columns;
        float share = y->gradient[r] / (float)columns;
        for (size_t c = 0; c < columns; c++) {
            bool on = label_is_on(c, columns, y->graph->labels[r]);
            dx[r * columns + c] += share * slope(x[c], on);
        }
    }
}

void mse_forward(struct node *y)
{
    forward(y, mse_loss, 0.5f);
}

void mse_backward(struct node *y)
{
    backward(y, mse_slope);
}

void hinge_forward(struct node *y)
{
    forward(y, hinge_loss, 0);
}

void hinge_backward(struct node *y)
{
    backward(y, hinge_slope);
}
