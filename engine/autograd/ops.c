#include "engine/autograd/ops.h"

#include <string.h>

static const struct op_info ops[OP_COUNT] = {
    [OP_INPUT] = {"input",         0, NULL,                  NULL,             false},
    [OP_PARAMETER] = {"parameter",     0, NULL,                  NULL,             false},
    [OP_LINEAR] = {"linear",        3, linear_forward,        linear_backward,  false},
    [OP_ADD] = {"+",             2, add_forward,           add_backward,     false},
    [OP_MUL] = {"*",             2, mul_forward,           mul_backward,     false},
    [OP_RELU] = {"relu",          1, relu_forward,          relu_backward,    false},
    [OP_TANH] = {"tanh",          1, tanh_forward,          tanh_backward,    false},
    [OP_SIGMOID] = {"sigmoid",       1, sigmoid_forward,       sigmoid_backward, false},
    [OP_GELU] = {"gelu",          1, gelu_forward,          gelu_backward,    false},
    [OP_DROPOUT] = {"dropout",       1, dropout_forward,       dropout_backward, false},
    [OP_CROSS_ENTROPY] = {"cross_entropy", 1, cross_entropy_forward,
                  cross_entropy_backward,                                      true },
    [OP_MSE] = {"mse",           1, mse_forward,           mse_backward,     true },
    [OP_HINGE] = {"hinge",         1, hinge_forward,         hinge_backward,   true },
};

float *input_gradient(struct node *y, size_t input)
{
    struct node *x = y->inputs[input];
    if (!x->needs_gradient)
        return NULL;
    if (!y->accumulate[input])
        memset(x->gradient, 0, node_rows(x) * x->columns * sizeof(float));
    return x->gradient;
}

const struct op_info *op_info(enum op op)
{
    return &ops[op];
}
