/* An arena: many allocations, one release. A graph and all its arrays live in one. */
#ifndef ENGINE_AUTOGRAD_ARENA_H
#define ENGINE_AUTOGRAD_ARENA_H

#include <stddef.h>

/* Every allocation starts on a cache line, which is also the widest SIMD register. */
#define ARENA_ALIGNMENT 64

struct arena {
    struct arena_block *blocks;
};

/* `count` floats rounded up to whole cache lines: arrays in a row that each start on one
 * are so far apart. */
static inline size_t arena_padded_floats(size_t count)
{
    const size_t line = ARENA_ALIGNMENT / sizeof(float);
    return (count + line - 1) / line * line;
}

/* Zeroed memory of `size` bytes, or NULL. Freed only by `arena_clear`. */
void *arena_alloc(struct arena *arena, size_t size);
void arena_clear(struct arena *arena);

#endif
