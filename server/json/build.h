/* Building JSON where memory may run out. Whoever builds an object does not look at each
 * step: that a node could not be had is remembered, by thread, and from then on no text
 * is given out, since it might not be whole. A thread begins each piece of work, such as
 * a request, by forgetting the last one's trouble with `json_ran_out`. */
#ifndef SERVER_JSON_BUILD_H
#define SERVER_JSON_BUILD_H

#include <cjson/cJSON.h>
#include <stdbool.h>

/* Once, before any other thread is there: cJSON allocates through this file. */
void json_init(void);

/* Adds `item` (NULL: it could not be had), which the tree owns from then on; one that
 * cannot be added is freed. */
bool json_add(cJSON *object, const char *name, cJSON *item);
bool json_append(cJSON *array, cJSON *item);

/* The object as compact text, freed with cJSON_free; NULL if memory ran out. */
char *json_text(const cJSON *object);
/* The same, and frees the object. */
char *json_take_text(cJSON *object);

/* Whether memory ran out since this thread last asked so; forgets it. */
bool json_ran_out(void);

#endif
