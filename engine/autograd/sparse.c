#include "engine/autograd/sparse.h"

#include <string.h>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

/* Where the products of lists overtake dense ones, as measured (`make bench`). */
#define WORTH_COLUMNS 64
#define WORTH_SHARE   0.3

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
/* The widest registers of this CPU; eight of them hold a block of a row of W. */
typedef float vector __attribute__((vector_size(LANES * sizeof(float)), aligned(4)));
#define VECTORS 8
#define BLOCK   (VECTORS * LANES)

/* `width` below is known to the compiler, so that sums stay in registers. */
#define INLINE static inline __attribute__((always_inline))

struct sparse_entry {
    uint32_t row; /* of the panel, as an offset in floats */
    float value;
};

bool sparse_init(struct sparse *sparse, struct arena *arena, size_t columns)
{
    size_t slots = columns * SPARSE_ROWS;
    *sparse = (struct sparse){
        .columns = columns,
        .counts = arena_alloc(arena, columns * sizeof *sparse->counts),
        .entries = arena_alloc(arena, slots * sizeof *sparse->entries),
        .row_columns = arena_alloc(arena, (columns + LANES) * sizeof(uint32_t)),
        .row_values = arena_alloc(arena, (columns + LANES) * sizeof(float)),
        .panel = arena_alloc(arena, (SPARSE_ROWS * BLOCK) * sizeof(float)),
    };
    return sparse->counts && sparse->entries && sparse->row_columns &&
           sparse->row_values && sparse->panel;
}

bool sparse_suits(size_t columns, size_t n)
{
    return columns >= WORTH_COLUMNS && n >= WORTH_COLUMNS;
}

bool sparse_pays(const float *x, size_t columns, size_t n)
{
    size_t count = 0;
    if (!sparse_suits(columns, n))
        return false;
    for (size_t i = 0; i < columns; i++)
        count += x[i] != 0;
    return (double)count < WORTH_SHARE * (double)columns;
}

/* Which of x's elements are not zero (a NaN is not); returns how many. */
static size_t compress(const float *x, size_t columns, uint32_t *where, float *values)
{
    size_t count = 0, i = 0;
#ifdef __AVX512F__
    const __m512i step = _mm512_set1_epi32(LANES);
    __m512i at = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    for (; i + LANES <= columns; i += LANES) {
        __m512 v = _mm512_loadu_ps(x + i);
        __mmask16 set = _mm512_cmp_ps_mask(v, _mm512_setzero_ps(), _CMP_NEQ_UQ);
        _mm512_storeu_ps(values + count, _mm512_maskz_compress_ps(set, v));
        _mm512_storeu_si512(where + count, _mm512_maskz_compress_epi32(set, at));
        at = _mm512_add_epi32(at, step);
        /* GCC 12 may spill 16 bits of a mask and count 32: so it is widened by name. */
        count += (size_t)__builtin_popcount(_cvtmask16_u32(set));
    }
#endif
    for (; i < columns; i++) {
        where[count] = (uint32_t)i;
        values[count] = x[i];
        count += x[i] != 0;
    }
    return count;
}

/* Fills the lists with `rows` rows of x; each has room for just so many, so that small
 * batches stay in the cache. */
static void read_rows(struct sparse *sparse, const float *x, size_t rows)
{
    size_t columns = sparse->columns;
    uint32_t *counts = sparse->counts;
    const uint32_t *where = sparse->row_columns;
    memset(counts, 0, columns * sizeof *counts);
    for (size_t r = 0; r < rows; r++) {
        size_t n =
            compress(x + r * columns, columns, sparse->row_columns, sparse->row_values);
        for (size_t i = 0; i < n; i++) {
            size_t slot = where[i] * rows + counts[where[i]]++;
            sparse->entries[slot] =
                (struct sparse_entry){(uint32_t)(r * BLOCK), sparse->row_values[i]};
        }
    }
    sparse->rows = rows;
}

/* For one column of x: panel rows += value w.   w: (LANES width) */
INLINE void scatter(const struct sparse_entry *entries, size_t count, const float *w,
                    float *panel, const size_t width)
{
    vector row[VECTORS], sum[VECTORS];
    for (size_t j = 0; j < width; j++)
        row[j] = *(const vector *)(w + j * LANES);
    for (size_t i = 0; i < count; i++) {
        float value = entries[i].value, *out = panel + entries[i].row;
        for (size_t j = 0; j < width; j++)
            sum[j] = *(const vector *)(out + j * LANES) + value * row[j];
        for (size_t j = 0; j < width; j++)
            *(vector *)(out + j * LANES) = sum[j];
    }
}

