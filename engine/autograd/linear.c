/* y = x W + b.   x: (B, I)  W: (I, O)  b: (1, O)  y: (B, O)
 *
 *   dW += x^T dy      db += sum of dy's rows      dx += dy W^T
 *
 * An epoch has batches of at most two sizes, the full one and its last, short one (and
 * evaluation has its own two), so a node keeps the products of a few sizes ready. */
#include <string.h>

#include "engine/autograd/ops.h"
#include "engine/autograd/sparse.h"

#define SIZES_KEPT 6

/* The products of one batch size. */
struct products {
    size_t rows; /* 0: free */
    struct gemm forward, weight, input;
};

struct linear {
    struct products sizes[SIZES_KEPT];
    float *scratch;       /* for the input's gradient, where one is wanted */
    struct sparse sparse; /* of the graph's own input only: others are never mostly 0 */
    bool is_sparse;       /* the current batch */
};

bool linear_lay_out(struct node *y)
{
    const struct node *x = y->inputs[0];
    struct arena *arena = &y->graph->arena;
    struct linear *linear = y->linear = arena_alloc(arena, sizeof *linear);
    if (!linear)
        return false;
    if (x->op == OP_INPUT && sparse_suits(x->columns, y->columns))
        return sparse_init(&linear->sparse, arena, x->columns);
    if (!x->needs_gradient)
        return true;
    size_t scratch = gemm_scratch_size(GEMM_NT, x->columns, y->columns);
    linear->scratch = arena_alloc(arena, scratch * sizeof(float));
    return linear->scratch != NULL;
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
                    .scratch = y->linear->scratch},
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
    struct products *kept = y->linear->sizes;
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
    const struct node *x = y->inputs[0], *weight = y->inputs[1];
    struct linear *linear = y->linear;
    for (size_t r = 0; r < rows; r++)
        memcpy(y->data + r * y->columns, y->inputs[2]->data, bytes);
    linear->is_sparse = x->op == OP_INPUT && sparse_pays(x->data, x->columns, y->columns);
    if (linear->is_sparse)
        sparse_multiply(&linear->sparse, x->data, rows, weight->data, y->columns,
                        y->data);
    else
        gemm_run(&find_products(y)->forward, x->data, weight->data, y->data);
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
    struct linear *linear = y->linear;
    const struct node *x = y->inputs[0], *weight = y->inputs[1];
    if (linear->is_sparse)
        sparse_multiply_transposed(&linear->sparse, x->data, node_rows(y), y->gradient,
                                   y->columns, y->accumulate[1], weight->gradient);
    else
        gemm_run(&find_products(y)->weight, x->data, y->gradient, weight->gradient);
    bias_backward(y);
    if (x->needs_gradient)
        gemm_run(&find_products(y)->input, y->gradient, weight->data, x->gradient);
}
