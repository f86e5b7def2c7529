/* Losses over the outputs of a network of values: one number to go down from. */
#ifndef ENGINE_NN_VALUE_LOSSES_H
#define ENGINE_NN_VALUE_LOSSES_H

#include "engine/autograd/value.h"
#include "engine/nn/mlp.h"

/* Adds the loss of one sample. x: (count) outputs; t: the first of as many target leaves,
 * 1 for the label and 0 (hinge: -1) for the others. VALUE_NONE as `value_binary`. */
uint32_t loss_build(struct values *graph, enum loss loss, const uint32_t *x, uint32_t t,
                    size_t count);

#endif
