#include "engine/array.h"

#include <stdlib.h>

bool array_grow(void *array, size_t count, size_t *capacity, size_t size)
{
    void **place = array;
    size_t wanted = *capacity ? 2 * *capacity : 8;
    if (count < *capacity)
        return true;
    void *grown = realloc(*place, wanted * size);
    if (!grown)
        return false;
    *place = grown;
    *capacity = wanted;
    return true;
}
