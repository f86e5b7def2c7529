#include "server/sweeps/spec.h"

#include <math.h>

void sweep_spec_clear(struct sweep_spec *spec)
{
    cJSON_Delete(spec->json);
    *spec = (struct sweep_spec){0};
}

double sweep_spec_seconds(const struct sweep_spec *spec, double train_seconds,
                          double cpu_seconds)
{
    return spec->timed ? train_seconds : cpu_seconds;
}

int64_t sweep_spec_settings(const struct sweep_spec *spec)
{
    return (spec->total_runs + spec->repeats - 1) / spec->repeats;
}

/* Steps between points, so that every batch size is measured after as many samples: by
 * default a 20th of an epoch. */
static int64_t steps_between(const struct sweep_spec *spec,
                             const struct train_config *config)
{
    double samples = (double)spec->eval_samples;
    if (spec->eval_samples == 0 && config->eval_every > 0)
        return config->eval_every;
    if (spec->eval_samples == 0)
        samples = (double)config_train_count(config) / 20;
    return (int64_t)fmax(1, round(samples / (double)config->batch_size));
}

void sweep_spec_config(const struct sweep_spec *spec, const struct search_point *point,
                       int64_t repeat, struct train_config *config)
{
    struct config_problem problem;
    *config = spec->base;
    for (size_t i = 0; i < spec->space.count; i++) {
        const struct sweep_parameter *parameter = &spec->parameters[i];
        double value = point->values[i];
        if (parameter->values)
            config_set_json(config, parameter->field,
                            cJSON_GetArrayItem(parameter->values, (int)value), &problem);
        else
            config_set_number(config, parameter->field, value, &problem);
    }
    config->seed =
        (int64_t)fmod((double)config->seed + (double)repeat, (double)SWEEP_LARGEST_SEED);
    config->eval_every = steps_between(spec, config);
}

#define LOOKED_AT 256

void sweep_spec_look(const struct sweep_spec *spec,
                     bool (*visit)(const struct sweep_spec *spec,
                                   const struct train_config *config, void *context),
                     void *context)
{
    bool grid = spec->sampler == SAMPLER_GRID;
    int64_t settings = sweep_spec_settings(spec);
    int64_t stride = grid && settings > LOOKED_AT ? settings / LOOKED_AT : 1;
    enum sampler_kind sampler = grid ? SAMPLER_GRID : SAMPLER_RANDOM;
    for (int64_t i = 0; i < LOOKED_AT && i * stride < settings; i++) {
        struct search_point point;
        struct train_config config;
        if (sampler_suggest(sampler, &spec->space, 0, (uint64_t)(i * stride), NULL, 0,
                            &point) != ENGINE_OK)
            return;
        sweep_spec_config(spec, &point, 0, &config);
        if (!visit(spec, &config, context))
            return;
    }
}

static bool most_samples(const struct sweep_spec *spec, const struct train_config *config,
                         void *context)
{
    double *most = context;
    (void)spec;
    double epoch = (double)config_train_count(config);
    if (config->batching == BATCHING_ONE_BATCH)
        epoch = fmin(epoch, (double)config->batch_size);
    *most = fmax(*most, epoch * (double)config->epochs);
    return true;
}

double sweep_spec_samples(const struct sweep_spec *spec)
{
    double most = 0;
    sweep_spec_look(spec, most_samples, &most);
    return most;
}
