/* Preloaded: makes one chosen call fail, and counts what is allocated. A test steers it
 * through a file that both map (FAIL_CONTROL, as `struct control`). */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum call { NOTHING, MALLOC, OPEN, READ, WRITE, SYNC, RENAME, UNLINK, MKDIR };

/* 64-bit words, little-endian, in this order. */
struct control {
    _Atomic int64_t call;       /* which call is to fail (enum call); written last */
    _Atomic int64_t at;         /* the how manieth from now on */
    _Atomic int64_t error;      /* errno; 0: it does half of what it was asked to */
    _Atomic int64_t lasts;      /* 1: all later ones fail too */
    _Atomic int64_t made;       /* out: how many of these calls there were */
    _Atomic int64_t failed;     /* out: how many of them failed */
    _Atomic int64_t blocks;     /* out: blocks of memory that are in use */
    _Atomic int64_t leak;       /* 1: nothing is freed, to see that a test would notice */
    _Atomic int64_t distrusted; /* out: descriptors synced again after a failed sync */
};

static struct control *control;
static const char *folder;

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

__attribute__((constructor)) static void open_control(void)
{
    const char *path = getenv("FAIL_CONTROL");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *map =
        fd < 0 ? MAP_FAILED
               : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    folder = getenv("FAIL_FOLDER");
    if (fd >= 0)
        close(fd);
    if (map == MAP_FAILED || !folder)
        abort();
    control = map;
}

/* Whether this call, one of `call`, is to fail. */
static bool fails(enum call call)
{
    if (!control || atomic_load(&control->call) != (int64_t)call)
        return false;
    int64_t number = atomic_fetch_add(&control->made, 1) + 1;
    int64_t at = atomic_load(&control->at);
    bool chosen = number == at || (number > at && atomic_load(&control->lasts));
    if (chosen)
        atomic_fetch_add(&control->failed, 1);
    return chosen;
}

static void count(int64_t blocks)
{
    if (control)
        atomic_fetch_add(&control->blocks, blocks);
}

/* --- memory ------------------------------------------------------------------------- */

static void *counted(void *block)
{
    count(block != NULL);
    return block;
}

static void *refuse(void)
{
    errno = ENOMEM;
    return NULL;
}

void *malloc(size_t size)
{
    return fails(MALLOC) ? refuse() : counted(__libc_malloc(size));
}

void *calloc(size_t number, size_t size)
{
    return fails(MALLOC) ? refuse() : counted(__libc_calloc(number, size));
}

void *realloc(void *old, size_t size)
{
    if (fails(MALLOC))
        return refuse();
    void *block = __libc_realloc(old, size);
    count((block != NULL && old == NULL) - (block == NULL && old != NULL && size == 0));
    return block;
}

void *memalign(size_t alignment, size_t size)
{
    return fails(MALLOC) ? refuse() : counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *block = memalign(alignment, size);
    if (!block)
        return ENOMEM;
    *out = block;
    return 0;
}

void free(void *block)
{
    if (!block || (control && atomic_load(&control->leak)))
        return;
    count(-1);
    __libc_free(block);
}

/* --- files below the data folder ---------------------------------------------------- */

static bool is_ours(const char *path)
{
    return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static bool is_our_file(int fd)
{
    char link[64], path[PATH_MAX];
    if (!control || atomic_load(&control->call) < OPEN)
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return false;
    path[length] = '\0';
    return is_ours(path);
}

/* How a chosen transfer of `size` bytes goes wrong: -1 with errno, or shorter. */
static ssize_t spoil(size_t *size)
{
    int error = (int)atomic_load(&control->error);
    if (error) {
        errno = error;
        return -1;
    }
    *size = *size > 1 ? *size / 2 : *size;
    return 0;
}

ssize_t read(int fd, void *bytes, size_t size)
{
    if (is_our_file(fd) && fails(READ) && spoil(&size) < 0)
        return -1;
    return REAL(read)(fd, bytes, size);
}

ssize_t pread64(int fd, void *bytes, size_t size, off64_t offset)
{
    if (is_our_file(fd) && fails(READ) && spoil(&size) < 0)
        return -1;
    return REAL(pread64)(fd, bytes, size, offset);
}

ssize_t pread(int fd, void *bytes, size_t size, off_t offset)
{
    return pread64(fd, bytes, size, offset);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (is_our_file(fd) && fails(WRITE) && spoil(&size) < 0)
        return -1;
    return REAL(write)(fd, bytes, size);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    if (is_our_file(fd) && fails(WRITE) && spoil(&size) < 0)
        return -1;
    return REAL(pwrite64)(fd, bytes, size, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    return pwrite64(fd, bytes, size, offset);
}

static int fail_with_error(void)
{
    int error = (int)atomic_load(&control->error);
    errno = error ? error : EIO;
    return -1;
}

/* After a failed sync the kernel may have dropped what was to be written: a checkpoint's
 * descriptor that is synced again would seem well. The log of the store is written anew
 * before it is synced again, through the same descriptor, so it is not looked at here. */
static _Atomic int bad_fd = -1;

static int sync_with(int fd, int (*real)(int))
{
    char link[64], path[PATH_MAX] = "";
    if (!is_our_file(fd))
        return real(fd);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    bool checkpoint = length > 0 && strstr(path, "/runs/") != NULL;
    if (checkpoint && fd == atomic_load(&bad_fd))
        atomic_fetch_add(&control->distrusted, 1);
    if (!fails(SYNC))
        return real(fd);
    if (checkpoint)
        atomic_store(&bad_fd, fd);
    return fail_with_error();
}

int fsync(int fd)
{
    return sync_with(fd, REAL(fsync));
}

int fdatasync(int fd)
{
    return sync_with(fd, REAL(fdatasync));
}

int close(int fd)
{
    int bad = fd;
    atomic_compare_exchange_strong(&bad_fd, &bad, -1);
    return REAL(close)(fd);
}

int rename(const char *from, const char *to)
{
    return is_ours(to) && fails(RENAME) ? fail_with_error() : REAL(rename)(from, to);
}

int unlink(const char *path)
{
    return is_ours(path) && fails(UNLINK) ? fail_with_error() : REAL(unlink)(path);
}

int mkdir(const char *path, mode_t mode)
{
    return is_ours(path) && fails(MKDIR) ? fail_with_error() : REAL(mkdir)(path, mode);
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
    return is_ours(path) && fails(OPEN) ? fail_with_error()
                                        : REAL(open64)(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return is_ours(path) && fails(OPEN) ? fail_with_error()
                                        : REAL(open64)(path, flags, mode);
}
