/* What a search chooses from: a box of a few dimensions. The engine knows no names and no
 * JSON here; whoever owns a space maps its dimensions to fields of a run's config. */
#ifndef ENGINE_SEARCH_SPACE_H
#define ENGINE_SEARCH_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEARCH_MAX_DIMENSIONS 12

enum search_kind {
    SEARCH_CHOICE,  /* one of `count` alternatives without an order: 0 .. count - 1 */
    SEARCH_REAL,    /* a number from low to high */
    SEARCH_INTEGER, /* a whole number from low to high */
};

struct search_dimension {
    enum search_kind kind;
    size_t count;     /* CHOICE */
    double low, high; /* REAL, INTEGER: both included, low <= high */
    bool log;         /* REAL, INTEGER: even in the logarithm; low > 0 */
};

struct search_space {
    struct search_dimension dimensions[SEARCH_MAX_DIMENSIONS];
    size_t count;
};

/* One number a dimension: an alternative's index, or the value itself. */
struct search_point {
    double values[SEARCH_MAX_DIMENSIONS];
};

/* The value at the fraction `u` (0 <= u < 1) of the dimension: uniform `u` gives each
 * alternative and each whole number the same chance (log: the same per logarithm). */
double search_from_unit(const struct search_dimension *dimension, double u);

/* Values of a CHOICE or an INTEGER; 0 of a REAL. */
size_t search_dimension_size(const struct search_dimension *dimension);

/* Points of the full grid; 0 if a dimension is REAL, SIZE_MAX if there are more than
 * that. */
size_t search_grid_size(const struct search_space *space);

#endif
