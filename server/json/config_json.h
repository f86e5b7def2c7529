/* A run's config between JSON and the engine's struct, driven by the engine's field
 * table. Strict: unknown fields, duplicate keys, wrong types and values out of range are
 * all listed at once. */
#ifndef SERVER_JSON_CONFIG_JSON_H
#define SERVER_JSON_CONFIG_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/train/config.h"

#define CONFIG_MAX_PROBLEMS 32

struct config_problems {
    struct config_problem list[CONFIG_MAX_PROBLEMS];
    size_t count;
};

/* Reads the engine's fields of `object` into `config` (initialised with defaults first).
 * Members `name`, `tags` and `notes` are skipped: they belong to the run, not to the
 * training. True if there is no problem (config_check included). */
bool config_from_json(const cJSON *object, struct train_config *config,
                      struct config_problems *problems);

/* The same for a text, e.g. a stored config or a file of the command line; a syntax error
 * is a problem with an empty field name, and leaves the defaults. */
bool config_from_text(const char *text, struct train_config *config,
                      struct config_problems *problems);

/* The object that a text holds, for the caller to delete; NULL: its syntax error is noted
 * as a problem with an empty field name. */
cJSON *config_read_object(const char *text, struct config_problems *problems);

/* Sets one field from a JSON value of its type, or fills `problem`. */
bool config_set_json(struct train_config *config, const struct config_field *field,
                     const cJSON *value, struct config_problem *problem);

/* Adds a problem of the caller's own; past CONFIG_MAX_PROBLEMS the last is replaced. */
void config_add_problem(struct config_problems *problems, const char *field,
                        const char *message);

/* One field's value; NULL: no memory. */
cJSON *config_field_to_json(const struct train_config *config,
                            const struct config_field *field);

/* Every engine field, in table order, nulls as null. NULL: no memory. */
cJSON *config_to_json(const struct train_config *config);

/* Whether a stored text has the members that config_to_json prints, in their order and no
 * other, and so can be shown as it is: one from before a field was added has to be read,
 * and gets that field's default. */
bool config_text_is_current(const char *text);

#endif
