/* The form of the tables that the API's schemas are made from. */
#ifndef SERVER_ROUTES_SCHEMA_TABLES_H
#define SERVER_ROUTES_SCHEMA_TABLES_H

#include <stddef.h>

/* One member of an object. Its type is one of JSON Schema's, "time", "any", "file", or
 * the name of another schema; "[...]" is a list of it, "...?" it or null. One that may be
 * left out starts with "optional ". */
struct member {
    const char *name, *type, *help;
};

#define OPTIONAL "optional "
/* Of lists. */
#define NEXT                                                                             \
    {                                                                                    \
        "next_cursor", "string?", "For the next page; null on the last."                 \
    }

struct schema {
    const char *name;
    const struct member *members; /* up to one without a name */
};

/* Each in a file of their own. */
extern const struct schema dataset_schemas[];
extern const size_t dataset_schema_count;
extern const struct schema sweep_schemas[];
extern const size_t sweep_schema_count;
extern const struct schema diagnosis_schemas[];
extern const size_t diagnosis_schema_count;
extern const struct schema anatomy_schemas[];
extern const size_t anatomy_schema_count;

#endif
