/* The peak rate of float32 matrix products on one thread: the best over square shapes
 * whose operands stay in the caches, by this build's own back end and, where it was
 * linked, by OpenBLAS. One line of JSON a back end.
 *
 *   peak [SECONDS]    for each shape; 0.1 unless told */
#include <stdio.h>
#include <stdlib.h>

#include "engine/autograd/gemm.h"
#include "engine/autograd/rng.h"
#include "engine/train/stopwatch.h"

enum { LARGEST = 256, RUNS = 32 };

static const size_t sides[] = {32, 48, 64, 96, 128, 192, LARGEST};

struct best {
    double gflops;
    size_t side;
};

static void fill(float *values, size_t count, struct rng *rng)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (float)rng_uniform(rng, -1, 1);
}

/* The fastest stretch of RUNS products within `seconds`, in GFLOP/s. */
static double measure(const struct gemm *gemm, const float *a, const float *b, float *c,
                      double seconds)
{
    double least = seconds;
    struct stopwatch whole;
    stopwatch_start(&whole);
    do {
        struct stopwatch watch;
        stopwatch_start(&watch);
        for (int i = 0; i < RUNS; i++)
            gemm_run(gemm, a, b, c);
        double elapsed = stopwatch_elapsed(&watch);
        least = elapsed < least ? elapsed : least;
    } while (stopwatch_elapsed(&whole) < seconds);
    return 2e-9 * RUNS * (double)(gemm->m * gemm->n * gemm->k) / least;
}

static struct best find_best(const struct gemm_backend *backend, float *buffers,
                             double seconds)
{
    enum { SQUARE = LARGEST * LARGEST };
    struct best best = {0};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        size_t side = sides[i];
        struct gemm gemm = {.form = GEMM_NN, .m = side, .n = side, .k = side};
        gemm_prepare(&gemm, backend);
        double gflops =
            measure(&gemm, buffers, buffers + SQUARE, buffers + 2 * SQUARE, seconds);
        if (gflops > best.gflops)
            best = (struct best){gflops, side};
    }
    return best;
}

static void report(const struct gemm_backend *backend, float *buffers, double seconds)
{
    struct best best = find_best(backend, buffers, seconds);
    printf("{\"backend\":\"%s\",\"gflops\":%.2f,\"side\":%zu}\n", backend->name,
           best.gflops, best.side);
}

int main(int count, char **words)
{
    double seconds = count > 1 ? atof(words[1]) : 0.1;
    size_t floats = (size_t)3 * LARGEST * LARGEST;
    float *buffers = aligned_alloc(64, floats * sizeof(float));
    if (!buffers || seconds <= 0) {
        fputs("usage: peak [SECONDS]\n", stderr);
        free(buffers);
        return 2;
    }
    struct rng rng;
    rng_init(&rng, 1, 1);
    fill(buffers, floats, &rng);
    report(gemm_default(), buffers, seconds);
#ifdef GEMM_CBLAS
    if (gemm_default() != &gemm_cblas)
        report(&gemm_cblas, buffers, seconds);
#endif
    free(buffers);
    return 0;
}
