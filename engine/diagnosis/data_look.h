/* A look at the data that a run trains on, as the run sees it. */
#ifndef ENGINE_DIAGNOSIS_DATA_LOOK_H
#define ENGINE_DIAGNOSIS_DATA_LOOK_H

#include <stddef.h>

#include "engine/data/dataset.h"
#include "engine/train/config.h"

#define DATA_LOOK_BATCHES 64

struct data_look {
    size_t classes;       /* that occur among the training labels */
    double largest_share; /* of the most frequent one */
    double largest_input; /* largest absolute value among the rows looked at */
    /* Of some training samples, how many have the label of the one that lies nearest
     * among some others; what chance alone would give, and its standard error. */
    double neighbour_agreement, chance_agreement, agreement_error;
    /* Different classes in each of the run's first batches, and how many a shuffled batch
     * of that size would have on average. */
    double batch_classes[DATA_LOOK_BATCHES];
    size_t batch_count;
    double mean_batch_classes, shuffled_batch_classes;
};

/* Takes a few ms for 784 features. Deterministic. ENGINE_NO_MEMORY, or ENGINE_INVALID
 * where the config does not fit the dataset. */
ENGINE_MUST_CHECK enum engine_status data_look_take(const struct train_config *config,
                                                    const struct dataset *dataset,
                                                    struct data_look *look);

#endif
