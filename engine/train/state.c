#include "engine/train/state.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct state_field {
    const char *name;
    size_t offset;
    bool is_double;
} state_fields[] = {
#define WHOLE(label)                                                                     \
    {                                                                                    \
        "." #label, offsetof(struct train_state, label), false                           \
    }
#define REAL(label)                                                                      \
    {                                                                                    \
        "." #label, offsetof(struct train_state, label), true                            \
    }
    WHOLE(step),
    WHOLE(samples),
    REAL(train_seconds),
    REAL(cpu_seconds),
    WHOLE(points),
    WHOLE(point_step),
    REAL(lr),
    REAL(loss_sum),
    WHOLE(correct),
    WHOLE(seen),
    WHOLE(best_step),
    REAL(best_accuracy),
    WHOLE(points_since_best),
    REAL(last_accuracy),
    WHOLE(probe_samples),
    WHOLE(bucket_first),
    WHOLE(bucket_steps),
    REAL(bucket_min),
    REAL(bucket_max),
    REAL(bucket_sum),
    WHOLE(not_finite),
};

#define STATE_FIELD_COUNT (sizeof state_fields / sizeof state_fields[0])

/* May change from one stretch of a run to the next. */
static const char *const limits[] = {"epochs", "target_accuracy", "stop_at_target",
                                     "time_budget_s", "patience"};

/* A text that is being added to; once it does not fit it stays `full`. */
struct writer {
    char *text;
    size_t size, used;
    bool full;
};

__attribute__((format(printf, 2, 3))) static void add(struct writer *writer,
                                                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(writer->text + writer->used, writer->size - writer->used,
                           format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= writer->size - writer->used)
        writer->full = true;
    else
        writer->used += (size_t)length;
}

static void add_bits(struct writer *writer, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    add(writer, "%016" PRIx64, bits);
}

static bool parse_bits(const char *text, double *value)
{
    if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
        return false;
    uint64_t bits = strtoull(text, NULL, 16);
    memcpy(value, &bits, sizeof *value);
    return true;
}

/* Digits only, at most 18 of them: fits int64_t without overflow. */
static bool parse_whole(const char *text, int64_t *value)
{
    size_t length = strlen(text);
    if (length == 0 || length > 18 || strspn(text, "0123456789") != length)
        return false;
    *value = strtoll(text, NULL, 10);
    return true;
}

static void add_layers(struct writer *writer, const struct train_config *config)
{
    for (size_t i = 0; i < config->hidden_count; i++)
        add(writer, "%s%" PRId64, i > 0 ? "," : "", config->hidden[i]);
}

static void add_config_field(struct writer *writer, const struct train_config *config,
                             const struct config_field *field)
{
    add(writer, "%s=", field->name);
    switch (field->type) {
    case CONFIG_CHOICE:
        add(writer, "%s", config_get_text(config, field));
        break;
    case CONFIG_INTEGER:
        add(writer, "%.0f", config_get_number(config, field));
        break;
    case CONFIG_NUMBER:
        add_bits(writer, config_get_number(config, field));
        break;
    case CONFIG_BOOL:
        add(writer, "%d", config_get_bool(config, field));
        break;
    case CONFIG_LAYERS:
        add_layers(writer, config);
        break;
    }
    add(writer, " ");
}

static void add_state_field(struct writer *writer, const struct train_state *state,
                            const struct state_field *field)
{
    const void *at = (const char *)state + field->offset;
    add(writer, "%s=", field->name);
    if (field->is_double)
        add_bits(writer, *(const double *)at);
    else
        add(writer, "%" PRId64, *(const int64_t *)at);
    add(writer, " ");
}

bool state_print(const struct train_config *config, const struct train_state *state,
                 char *text, size_t size)
{
    struct writer writer = {.text = text, .size = size};
    size_t count;
    const struct config_field *fields = config_fields(&count);
    for (size_t i = 0; i < count; i++)
        add_config_field(&writer, config, &fields[i]);
    for (size_t i = 0; i < STATE_FIELD_COUNT; i++)
        add_state_field(&writer, state, &state_fields[i]);
    return !writer.full;
}

static bool parse_layers(char *text, struct train_config *config,
                         const struct config_field *field)
{
    double widths[MLP_MAX_HIDDEN];
    size_t count = 0;
    struct config_problem problem = {.field = ""};
    char *rest = text;
    for (char *part; *text != '\0' && (part = strsep(&rest, ",")) != NULL;) {
        int64_t width;
        if (count == MLP_MAX_HIDDEN || !parse_whole(part, &width))
            return false;
        widths[count++] = (double)width;
    }
    return config_set_layers(config, field, widths, count, &problem);
}

static bool parse_number(const struct config_field *field, double value,
                         struct train_config *config)
{
    struct config_problem problem = {.field = ""};
    if (field->nullable && value == 0)
        return config_set_null(config, field, &problem);
    return config_set_number(config, field, value, &problem);
}

static bool parse_config_field(const struct config_field *field, char *text,
                               struct train_config *config)
{
    struct config_problem problem = {.field = ""};
    int64_t whole;
    double real;
    switch (field->type) {
    case CONFIG_CHOICE:
        return config_set_text(config, field, text, &problem);
    case CONFIG_INTEGER:
        return parse_whole(text, &whole) && parse_number(field, (double)whole, config);
    case CONFIG_NUMBER:
        return parse_bits(text, &real) && parse_number(field, real, config);
    case CONFIG_BOOL:
        return parse_whole(text, &whole) && whole <= 1 &&
               config_set_bool(config, field, whole == 1, &problem);
    case CONFIG_LAYERS:
        return parse_layers(text, config, field);
    }
    return false;
}

static bool parse_state_field(const char *name, const char *text,
                              struct train_state *state)
{
    for (size_t i = 0; i < STATE_FIELD_COUNT; i++) {
        const struct state_field *field = &state_fields[i];
        if (strcmp(field->name, name) != 0)
            continue;
        void *at = (char *)state + field->offset;
        return field->is_double ? parse_bits(text, at) : parse_whole(text, at);
    }
    return false;
}

static bool parse_pair(char *pair, struct train_config *config, struct train_state *state)
{
    char *value = strchr(pair, '=');
    if (value == NULL)
        return false;
    *value++ = '\0';
    const struct config_field *field = config_find(pair);
    return field != NULL ? parse_config_field(field, value, config)
                         : parse_state_field(pair, value, state);
}

bool state_parse(const char *text, struct train_config *config, struct train_state *state)
{
    char copy[STATE_TEXT_SIZE];
    struct train_config parsed_config;
    struct train_state parsed_state = {0};
    if (strlen(text) >= sizeof copy)
        return false;
    memcpy(copy, text, strlen(text) + 1);
    config_init(&parsed_config);
    char *rest = copy;
    for (char *pair; (pair = strsep(&rest, " ")) != NULL;)
        if (*pair != '\0' && !parse_pair(pair, &parsed_config, &parsed_state))
            return false;
    struct config_problem problem = {.field = ""};
    if (config_check(&parsed_config, &problem, 1) > 0)
        return false;
    *config = parsed_config;
    *state = parsed_state;
    return true;
}

static bool is_limit(const char *name)
{
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (strcmp(limits[i], name) == 0)
            return true;
    return false;
}

const char *state_difference(const struct train_config *a, const struct train_config *b)
{
    size_t count;
    const struct config_field *fields = config_fields(&count);
    for (size_t i = 0; i < count; i++)
        if (!is_limit(fields[i].name) && !config_same(a, b, &fields[i]))
            return fields[i].name;
    return NULL;
}
