/* What a run is told to do: a plain struct, and the table of its fields.
 *
 * The table is the single source of names, types, ranges, defaults and help: the REST
 * reader, the OpenAPI description, the form in the browser and the command line all walk
 * it. The engine knows no JSON; readers call `config_set_*` with typed values. */
#ifndef ENGINE_TRAIN_CONFIG_H
#define ENGINE_TRAIN_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/data/dataset.h"
#include "engine/data/loader.h"
#include "engine/nn/mlp.h"
#include "engine/nn/optimizer.h"
#include "engine/nn/schedule.h"

/* Fields that may be null (see `config_field.nullable`) use 0 for null: none of them
 * allows 0 as a value. Choice fields are stored as `int` holding the enum's value. */
struct train_config {
    int dataset;           /* index in dataset_list() */
    int64_t train_samples; /* null: all */
    int64_t test_samples;  /* null: all */
    int64_t validation_samples;
    int inputs; /* enum input_range */
    int labels; /* enum labelling */
    int engine; /* enum engine_kind */
    int64_t hidden[MLP_MAX_HIDDEN];
    size_t hidden_count;
    int activation; /* enum activation */
    int init;       /* enum init */
    double init_bias;
    int loss;      /* enum loss */
    int optimizer; /* enum optimizer_kind */
    double lr, momentum;
    bool nesterov;
    double weight_decay, beta1, beta2, eps;
    int schedule; /* enum schedule_kind */
    int64_t warmup_steps;
    double dropout;
    double grad_clip; /* null: off */
    int64_t batch_size;
    int batching; /* enum batching */
    int64_t epochs;
    int64_t eval_every;     /* steps between points; null: every epoch */
    double target_accuracy; /* null: none */
    bool stop_at_target;
    double time_budget_s; /* training seconds; null: none */
    int64_t patience;     /* points without a new best; null: off */
    int test_at;          /* enum test_at */
    int64_t seed;         /* 0 .. 2^53 - 1 */
    bool diagnostics;
};

/* How a run sees its dataset; see `engine/train/view.h`. */
enum input_range { INPUTS_SCALED, INPUTS_RAW };
enum labelling { LABELS_TRUE, LABELS_PERMUTED, LABELS_CONSTANT };

/* When a run looks at the test set: a search that chooses by validation should not. */
enum test_at { TEST_AT_POINTS, TEST_AT_END };

enum config_type {
    CONFIG_CHOICE,  /* int; one of `choices` */
    CONFIG_INTEGER, /* int64_t */
    CONFIG_NUMBER,  /* double */
    CONFIG_BOOL,    /* bool */
    CONFIG_LAYERS,  /* `hidden` and `hidden_count`: list of integers */
};

struct config_field {
    const char *name;
    enum config_type type;
    size_t offset;
    double minimum, maximum; /* INTEGER, NUMBER and each element of LAYERS */
    bool minimum_excluded, maximum_excluded;
    bool nullable;
    const char *const *choices; /* CHOICE: NULL-terminated; only what this build can do;
                                   NULL: the datasets that are known at the time */
    const char *help;           /* one sentence for the form and the API description */
};

/* One thing wrong with a config. */
struct config_problem {
    char field[48];
    char message[208]; /* names what is allowed: "must be a number above 0, at most 10" */
};

/* All fields in the order to show them; static storage. */
const struct config_field *config_fields(size_t *count);
const struct config_field *config_find(const char *name); /* NULL if unknown */

/* The first text from `*index` on that a CHOICE may be set to, and moves `*index` to it;
 * NULL: there is none left. */
const char *config_choice(const struct config_field *field, size_t *index);

/* The documented defaults. */
void config_init(struct train_config *config);

/* Each sets one field if the value is of the field's type and in its range and returns
 * true, or fills `problem` and leaves the config alone. */
bool config_set_number(struct train_config *config, const struct config_field *field,
                       double value, struct config_problem *problem);
bool config_set_bool(struct train_config *config, const struct config_field *field,
                     bool value, struct config_problem *problem);
bool config_set_text(struct train_config *config, const struct config_field *field,
                     const char *value, struct config_problem *problem);
bool config_set_null(struct train_config *config, const struct config_field *field,
                     struct config_problem *problem);
bool config_set_layers(struct train_config *config, const struct config_field *field,
                       const double *values, size_t count,
                       struct config_problem *problem);

/* Reading a field back. `is_null` first for nullable fields. */
bool config_is_null(const struct train_config *config, const struct config_field *field);
double config_get_number(const struct train_config *config,
                         const struct config_field *field); /* INTEGER, NUMBER */
bool config_get_bool(const struct train_config *config, const struct config_field *field);
const char *config_get_text(const struct train_config *config,
                            const struct config_field *field); /* CHOICE */

/* Whether a field says the same in both. */
bool config_same(const struct train_config *a, const struct train_config *b,
                 const struct config_field *field);

/* What no single field can know: momentum for nesterov, more held-out samples than there
 * are, a model too large, ... Returns how many problems it found (at most `max` are
 * written). Needs no file. */
size_t config_check(const struct train_config *config, struct config_problem *problems,
                    size_t max);

/* The limits that `config_check` holds a model and its batch to. */
#define CONFIG_MAX_PARAMETERS  25000000
#define CONFIG_MAX_SCALAR      250000   /* parameters: each is several numbers there */
#define CONFIG_MAX_SECONDS     31536000 /* a year; of time_budget_s */
#define CONFIG_MAX_BATCH_BYTES (INT64_C(1) << 30)

/* What the config's dataset is; static storage. */
const struct dataset_info *config_dataset(const struct train_config *config);

/* The network that a valid config describes. */
struct mlp_shape config_shape(const struct train_config *config);

/* Derived facts, for progress and forms. */
int64_t config_train_count(const struct train_config *config); /* without validation */
int64_t config_test_count(const struct train_config *config);
int64_t config_steps_per_epoch(const struct train_config *config);
size_t config_parameter_count(const struct train_config *config);

#endif
