#include "server/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_TEXT_MAX ((size_t)1 << 20)

/* Reads until the end of `file`; -1 on a read error, FILE_TEXT_MAX + 1 if too long. */
static long read_all(FILE *file, char *text)
{
    size_t length = fread(text, 1, FILE_TEXT_MAX + 1, file);
    return ferror(file) ? -1 : (long)length;
}

char *file_read_text(const char *path, char *reason, size_t reason_size)
{
    bool standard_input = strcmp(path, "-") == 0;
    FILE *file = standard_input ? stdin : fopen(path, "rbe");
    char *text = file ? malloc(FILE_TEXT_MAX + 2) : NULL;
    long length = text ? read_all(file, text) : -1;
    if (length < 0)
        snprintf(reason, reason_size, "cannot read %s: %s", path, strerror(errno));
    else if ((size_t)length > FILE_TEXT_MAX)
        snprintf(reason, reason_size, "%s is longer than 1 MiB", path);
    else if (memchr(text, '\0', (size_t)length))
        snprintf(reason, reason_size, "%s holds a NUL byte: not a text", path);
    else
        goto done;
    free(text);
    text = NULL;
done:
    if (file && !standard_input)
        fclose(file);
    if (text)
        text[length] = '\0';
    return text;
}

/* What is left of a broken write; never a device such as /dev/stdout. */
static void remove_regular(const char *path)
{
    struct stat info;
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode))
        unlink(path);
}

bool file_write_bytes(const char *path, const void *bytes, size_t size, char *reason,
                      size_t reason_size)
{
    FILE *file = fopen(path, "wbe");
    bool written = file && fwrite(bytes, 1, size, file) == size;
    if (file && fclose(file) != 0)
        written = false;
    if (written)
        return true;
    snprintf(reason, reason_size, "cannot write %s: %s", path, strerror(errno));
    if (file)
        remove_regular(path);
    return false;
}

bool file_sync_parent(const char *path)
{
    char parent[PATH_MAX];
    snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(path, '/') - path), path);
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool synced = fsync(fd) == 0;
    int error = errno;
    close(fd);
    errno = error;
    return synced;
}

/* A folder that could not be synced goes again: a second fsync may say yes to what the
 * first lost. */
bool file_make_folder(const char *path)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return false;
    if (file_sync_parent(path))
        return true;
    int error = errno;
    rmdir(path);
    errno = error;
    return false;
}

void file_empty_folder(const char *folder, const char *keep)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        char path[PATH_MAX];
        bool special = entry->d_name[0] == '.';
        if (special || (keep && strcmp(entry->d_name, keep) == 0))
            continue;
        int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (length > 0 && (size_t)length < sizeof path)
            unlink(path);
    }
    if (dir)
        closedir(dir);
}

void file_remove_folder(const char *path)
{
    file_empty_folder(path, NULL);
    rmdir(path);
}
