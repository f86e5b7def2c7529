/* What a trained model gets wrong: which class it takes for which, and the samples that
 * it is worst at. */
#ifndef ENGINE_TRAIN_MISTAKES_H
#define ENGINE_TRAIN_MISTAKES_H

#include <stddef.h>
#include <stdint.h>

#include "engine/data/dataset.h"
#include "engine/nn/mlp.h"
#include "engine/status.h"

#define MISTAKES_ANY         (-1) /* any class */
#define MISTAKES_MIN_SAMPLES 200

struct mistakes_question {
    size_t of;     /* samples of the split, from its first on; at most all */
    double budget; /* multiply-adds; MISTAKES_MIN_SAMPLES are judged nevertheless */
    /* Which samples to list: mistakes of these classes. Where both are given, and are the
     * same, correct samples. */
    int actual, predicted;
    size_t offset, limit; /* which part of the list */
};

struct mistake {
    uint32_t index; /* in the split */
    uint8_t label, predicted;
    double loss; /* NaN counts as the worst */
};

struct mistakes {
    size_t count, of; /* samples judged, and asked for */
    size_t correct;
    size_t classes, outputs;
    uint32_t *confusion;   /* (classes, classes): actual, predicted */
    size_t found;          /* samples that fit the question */
    struct mistake *worst; /* the part of them that was asked for, worst first */
    size_t worst_count;
    float *worst_outputs; /* (worst_count, outputs): as the model gives them */
};

/* Judges samples of `split` by a model built for `max_rows` rows a call, whose inputs it
 * overwrites. Fails with ENGINE_NO_MEMORY, or ENGINE_INVALID where model and split do not
 * fit. The caller clears `out` with `mistakes_clear`. */
ENGINE_MUST_CHECK enum engine_status
mistakes_find(struct mlp *mlp, size_t max_rows, const struct dataset_info *info,
              const struct dataset_split *split, const struct mistakes_question *question,
              struct mistakes *out);
void mistakes_clear(struct mistakes *mistakes);

/* Precision: of the samples said to be of the class, the share that is. Recall: of those
 * of the class, the share said to be. f1: their harmonic mean. NaN for 0 / 0. */
struct class_score {
    size_t support; /* samples of the class */
    double precision, recall, f1;
};
struct class_score mistakes_score(const struct mistakes *mistakes, size_t label);

#endif
