/* A new file, mode 0600, written through a buffer and on the disk in the end. What fails
 * on the way is told at the end. */
#ifndef ENGINE_DATA_OUTPUT_H
#define ENGINE_DATA_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#include "engine/status.h"

#define OUTPUT_BUFFER 65536

struct output {
    int file; /* private, as is errno of the first failure (0: none yet): */
    int failure;
    size_t used;
    uint8_t buffer[OUTPUT_BUFFER];
};

void output_create(struct output *output, const char *path);
void output_put(struct output *output, const void *bytes, size_t size);
/* ENGINE_FULL, ENGINE_IO: what is there is not whole. */
ENGINE_MUST_CHECK enum engine_status
output_finish(struct output *output, const char *path, struct engine_error *error);

#endif
