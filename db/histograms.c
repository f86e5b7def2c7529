/* A probe's histograms as one blob. Databases hold this form, so it never changes: for
 * weights, gradients, activations in turn `low` and `high` as IEEE 754 binary64, then the
 * counts as 32-bit numbers; all little-endian, nothing between. */
#include <string.h>

#include "db/internal.h"

static uint8_t *put(uint8_t *at, uint64_t value, int size)
{
    for (int i = 0; i < size; i++)
        *at++ = (uint8_t)(value >> (8 * i));
    return at;
}

static const uint8_t *get(const uint8_t *at, uint64_t *value, int size)
{
    *value = 0;
    for (int i = 0; i < size; i++)
        *value |= (uint64_t)*at++ << (8 * i);
    return at;
}

static uint8_t *put_double(uint8_t *at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put(at, bits, 8);
}

static const uint8_t *get_double(const uint8_t *at, double *value)
{
    uint64_t bits;
    at = get(at, &bits, 8);
    memcpy(value, &bits, sizeof bits);
    return at;
}

static uint8_t *put_histogram(uint8_t *at, const struct db_histogram *histogram)
{
    at = put_double(at, histogram->low);
    at = put_double(at, histogram->high);
    for (int i = 0; i < DB_HISTOGRAM_BINS; i++)
        at = put(at, histogram->counts[i], 4);
    return at;
}

static const uint8_t *get_histogram(const uint8_t *at, struct db_histogram *histogram)
{
    at = get_double(at, &histogram->low);
    at = get_double(at, &histogram->high);
    for (int i = 0; i < DB_HISTOGRAM_BINS; i++) {
        uint64_t count;
        at = get(at, &count, 4);
        histogram->counts[i] = (uint32_t)count;
    }
    return at;
}

void histograms_encode(const struct db_histograms *histograms, uint8_t *bytes)
{
    bytes = put_histogram(bytes, &histograms->weights);
    bytes = put_histogram(bytes, &histograms->gradients);
    put_histogram(bytes, &histograms->activations);
}

bool histograms_decode(const uint8_t *bytes, size_t size, struct db_histograms *out)
{
    if (size != HISTOGRAMS_BYTES)
        return false;
    bytes = get_histogram(bytes, &out->weights);
    bytes = get_histogram(bytes, &out->gradients);
    get_histogram(bytes, &out->activations);
    return true;
}
