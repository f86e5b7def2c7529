/* Matrix products of float32, row-major, behind one small table.
 *
 * A product of one shape is prepared once (LIBXSMM makes machine code for just that
 * shape) and run many times. The three forms are what a linear layer needs:
 *
 *   GEMM_NN  C = A B      A: (m, k)  B: (k, n)     y  = x W
 *   GEMM_TN  C = A^T B    A: (k, m)  B: (k, n)     dW = x^T dy
 *   GEMM_NT  C = A B^T    A: (m, k)  B: (n, k)     dx = dy W^T
 */
#ifndef ENGINE_AUTOGRAD_GEMM_H
#define ENGINE_AUTOGRAD_GEMM_H

#include <stdbool.h>
#include <stddef.h>

enum gemm_form { GEMM_NN, GEMM_TN, GEMM_NT };

struct gemm {
    enum gemm_form form;
    size_t m, n, k;
    bool accumulate;      /* C += instead of C = */
    void (*kernel)(void); /* the back end's own; NULL: it needs none */
    float *scratch;       /* gemm_scratch_size floats; the caller's */
    const struct gemm_backend *backend;
};

struct gemm_backend {
    const char *name;
    /* Fills `kernel` for the shape; false if the back end cannot do it. */
    bool (*prepare)(struct gemm *gemm);
    void (*run)(const struct gemm *gemm, const float *a, const float *b, float *c);
};

/* The plain loops: every other back end is held to them. */
extern const struct gemm_backend gemm_naive;
extern const struct gemm_backend gemm_libxsmm; /* where GEMM_LIBXSMM is defined */
extern const struct gemm_backend gemm_cblas;   /* where GEMM_CBLAS is defined */

/* The back end of this build. */
const struct gemm_backend *gemm_default(void);

/* Makes `gemm` ready on `backend`, or on the naive loops for a shape it cannot do. */
void gemm_prepare(struct gemm *gemm, const struct gemm_backend *backend);
void gemm_run(const struct gemm *gemm, const float *a, const float *b, float *c);

/* Floats of scratch that a product of this form and shape needs (0 for most). */
size_t gemm_scratch_size(enum gemm_form form, size_t n, size_t k);

#endif
