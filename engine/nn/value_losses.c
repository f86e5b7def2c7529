/* Losses made of values. */
#include "engine/nn/value_losses.h"

/* The largest of the outputs, by relu alone: max(a, b) = a + relu(b - a). */
static uint32_t add_largest(struct values *graph, const uint32_t *x, size_t count)
{
    uint32_t largest = x[0];
    for (size_t k = 1; k < count; k++) {
        uint32_t more = value_binary(graph, VALUE_SUB, x[k], largest);
        more = value_unary(graph, VALUE_RELU, more);
        largest = value_binary(graph, VALUE_ADD, largest, more);
    }
    return largest;
}

/* ln(sum e^(x_k - m)) - sum t_k (x_k - m), m the largest: e^x cannot overflow, and the
 * gradient through m is 0 as it should be. t: 1 for the label, else 0. */
static uint32_t add_cross_entropy(struct values *graph, const uint32_t *x, uint32_t t,
                                  size_t count)
{
    uint32_t largest = add_largest(graph, x, count), sum = VALUE_NONE, own = VALUE_NONE;
    for (size_t k = 0; k < count; k++) {
        uint32_t below = value_binary(graph, VALUE_SUB, x[k], largest);
        uint32_t power = value_unary(graph, VALUE_EXP, below);
        uint32_t share = value_binary(graph, VALUE_MUL, t + (uint32_t)k, below);
        sum = k ? value_binary(graph, VALUE_ADD, sum, power) : power;
        own = k ? value_binary(graph, VALUE_ADD, own, share) : share;
    }
    return value_binary(graph, VALUE_SUB, value_unary(graph, VALUE_LOG, sum), own);
}

/* The mean over the outputs of (x - t)^2, or of relu(1 - t x) for hinge. */
static uint32_t add_margin_loss(struct values *graph, enum loss loss, const uint32_t *x,
                                uint32_t t, size_t count)
{
    uint32_t one = value_leaf(graph, 1), share = value_leaf(graph, 1 / (float)count);
    uint32_t sum = VALUE_NONE;
    for (size_t k = 0; k < count; k++) {
        uint32_t target = t + (uint32_t)k, term;
        if (loss == LOSS_MSE) {
            uint32_t error = value_binary(graph, VALUE_SUB, x[k], target);
            term = value_binary(graph, VALUE_MUL, error, error);
        } else {
            uint32_t margin = value_binary(graph, VALUE_MUL, target, x[k]);
            margin = value_binary(graph, VALUE_SUB, one, margin);
            term = value_unary(graph, VALUE_RELU, margin);
        }
        sum = k ? value_binary(graph, VALUE_ADD, sum, term) : term;
    }
    return value_binary(graph, VALUE_MUL, sum, share);
}

uint32_t loss_build(struct values *graph, enum loss loss, const uint32_t *x, uint32_t t,
                    size_t count)
{
    return loss == LOSS_CROSS_ENTROPY ? add_cross_entropy(graph, x, t, count)
                                      : add_margin_loss(graph, loss, x, t, count);
}
