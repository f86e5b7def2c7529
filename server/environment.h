/* The machine a run is trained on, as it is kept with each run. */
#ifndef SERVER_ENVIRONMENT_H
#define SERVER_ENVIRONMENT_H

#include <cjson/cJSON.h>

/* {"version", "revision", "compiler", "backend", "cpu", "cpus", "os", "threads"}:
 * `threads` is how many a run trains on. NULL: no memory. */
cJSON *environment_to_json(void);

#endif
