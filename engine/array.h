/* Arrays that grow as elements are added. */
#ifndef ENGINE_ARRAY_H
#define ENGINE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* Makes room for one more element of `size` bytes behind the `count` of `*array`, which
 * is malloc'd (NULL at first) and given by its address. False: no memory; nothing has
 * changed. */
bool array_grow(void *array, size_t count, size_t *capacity, size_t size);

#endif
