/* A checkpoint as the bytes of its file; what lies between checkpoint and file system. */
#ifndef ENGINE_TRAIN_IMAGE_H
#define ENGINE_TRAIN_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/train/checkpoint.h"

/* `*bytes` is malloc'd. */
ENGINE_MUST_CHECK enum engine_status checkpoint_pack(const struct checkpoint *checkpoint,
                                                     uint8_t **bytes, size_t *size);

/* Leaves `into` alone unless the bytes are a whole checkpoint (else ENGINE_FORMAT). */
ENGINE_MUST_CHECK enum engine_status checkpoint_unpack(const uint8_t *bytes, size_t size,
                                                       struct checkpoint *into);

#endif
