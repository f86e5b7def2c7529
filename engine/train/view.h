/* What a run sees of its dataset: the same samples, with inputs and labels as its config
 * says. Mistakes that people make with their data can so be tried on purpose. */
#ifndef ENGINE_TRAIN_VIEW_H
#define ENGINE_TRAIN_VIEW_H

#include "engine/data/dataset.h"
#include "engine/data/loader.h"
#include "engine/train/config.h"

/* How many times larger raw pixels are than scaled ones. */
#define RAW_INPUT_SCALE 255.0f

struct dataset_view {
    const struct dataset_info *info;
    struct dataset_split train, test;
    uint8_t *labels; /* owned: the training split's where they are not the true ones */
};

/* `dataset` must outlive the view. Fails with ENGINE_NO_MEMORY only; `view` is then
 * cleared. Free with `dataset_view_close`. */
ENGINE_MUST_CHECK enum engine_status dataset_view_open(const struct train_config *config,
                                                       const struct dataset *dataset,
                                                       struct dataset_view *view);
void dataset_view_close(struct dataset_view *view);

/* The batches of a run of `config` over what it sees. `loader_new`'s status, or
 * ENGINE_INVALID where the dataset has fewer samples than the config wants. */
ENGINE_MUST_CHECK enum engine_status dataset_view_load(const struct train_config *config,
                                                       const struct dataset_view *view,
                                                       struct loader **out);

#endif
