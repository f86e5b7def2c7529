/* Small whole files: configs in, models out. */
#ifndef SERVER_FILE_H
#define SERVER_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a file of at most 1 MiB ("-": standard input) as a NUL-terminated text that the
 * caller frees. NULL on failure, with a sentence in `reason`. */
char *file_read_text(const char *path, char *reason, size_t reason_size);

/* Writes a file whole, or removes it and says why in `reason`. */
bool file_write_bytes(const char *path, const void *bytes, size_t size, char *reason,
                      size_t reason_size);

#endif
