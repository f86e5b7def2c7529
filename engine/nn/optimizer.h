/* Optimizers: one step over the flat parameter array, with PyTorch's definitions.
 *
 * State is one flat float array that a checkpoint saves and restores as it is; the step
 * number comes from the caller, so nothing else is kept. */
#ifndef ENGINE_NN_OPTIMIZER_H
#define ENGINE_NN_OPTIMIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/status.h"

enum optimizer_kind { OPTIMIZER_SGD, OPTIMIZER_ADAM, OPTIMIZER_ADAMW, OPTIMIZER_RMSPROP };

struct optimizer_options {
    enum optimizer_kind kind;
    double momentum; /* SGD, RMSprop */
    bool nesterov;   /* SGD */
    double weight_decay;
    double beta1, beta2; /* Adam, AdamW; RMSprop's smoothing constant is beta2 */
    double eps;
};

struct optimizer;

/* For `size` parameters; state starts at zero. */
ENGINE_MUST_CHECK enum engine_status
optimizer_new(const struct optimizer_options *options, size_t size,
              struct optimizer **out);
void optimizer_free(struct optimizer *optimizer);

/* Updates `parameters` from `gradients` in one pass; `step` counts from 1 (Adam's bias
 * correction needs it). Allocates nothing. */
void optimizer_step(struct optimizer *optimizer, float *parameters,
                    const float *gradients, double lr, int64_t step);

/* The state, `*count` floats (0 for plain SGD): read it to save, write it to restore. */
float *optimizer_state(struct optimizer *optimizer, size_t *count);

/* L2 norm of `count` floats, summed in double in a fixed order. */
double optimizer_norm(const float *values, size_t count);

/* Scales the gradients so that their norm is at most `max_norm` and returns the norm they
 * had, as torch.nn.utils.clip_grad_norm_ does. */
double optimizer_clip(float *gradients, size_t count, double max_norm);

#endif
