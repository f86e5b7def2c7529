/* Temporary folders for the tests, in one header since each test is one file. */
#ifndef TESTS_ENGINE_FOLDER_H
#define TESTS_ENGINE_FOLDER_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNUSED_HERE __attribute__((unused))

struct folder {
    char path[64];
};

UNUSED_HERE static struct folder folder_open(void)
{
    struct folder folder = {"/tmp/sweetspot-test-XXXXXX"};
    assert_non_null(mkdtemp(folder.path));
    return folder;
}

/* FOLDER/NAME, in one of four buffers used in turn. */
UNUSED_HERE static const char *folder_path(const struct folder *folder, const char *name)
{
    static char paths[4][512];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder->path, name);
    return path;
}

UNUSED_HERE static void folder_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* The whole file, malloc'd. */
UNUSED_HERE static unsigned char *folder_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct stat facts;
    assert_int_equal(fstat(fileno(file), &facts), 0);
    *size = (size_t)facts.st_size;
    unsigned char *bytes = calloc(1, *size + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

UNUSED_HERE static size_t folder_count(const struct folder *folder)
{
    DIR *stream = opendir(folder->path);
    assert_non_null(stream);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(stream);
    return count;
}

/* Removes the folder, its files and its empty folders. */
UNUSED_HERE static void folder_close(const struct folder *folder)
{
    DIR *stream = opendir(folder->path);
    assert_non_null(stream);
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            assert_int_equal(remove(folder_path(folder, entry->d_name)), 0);
    closedir(stream);
    assert_int_equal(rmdir(folder->path), 0);
}

#endif
