/* Runs as JSON: api.md's "A run". */
#ifndef SERVER_JSON_RUN_JSON_H
#define SERVER_JSON_RUN_JSON_H

#include <cjson/cJSON.h>

#include "db/runs.h"
#include "engine/train/config.h"

/* Characters that the words of a run or a sweep may have. */
#define RUN_MAX_NAME  200
#define RUN_MAX_NOTES 10000

/* With `name`, `tags` and `notes` in its config, so that a config can be sent back as it
 * is to launch the run again; with its sparkline. NULL: no memory. */
cJSON *run_to_json(const struct db_run *run);

/* A text of a row; null for none. */
cJSON *run_text_to_json(const char *text);

/* What lists sort and filter by, out of a valid config. */
void run_facts(const struct train_config *config, struct db_run_facts *facts);

#endif
