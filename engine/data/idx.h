/* IDX files, the format of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, a
 * type byte, a rank byte, big-endian sizes, then the numbers row by row. Only unsigned
 * bytes are read. Plain files are mapped, gzip files are unpacked into memory. */
#ifndef ENGINE_DATA_IDX_H
#define ENGINE_DATA_IDX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/status.h"

#define IDX_MAX_RANK 3

struct idx {
    size_t rank;
    size_t sizes[IDX_MAX_RANK];
    const uint8_t *data; /* product of the sizes bytes */
    void *base;          /* private: the mapping or the heap block */
    size_t base_size;
    bool mapped;
};

/* Opens `path` (gzip is recognised by its content) and refuses with ENGINE_FORMAT what
 * is truncated, has bytes left over, or is not unsigned bytes of `rank` dimensions.
 * Close with `idx_close`. */
ENGINE_MUST_CHECK enum engine_status
idx_open(const char *path, size_t rank, struct idx *out, struct engine_error *error);

/* Closing a zeroed or closed struct does nothing. */
void idx_close(struct idx *idx);

#endif
