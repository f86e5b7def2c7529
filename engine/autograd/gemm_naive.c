#include "engine/autograd/gemm.h"

static bool prepare(struct gemm *gemm)
{
    gemm->kernel = NULL;
    return true;
}

static float element(const struct gemm *gemm, const float *a, const float *b, size_t i,
                     size_t j)
{
    size_t m = gemm->m, n = gemm->n, k = gemm->k;
    double sum = 0;
    for (size_t p = 0; p < k; p++) {
        double left = gemm->form == GEMM_TN ? a[p * m + i] : a[i * k + p];
        double right = gemm->form == GEMM_NT ? b[j * k + p] : b[p * n + j];
        sum += left * right;
    }
    return (float)sum;
}

static void run(const struct gemm *gemm, const float *a, const float *b, float *c)
{
    for (size_t i = 0; i < gemm->m; i++)
        for (size_t j = 0; j < gemm->n; j++) {
            float *slot = &c[i * gemm->n + j];
            *slot = element(gemm, a, b, i, j) + (gemm->accumulate ? *slot : 0);
        }
}

const struct gemm_backend gemm_naive = {"naive", prepare, run};
