/* LIBXSMM is column-major: a row-major (r, c) array is its (c, r) matrix, so each product
 * is asked for transposed, with the operands swapped: C^T = B^T A^T. */
#ifdef GEMM_LIBXSMM

#include <libxsmm.h>

#include "engine/autograd/gemm.h"

static bool prepare(struct gemm *gemm)
{
    int n = (int)gemm->n, m = (int)gemm->m, k = (int)gemm->k;
    int ldb = gemm->form == GEMM_TN ? m : k;
    int flags =
        gemm->form == GEMM_TN ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
    int prefetch = LIBXSMM_PREFETCH_NONE;
    float alpha = 1, beta = gemm->accumulate ? 1 : 0;
    libxsmm_init();
    libxsmm_smmfunction kernel =
        libxsmm_smmdispatch(n, m, k, &n, &ldb, &n, &alpha, &beta, &flags, &prefetch);
    gemm->kernel = (void (*)(void))kernel;
    return kernel != NULL;
}

/* out: (columns, rows) = in^T, in: (rows, columns); blocks keep both in cache lines. */
static void transpose(const float *in, size_t rows, size_t columns, float *out)
{
    enum { BLOCK = 16 };
    for (size_t r0 = 0; r0 < rows; r0 += BLOCK)
        for (size_t c0 = 0; c0 < columns; c0 += BLOCK)
            for (size_t r = r0; r < rows && r < r0 + BLOCK; r++)
                for (size_t c = c0; c < columns && c < c0 + BLOCK; c++)
                    out[c * rows + r] = in[r * columns + c];
}

static void run(const struct gemm *gemm, const float *a, const float *b, float *c)
{
    libxsmm_smmfunction kernel = (libxsmm_smmfunction)gemm->kernel;
    if (gemm->form == GEMM_NT) {
        transpose(b, gemm->n, gemm->k, gemm->scratch);
        b = gemm->scratch;
    }
    kernel(b, a, c);
}

const struct gemm_backend gemm_libxsmm = {"libxsmm", prepare, run};

#else
typedef int gemm_libxsmm_is_not_in_this_build;
#endif
