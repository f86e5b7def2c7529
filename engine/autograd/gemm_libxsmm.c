/* LIBXSMM is column-major: a row-major (r, c) array is its (c, r) matrix, so each product
 * is asked for transposed, with the operands swapped: C^T = B^T A^T.
 *
 * Its kernels do not block for the cache. A wide product is therefore made in panels of
 * PANEL columns of C, so that the panel of B stays in the second-level cache while the
 * rows go by. */
#ifdef GEMM_LIBXSMM

#include <libxsmm.h>

#include "engine/autograd/gemm.h"

#define PANEL 128
/* With so few rows dy W^T is quicker as dot products with W's rows than by transposing.
 */
#define FEW_ROWS 4

typedef float vector __attribute__((vector_size(64), aligned(4)));
#define LANES (sizeof(vector) / sizeof(float))

/* C = A B^T needs one of its sides transposed. Where C has few rows that is better A and
 * C than B: C^T = B A^T, and both fit the scratch of B transposed. */
static bool is_flipped(const struct gemm *gemm)
{
    return gemm->form == GEMM_NT && gemm->m <= gemm->n / 2 && gemm->m <= gemm->k / 2;
}

static bool has_panels(const struct gemm *gemm)
{
    return !is_flipped(gemm) && gemm->n > PANEL && gemm->n % PANEL == 0;
}

static bool prepare(struct gemm *gemm)
{
    int n = (int)(has_panels(gemm) ? PANEL : gemm->n), stride = (int)gemm->n;
    int m = (int)gemm->m, k = (int)gemm->k;
    if (is_flipped(gemm)) {
        n = stride = (int)gemm->m;
        m = (int)gemm->n;
    }
    int ldb = gemm->form == GEMM_TN ? m : k;
    int flags =
        gemm->form == GEMM_TN ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE;
    int prefetch = LIBXSMM_PREFETCH_NONE;
    float alpha = 1, beta = gemm->accumulate && !is_flipped(gemm) ? 1 : 0;
    libxsmm_init();
    libxsmm_smmfunction kernel = libxsmm_smmdispatch(n, m, k, &stride, &ldb, &stride,
                                                     &alpha, &beta, &flags, &prefetch);
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

static float dot(const float *a, const float *b, size_t count)
{
    vector sums = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        sums += *(const vector *)(a + i) * *(const vector *)(b + i);
    float sum = 0;
    for (; i < count; i++)
        sum += a[i] * b[i];
    for (size_t l = 0; l < LANES; l++)
        sum += sums[l];
    return sum;
}

/* C = A B^T, row by row of B.   a: (m, k)  b: (n, k)  c: (m, n) */
static void multiply_few(const struct gemm *gemm, const float *a, const float *b,
                         float *c)
{
    size_t m = gemm->m, n = gemm->n, k = gemm->k;
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < m; i++) {
            float product = dot(a + i * k, b + j * k, k);
            c[i * n + j] = gemm->accumulate ? c[i * n + j] + product : product;
        }
}

/* C^T = B A^T into the scratch, behind A^T, and back. */
static void multiply_flipped(const struct gemm *gemm, const float *a, const float *b,
                             float *c)
{
    libxsmm_smmfunction kernel = (libxsmm_smmfunction)gemm->kernel;
    float *turned = gemm->scratch, *product = turned + gemm->m * gemm->k;
    transpose(a, gemm->m, gemm->k, turned);
    kernel(turned, b, product);
    if (!gemm->accumulate) {
        transpose(product, gemm->n, gemm->m, c);
        return;
    }
    for (size_t i = 0; i < gemm->m; i++)
        for (size_t j = 0; j < gemm->n; j++)
            c[i * gemm->n + j] += product[j * gemm->m + i];
}

static void run(const struct gemm *gemm, const float *a, const float *b, float *c)
{
    libxsmm_smmfunction kernel = (libxsmm_smmfunction)gemm->kernel;
    if (gemm->form == GEMM_NT && gemm->m <= FEW_ROWS) {
        multiply_few(gemm, a, b, c);
        return;
    }
    if (is_flipped(gemm)) {
        multiply_flipped(gemm, a, b, c);
        return;
    }
    if (gemm->form == GEMM_NT) {
        transpose(b, gemm->n, gemm->k, gemm->scratch);
        b = gemm->scratch;
    }
    size_t width = has_panels(gemm) ? PANEL : gemm->n;
    for (size_t j = 0; j < gemm->n; j += width)
        kernel(b + j, a, c + j);
}

const struct gemm_backend gemm_libxsmm = {"libxsmm", prepare, run};

#else
typedef int gemm_libxsmm_is_not_in_this_build;
#endif
