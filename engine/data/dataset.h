/* Datasets: MNIST-like IDX files (plain or .gz) and synthetic 2-D sets made on the spot.
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
    const char *name;        /* "mnist", "fashion-mnist", "moons", ... */
    const char *title;       /* "MNIST handwritten digits" */
    const char *description; /* one sentence */
    bool synthetic;          /* needs no file */
    size_t width, height;    /* of a picture; 0 for points in the plane */
    size_t features, classes;
    size_t train_count, test_count; /* of the whole set */
    const char *const *class_names; /* `classes` of them */
};

/* All known datasets, in the order to show them; static storage. */
const struct dataset_info *dataset_list(size_t *count);
const struct dataset_info *dataset_find(const char *name); /* NULL if unknown */

/* Their names in the same order, NULL-terminated. */
extern const char *const dataset_names[];

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
 * (or .gz) in each of `dirs` in turn. ENGINE_NOT_FOUND's text says where it looked and
 * how to get the files; ENGINE_FORMAT names the file and what is wrong with it.
 * Synthetic sets are always the same points. Free with `dataset_close`. */
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
