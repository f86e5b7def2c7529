/* y = x W + b.   x: (B, I)  W: (I, O)  b: (1, O)  y: (B, O)
 *
 *   dW += x^T dy      db += sum of dy's rows      dx += dy W^T
 *
 * An epoch has batches of at most two sizes, the full one and its last, short one (and
 * evaluation has its own two), so a node keeps the products of a few sizes ready. */
#include <string.h>

#include "engine/autograd/ops.h"

#define SIZES_KEPT 4

struct products {
    size_t rows; /* 0: free */
    struct gemm forward, weight, input;
};

bool linear_lay_out(struct node *y)
{
    size_t scratch = gemm_scratch_size(GEMM_NT, y->inputs[0]->columns, y->columns);
    bool wants_input = y->inputs[0]->needs_gradient;
    y->products = arena_alloc(&y->graph->arena, SIZES_KEPT * sizeof(struct products));
    if (wants_input)
        y->saved = arena_alloc(&y->graph->arena, scratch * sizeof(float));
    return y->products && (y->saved || !wants_input);
}

static void prepare(struct node *y, struct products *products, size_t rows)
{
    size_t in = y->inputs[0]->columns, out = y->columns;
    const struct gemm_backend *backend = y->graph->backend;
    *products = (struct products){
        .rows = rows,
        .forward = {.form = GEMM_NN, .m = rows, .n = out, .k = in, .accumulate = true},
        .weight = {               .form = GEMM_TN,
                    .m = in,
                    .n = out,
                    .k = rows,
                    .accumulate = y->accumulate[1]                                 },
        .input = { .form = GEMM_NT,
                    .m = rows,
                    .n = in,
                    .k = out,
                    .accumulate = y->accumulate[0],
                    .scratch = y->saved},
    };
    gemm_prepare(&products->forward, backend);
    if (y->inputs[1]->needs_gradient)
        gemm_prepare(&products->weight, backend);
    if (y->inputs[0]->needs_gradient)
        gemm_prepare(&products->input, backend);
}

/* The last place is made over when more sizes come than are kept. */
static const struct products *find_products(struct node *y)
{
    struct products *kept = y->products;
    size_t rows = node_rows(y), i = 0;
    while (i < SIZES_KEPT - 1 && kept[i].rows && kept[i].rows != rows)
        i++;
    if (kept[i].rows != rows)
        prepare(y, &kept[i], rows);
    return &kept[i];
}

/* The bias is laid down first and the product added to it: one pass less over y. */
void linear_forward(struct node *y)
{
    size_t rows = node_rows(y), bytes = y->columns * sizeof(float);
    for (size_t r = 0; r < rows; r++)
        memcpy(y->data + r * y->columns, y->inputs[2]->data, bytes);
    gemm_run(&find_products(y)->forward, y->inputs[0]->data, y->inputs[1]->data, y->data);
}

static void bias_backward(const struct node *y)
{
    float *restrict db = y->inputs[2]->gradient;
    size_t rows = node_rows(y), columns = y->columns;
    if (!y->accumulate[2])
        memset(db, 0, columns * sizeof(float));
    for (size_t r = 0; r < rows; r++) {
        const float *restrict dy = y->gradient + r * columns;
        for (size_t c = 0; c < columns; c++)
            db[c] += dy[c];
    }
}

void linear_backward(struct node *y)
{
    const struct products *products = find_products(y);
    const struct node *x = y->inputs[0], *weight = y->inputs[1];
    gemm_run(&products->weight, x->data, y->gradient, weight->gradient);
    bias_backward(y);
    if (x->needs_gradient)
        gemm_run(&products->input, y->gradient, weight->data, x->gradient);
}
