/* Named float32 tensors as bytes in the safetensors format: eight bytes of header length,
 * a JSON header, then the numbers, all little-endian.
 *
 * Reading is for files that this module wrote: the header must be, byte for byte, the
 * one that packing the expected tensors gives. */
#ifndef ENGINE_TRAIN_SAFETENSORS_H
#define ENGINE_TRAIN_SAFETENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/status.h"

#define SAFETENSORS_MAX_HEADER 16384

/* `values` lie as (rows, columns); a matrix is (columns, rows) in the file, PyTorch's
 * layout of a weight that is (inputs, outputs) here. With 0 columns it is a vector. */
struct tensor {
    char name[40];
    size_t rows, columns;
    float *values;
};

/* `metadata` is the inside of the JSON object `__metadata__`: "\"a\":\"b\"".
 * `*bytes` is malloc'd. */
ENGINE_MUST_CHECK enum engine_status safetensors_pack(const struct tensor *tensors,
                                                      size_t count, const char *metadata,
                                                      uint8_t **bytes, size_t *size);

/* Finds the metadata of packed bytes without looking at the rest. False if there is none
 * or it does not fit into `metadata`. */
bool safetensors_metadata(const uint8_t *bytes, size_t size, char *metadata,
                          size_t metadata_size);

/* Copies the numbers to `tensors[].values`; ENGINE_FORMAT unless the bytes hold exactly
 * these tensors and this metadata. */
ENGINE_MUST_CHECK enum engine_status safetensors_unpack(const uint8_t *bytes, size_t size,
                                                        const char *metadata,
                                                        const struct tensor *tensors,
                                                        size_t count);

/* Where the numbers begin in bytes that were packed or have been unpacked. */
size_t safetensors_data_offset(const uint8_t *bytes);

#endif
