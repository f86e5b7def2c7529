/* How much each dimension of a search matters for being among the best: PED-ANOVA
 * (Watanabe, Bansal, Hutter 2023, arXiv 2304.10255). Where the best tenth of the points
 * lie differently along a dimension than all of them, that dimension matters: the measure
 * is the Pearson divergence between the two densities. It speaks of the range searched
 * and of nothing beyond it. */
#ifndef ENGINE_SEARCH_IMPORTANCE_H
#define ENGINE_SEARCH_IMPORTANCE_H

#include "engine/search/sampler.h"

#define IMPORTANCE_LEAST 10 /* with fewer ended trials nothing is said */

/* Shares that sum to 1 (or all 0, where no dimension tells the best from the rest) into
 * `shares`, one a dimension. Trials that still run (NaN) are left out. False with too few
 * trials or no memory. */
bool importance_of(const struct search_space *space, const struct sampler_trial *trials,
                   size_t count, double *shares);

#endif
