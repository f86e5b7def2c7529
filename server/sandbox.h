/* The fence around the daemon: what it has no need of, it cannot do, whatever a request
 * or a file has talked it into.
 *
 * Files (Landlock): it writes below its data folder, reads there and in the folders it
 * ships with, and sees no other file. Calls (seccomp): no new sockets, so no connection
 * out of it, no other programs or processes, no meddling with the system. Neither can be
 * undone, and no program it might start would gain rights (no_new_privs).
 *
 * A kernel without one of them leaves that part open; both are told by GET /system.
 * SWEETSPOT_SANDBOX=off leaves both open: for debuggers and the like. */
#ifndef SERVER_SANDBOX_H
#define SERVER_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct sandbox_folders {
    const char *data_dir;            /* exists */
    const char *const *dataset_dirs; /* a dataset's files may be links to elsewhere */
    size_t dataset_dir_count;
    const char *presets_dir, *web_dir; /* "": none */
};

/* Fences the files off for the calling thread and all it starts: to be called before any
 * other thread is there. False: the kernel has the fence but it cannot be put up; the
 * reason says why. */
bool sandbox_fence_files(const struct sandbox_folders *folders, char *reason,
                         size_t reason_size);

/* Fences the calls off for all threads, once the listening socket is there. */
bool sandbox_fence_calls(char *reason, size_t reason_size);

/* Whether the fences stand. */
bool sandbox_has_files(void);
bool sandbox_has_calls(void);

#endif
