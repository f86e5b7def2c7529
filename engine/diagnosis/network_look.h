/* A look into a network at fixed weights, with some of the run's training samples. */
#ifndef ENGINE_DIAGNOSIS_NETWORK_LOOK_H
#define ENGINE_DIAGNOSIS_NETWORK_LOOK_H

#include <stddef.h>

#include "engine/data/dataset.h"
#include "engine/nn/mlp.h"
#include "engine/train/checkpoint.h"
#include "engine/train/config.h"

/* One layer. NaN where a value does not apply or is not finite. */
struct layer_look {
    double gradient;  /* root mean square over the weight matrix */
    double dead;      /* hidden relu: share of units that are 0 for every sample */
    double saturated; /* hidden tanh, sigmoid: share of outputs near their bounds */
    double alike;     /* hidden: share of units with the first one's weights and bias */
};

struct network_look {
    double loss;          /* mean; NaN: not finite */
    double leading_share; /* of the class that is predicted most often */
    double output_spread; /* deviation of outputs between samples against their root mean
                           * square; NaN: they are all 0 or not finite */
    struct layer_look layers[MLP_MAX_LAYERS];
    size_t layer_count;
};

/* The weights that a run of `config` starts from. Takes a millisecond or two for a small
 * network; large ones are looked at with fewer samples. Fails as `mlp_new`. */
ENGINE_MUST_CHECK enum engine_status network_look_first(const struct train_config *config,
                                                        const struct dataset *dataset,
                                                        struct network_look *look);

/* The last weights of a checkpoint of a run of `config`. */
ENGINE_MUST_CHECK enum engine_status
network_look_last(const struct train_config *config, const struct dataset *dataset,
                  const struct checkpoint *checkpoint, struct network_look *look);

#endif
