/* A run's resumable state, and its file.
 *
 * The file is safetensors (https://github.com/huggingface/safetensors): parameters (last
 * and best), optimizer state, and the trainer's counters, RNG and loader position. It is
 * written to a temporary name, synced, renamed, and its folder synced, so a file with the
 * final name is always whole. */
#ifndef ENGINE_TRAIN_CHECKPOINT_H
#define ENGINE_TRAIN_CHECKPOINT_H

#include <stddef.h>
#include <stdint.h>

#include "engine/status.h"
#include "engine/train/config.h"

struct checkpoint; /* opaque; reused from snapshot to snapshot */

ENGINE_MUST_CHECK enum engine_status checkpoint_new(struct checkpoint **out);
void checkpoint_free(struct checkpoint *checkpoint);
/* Gives back what it holds; it can be filled again. */
void checkpoint_clear(struct checkpoint *checkpoint);

/* The step the state was taken at. */
int64_t checkpoint_step(const struct checkpoint *checkpoint);

/* The config of the run that it is of; owned by the checkpoint. */
const struct train_config *checkpoint_config(const struct checkpoint *checkpoint);

/* Atomic and durable when it returns ENGINE_OK. On failure nothing with the final name
 * has changed (unless it was the folder that could not be synced) and no temporary file
 * (PATH.tmp) is left. */
ENGINE_MUST_CHECK enum engine_status checkpoint_write(const struct checkpoint *checkpoint,
                                                      const char *path,
                                                      struct engine_error *error);

/* Refuses (ENGINE_FORMAT) anything truncated, oversized or not ours. */
ENGINE_MUST_CHECK enum engine_status
checkpoint_read(const char *path, struct checkpoint *into, struct engine_error *error);

enum checkpoint_which { CHECKPOINT_BEST, CHECKPOINT_LAST };

/* Makes a model file as PyTorch loads it: `layers.N.weight` (out, in), `layers.N.bias`,
 * float32. `*bytes` is malloc'd, the caller frees. */
ENGINE_MUST_CHECK enum engine_status
checkpoint_export_model(const struct checkpoint *checkpoint, enum checkpoint_which which,
                        uint8_t **bytes, size_t *size, struct engine_error *error);

/* Builds the trained model for inference, for up to `max_rows` rows a call. Its inputs
 * are scaled ones (`dataset_gather`'s) even where the run trained on raw pixels. */
ENGINE_MUST_CHECK enum engine_status
checkpoint_build_model(const struct checkpoint *checkpoint, enum checkpoint_which which,
                       size_t max_rows, struct mlp **out, struct engine_error *error);

#endif
