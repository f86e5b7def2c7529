/* The tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for
 * hyper-parameter optimization"), each dimension by itself, with the defaults of Optuna's
 * TPESampler. */
#ifndef ENGINE_SEARCH_TPE_H
#define ENGINE_SEARCH_TPE_H

#include "engine/autograd/rng.h"
#include "engine/search/sampler.h"

/* The next point from at least one ended trial of `history`; draws from `rng`. */
ENGINE_MUST_CHECK enum engine_status tpe_suggest(const struct search_space *space,
                                                 const struct sampler_trial *history,
                                                 size_t count, struct rng *rng,
                                                 struct search_point *out);

#endif
