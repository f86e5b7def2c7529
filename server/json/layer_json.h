/* Layers' statistics and the gradient's noise, from the trainer to the store to JSON. */
#ifndef SERVER_JSON_LAYER_JSON_H
#define SERVER_JSON_LAYER_JSON_H

#include <cjson/cJSON.h>

#include "db/points.h"
#include "engine/train/trainer.h"

/* The trainer's statistics as the store keeps them. Those of a probe have histograms,
 * which go to `histograms` and must live as long as `out`; else that is left alone. */
void layer_from_trainer(const struct layer_stats *stats, int64_t step, int layer,
                        struct db_histograms *histograms, struct db_layer *out);
struct db_noise noise_from_trainer(const struct noise_scale *noise, int64_t step);

/* A layer of GET /runs/{id}/layers as a line of text that the caller frees. NULL: no
 * memory. */
char *layer_to_text(const struct db_layer *layer);

/* A noise scale of the same answer. NULL: no memory. */
cJSON *noise_to_json(const struct db_noise *noise);

#endif