/* For one column of x: dw = sum of value times panel row.   dw: (LANES width) */
INLINE void collect(const struct sparse_entry *entries, size_t count, const float *panel,
                    float *dw, bool accumulate, const size_t width)
{
    vector sum[VECTORS];
    for (size_t j = 0; j < width; j++)
        sum[j] = accumulate ? *(const vector *)(dw + j * LANES) : (vector){0};
    for (size_t i = 0; i < count; i++) {
        float value = entries[i].value;
        const float *in = panel + entries[i].row;
        for (size_t j = 0; j < width; j++)
            sum[j] += value * *(const vector *)(in + j * LANES);
    }
    for (size_t j = 0; j < width; j++)
        *(vector *)(dw + j * LANES) = sum[j];
}

/* A block narrower than BLOCK goes register by register, its last floats one by one. */
static void scatter_narrow(const struct sparse_entry *entries, size_t count,
                           const float *w, float *panel, size_t width)
{
    size_t c = 0;
    for (; c + LANES <= width; c += LANES)
        scatter(entries, count, w + c, panel + c, 1);
    for (size_t i = 0; i < count; i++)
        for (size_t j = c; j < width; j++)
            panel[entries[i].row + j] += entries[i].value * w[j];
}

static void collect_narrow(const struct sparse_entry *entries, size_t count,
                           const float *panel, float *dw, bool accumulate, size_t width)
{
    size_t c = 0;
    for (; c + LANES <= width; c += LANES)
        collect(entries, count, panel + c, dw + c, accumulate, 1);
    for (; c < width; c++) {
        float sum = accumulate ? dw[c] : 0;
        for (size_t i = 0; i < count; i++)
            sum += entries[i].value * panel[entries[i].row + c];
        dw[c] = sum;
    }
}

/* Columns c .. c + width of y += x W for the rows in the lists. */
static void multiply_block(struct sparse *sparse, const float *w, size_t n, size_t width,
                           float *y)
{
    memset(sparse->panel, 0, sparse->rows * BLOCK * sizeof(float));
    for (size_t p = 0; p < sparse->columns; p++) {
        const struct sparse_entry *entries = sparse->entries + p * sparse->rows;
        if (width == BLOCK)
            scatter(entries, sparse->counts[p], w + p * n, sparse->panel, VECTORS);
        else
            scatter_narrow(entries, sparse->counts[p], w + p * n, sparse->panel, width);
    }
    for (size_t r = 0; r < sparse->rows; r++)
        for (size_t c = 0; c < width; c++)
            y[r * n + c] += sparse->panel[r * BLOCK + c];
}

void sparse_multiply(struct sparse *sparse, const float *x, size_t rows, const float *w,
                     size_t n, float *y)
{
    for (size_t r = 0, part; r < rows; r += part) {
        part = rows - r < SPARSE_ROWS ? rows - r : SPARSE_ROWS;
        read_rows(sparse, x + r * sparse->columns, part);
        for (size_t c = 0; c < n; c += BLOCK)
            multiply_block(sparse, w + c, n, n - c < BLOCK ? n - c : BLOCK,
                           y + r * n + c);
    }
}

static void collect_block(struct sparse *sparse, const float *dy, size_t n, size_t width,
                          bool accumulate, float *dw)
{
    for (size_t r = 0; r < sparse->rows; r++)
        memcpy(sparse->panel + r * BLOCK, dy + r * n, width * sizeof(float));
    for (size_t p = 0; p < sparse->columns; p++) {
        const struct sparse_entry *entries = sparse->entries + p * sparse->rows;
        if (width == BLOCK)
            collect(entries, sparse->counts[p], sparse->panel, dw + p * n, accumulate,
                    VECTORS);
        else
            collect_narrow(entries, sparse->counts[p], sparse->panel, dw + p * n,
                           accumulate, width);
    }
}

/* A batch of one part is still in the lists; others are read once more. */
void sparse_multiply_transposed(struct sparse *sparse, const float *x, size_t rows,
                                const float *dy, size_t n, bool accumulate, float *dw)
{
    for (size_t r = 0, part; r < rows; r += part) {
        part = rows - r < SPARSE_ROWS ? rows - r : SPARSE_ROWS;
        if (rows > SPARSE_ROWS)
            read_rows(sparse, x + r * sparse->columns, part);
        for (size_t c = 0; c < n; c += BLOCK)
            collect_block(sparse, dy + r * n + c, n, n - c < BLOCK ? n - c : BLOCK,
                          accumulate || r > 0, dw + c);
    }
}
