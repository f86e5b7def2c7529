/* What the fuzz targets share. Each target feeds one parser with bytes of any kind and
 * holds what comes out to the parser's promises; a broken one ends the process. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define UNUSED_HERE __attribute__((unused))

/* libFuzzer's way in (https://llvm.org/docs/LibFuzzer.html), and replay.c's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert, there in every build. */
#define REQUIRE(condition)                                                               \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);      \
            abort();                                                                     \
        }                                                                                \
    } while (0)

/* The bytes as a text in memory of just its size, so that a read past its end shows; the
 * caller frees it. */
UNUSED_HERE static char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    REQUIRE(text);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

/* A file that lies in memory only; `path` leads to it until `file` is closed. */
struct fuzz_file {
    int file;
    char path[32];
};

UNUSED_HERE static struct fuzz_file fuzz_file(const void *data, size_t size)
{
    struct fuzz_file made = {.file = memfd_create("fuzz", MFD_CLOEXEC)};
    REQUIRE(made.file >= 0);
    REQUIRE(size == 0 || write(made.file, data, size) == (ssize_t)size);
    snprintf(made.path, sizeof made.path, "/proc/self/fd/%d", made.file);
    return made;
}

/* A temporary folder for the life of the process. */
static char fuzz_folder_path[200];

UNUSED_HERE static void fuzz_folder_remove(void)
{
    char command[240];
    snprintf(command, sizeof command, "rm -rf '%s'", fuzz_folder_path);
    REQUIRE(system(command) == 0);
}

UNUSED_HERE static const char *fuzz_folder(void)
{
    const char *above = getenv("TMPDIR");
    snprintf(fuzz_folder_path, sizeof fuzz_folder_path, "%s/sweetspot-fuzz-XXXXXX",
             above ? above : "/tmp");
    REQUIRE(mkdtemp(fuzz_folder_path));
    atexit(fuzz_folder_remove);
    return fuzz_folder_path;
}

/* The text up to the next newline, cut off in place; NULL behind the last. */
UNUSED_HERE static char *fuzz_line(char **rest)
{
    char *line = *rest;
    if (!line)
        return NULL;
    char *end = strchr(line, '\n');
    if (end)
        *end = '\0';
    *rest = end ? end + 1 : NULL;
    return line;
}

#endif
