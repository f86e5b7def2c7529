/* IDX files, the format of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, a
 * type byte, a rank byte, big-endian sizes, then the numbers row by row, big-endian too.
 * Unsigned bytes and floats are read and written. Plain files of bytes are mapped, gzip
 * files are unpacked into memory, floats are turned into this machine's there. */
#ifndef ENGINE_DATA_IDX_H
#define ENGINE_DATA_IDX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/data/output.h"
#include "engine/status.h"

#define IDX_MAX_RANK 3
#define IDX_BYTES    0x08
#define IDX_FLOATS   0x0d

struct idx {
    size_t rank;
    size_t sizes[IDX_MAX_RANK];
    const uint8_t *data; /* product of the sizes bytes, or NULL */
    const float *values; /* as many floats, or NULL */
    int type;            /* private, as are the mapping or heap block: */
    void *base;
    size_t base_size;
    bool mapped;
};

/* Opens `path` (gzip is recognised by its content) and refuses with ENGINE_FORMAT what
 * is truncated, has bytes left over, or is not unsigned bytes of `rank` dimensions.
 * Close with `idx_close`. */
ENGINE_MUST_CHECK enum engine_status
idx_open(const char *path, size_t rank, struct idx *out, struct engine_error *error);
/* The same for floats. */
ENGINE_MUST_CHECK enum engine_status idx_open_floats(const char *path, size_t rank,
                                                     struct idx *out,
                                                     struct engine_error *error);

/* What a file says to be with its first bytes. */
struct idx_look {
    bool is_idx, is_packed;
    int type; /* of an IDX file: IDX_BYTES, ... */
    size_t rank;
};
ENGINE_MUST_CHECK enum engine_status idx_peek(const char *path, struct idx_look *out,
                                              struct engine_error *error);

/* Closing a zeroed or closed struct does nothing. */
void idx_close(struct idx *idx);

/* --- writing: to a file's output, which is then finished -----------------------------
 */

/* Begins the file with its header; `sizes` are `rank` numbers. */
void idx_create(struct output *output, const char *path, int type, size_t rank,
                const size_t *sizes);
void idx_put_bytes(struct output *output, const uint8_t *bytes, size_t count);
void idx_put_floats(struct output *output, const double *values, size_t count);

#endif
