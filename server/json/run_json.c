#include "server/json/run_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/data/dataset.h"
#include "server/json/build.h"
#include "server/json/config_json.h"
#include "server/json/number.h"
#include "server/json/reader.h"
#include "server/json/time_json.h"

static void add(cJSON *object, const char *name, cJSON *value)
{
    json_add(object, name, value);
}

cJSON *run_text_to_json(const char *text)
{
    return text ? cJSON_CreateString(text) : cJSON_CreateNull();
}

static cJSON *id_or_null(int64_t id)
{
    return id ? number_to_json((double)id) : cJSON_CreateNull();
}

/* Texts that this server stored itself stand as they are; a damaged one shows as null,
 * not as a failure. */
static cJSON *stored_json(const char *text)
{
    return text && json_is_line(text) ? cJSON_CreateRaw(text) : cJSON_CreateNull();
}

static void add_words(cJSON *object, const struct db_run *run)
{
    add(object, "name", run_text_to_json(run->name));
    add(object, "tags", stored_json(run->tags));
    add(object, "notes", run_text_to_json(run->notes));
}

/* The members of `object`, which is freed, behind those of a text. NULL: no memory. */
static cJSON *join_with(const char *first, cJSON *object)
{
    int length = (int)strlen(first) - 1; /* without its closing brace */
    char *second = json_take_text(object);
    size_t size = second ? (size_t)length + strlen(second) + 1 : 0;
    char *text = second ? cJSON_malloc(size) : NULL;
    if (text)
        snprintf(text, size, "%.*s,%s", length, first, second + 1);
    cJSON *raw = text ? cJSON_CreateRaw(text) : NULL;
    cJSON_free(text);
    cJSON_free(second);
    return raw;
}

/* As it is stored: lists have many, and a tree of each would be most of their work. An
 * older one passes through the engine's struct, which keeps its numbers exact and knows
 * what fields it lacks. */
static cJSON *config_of(const struct db_run *run)
{
    if (config_text_is_current(run->config)) {
        cJSON *words = cJSON_CreateObject();
        add_words(words, run);
        return join_with(run->config, words);
    }
    struct train_config config;
    struct config_problems problems = {.count = 0};
    cJSON *object = config_from_text(run->config, &config, &problems)
                        ? config_to_json(&config)
                        : cJSON_CreateObject();
    add_words(object, run);
    return object;
}

static double samples_per_second(const struct db_run_summary *summary)
{
    return summary->train_seconds > 0
               ? (double)summary->last_samples / summary->train_seconds
               : NAN;
}

static double progress_of(const struct db_run *run)
{
    if (run->state == RUN_FINISHED)
        return 1;
    if (run->facts.total_steps <= 0)
        return 0;
    return fmin(1, (double)run->summary.last_step / (double)run->facts.total_steps);
}

/* Training seconds left at the speed so far, never more than the budget leaves. */
static double eta_of(const struct db_run *run)
{
    const struct db_run_summary *summary = &run->summary;
    if (!(RUN_MASK(run->state) & RUN_LIVE) || summary->last_step <= 0)
        return NAN;
    double per_step = summary->train_seconds / (double)summary->last_step;
    double eta = per_step * (double)(run->facts.total_steps - summary->last_step);
    double budget = run->facts.time_budget_s - summary->train_seconds;
    return fmax(0, isnan(budget) ? eta : fmin(eta, budget));
}

/* Lists have many runs of many numbers: text at once, for nodes of a tree take longer. */
static cJSON *summary_of(const struct db_run *run)
{
    const struct db_run_summary *s = &run->summary;
    bool none = s->points == 0;
    const struct number_member numbers[] = {
        {"points",              (double)s->points                 },
        {"best_test_accuracy",  none ? NAN : s->best_test_accuracy},
        {"best_val_accuracy",   none ? NAN : s->best_val_accuracy },
        {"best_step",           none ? NAN : (double)s->best_step },
        {"last_step",           (double)s->last_step              },
        {"last_epoch",          s->last_epoch                     },
        {"last_samples",        (double)s->last_samples           },
        {"last_lr",             s->last_lr                        },
        {"last_train_loss",     s->last_train_loss                },
        {"last_train_accuracy", s->last_train_accuracy            },
        {"last_test_loss",      s->last_test_loss                 },
        {"last_test_accuracy",  s->last_test_accuracy             },
        {"last_val_loss",       s->last_val_loss                  },
        {"last_val_accuracy",   s->last_val_accuracy              },
        {"last_grad_norm",      s->last_grad_norm                 },
        {"train_seconds",       s->train_seconds                  },
        {"cpu_seconds",         s->cpu_seconds                    },
        {"samples_per_second",  samples_per_second(s)             },
        {"time_to_target",      s->time_to_target                 },
        {"eta_seconds",         eta_of(run)                       },
    };
    char text[sizeof numbers / sizeof *numbers * NUMBER_MEMBER_MAX];
    size_t length = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        length += number_print_member(&numbers[i], i ? ',' : '{', text + length);
    snprintf(text + length, sizeof text - length, "}");
    cJSON *words = cJSON_CreateObject();
    add(words, "stop_reason", run_text_to_json(run->stop_reason));
    return join_with(text, words);
}

