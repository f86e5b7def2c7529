#include "engine/search/space.h"

#include <math.h>

static double clamp(double value, double low, double high)
{
    return fmin(fmax(value, low), high);
}

static double between(const struct search_dimension *dimension, double high, double u)
{
    double low = dimension->low;
    return dimension->log ? low * pow(high / low, u) : low + u * (high - low);
}

double search_from_unit(const struct search_dimension *dimension, double u)
{
    double low = dimension->low, high = dimension->high;
    switch (dimension->kind) {
    case SEARCH_CHOICE:
        return clamp(floor(u * (double)dimension->count), 0,
                     (double)dimension->count - 1);
    case SEARCH_REAL:
        return clamp(between(dimension, high, u), low, high);
    case SEARCH_INTEGER:
        return clamp(floor(between(dimension, high + 1, u)), low, high);
    }
    return NAN;
}

size_t search_dimension_size(const struct search_dimension *dimension)
{
    switch (dimension->kind) {
    case SEARCH_CHOICE:
        return dimension->count;
    case SEARCH_INTEGER:
        return (size_t)(dimension->high - dimension->low) + 1;
    case SEARCH_REAL:
        break;
    }
    return 0;
}

size_t search_grid_size(const struct search_space *space)
{
    size_t points = 1;
    for (size_t i = 0; i < space->count; i++) {
        size_t size = search_dimension_size(&space->dimensions[i]);
        if (size == 0)
            return 0;
        points = points > SIZE_MAX / size ? SIZE_MAX : points * size;
    }
    return points;
}
