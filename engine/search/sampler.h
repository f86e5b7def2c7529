/* Samplers: which point of a space to try next.
 *
 * A suggestion is a pure function of its arguments, so that a search that was cut off
 * goes on with the same points. grid: the last dimension changes fastest. random: every
 * point by itself. sobol: a scrambled Sobol sequence (Joe and Kuo 2008; Owen 1998).
 * tpe: the tree-structured Parzen estimator (Bergstra et al. 2011) with Optuna's
 * defaults.
 */
#ifndef ENGINE_SEARCH_SAMPLER_H
#define ENGINE_SEARCH_SAMPLER_H

#include "engine/search/space.h"
#include "engine/status.h"

enum sampler_kind { SAMPLER_GRID, SAMPLER_RANDOM, SAMPLER_SOBOL, SAMPLER_TPE };

/* A point that was tried. Only the order of losses counts, so ranks will do. */
struct sampler_trial {
    struct search_point point;
    double loss; /* lower is better; infinite: failed; NaN: still running */
};

#define TPE_STARTUP    10 /* ended trials before the model is asked */
#define TPE_CANDIDATES 24
#define TPE_MAX_GOOD   25

/* The point number `index` (0 is the first). `history`: all points suggested before it
 * that are ended or running, used by tpe only. ENGINE_INVALID: a grid with a REAL
 * dimension, or past its end. Any thread. */
ENGINE_MUST_CHECK enum engine_status
sampler_suggest(enum sampler_kind kind, const struct search_space *space, uint64_t seed,
                uint64_t index, const struct sampler_trial *history, size_t count,
                struct search_point *out);

const char *sampler_name(enum sampler_kind kind); /* "grid", ... of the API */

#endif
