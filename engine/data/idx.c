#include "engine/data/idx.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Faults taken at open rather than one by one in the first epoch's training time. */
#ifdef MAP_POPULATE
#define MAP_FLAGS (MAP_PRIVATE | MAP_POPULATE)
#else
#define MAP_FLAGS MAP_PRIVATE
#endif

#define HEADER_MAX (4 + 4 * IDX_MAX_RANK)

/* A header can claim any size; nothing above this is allocated. */
static const uint64_t max_bytes = UINT64_C(1) << 31;

static const char *type_name(int type)
{
    return type == IDX_FLOATS ? "floats (0x0d)" : "unsigned bytes (0x08)";
}

static size_t header_size(size_t rank)
{
    return 4 + 4 * rank;
}

/* Reads the header's sizes and the number of data bytes they call for. */
static enum engine_status parse_header(const char *path, const uint8_t *header,
                                       size_t rank, struct idx *idx, size_t *bytes,
                                       struct engine_error *error)
{
    if (header[0] != 0 || header[1] != 0)
        return engine_fail(error, ENGINE_FORMAT, "%s is not an IDX file", path);
    if (header[2] != idx->type)
        return engine_fail(error, ENGINE_FORMAT, "%s holds type 0x%02x, not %s", path,
                           header[2], type_name(idx->type));
    if (header[3] != rank)
        return engine_fail(error, ENGINE_FORMAT, "%s has %d dimensions instead of %zu",
                           path, header[3], rank);
    uint64_t product = idx->type == IDX_FLOATS ? sizeof(float) : 1;
    for (size_t i = 0; i < rank; i++) {
        const uint8_t *at = header + 4 + 4 * i;
        uint32_t size =
            (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
        if (size == 0)
            return engine_fail(error, ENGINE_FORMAT, "%s is empty: size %zu is 0", path,
                               i + 1);
        product *= size;
        if (product > max_bytes)
            return engine_fail(error, ENGINE_FORMAT, "%s claims more than 2 GiB of data",
                               path);
        idx->sizes[i] = size;
    }
    idx->rank = rank;
    *bytes = (size_t)product;
    return ENGINE_OK;
}

static enum engine_status system_failure(const char *path, const char *what,
                                         struct engine_error *error)
{
    enum engine_status status = errno == ENOENT ? ENGINE_NOT_FOUND : ENGINE_IO;
    return engine_fail(error, status, "cannot %s %s: %s", what, path, strerror(errno));
}

static enum engine_status check_mapping(const char *path, size_t rank, struct idx *idx,
                                        struct engine_error *error)
{
    size_t bytes = 0;
    if (idx->base_size < header_size(rank))
        return engine_fail(error, ENGINE_FORMAT, "%s is too short for an IDX header",
                           path);
    enum engine_status status = parse_header(path, idx->base, rank, idx, &bytes, error);
    if (status != ENGINE_OK)
        return status;
    size_t held = idx->base_size - header_size(rank);
    if (held != bytes)
        return engine_fail(error, ENGINE_FORMAT,
                           "%s %s: its header calls for %zu bytes of data, it has %zu",
                           path, held < bytes ? "is truncated" : "has bytes left over",
                           bytes, held);
    idx->data = (const uint8_t *)idx->base + header_size(rank);
    return ENGINE_OK;
}

static enum engine_status map_plain(const char *path, int file, size_t rank,
                                    struct idx *idx, struct engine_error *error)
{
    struct stat facts;
    if (fstat(file, &facts) != 0)
        return system_failure(path, "examine", error);
    if (!S_ISREG(facts.st_mode) || facts.st_size == 0)
        return engine_fail(error, ENGINE_FORMAT, "%s is empty or not a file", path);
    idx->base_size = (size_t)facts.st_size;
    idx->base = mmap(NULL, idx->base_size, PROT_READ, MAP_FLAGS, file, 0);
    if (idx->base == MAP_FAILED) {
        idx->base = NULL;
        return system_failure(path, "map", error);
    }
    idx->mapped = true;
    return check_mapping(path, rank, idx, error);
}

/* A header can lie: what so few packed bytes cannot hold is not allocated. Deflate makes
 * at most 1032 bytes of one (https://zlib.net/zlib_tech.html). */
static bool can_hold(int file, size_t bytes)
{
    struct stat facts;
    return fstat(file, &facts) == 0 && bytes / 1032 <= (size_t)facts.st_size;
}

/* What zlib says of a stream: a damaged or short one is a format error, but not one that
 * the system cannot read. */
static enum engine_status stream_failure(gzFile stream, const char *path,
                                         const char *what, struct engine_error *error)
{
    int code, failure = errno;
    const char *message = gzerror(stream, &code);
    if (code == Z_MEM_ERROR)
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory to unpack %s", path);
    if (code == Z_ERRNO)
        return engine_fail(error, ENGINE_IO, "cannot read %s: %s", path,
                           strerror(failure));
    return engine_fail(error, ENGINE_FORMAT, "%s %s: %s", path, what, message);
}

/* Reads exactly `size` bytes. */
static enum engine_status read_packed(gzFile stream, const char *path, uint8_t *to,
                                      size_t size, struct engine_error *error)
{
    size_t done = 0;
    while (done < size) {
        size_t rest = size - done;
        int got = gzread(stream, to + done, rest < 1u << 30 ? (unsigned)rest : 1u << 30);
        if (got < 0)
            return stream_failure(stream, path, "cannot be unpacked", error);
        if (got == 0)
            return engine_fail(error, ENGINE_FORMAT,
                               "%s is truncated: %zu of %zu bytes unpacked", path, done,
                               size);
        done += (size_t)got;
    }
    return ENGINE_OK;
}

/* The stream must end here, with its checksum right. */
static enum engine_status expect_end(gzFile stream, const char *path,
                                     struct engine_error *error)
{
    uint8_t extra;
    int got = gzread(stream, &extra, 1);
    if (got > 0)
        return engine_fail(error, ENGINE_FORMAT, "%s has bytes left over", path);
    int code;
    gzerror(stream, &code);
    return got < 0 || code == Z_BUF_ERROR
               ? stream_failure(stream, path, "is damaged", error)
               : ENGINE_OK;
}

static enum engine_status unpack_stream(gzFile stream, int file, const char *path,
                                        size_t rank, struct idx *idx,
                                        struct engine_error *error)
{
    uint8_t header[HEADER_MAX] = {0};
    enum engine_status status =
        read_packed(stream, path, header, header_size(rank), error);
    if (status == ENGINE_OK)
        status = parse_header(path, header, rank, idx, &idx->base_size, error);
    if (status != ENGINE_OK)
        return status;
    if (!can_hold(file, idx->base_size))
        return engine_fail(error, ENGINE_FORMAT,
                           "%s is truncated: its header calls for %zu bytes of data",
                           path, idx->base_size);
    assert(idx->base_size > 0);
    idx->base = malloc(idx->base_size);
    if (idx->base == NULL)
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory for %s", path);
    idx->data = idx->base;
    status = read_packed(stream, path, idx->base, idx->base_size, error);
    return status == ENGINE_OK ? expect_end(stream, path, error) : status;
}

static enum engine_status open_stream(const char *path, int file, gzFile *stream,
                                      struct engine_error *error)
{
    int copy = dup(file);
    if (copy < 0)
        return system_failure(path, "open", error);
    *stream = gzdopen(copy, "rb");
    if (*stream)
        return ENGINE_OK;
    close(copy);
    return engine_fail(error, ENGINE_NO_MEMORY, "no memory to unpack %s", path);
}

static enum engine_status unpack(const char *path, int file, size_t rank, struct idx *idx,
                                 struct engine_error *error)
{
    gzFile stream = NULL;
    enum engine_status status = open_stream(path, file, &stream, error);
    if (status != ENGINE_OK)
        return status;
    gzbuffer(stream, 1 << 17);
    status = unpack_stream(stream, file, path, rank, idx, error);
    gzclose(stream);
    return status;
}

static enum engine_status find_gzip(const char *path, int file, bool *packed,
                                    struct engine_error *error)
{
    uint8_t magic[2];
    ssize_t got = pread(file, magic, sizeof magic, 0);
    if (got < 0 && errno != EISDIR) /* which map_plain refuses as no file */
        return system_failure(path, "read", error);
    *packed = got == (ssize_t)sizeof magic && magic[0] == 0x1f && magic[1] == 0x8b;
    return ENGINE_OK;
}

/* zlib reads a plain file as it is. One too short or damaged to tell is no IDX file. */
static enum engine_status peek(const char *path, int file, struct idx_look *look,
                               struct engine_error *error)
{
    uint8_t magic[4] = {0};
    gzFile stream = NULL;
    enum engine_status status = open_stream(path, file, &stream, error);
    if (status != ENGINE_OK)
        return status;
    status = read_packed(stream, path, magic, sizeof magic, error);
    gzclose(stream);
    look->is_idx = status == ENGINE_OK && magic[0] == 0 && magic[1] == 0;
    look->type = look->is_idx ? magic[2] : 0;
    look->rank = look->is_idx ? magic[3] : 0;
    return status == ENGINE_FORMAT ? ENGINE_OK : status;
}

enum engine_status idx_peek(const char *path, struct idx_look *out,
                            struct engine_error *error)
{
    struct idx_look look = {.is_idx = false};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return system_failure(path, "open", error);
    enum engine_status status = find_gzip(path, file, &look.is_packed, error);
    if (status == ENGINE_OK)
        status = peek(path, file, &look, error);
    close(file);
    if (status == ENGINE_OK)
        *out = look;
    return status;
}

/* The bytes give way to floats of this machine's kind. */
static enum engine_status to_floats(const char *path, struct idx *idx,
                                    struct engine_error *error)
{
    size_t count = idx->sizes[0];
    for (size_t i = 1; i < idx->rank; i++)
        count *= idx->sizes[i];
    assert(count > 0);
    float *values = malloc(count * sizeof *values);
    if (values == NULL)
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory for %s", path);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *at = idx->data + 4 * i;
        uint32_t bits =
            (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
        memcpy(&values[i], &bits, sizeof bits);
    }
    struct idx bytes = *idx;
    idx_close(&bytes);
    idx->mapped = false;
    idx->data = NULL;
    idx->base = values;
    idx->values = values;
    return ENGINE_OK;
}

static enum engine_status open_type(const char *path, int type, size_t rank,
                                    struct idx *out, struct engine_error *error)
{
    struct idx idx = {.type = type};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return system_failure(path, "open", error);
    bool packed = false;
    enum engine_status status = find_gzip(path, file, &packed, error);
    if (status == ENGINE_OK)
        status = packed ? unpack(path, file, rank, &idx, error)
                        : map_plain(path, file, rank, &idx, error);
    close(file);
    if (status == ENGINE_OK && type == IDX_FLOATS)
        status = to_floats(path, &idx, error);
    if (status != ENGINE_OK) {
        idx_close(&idx);
        return status;
    }
    *out = idx;
    return ENGINE_OK;
}

enum engine_status idx_open(const char *path, size_t rank, struct idx *out,
                            struct engine_error *error)
{
    return open_type(path, IDX_BYTES, rank, out, error);
}

enum engine_status idx_open_floats(const char *path, size_t rank, struct idx *out,
                                   struct engine_error *error)
{
    return open_type(path, IDX_FLOATS, rank, out, error);
}

void idx_close(struct idx *idx)
{
    if (idx->mapped)
        munmap(idx->base, idx->base_size);
    else
        free(idx->base);
    *idx = (struct idx){0};
}
