/* The ops of single numbers, both directions side by side.
 *
 * Each direction is written once for one value; OP makes from it the loop over a run of
 * the tape, with the number of lanes known to the compiler for the two counts that
 * matter: 1 (drawing, batches of one) and 16 (training: a register of AVX-512). */
#include <math.h>

#include "engine/autograd/simd_math.h"
#include "engine/autograd/value_internal.h"

#define INLINE static inline __attribute__((always_inline))

/* What one value sees: its own numbers, its inputs' and the gradients of all. */
struct seat {
    float *restrict y;
    const float *a, *b;
    const float *restrict dy;
    float *da, *db; /* the same array where a value is used twice */
    float constant;
};

#define EACH_LANE for (size_t l = 0; l < lanes; l++)

INLINE struct seat find_seat(const struct value_arrays *run, size_t i, size_t lanes,
                             const size_t arity)
{
    uint32_t value = run->order[i];
    const struct value_node *node = &run->nodes[value];
    size_t a = node->inputs[0] * lanes, b = arity > 1 ? node->inputs[1] * lanes : a;
    return (struct seat){
        .y = run->data + value * lanes,
        .a = run->data + a,
        .b = run->data + b,
        .dy = run->gradients + value * lanes,
        .da = run->gradients + a,
        .db = run->gradients + b,
        .constant = node->constant,
    };
}

/* d += dy * slope, lane by lane; the arrays are not each other's. */
#define ADD_TO(d, expression)                                                            \
    do {                                                                                 \
        float *restrict add_to = (d);                                                    \
        EACH_LANE add_to[l] += s.dy[l] * (expression);                                   \
    } while (0)

#define WALK(body, arity, lanes, place)                                                  \
    for (size_t k = 0; k < run->count; k++)                                              \
    body(find_seat(run, place, lanes, arity), lanes)

#define DIRECTION(name, body, arity, place)                                              \
    static void name(const struct value_arrays *run)                                     \
    {                                                                                    \
        if (run->lanes == 16)                                                            \
            WALK(body, arity, 16, place);                                                \
        else if (run->lanes == 1)                                                        \
            WALK(body, arity, 1, place);                                                 \
        else                                                                             \
            WALK(body, arity, run->lanes, place);                                        \
    }

#define OP(name, arity)                                                                  \
    DIRECTION(name##_forward, name##_one, arity, k)                                      \
    DIRECTION(name##_backward, name##_back, arity, run->count - 1 - k)

/* y = a + b;  da += dy, db += dy */
INLINE void add_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = s.a[l] + s.b[l];
}

INLINE void add_back(struct seat s, const size_t lanes)
{
    ADD_TO(s.da, 1);
    ADD_TO(s.db, 1);
}

OP(add, 2)

/* y = a - b;  da += dy, db -= dy */
INLINE void sub_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = s.a[l] - s.b[l];
}

INLINE void sub_back(struct seat s, const size_t lanes)
{
    ADD_TO(s.da, 1);
    ADD_TO(s.db, -1);
}

OP(sub, 2)

/* y = a b;  da += dy b, db += dy a */
INLINE void mul_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = s.a[l] * s.b[l];
}

INLINE void mul_back(struct seat s, const size_t lanes)
{
    ADD_TO(s.da, s.b[l]);
    ADD_TO(s.db, s.a[l]);
}

OP(mul, 2)

/* y = a / b;  da += dy / b, db -= dy a / b^2 */
INLINE void div_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = s.a[l] / s.b[l];
}

INLINE void div_back(struct seat s, const size_t lanes)
{
    ADD_TO(s.da, 1 / s.b[l]);
    ADD_TO(s.db, -s.a[l] / (s.b[l] * s.b[l]));
}

OP(div, 2)

/* y = a^c;  da += dy c a^(c-1) */
INLINE void pow_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = powf(s.a[l], s.constant);
}

INLINE void pow_back(struct seat s, const size_t lanes)
{
    ADD_TO(s.da, s.constant * powf(s.a[l], s.constant - 1));
}

OP(pow, 1)

/* y = -a;  da -= dy */
INLINE void neg_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = -s.a[l];
}

INLINE void neg_back(struct seat s, const size_t lanes)
{
    ADD_TO(s.da, -1);
}

OP(neg, 1)

/* y = e^a;  da += dy y */
INLINE void exp_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = simd_exp(s.a[l]);
}

INLINE void exp_back(struct seat s, const size_t lanes)
{
    ADD_TO(s.da, s.y[l]);
}

OP(exp, 1)

/* y = ln a;  da += dy / a */
INLINE void log_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = logf(s.a[l]);
}

INLINE void log_back(struct seat s, const size_t lanes)
{
    ADD_TO(s.da, 1 / s.a[l]);
}

OP(log, 1)

/* y = max(a, 0);  da += dy (a > 0). NaN stays NaN, so that divergence shows. */
INLINE void relu_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = s.a[l] < 0 ? 0 : s.a[l];
}

INLINE void relu_back(struct seat s, const size_t lanes)
{
    float *restrict da = s.da;
    EACH_LANE da[l] += s.a[l] > 0 ? s.dy[l] : 0;
}

OP(relu, 1)

/* y = tanh a;  da += dy (1 - y^2) */
INLINE void tanh_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = simd_tanh(s.a[l]);
}

INLINE void tanh_back(struct seat s, const size_t lanes)
{
    ADD_TO(s.da, 1 - s.y[l] * s.y[l]);
}

OP(tanh, 1)

/* y = 1 / (1 + e^-a);  da += dy y (1 - y) */
INLINE void sigmoid_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = simd_sigmoid(s.a[l]);
}

INLINE void sigmoid_back(struct seat s, const size_t lanes)
{
    ADD_TO(s.da, s.y[l] * (1 - s.y[l]));
}

OP(sigmoid, 1)

/* y = a P(a);  da += dy (P(a) + a p(a)): see simd_math.h */
INLINE void gelu_one(struct seat s, const size_t lanes)
{
    EACH_LANE s.y[l] = simd_gelu(s.a[l]);
}

INLINE void gelu_back(struct seat s, const size_t lanes)
{
    ADD_TO(s.da, simd_gelu_slope(s.a[l]));
}

OP(gelu, 1)

static const struct value_op_info ops[VALUE_OP_COUNT] = {
    [VALUE_LEAF] = {"",        0, NULL,            NULL            },
    [VALUE_ADD] = {"+",       2, add_forward,     add_backward    },
    [VALUE_SUB] = {"-",       2, sub_forward,     sub_backward    },
    [VALUE_MUL] = {"*",       2, mul_forward,     mul_backward    },
    [VALUE_DIV] = {"/",       2, div_forward,     div_backward    },
    [VALUE_POW] = {"**",      1, pow_forward,     pow_backward    },
    [VALUE_NEG] = {"neg",     1, neg_forward,     neg_backward    },
    [VALUE_EXP] = {"exp",     1, exp_forward,     exp_backward    },
    [VALUE_LOG] = {"log",     1, log_forward,     log_backward    },
    [VALUE_RELU] = {"relu",    1, relu_forward,    relu_backward   },
    [VALUE_TANH] = {"tanh",    1, tanh_forward,    tanh_backward   },
    [VALUE_SIGMOID] = {"sigmoid", 1, sigmoid_forward, sigmoid_backward},
    [VALUE_GELU] = {"gelu",    1, gelu_forward,    gelu_backward   },
};

const struct value_op_info *value_op_info(enum value_op op)
{
    return &ops[op];
}
