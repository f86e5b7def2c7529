/* What a layer's units do over many samples: their mean and spread, which of them never
 * speak, and how many sit at the ends of their activation. */
#ifndef ENGINE_TRAIN_ACTIVITY_H
#define ENGINE_TRAIN_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/nn/mlp.h"

struct activity {
    enum activation activation;
    size_t outputs;
    double sum, square_sum;
    size_t count, saturated; /* of outputs looked at */
    uint8_t *alive;          /* (outputs) units that were not 0 at least once */
};

/* False: no memory. Free with `activity_clear`, which may be called twice. */
bool activity_init(struct activity *activity, enum activation activation, size_t outputs);
void activity_clear(struct activity *activity);
/* Forgets what was added. */
void activity_reset(struct activity *activity);

/* values: (rows, outputs), activation included. Allocates nothing. */
void activity_add(struct activity *activity, const float *values, size_t rows);

double activity_mean(const struct activity *activity);      /* NaN: not finite */
double activity_deviation(const struct activity *activity); /* the same */
/* relu: share of units that were 0 for every sample; else NaN. */
double activity_dead(const struct activity *activity);
/* tanh beyond +-0.97, sigmoid beyond 0.03 .. 0.97: share of outputs; else NaN. */
double activity_saturated(const struct activity *activity);

#endif
