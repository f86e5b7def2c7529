/* Writing IDX files, through stdio's buffer. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "engine/data/idx.h"

static void note(struct idx_writer *writer, bool done)
{
    if (!done && writer->failure == 0)
        writer->failure = errno ? errno : EIO;
}

static void put(struct idx_writer *writer, const void *bytes, size_t size)
{
    if (writer->file != NULL && writer->failure == 0)
        note(writer, fwrite(bytes, 1, size, writer->file) == size);
}

static void put_big_endian(struct idx_writer *writer, uint32_t word)
{
    const uint8_t bytes[] = {(uint8_t)(word >> 24), (uint8_t)(word >> 16),
                             (uint8_t)(word >> 8), (uint8_t)word};
    put(writer, bytes, sizeof bytes);
}

void idx_create(struct idx_writer *writer, const char *path, int type, size_t rank,
                const size_t *sizes)
{
    const uint8_t magic[] = {0, 0, (uint8_t)type, (uint8_t)rank};
    *writer = (struct idx_writer){0};
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    note(writer, file >= 0);
    writer->file = file >= 0 ? fdopen(file, "wb") : NULL;
    note(writer, writer->file != NULL);
    if (file >= 0 && writer->file == NULL)
        close(file);
    put(writer, magic, sizeof magic);
    for (size_t i = 0; i < rank; i++)
        put_big_endian(writer, (uint32_t)sizes[i]);
}

void idx_put_bytes(struct idx_writer *writer, const uint8_t *bytes, size_t count)
{
    put(writer, bytes, count);
}

void idx_put_floats(struct idx_writer *writer, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        float value = (float)values[i];
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        put_big_endian(writer, bits);
    }
}

enum engine_status idx_finish(struct idx_writer *writer, const char *path,
                              struct engine_error *error)
{
    if (writer->file != NULL && writer->failure == 0)
        note(writer, fflush(writer->file) == 0 && fsync(fileno(writer->file)) == 0);
    if (writer->file != NULL)
        note(writer, fclose(writer->file) == 0);
    writer->file = NULL;
    if (writer->failure == 0)
        return ENGINE_OK;
    return engine_fail(error, engine_status_of(writer->failure), "cannot write %s: %s",
                       path, strerror(writer->failure));
}
