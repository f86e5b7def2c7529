/* Preloaded: writes down every change that its process makes below a folder, for
 * replay-disk.mjs to make images of what a power loss would leave of it.
 *
 *   RECORD_FOLDER  the folder, without a slash at the end
 *   RECORD_LOG     the log, outside of it; several processes one after the other append
 *
 * The log is opened before the daemon fences itself. One lock is held over each call and
 * its record, so the records are in the order in which the disk saw the calls, and a
 * sync's record is there before anybody can see what was waiting for it: whoever notes
 * the log's size upon an answer knows that all it rests on stands before. A call that
 * changes a file while a sync of it is under way waits: the replay is stricter so than
 * the kernel, which may or may not have taken that change along.
 *
 * Not seen: what is written through a mapping (SQLite maps -shm only, which need not
 * survive) and from inside libc (stdio). The test compares a replay of the whole log with
 * the folder, so a daemon that begins to use other calls is found out. */
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPEN, WRITE, RESIZE, SYNC, RENAME, UNLINK, MKDIR, RMDIR };

/* Little-endian, then the path (of a rename both, a NUL between) and the data. */
struct record {
    uint32_t kind;
    uint32_t path_length;
    uint32_t data_length;
    uint32_t truncates; /* of OPEN */
    uint64_t file;      /* inode, of the result */
    uint64_t offset;    /* of WRITE; the new size of RESIZE */
};

static const char *folder;
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* calls and their records */

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void open_log(void)
{
    const char *path = getenv("RECORD_LOG");
    folder = getenv("RECORD_FOLDER");
    int fd =
        path ? REAL(open64)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (fd < 0 || !folder)
        abort();
    log_fd = fd;
}

static bool is_ours(const char *path)
{
    if (log_fd < 0 || !folder)
        return false;
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 &&
           (path[length] == '/' || path[length] == '\0');
}

static bool is_our_file(int fd)
{
    char link[64], path[PATH_MAX];
    if (log_fd < 0)
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return false;
    path[length] = '\0';
    return is_ours(path);
}

static uint64_t file_number(int fd)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        abort();
    return info.st_ino;
}

/* With the lock held. A log with a hole would say that all is well: rather none. */
static void append(struct record record, const char *path, const void *data)
{
    struct iovec parts[] = {
        {&record,      sizeof record     },
        {(void *)path, record.path_length},
        {(void *)data, record.data_length},
    };
    size_t size = sizeof record + record.path_length + record.data_length;
    if (REAL(writev)(log_fd, parts, 3) != (ssize_t)size)
        abort();
}

/* --- contents ----------------------------------------------------------------------- */

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (!is_our_file(fd))
        return REAL(write)(fd, bytes, size);
    pthread_mutex_lock(&lock);
    ssize_t done = REAL(write)(fd, bytes, size);
    if (done > 0) {
        uint64_t end = (uint64_t)lseek(fd, 0, SEEK_CUR);
        append((struct record){.kind = WRITE,
                               .data_length = (uint32_t)done,
                               .file = file_number(fd),
                               .offset = end - (uint64_t)done},
               NULL, bytes);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    if (!is_our_file(fd))
        return REAL(pwrite64)(fd, bytes, size, offset);
    pthread_mutex_lock(&lock);
    ssize_t done = REAL(pwrite64)(fd, bytes, size, offset);
    if (done > 0)
        append((struct record){.kind = WRITE,
                               .data_length = (uint32_t)done,
                               .file = file_number(fd),
                               .offset = (uint64_t)offset},
               NULL, bytes);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    return pwrite64(fd, bytes, size, offset);
}

int ftruncate64(int fd, off64_t size)
{
    if (!is_our_file(fd))
        return REAL(ftruncate64)(fd, size);
    pthread_mutex_lock(&lock);
    int result = REAL(ftruncate64)(fd, size);
    if (result == 0)
        append((struct record){.kind = RESIZE,
                               .file = file_number(fd),
                               .offset = (uint64_t)size},
               NULL, NULL);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int fd, off_t size)
{
    return ftruncate64(fd, size);
}

static int sync_with(int fd, int (*real)(int))
{
    if (!is_our_file(fd))
        return real(fd);
    pthread_mutex_lock(&lock);
    int result = real(fd);
    if (result == 0)
        append((struct record){.kind = SYNC, .file = file_number(fd)}, NULL, NULL);
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int fd)
{
    return sync_with(fd, REAL(fsync));
}

int fdatasync(int fd)
{
    return sync_with(fd, REAL(fdatasync));
}

/* --- entries of folders ------------------------------------------------------------- */

static int open_with(int (*real)(const char *, int, ...), const char *path, int flags,
                     mode_t mode)
{
    if (!(flags & (O_CREAT | O_TRUNC)) || !is_ours(path))
        return real(path, flags, mode);
    pthread_mutex_lock(&lock);
    int fd = real(path, flags, mode);
    if (fd >= 0)
        append((struct record){.kind = OPEN,
                               .path_length = (uint32_t)strlen(path),
                               .truncates = (flags & O_TRUNC) != 0,
                               .file = file_number(fd)},
               path, NULL);
    pthread_mutex_unlock(&lock);
    return fd;
}

static mode_t mode_of(int flags, va_list arguments)
{
    return flags & O_CREAT ? (mode_t)va_arg(arguments, unsigned) : 0;
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_with(REAL(open64), path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_with(REAL(open64), path, flags, mode);
}

int rename(const char *from, const char *to)
{
    char both[2 * PATH_MAX];
    int length = snprintf(both, sizeof both, "%s%c%s", from, '\0', to);
    if (!is_ours(to) || length < 0 || (size_t)length >= sizeof both)
        return REAL(rename)(from, to);
    pthread_mutex_lock(&lock);
    int result = REAL(rename)(from, to);
    if (result == 0)
        append((struct record){.kind = RENAME, .path_length = (uint32_t)length}, both,
               NULL);
    pthread_mutex_unlock(&lock);
    return result;
}

static int remove_with(enum kind kind, int (*real)(const char *), const char *path)
{
    if (!is_ours(path))
        return real(path);
    pthread_mutex_lock(&lock);
    int result = real(path);
    if (result == 0)
        append((struct record){.kind = kind, .path_length = (uint32_t)strlen(path)}, path,
               NULL);
    pthread_mutex_unlock(&lock);
    return result;
}

int unlink(const char *path)
{
    return remove_with(UNLINK, REAL(unlink), path);
}

int rmdir(const char *path)
{
    return remove_with(RMDIR, REAL(rmdir), path);
}

static void append_folder(const char *path)
{
    struct stat info;
    if (stat(path, &info) == 0)
        append((struct record){.kind = MKDIR,
                               .path_length = (uint32_t)strlen(path),
                               .file = info.st_ino},
               path, NULL);
}

int mkdir(const char *path, mode_t mode)
{
    if (!is_ours(path))
        return REAL(mkdir)(path, mode);
    pthread_mutex_lock(&lock);
    int result = REAL(mkdir)(path, mode);
    if (result == 0)
        append_folder(path);
    pthread_mutex_unlock(&lock);
    return result;
}

/* It makes the folder from inside libc. */
char *mkdtemp(char *path)
{
    if (!is_ours(path))
        return REAL(mkdtemp)(path);
    pthread_mutex_lock(&lock);
    char *result = REAL(mkdtemp)(path);
    if (result)
        append_folder(path);
    pthread_mutex_unlock(&lock);
    return result;
}
