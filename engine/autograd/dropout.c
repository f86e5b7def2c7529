/* y = x m, m: 0 for a share `rate` of the elements, 1 / (1 - rate) for the others, drawn
 * anew by each call's key (Srivastava et al. 2014); without a key y = x.   dx += dy m
 *
 * x, y, m: (B, N) */
#include "engine/autograd/dropout.h"

#include <string.h>

#include "engine/autograd/ops.h"

void dropout_forward(struct node *y)
{
    const float *restrict x = y->inputs[0]->data;
    float *restrict factors = y->saved, *restrict out = y->data;
    size_t count = node_rows(y) * y->columns;
    uint64_t key = y->graph->dropout_key;
    uint32_t layer = y->layer;
    double rate = y->rate;
    if (key == 0) {
        memcpy(out, x, count * sizeof(float));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        factors[i] = dropout_factor(key, layer, (uint32_t)i, rate);
        out[i] = x[i] * factors[i];
    }
}

void dropout_backward(struct node *y)
{
    const float *restrict dy = y->gradient, *restrict factors = y->saved;
    float *restrict dx = input_gradient(y, 0);
    size_t count = node_rows(y) * y->columns;
    bool on = y->graph->dropout_key != 0;
    for (size_t i = 0; i < count; i++)
        dx[i] += on ? dy[i] * factors[i] : dy[i];
}
