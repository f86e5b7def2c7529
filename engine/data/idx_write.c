/* Writing IDX files. */
#include <string.h>

#include "engine/data/idx.h"

static void put_big_endian(struct output *output, uint32_t word)
{
    const uint8_t bytes[] = {(uint8_t)(word >> 24), (uint8_t)(word >> 16),
                             (uint8_t)(word >> 8), (uint8_t)word};
    output_put(output, bytes, sizeof bytes);
}

void idx_create(struct output *output, const char *path, int type, size_t rank,
                const size_t *sizes)
{
    const uint8_t magic[] = {0, 0, (uint8_t)type, (uint8_t)rank};
    output_create(output, path);
    output_put(output, magic, sizeof magic);
    for (size_t i = 0; i < rank; i++)
        put_big_endian(output, (uint32_t)sizes[i]);
}

void idx_put_bytes(struct output *output, const uint8_t *bytes, size_t count)
{
    output_put(output, bytes, count);
}

void idx_put_floats(struct output *output, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        float value = (float)values[i];
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        put_big_endian(output, bits);
    }
}
