/* What the graph of values and its ops share. */
#ifndef ENGINE_AUTOGRAD_VALUE_INTERNAL_H
#define ENGINE_AUTOGRAD_VALUE_INTERNAL_H

#include "engine/autograd/value.h"

/* A stretch of the tape on which all values have the same op. */
struct value_run {
    enum value_op op;
    uint32_t first, count; /* in the order */
};

/* Where a run's numbers are. */
struct value_arrays {
    const struct value_node *nodes;
    const uint32_t *order; /* of this run */
    size_t count, lanes;
    float *data, *gradients; /* (values, lanes) */
};

/* One op: as it is drawn, how many values it takes, and both directions over a run.
 * Backward goes through the run from its end. */
struct value_op_info {
    const char *name;
    size_t arity;
    void (*forward)(const struct value_arrays *run);
    void (*backward)(const struct value_arrays *run);
};
const struct value_op_info *value_op_info(enum value_op op);

#endif
