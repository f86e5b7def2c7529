/* Ops on each element by itself. x, y, a, b: all of one shape (B, N).
 *
 * Each backward is one loop with the local derivative in it; whether it adds to or writes
 * the input's gradient is decided outside the loop by starting from zero or from what is
 * there, so that the loop stays free of branches. */
#include "engine/autograd/ops.h"
#include "engine/autograd/simd_math.h"

static size_t element_count(const struct node *y)
{
    return node_rows(y) * y->columns;
}

/* y = a + b;  da += dy, db += dy */
void add_forward(struct node *y)
{
    const float *a = y->inputs[0]->data, *b = y->inputs[1]->data;
    for (size_t i = 0, n = element_count(y); i < n; i++)
        y->data[i] = a[i] + b[i];
}

void add_backward(struct node *y)
{
    for (size_t j = 0; j < 2; j++) {
        float *gradient = input_gradient(y, j);
        for (size_t i = 0, n = element_count(y); gradient && i < n; i++)
            gradient[i] += y->gradient[i];
    }
}

/* y = a b;  da += dy b, db += dy a */
void mul_forward(struct node *y)
{
    const float *a = y->inputs[0]->data, *b = y->inputs[1]->data;
    for (size_t i = 0, n = element_count(y); i < n; i++)
        y->data[i] = a[i] * b[i];
}

void mul_backward(struct node *y)
{
    for (size_t j = 0; j < 2; j++) {
        const float *other = y->inputs[1 - j]->data;
        float *gradient = input_gradient(y, j);
        for (size_t i = 0, n = element_count(y); gradient && i < n; i++)
            gradient[i] += y->gradient[i] * other[i];
    }
}

/* y = max(x, 0);  dx += dy (x > 0). NaN stays NaN, so that divergence shows. */
void relu_forward(struct node *y)
{
    const float *restrict x = y->inputs[0]->data;
    float *restrict out = y->data;
    for (size_t i = 0, n = element_count(y); i < n; i++)
        out[i] = x[i] < 0 ? 0 : x[i];
}

void relu_backward(struct node *y)
{
    const float *restrict x = y->inputs[0]->data, *restrict dy = y->gradient;
    float *restrict dx = input_gradient(y, 0);
    for (size_t i = 0, n = element_count(y); i < n; i++)
        dx[i] += x[i] > 0 ? dy[i] : 0;
}

/* y = tanh x;  dx += dy (1 - y^2) */
void tanh_forward(struct node *y)
{
    const float *restrict x = y->inputs[0]->data;
    float *restrict out = y->data;
    for (size_t i = 0, n = element_count(y); i < n; i++)
        out[i] = simd_tanh(x[i]);
}

void tanh_backward(struct node *y)
{
    const float *restrict out = y->data, *restrict dy = y->gradient;
    float *restrict dx = input_gradient(y, 0);
    for (size_t i = 0, n = element_count(y); i < n; i++)
        dx[i] += dy[i] * (1 - out[i] * out[i]);
}

/* y = 1 / (1 + e^-x);  dx += dy y (1 - y) */
void sigmoid_forward(struct node *y)
{
    const float *restrict x = y->inputs[0]->data;
    float *restrict out = y->data;
    for (size_t i = 0, n = element_count(y); i < n; i++)
        out[i] = simd_sigmoid(x[i]);
}

void sigmoid_backward(struct node *y)
{
    const float *restrict out = y->data, *restrict dy = y->gradient;
    float *restrict dx = input_gradient(y, 0);
    for (size_t i = 0, n = element_count(y); i < n; i++)
        dx[i] += dy[i] * out[i] * (1 - out[i]);
}

/* y = gelu(x);  dx += dy gelu'(x): see simd_math.h */
void gelu_forward(struct node *y)
{
    const float *restrict x = y->inputs[0]->data;
    float *restrict out = y->data;
    for (size_t i = 0, n = element_count(y); i < n; i++)
        out[i] = simd_gelu(x[i]);
}

void gelu_backward(struct node *y)
{
    const float *restrict x = y->inputs[0]->data, *restrict dy = y->gradient;
    float *restrict dx = input_gradient(y, 0);
    for (size_t i = 0, n = element_count(y); i < n; i++)
        dx[i] += dy[i] * simd_gelu_slope(x[i]);
}
