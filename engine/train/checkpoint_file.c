/* Checkpoints on disk: a file with the final name is always whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/train/image.h"

#define PATH_SIZE     4096
#define MAX_FILE_SIZE ((off_t)1 << 30)

static enum engine_status system_failure(const char *what, const char *path,
                                         struct engine_error *error)
{
    return engine_fail(error, engine_status_of(errno), "cannot %s %s: %s", what, path,
                       strerror(errno));
}

static bool write_whole(int file, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t done = write(file, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes += done;
        size -= (size_t)done;
    }
    return true;
}

/* Keeps the first failure's errno over closing. */
static bool close_after(int file, bool succeeded)
{
    int kept = errno;
    bool closed = close(file) == 0;
    if (!succeeded)
        errno = kept;
    return succeeded && closed;
}

static bool write_synced(const char *path, const uint8_t *bytes, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    return close_after(file, write_whole(file, bytes, size) && fsync(file) == 0);
}

/* The rename itself is durable only once the folder is. */
static bool sync_folder(const char *path)
{
    char folder[PATH_SIZE];
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    memcpy(folder, slash == NULL ? "." : path, length);
    folder[length] = '\0';
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return false;
    return close_after(file, fsync(file) == 0);
}

static enum engine_status replace(const char *path, const uint8_t *bytes, size_t size,
                                  struct engine_error *error)
{
    char temporary[PATH_SIZE];
    int length = snprintf(temporary, sizeof temporary, "%s.tmp", path);
    if (length < 0 || length >= PATH_SIZE)
        return engine_fail(error, ENGINE_INVALID, "the path %.64s... is too long", path);
    if (!write_synced(temporary, bytes, size) || rename(temporary, path) != 0) {
        enum engine_status status = system_failure("write", path, error);
        unlink(temporary);
        return status;
    }
    if (!sync_folder(path))
        return system_failure("sync the folder of", path, error);
    return ENGINE_OK;
}

enum engine_status checkpoint_write(const struct checkpoint *checkpoint, const char *path,
                                    struct engine_error *error)
{
    uint8_t *bytes;
    size_t size;
    enum engine_status status = checkpoint_pack(checkpoint, &bytes, &size);
    if (status != ENGINE_OK)
        return engine_fail(error, status, "cannot make the checkpoint %s: %s", path,
                           engine_status_name(status));
    status = replace(path, bytes, size, error);
    free(bytes);
    return status;
}

/* A file that shrinks under us counts as a failure of input. */
static bool read_whole(int file, uint8_t *bytes, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(file, bytes + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = EIO;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/* Reads an open file into `*bytes`, which is malloc'd. */
static enum engine_status load(int file, const char *path, uint8_t **bytes, size_t *size,
                               struct engine_error *error)
{
    struct stat facts;
    if (fstat(file, &facts) != 0)
        return system_failure("examine", path, error);
    if (!S_ISREG(facts.st_mode) || facts.st_size < 8 || facts.st_size > MAX_FILE_SIZE)
        return engine_fail(error, ENGINE_FORMAT, "%s is not a checkpoint", path);
    uint8_t *read = malloc((size_t)facts.st_size);
    if (read == NULL)
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory to read %s", path);
    if (!read_whole(file, read, (size_t)facts.st_size)) {
        free(read);
        return system_failure("read", path, error);
    }
    *bytes = read;
    *size = (size_t)facts.st_size;
    return ENGINE_OK;
}

enum engine_status checkpoint_read(const char *path, struct checkpoint *into,
                                   struct engine_error *error)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return engine_fail(error, ENGINE_NOT_FOUND, "there is no checkpoint %s", path);
    if (file < 0)
        return system_failure("open", path, error);
    enum engine_status status = load(file, path, &bytes, &size, error);
    close(file);
    if (status != ENGINE_OK)
        return status;
    status = checkpoint_unpack(bytes, size, into);
    free(bytes);
    if (status == ENGINE_FORMAT)
        return engine_fail(error, status, "%s is not a whole checkpoint of this version",
                           path);
    if (status != ENGINE_OK)
        return engine_fail(error, status, "cannot read %s: %s", path,
                           engine_status_name(status));
    return ENGINE_OK;
}
