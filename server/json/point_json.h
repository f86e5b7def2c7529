/* Points as JSON and CSV. The trainer, the store and every reader see the same numbers:
 * the live stream, the list and the table all print through here. */
#ifndef SERVER_JSON_POINT_JSON_H
#define SERVER_JSON_POINT_JSON_H

#include <cjson/cJSON.h>

#include "db/points.h"
#include "engine/train/trainer.h"

/* The trainer's measurement as the store keeps it. */
void point_from_trainer(const struct train_point *point, struct db_point *out);

/* A point of api.md, as a raw node: to be printed, not looked into. NULL: no memory. */
cJSON *point_to_json(const struct db_point *point);

/* The same as one line of text that the caller frees. NULL: no memory. */
char *point_to_text(const struct db_point *point);

#define POINT_CSV_MAX 512

/* "step,epoch,...\r\n", and one row of that form; no number is an empty field. */
const char *point_csv_header(void);
void point_to_csv(const struct db_point *point, char *row);

#endif
