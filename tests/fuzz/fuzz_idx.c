/* IDX files, plain and packed: what is opened has as many bytes as its sizes call for,
 * and a file packed by gzip is read as it is without. The first byte is the rank, whether
 * the rest is packed before it is given, and whether floats are wanted. */
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
    const uint8_t *bytes = idx->values ? (const uint8_t *)idx->values : idx->data;
    count *= idx->values ? sizeof *idx->values : 1;
    for (size_t i = 0; i < count; i++)
        sum = sum * 31 + bytes[i];
    return sum;
}

static bool floats; /* wanted this time */

/* What is opened is what a first look at it has promised. */
static void check_peek(const char *path, size_t rank)
{
    struct idx_look look;
    struct engine_error error = {.text = ""};
    REQUIRE(idx_peek(path, &look, &error) == ENGINE_OK && look.is_idx);
    REQUIRE(look.rank == rank && look.type == (floats ? IDX_FLOATS : IDX_BYTES));
}

static bool look(const void *data, size_t size, size_t rank, unsigned *sum)
{
    struct fuzz_file file = fuzz_file(data, size);
    struct idx idx = {0};
    struct engine_error error = {.text = ""};
    enum engine_status status = floats ? idx_open_floats(file.path, rank, &idx, &error)
                                       : idx_open(file.path, rank, &idx, &error);
    if (status == ENGINE_OK) {
        *sum = sum_of(&idx);
        check_peek(file.path, rank);
    } else {
        REQUIRE(status == ENGINE_FORMAT && *error.text);
    }
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
    floats = data[0] & 128;
    if (data[0] & 4)
        look_packed(data + 1, size - 1, rank);
    else
        look(data + 1, size - 1, rank, &sum);
    return 0;
}
