/* What a label says of a row of outputs. A single output stands for class 1, as in
 * micrograd; else each class has its own. */
#ifndef ENGINE_AUTOGRAD_LABELS_H
#define ENGINE_AUTOGRAD_LABELS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether output `column` of `columns` should be on. */
static inline bool label_is_on(size_t column, size_t columns, size_t label)
{
    return columns == 1 ? label == 1 : column == label;
}

/* The class that a row of outputs names: its largest's, the first of equals; for a single
 * output 1 above `middle`, else 0. */
static inline size_t label_of_row(const float *x, size_t columns, float middle)
{
    if (columns == 1)
        return x[0] > middle;
    size_t best = 0;
    for (size_t i = 1; i < columns; i++)
        if (x[i] > x[best])
            best = i;
    return best;
}

#endif
