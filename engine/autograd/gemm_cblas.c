#ifdef GEMM_CBLAS

#include <cblas.h>

#include "engine/autograd/gemm.h"

static bool prepare(struct gemm *gemm)
{
    gemm->kernel = NULL;
#ifdef OPENBLAS_VERSION
    /* Runs are spread over worker threads already; more threads would only contend. */
    openblas_set_num_threads(1);
#endif
    return true;
}

static void run(const struct gemm *gemm, const float *a, const float *b, float *c)
{
    int m = (int)gemm->m, n = (int)gemm->n, k = (int)gemm->k;
    bool a_transposed = gemm->form == GEMM_TN, b_transposed = gemm->form == GEMM_NT;
    cblas_sgemm(CblasRowMajor, a_transposed ? CblasTrans : CblasNoTrans,
                b_transposed ? CblasTrans : CblasNoTrans, m, n, k, 1, a,
                a_transposed ? m : k, b, b_transposed ? k : n,
                gemm->accumulate ? 1.0f : 0.0f, c, n);
}

const struct gemm_backend gemm_cblas = {"cblas", prepare, run};

#else
typedef int gemm_cblas_is_not_in_this_build;
#endif
