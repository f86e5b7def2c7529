/* What builders and the walk share. */
#ifndef ENGINE_ANATOMY_INTERNAL_H
#define ENGINE_ANATOMY_INTERNAL_H

#include "engine/anatomy/anatomy.h"

/* What a value is to the one who looks. */
struct tag {
    enum anatomy_role role;
    uint16_t layer, neuron;
};

struct anatomy {
    struct values *graph;
    struct tag *tags; /* (ANATOMY_MAX_VALUES) */
    bool *reached;    /* (count) behind anatomy_run */
    float *locals;    /* (count, 2) behind anatomy_run */
    uint32_t output;
};

/* An empty graph with room for tags. */
ENGINE_MUST_CHECK enum engine_status anatomy_new(struct anatomy **out);

/* Tags one value; a role of ROLE_INNER stays as it is. VALUE_NONE is ignored. */
void anatomy_tag(struct anatomy *anatomy, uint32_t value, enum anatomy_role role,
                 size_t layer, size_t neuron);
__attribute__((format(printf, 3, 4))) void
anatomy_label(struct anatomy *anatomy, uint32_t value, const char *format, ...);

#endif
