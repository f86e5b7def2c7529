/* The probe: a look inside the layers at fixed weights, with samples drawn once a run.
 *
 * Up to 1,024 training samples go through the network in 16 small batches, without
 * dropout and without an update. That gives what the layers hand on, and gradients of
 * small and of pooled batches, from which the gradient noise scale follows. */
#ifndef ENGINE_TRAIN_PROBE_H
#define ENGINE_TRAIN_PROBE_H

#include "engine/train/trainer_state.h"

/* Makes room and draws the samples from the training rows by the run's seed; a run
 * without diagnostics has no probe (`trainer->probe` stays NULL). Free with `probe_free`.
 */
ENGINE_MUST_CHECK enum engine_status probe_new(const struct trainer *trainer,
                                               struct probe **out);
void probe_free(struct probe *probe);

/* Whether the point being measured takes a probe: the first one does, and then any once
 * 40 times as many samples as a probe has were trained on since, which keeps probing
 * below 5 % of training. Before that, each fourfold of the samples so far takes one too,
 * so that a short run has a few. Depends on nothing but config and state. */
bool probe_is_due(const struct trainer *trainer);

/* Fills the probed part of `trainer->layers` and `trainer->noise`. Overwrites the mlp's
 * gradients. Allocates nothing. */
void probe_take(struct trainer *trainer);

#endif