/* What a float prints with four decimals, and a comma. */
#define SPARK_TEXT_MAX 48u

static cJSON *sparkline_of(const struct db_run *run)
{
    char text[DB_SPARK_MAX * SPARK_TEXT_MAX + 3] = "[";
    size_t length = 1;
    for (size_t i = 0; i < run->spark_count; i++) {
        double value = (double)run->spark[i];
        const char *before = i ? "," : "";
        if (isfinite(value))
            length +=
                (size_t)snprintf(text + length, SPARK_TEXT_MAX, "%s%.4f", before, value);
        else
            length += (size_t)snprintf(text + length, SPARK_TEXT_MAX, "%snull", before);
    }
    snprintf(text + length, sizeof text - length, "]");
    return cJSON_CreateRaw(text);
}

cJSON *run_to_json(const struct db_run *run)
{
    cJSON *object = cJSON_CreateObject();
    if (!object)
        return NULL;
    number_add(object, "id", (double)run->id);
    add(object, "name", run_text_to_json(run->name));
    add(object, "state", cJSON_CreateString(run_state_name(run->state)));
    add(object, "stop_reason", run_text_to_json(run->stop_reason));
    add(object, "error", run_text_to_json(run->error));
    add(object, "config", config_of(run));
    add(object, "parameters", number_to_json((double)run->facts.parameters));
    add(object, "layers", cJSON_CreateString(run->facts.layers));
    add(object, "total_steps", number_to_json((double)run->facts.total_steps));
    add(object, "summary", summary_of(run));
    add(object, "sparkline", sparkline_of(run));
    add(object, "environment", stored_json(run->environment));
    add(object, "created_at", time_to_json(run->created_at));
    add(object, "started_at", time_to_json(run->started_at));
    add(object, "finished_at", time_to_json(run->finished_at));
    number_add(object, "progress", progress_of(run));
    add(object, "sweep", id_or_null(run->sweep));
    add(object, "parent", id_or_null(run->parent));
    add(object, "tags", stored_json(run->tags));
    add(object, "notes", run_text_to_json(run->notes));
    add(object, "archived", cJSON_CreateBool(run->archived));
    return object;
}

static const char *choice(const struct train_config *config, const char *field)
{
    return config_get_text(config, config_find(field));
}

static void describe_layers(const struct train_config *config, char *out, size_t size)
{
    struct mlp_shape shape = config_shape(config);
    size_t length = (size_t)snprintf(out, size, "%zu", shape.inputs);
    for (size_t i = 0; i < shape.hidden_count && length < size; i++)
        length += (size_t)snprintf(out + length, size - length, "-%zu", shape.hidden[i]);
    if (length < size)
        snprintf(out + length, size - length, "-%zu", shape.outputs);
}

void run_facts(const struct train_config *config, struct db_run_facts *facts)
{
    *facts = (struct db_run_facts){
        .lr = config->lr,
        .batch_size = config->batch_size,
        .epochs = config->epochs,
        .seed = config->seed,
        .parameters = (int64_t)config_parameter_count(config),
        .total_steps = config_steps_per_epoch(config) * config->epochs,
        .target_accuracy = config->target_accuracy > 0 ? config->target_accuracy : NAN,
        .time_budget_s = config->time_budget_s > 0 ? config->time_budget_s : NAN,
    };
    snprintf(facts->dataset, sizeof facts->dataset, "%s", choice(config, "dataset"));
    snprintf(facts->optimizer, sizeof facts->optimizer, "%s",
             choice(config, "optimizer"));
    snprintf(facts->activation, sizeof facts->activation, "%s",
             choice(config, "activation"));
    snprintf(facts->batching, sizeof facts->batching, "%s", choice(config, "batching"));
    snprintf(facts->engine, sizeof facts->engine, "%s", choice(config, "engine"));
    describe_layers(config, facts->layers, sizeof facts->layers);
}
