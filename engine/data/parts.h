/* The files that a dataset is kept in, and brought in: those of MNIST, or for a table of
 * numbers the same with floats instead of pictures. */
#ifndef ENGINE_DATA_PARTS_H
#define ENGINE_DATA_PARTS_H

#include <stdbool.h>

enum part { TRAIN_INPUTS, TRAIN_LABELS, TEST_INPUTS, TEST_LABELS, PART_COUNT };

static inline const char *part_name(enum part part, bool pictures)
{
    static const char *const names[PART_COUNT][2] = {
        [TRAIN_INPUTS] = {"train-values-idx2-float", "train-images-idx3-ubyte"},
        [TRAIN_LABELS] = {"train-labels-idx1-ubyte", "train-labels-idx1-ubyte"},
        [TEST_INPUTS] = {"t10k-values-idx2-float",  "t10k-images-idx3-ubyte" },
        [TEST_LABELS] = {"t10k-labels-idx1-ubyte",  "t10k-labels-idx1-ubyte" },
    };
    return names[part][pictures];
}

/* What a request that brings it in calls it. */
static inline const char *part_field(enum part part)
{
    static const char *const fields[PART_COUNT] = {
        [TRAIN_INPUTS] = "train",
        [TRAIN_LABELS] = "train_labels",
        [TEST_INPUTS] = "test",
        [TEST_LABELS] = "test_labels",
    };
    return fields[part];
}

#endif
