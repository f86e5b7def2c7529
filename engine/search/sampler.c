#include "engine/search/sampler.h"

#include <math.h>

#include "engine/autograd/rng.h"
#include "engine/search/sobol.h"
#include "engine/search/tpe.h"

const char *sampler_name(enum sampler_kind kind)
{
    static const char *const names[] = {
        [SAMPLER_GRID] = "grid",
        [SAMPLER_RANDOM] = "random",
        [SAMPLER_SOBOL] = "sobol",
        [SAMPLER_TPE] = "tpe",
    };
    return names[kind];
}

/* The index in mixed radix, the last dimension its lowest digit. */
static enum engine_status suggest_grid(const struct search_space *space, uint64_t index,
                                       struct search_point *out)
{
    if (index >= search_grid_size(space))
        return ENGINE_INVALID;
    for (size_t i = space->count; i-- > 0;) {
        const struct search_dimension *dimension = &space->dimensions[i];
        size_t size = search_dimension_size(dimension);
        double first = dimension->kind == SEARCH_CHOICE ? 0 : dimension->low;
        out->values[i] = first + (double)(index % size);
        index /= size;
    }
    return ENGINE_OK;
}

static enum engine_status suggest_random(const struct search_space *space,
                                         struct rng *rng, struct search_point *out)
{
    for (size_t i = 0; i < space->count; i++)
        out->values[i] = search_from_unit(&space->dimensions[i], rng_uniform(rng, 0, 1));
    return ENGINE_OK;
}

static enum engine_status suggest_sobol(const struct search_space *space, uint64_t seed,
                                        uint64_t index, struct search_point *out)
{
    for (unsigned i = 0; i < space->count; i++) {
        double point = (double)sobol_scrambled((uint32_t)index, i, seed);
        out->values[i] = search_from_unit(&space->dimensions[i], ldexp(point, -32));
    }
    return ENGINE_OK;
}

static enum engine_status suggest_tpe(const struct search_space *space,
                                      const struct sampler_trial *history, size_t count,
                                      struct rng *rng, struct search_point *out)
{
    size_t ended = 0;
    for (size_t i = 0; i < count; i++)
        ended += !isnan(history[i].loss);
    return ended < TPE_STARTUP ? suggest_random(space, rng, out)
                               : tpe_suggest(space, history, count, rng, out);
}

enum engine_status sampler_suggest(enum sampler_kind kind,
                                   const struct search_space *space, uint64_t seed,
                                   uint64_t index, const struct sampler_trial *history,
                                   size_t count, struct search_point *out)
{
    struct rng rng;
    rng_init(&rng, seed, index);
    *out = (struct search_point){{0}};
    switch (kind) {
    case SAMPLER_GRID:
        return suggest_grid(space, index, out);
    case SAMPLER_RANDOM:
        return suggest_random(space, &rng, out);
    case SAMPLER_SOBOL:
        return suggest_sobol(space, seed, index, out);
    case SAMPLER_TPE:
        return suggest_tpe(space, history, count, &rng, out);
    }
    return ENGINE_INVALID;
}
