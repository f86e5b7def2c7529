/* How every fallible function of the engine reports failure.
 *
 * A function that can fail returns `enum engine_status`, leaves its out-parameters alone
 * on failure and, where the reason needs words, fills a `struct engine_error`. */
#ifndef ENGINE_STATUS_H
#define ENGINE_STATUS_H

#define ENGINE_MUST_CHECK __attribute__((warn_unused_result))

enum engine_status {
    ENGINE_OK,
    ENGINE_NO_MEMORY,
    ENGINE_IO,        /* a system call failed; the text names file and errno */
    ENGINE_FULL,      /* the same, for want of room on the disk */
    ENGINE_FORMAT,    /* a file is not what it should be; the text says where */
    ENGINE_NOT_FOUND, /* a dataset or file is missing; the text says how to get it */
    ENGINE_INVALID,   /* arguments that do not fit each other */
};

/* A sentence for a person: UTF-8, NUL-terminated, no trailing newline. */
struct engine_error {
    char text[512];
};

/* Formats into `error` (may be NULL) and returns `status`, so that call sites read
 * `return engine_fail(error, ENGINE_IO, "...", ...)`. */
enum engine_status engine_fail(struct engine_error *error, enum engine_status status,
                               const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What a system call's errno is to us: ENGINE_FULL or ENGINE_IO. */
enum engine_status engine_status_of(int error);

/* "no memory", "input/output error", ... for logs and tests. */
const char *engine_status_name(enum engine_status status);

#endif
