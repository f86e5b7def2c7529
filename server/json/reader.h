/* Reading JSON strictly. cJSON accepts trailing garbage, numbers like 01 and 1e999,
 * invalid UTF-8 and doubled keys; everything that comes from outside is checked here
 * before cJSON sees it. */
#ifndef SERVER_JSON_READER_H
#define SERVER_JSON_READER_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#define JSON_MAX_DEPTH 16

/* Parses a whole text whose top is an object. NULL with a sentence in `reason` otherwise.
 * Strings are valid UTF-8 without NUL, numbers are finite, keys of an object differ. The
 * caller frees with cJSON_Delete. */
cJSON *json_read_object(const char *text, size_t length, char *reason,
                        size_t reason_size);

/* Whether the whole text is one value, as above but that keys may be doubled, on one line
 * and with no space around it. */
bool json_is_line(const char *text);

/* The member `name` (case matters), or NULL. */
const cJSON *json_member(const cJSON *object, const char *name);

#endif
