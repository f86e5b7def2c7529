/* Small two-dimensional sets, made on the spot and always the same. */
#ifndef ENGINE_DATA_SYNTHETIC_H
#define ENGINE_DATA_SYNTHETIC_H

#include "engine/data/dataset.h"

/* Fills `count` points (x, y) and labels of the set `info`, dealing the classes out in
 * turn. `test` gives other points of the same kind than training. */
void synthetic_fill(const struct dataset_info *info, bool test, size_t count,
                    float *values, uint8_t *labels);

#endif
