/* Preloaded: kills its process right before or after one chosen system call on a file of
 * the data folder.
 *
 *   KILL_FOLDER  the data folder
 *   KILL_CALL    write, sync, commit (a sync of the write-ahead log), rename or unlink
 *   KILL_AT      the how manieth of these calls
 *   KILL_WHEN    before or after */
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *folder, *call;
static long at;
static bool after;
static atomic_long count;

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void read_plan(void)
{
    const char *number = getenv("KILL_AT"), *when = getenv("KILL_WHEN");
    folder = getenv("KILL_FOLDER");
    call = getenv("KILL_CALL");
    if (!folder || !call || !number || !when)
        abort();
    at = atol(number);
    after = strcmp(when, "after") == 0;
}

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static bool is_ours(const char *path)
{
    return strncmp(path, folder, strlen(folder)) == 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* True if the call is the chosen one; the process is gone if it dies before it. */
static bool is_chosen(const char *name, const char *path)
{
    if (!folder || !is_ours(path) || strcmp(call, name) != 0)
        return false;
    if (atomic_fetch_add(&count, 1) + 1 != at)
        return false;
    if (!after)
        die();
    return true;
}

static bool is_chosen_file(const char *name, int fd)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return false;
    path[length] = '\0';
    if (strcmp(name, "sync") == 0 && ends_with(path, "-wal"))
        name = "commit";
    return is_chosen(name, path);
}

#define DIE_AFTER(chosen, result)                                                        \
    if (chosen)                                                                          \
        die();                                                                           \
    return result

ssize_t write(int fd, const void *bytes, size_t size)
{
    bool chosen = is_chosen_file("write", fd);
    ssize_t result = REAL(write)(fd, bytes, size);
    DIE_AFTER(chosen, result);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset)
{
    bool chosen = is_chosen_file("write", fd);
    ssize_t result = REAL(pwrite64)(fd, bytes, size, offset);
    DIE_AFTER(chosen, result);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    return pwrite64(fd, bytes, size, offset);
}

int fsync(int fd)
{
    bool chosen = is_chosen_file("sync", fd);
    int result = REAL(fsync)(fd);
    DIE_AFTER(chosen, result);
}

int fdatasync(int fd)
{
    bool chosen = is_chosen_file("sync", fd);
    int result = REAL(fdatasync)(fd);
    DIE_AFTER(chosen, result);
}

int rename(const char *from, const char *to)
{
    bool chosen = is_chosen("rename", to);
    int result = REAL(rename)(from, to);
    DIE_AFTER(chosen, result);
}

int unlink(const char *path)
{
    bool chosen = is_chosen("unlink", path);
    int result = REAL(unlink)(path);
    DIE_AFTER(chosen, result);
}
