/* What a sweep is told to do: POST /sweeps between JSON and the engine's search. */
#ifndef SERVER_SWEEPS_SPEC_H
#define SERVER_SWEEPS_SPEC_H

#include <cjson/cJSON.h>

#include "engine/search/pruner.h"
#include "engine/search/sampler.h"
#include "server/json/config_json.h"

#define SWEEP_MAX_RUNS      5000
#define SWEEP_MAX_REPEATS   100
#define SWEEP_MAX_VALUES    200              /* of one parameter */
#define SWEEP_LARGEST_SEED  9007199254740991 /* 2^53 - 1 */
#define SWEEP_TARGET        0.9
#define SWEEP_VALIDATION    5000  /* samples held out by default ... */
#define SWEEP_LEAST_SAMPLES 10000 /* ... of a training set of at least so many */

/* A field of the config that varies; a dimension of the space. */
struct sweep_parameter {
    const struct config_field *field;
    const cJSON *values; /* of a choice: inside the spec's JSON; NULL: a range */
};

struct sweep_spec {
    cJSON *json; /* with all defaults filled in; can be posted again */
    struct train_config base;
    struct sweep_parameter parameters[SEARCH_MAX_DIMENSIONS];
    struct search_space space;
    enum sampler_kind sampler;
    enum pruner_kind pruner;
    struct goal goal; /* target NaN: none */
    bool timed;
    int64_t total_runs, repeats;
    int64_t parallel;     /* 0: as many as there are workers */
    int64_t eval_samples; /* 0: as the base has it */
    double time_budget_s; /* INFINITY: none */
    int64_t seed;
};

/* Reads a spec; every problem is noted with its field ("space.lr", "base.epochs"). False:
 * there are some, and nothing to clear. The spec keeps a copy of `object`. */
bool sweep_spec_read(const cJSON *object, struct sweep_spec *out,
                     struct config_problems *problems);
/* The same for a stored text. */
bool sweep_spec_parse(const char *text, struct sweep_spec *out,
                      struct config_problems *problems);
void sweep_spec_clear(struct sweep_spec *spec);

/* The config of a point of the space under its `repeat`-th seed. May be one that
 * config_check refuses: parameters can be at odds with each other. */
void sweep_spec_config(const struct sweep_spec *spec, const struct search_point *point,
                       int64_t repeat, struct train_config *config);

/* Of both clocks the one that the sweep goes by. */
double sweep_spec_seconds(const struct sweep_spec *spec, double train_seconds,
                          double cpu_seconds);

/* Where a config lies in the space. False: nowhere. */
bool sweep_spec_locate(const struct sweep_spec *spec, const struct train_config *config,
                       struct search_point *point);

/* Settings (points, each under `repeats` seeds) that the spec plans for. */
int64_t sweep_spec_settings(const struct sweep_spec *spec);

/* Calls `visit` with configs of the plan until it says false: every so many of a grid, up
 * to 256, else as many that are drawn. */
void sweep_spec_look(const struct sweep_spec *spec,
                     bool (*visit)(const struct sweep_spec *spec,
                                   const struct train_config *config, void *context),
                     void *context);

/* The most samples that a run may train on, of those that are looked at. */
double sweep_spec_samples(const struct sweep_spec *spec);

#endif
