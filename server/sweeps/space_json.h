/* A sweep's search space between JSON and the engine. */
#ifndef SERVER_SWEEPS_SPACE_JSON_H
#define SERVER_SWEEPS_SPACE_JSON_H

#include "server/sweeps/spec.h"

/* Reads `space` into the spec's parameters and dimensions; problems are noted. */
void space_read(const cJSON *space, struct sweep_spec *spec,
                struct config_problems *problems);

/* {"name", "kind", "log", "values", "low", "high"} of one parameter. */
cJSON *space_parameter_to_json(const struct sweep_spec *spec, size_t index);

/* The value of a point's dimension as a config has it. */
cJSON *space_value_to_json(const struct sweep_spec *spec, size_t index, double value);

#endif
