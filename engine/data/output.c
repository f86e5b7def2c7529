#include "engine/data/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static void note(struct output *output, bool done)
{
    if (!done && output->failure == 0)
        output->failure = errno ? errno : EIO;
}

void output_create(struct output *output, const char *path)
{
    output->failure = 0;
    output->used = 0;
    output->file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    note(output, output->file >= 0);
}

static void flush(struct output *output)
{
    const uint8_t *at = output->buffer;
    while (output->used > 0 && output->failure == 0) {
        ssize_t written = write(output->file, at, output->used);
        note(output, written > 0 || (written < 0 && errno == EINTR));
        if (written > 0) {
            at += written;
            output->used -= (size_t)written;
        }
    }
    output->used = 0;
}

void output_put(struct output *output, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    while (size > 0) {
        size_t room = sizeof output->buffer - output->used;
        size_t part = size < room ? size : room;
        memcpy(output->buffer + output->used, at, part);
        output->used += part;
        at += part;
        size -= part;
        if (output->used == sizeof output->buffer)
            flush(output);
    }
}

enum engine_status output_finish(struct output *output, const char *path,
                                 struct engine_error *error)
{
    flush(output);
    if (output->failure == 0)
        note(output, fsync(output->file) == 0);
    if (output->file >= 0)
        note(output, close(output->file) == 0);
    output->file = -1;
    if (output->failure == 0)
        return ENGINE_OK;
    return engine_fail(error, engine_status_of(output->failure), "cannot write %s: %s",
                       path, strerror(output->failure));
}
