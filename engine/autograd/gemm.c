#include "engine/autograd/gemm.h"

const struct gemm_backend *gemm_default(void)
{
#if defined(GEMM_LIBXSMM)
    return &gemm_libxsmm;
#elif defined(GEMM_CBLAS)
    return &gemm_cblas;
#else
    return &gemm_naive;
#endif
}

void gemm_prepare(struct gemm *gemm, const struct gemm_backend *backend)
{
    gemm->backend = backend;
    if (backend->prepare(gemm))
        return;
    gemm->backend = &gemm_naive;
    gemm->kernel = NULL;
}

void gemm_run(const struct gemm *gemm, const float *a, const float *b, float *c)
{
    gemm->backend->run(gemm, a, b, c);
}

/* Room for B transposed: LIBXSMM has no kernel for a transposed first operand. */
size_t gemm_scratch_size(enum gemm_form form, size_t n, size_t k)
{
    return form == GEMM_NT ? n * k : 0;
}
