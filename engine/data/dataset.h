/* Datasets: MNIST-like IDX files (plain or .gz), synthetic 2-D sets made on the spot, and
 * a user's own, which `dataset_import` (import.h) brings into the same kind of files.
 *
 * A dataset is immutable once open, so threads may share it. Pictures stay uint8 (a
 * quarter of the memory); `dataset_gather` turns rows into floats as a batch is made. */
#ifndef ENGINE_DATA_DATASET_H
#define ENGINE_DATA_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/status.h"

/* One row of the list of known datasets; no file is touched to give it. */
struct dataset_info {
    const char *name;        /* "mnist", "fashion-mnist", "moons", ...; see below */
    const char *title;       /* "MNIST handwritten digits" */
    const char *description; /* one sentence */
    bool synthetic;          /* needs no file */
    bool uploaded;           /* a user's own: can be removed */
    size_t width, height;    /* of a picture; 0 for others */
    size_t features, classes;
    size_t train_count, test_count; /* of the whole set */
    const char *const *class_names; /* `classes` of them */
    /* An uploaded table: `features` names; the value x of column i in the user's file is
       (x - means[i]) / deviations[i] here. NULL for all other sets. */
    const char *const *feature_names;
    const double *means, *deviations;
};

#define DATASET_MAX      512 /* known at the same time, those since removed included */
#define DATASET_NAME_MAX 31
#define DATASET_CLASSES  256 /* labels are bytes */

/* All known datasets, in the order to show them; static storage. Any thread; one that is
 * added later stands behind the others, and a removed one keeps its place, so that an
 * index stays good until the process ends. */
const struct dataset_info *dataset_list(size_t *count);
/* NULL if unknown or removed. */
const struct dataset_info *dataset_find(const char *name);
bool dataset_is_removed(const struct dataset_info *info);

/* Lower-case letters, digits, - and _, from a letter or digit on; at most
 * DATASET_NAME_MAX. */
bool dataset_name_is_valid(const char *name);

/* Frees what an info points to, if all of it is malloc'd. */
void dataset_info_clear(struct dataset_info *info);

/* Adds a copy of `info`, which lives as long as the process. ENGINE_INVALID: there is one
 * of this name, or DATASET_MAX are known. Any thread. */
ENGINE_MUST_CHECK enum engine_status dataset_add(const struct dataset_info *info,
                                                 struct engine_error *error);
/* Takes an uploaded one out of the list; false if there is none of that name. What is
 * open of it stays good. Any thread. */
bool dataset_remove(const char *name);

/* One split. Exactly one of `pixels` and `values` is not NULL; (count, features). */
struct dataset_split {
    size_t count;
    const uint8_t *pixels; /* 0..255; a feature is pixel / 255 */
    const float *values;
    const uint8_t *labels;
    bool raw; /* a feature is the pixel itself */
};

struct dataset {
    const struct dataset_info *info;
    struct dataset_split train, test;
    void *storage; /* private to dataset.c */
};

/* Opens by name. File-backed sets are looked for as `DIR/<name>/train-images-idx3-ubyte`
 * (or .gz; tables: `train-values-idx2-float`) in each of `dirs` in turn.
 * ENGINE_NOT_FOUND's text says where it looked and how to get the files; ENGINE_FORMAT
 * names the file and what is wrong with it. Synthetic sets are always the same points.
 * Free with `dataset_close`. */
ENGINE_MUST_CHECK enum engine_status dataset_open(const char *name,
                                                  const char *const *dirs,
                                                  size_t dir_count, struct dataset **out,
                                                  struct engine_error *error);
void dataset_close(struct dataset *dataset);

/* True if the files are there (synthetic: always); reads nothing of them. */
bool dataset_present(const char *name, const char *const *dirs, size_t dir_count);

/* Writes rows `indices[0..count)` of `split` to `out`, (count, features) floats, and
 * their labels to `labels`. Allocates nothing. */
void dataset_gather(const struct dataset_split *split, size_t features,
                    const uint32_t *indices, size_t count, float *out, uint8_t *labels);

#endif
