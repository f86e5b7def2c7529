#include "engine/autograd/ops.h"

static const struct op_info ops[OP_COUNT] = {
    [OP_INPUT] = {"input",         0, NULL,                  NULL            },
    [OP_PARAMETER] = {"parameter",     0, NULL,                  NULL            },
    [OP_LINEAR] = {"linear",        3, linear_forward,        linear_backward },
    [OP_ADD] = {"+",             2, add_forward,           add_backward    },
    [OP_MUL] = {"*",             2, mul_forward,           mul_backward    },
    [OP_RELU] = {"relu",          1, relu_forward,          relu_backward   },
    [OP_TANH] = {"tanh",          1, tanh_forward,          tanh_backward   },
    [OP_SIGMOID] = {"sigmoid",       1, sigmoid_forward,       sigmoid_backward},
    [OP_GELU] = {"gelu",          1, gelu_forward,          gelu_backward   },
    [OP_CROSS_ENTROPY] = {"cross_entropy", 1, cross_entropy_forward,
                  cross_entropy_backward                                     },
};

const struct op_info *op_info(enum op op)
{
    return &ops[op];
}
