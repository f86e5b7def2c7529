/* What is taken apart for a reader, as POST /anatomy gives it. */
#ifndef SERVER_JSON_ANATOMY_JSON_H
#define SERVER_JSON_ANATOMY_JSON_H

#include <cjson/cJSON.h>

#include "engine/anatomy/anatomy.h"

/* The whole trace. Missing members mean that memory was out. */
cJSON *anatomy_to_json(const struct anatomy *anatomy);

#endif
