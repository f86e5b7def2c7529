/* What the daemon is told to do: defaults, then a JSON file, then flags. One table holds
 * every setting with its range; the file reader and the flag parser both walk it. */
#ifndef SERVER_SETTINGS_H
#define SERVER_SETTINGS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SETTINGS_MAX_LIST 8
#define SETTINGS_MAX_TEXT 256

struct settings_list {
    char items[SETTINGS_MAX_LIST][SETTINGS_MAX_TEXT];
    size_t count;
};

struct settings {
    char bind[SETTINGS_MAX_TEXT];
    int64_t port;    /* 0: the system picks */
    int64_t workers; /* 0: one per CPU */
    int64_t queue_limit;
    char data_dir[SETTINGS_MAX_TEXT];
    char web_dir[SETTINGS_MAX_TEXT]; /* "": embedded files */
    char token[SETTINGS_MAX_TEXT];   /* "": none */
    struct settings_list dataset_dirs, allowed_hosts;
};

void settings_init(struct settings *settings);

/* Reads `--config FILE` first, wherever it stands, then the other flags; then takes the
 * token from SWEETSPOT_TOKEN if the file has none. False with a sentence that names the
 * setting and what is allowed in `reason`. */
bool settings_read(struct settings *settings, int count, char **words, char *reason,
                   size_t reason_size);

#endif
