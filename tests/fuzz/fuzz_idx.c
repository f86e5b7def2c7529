/* IDX files, plain and packed: what is opened has as many bytes as its sizes call for,
 * and a file packed by gzip is read as it is without. The first byte is the rank and
 * whether the rest is packed before it is given. */
#include <zlib.h>

#include "engine/data/idx.h"
#include "tests/fuzz/fuzz.h"

static unsigned sum_of(const struct idx *idx)
{
    size_t count = 1;
    unsigned sum = 0;
    REQUIRE(idx->rank >= 1 && idx->rank <= IDX_MAX_RANK);
    for (size_t i = 0; i < idx->rank; i++) {
        REQUIRE(idx->sizes[i] > 0);
        count *= idx->sizes[i];
    }
    for (size_t i = 0; i < count; i++)
        sum = sum * 31 + idx->data[i];
    return sum;
}

static bool look(const void *data, size_t size, size_t rank, unsigned *sum)
{
    struct fuzz_file file = fuzz_file(data, size);
    struct idx idx = {0};
    struct engine_error error = {.text = ""};
    enum engine_status status = idx_open(file.path, rank, &idx, &error);
    if (status == ENGINE_OK)
        *sum = sum_of(&idx);
    else
        REQUIRE(status == ENGINE_FORMAT && *error.text);
    idx_close(&idx);
    close(file.file);
    return status == ENGINE_OK;
}

static void look_packed(const uint8_t *data, size_t size, size_t rank)
{
    unsigned plain = 0, packed = 0;
    size_t room = compressBound(size) + 32;
    uint8_t *bytes = malloc(room);
    z_stream stream = {.next_in = (Bytef *)data,
                       .avail_in = (uInt)size,
                       .next_out = bytes,
                       .avail_out = (uInt)room};
    REQUIRE(bytes &&
            deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    size_t length = stream.total_out;
    deflateEnd(&stream);
    bool is_packed_twice = size >= 2 && data[0] == 0x1f && data[1] == 0x8b;
    bool opens = look(data, size, rank, &plain);
    if (!is_packed_twice)
        REQUIRE(look(bytes, length, rank, &packed) == opens && plain == packed);
    REQUIRE(!look(bytes, length - 1, rank, &packed));
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned sum;
    if (size == 0)
        return 0;
    size_t rank = 1 + data[0] % 3;
    if (data[0] & 4)
        look_packed(data + 1, size - 1, rank);
    else
        look(data + 1, size - 1, rank, &sum);
    return 0;
}
