/* Products with a batch that is mostly zeros, as pictures of digits are (four pixels in
 * five of MNIST's): only what is not zero is multiplied.
 *
 *   y  = x W       dW = x^T dy       x: (B, I)  W: (I, O)  y: (B, O)
 *
 * Up to SPARSE_ROWS rows at a time are read into one list for each of x's columns: which
 * rows are not zero there, and their values. Both products then take column after column,
 * so that a row of W or dW is touched once and stays in registers meanwhile. A zero times
 * what is not finite is left out, too. */
#ifndef ENGINE_AUTOGRAD_SPARSE_H
#define ENGINE_AUTOGRAD_SPARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/autograd/arena.h"

#define SPARSE_ROWS 64

struct sparse {
    size_t columns;               /* of x */
    uint32_t *counts;             /* (columns) */
    struct sparse_entry *entries; /* (columns, rows) */
    uint32_t *row_columns;        /* one row's columns and values that are not zero, */
    float *row_values;            /* with room for a register more */
    float *panel;                 /* a block of y's or dy's columns, row by row */
    size_t rows;                  /* of x in the lists */
};

/* All arrays live in `arena`. False: no memory. */
bool sparse_init(struct sparse *sparse, struct arena *arena, size_t columns);

/* Whether products of (I, n) are ever taken this way, whatever the batch. */
bool sparse_suits(size_t columns, size_t n);

/* Whether the products of this batch with an (I, n) matrix are quicker this way than
 * dense; goes by the batch's first row. Depends on nothing but its arguments. */
bool sparse_pays(const float *x, size_t columns, size_t n);

/* y += x W. x: (rows, columns), w: (columns, n), y: (rows, n). */
void sparse_multiply(struct sparse *sparse, const float *x, size_t rows, const float *w,
                     size_t n, float *y);

/* dw = x^T dy, or dw += where `accumulate`. dy: (rows, n), dw: (columns, n). x is the
 * batch of the last `sparse_multiply`. */
void sparse_multiply_transposed(struct sparse *sparse, const float *x, size_t rows,
                                const float *dy, size_t n, bool accumulate, float *dw);

#endif
