/* Small whole files, configs in and models out; and folders of files. */
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

/* Has a new, renamed or removed entry of `path`'s folder on the disk. False: errno. */
bool file_sync_parent(const char *path);

/* Makes a folder, mode 0700, that is as durable as the files that will lie in it; it may
 * be there already. False: errno. */
bool file_make_folder(const char *path);

/* Removes the files in a folder but the one named `keep` (NULL: none), and none whose
 * name begins with a dot. */
void file_empty_folder(const char *path, const char *keep);
/* Removes all files in it, then itself. */
void file_remove_folder(const char *path);

#endif
