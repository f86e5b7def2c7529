/* Comma-separated values (RFC 4180), field by field: quotes, doubled quotes in them and
 * any kind of line end; a byte order mark and empty lines are passed over. Semicolons or
 * tabs separate where the first line has more of them than of commas. */
#ifndef ENGINE_DATA_CSV_H
#define ENGINE_DATA_CSV_H

#include <stdbool.h>
#include <stddef.h>

#define CSV_FIELD_MAX 1000 /* bytes of one field */

enum csv_token {
    CSV_FIELD, /* there is another one in this row */
    CSV_LAST,  /* the last of its row */
    CSV_END,   /* no more rows */
    CSV_WRONG, /* `wrong` says what is */
};

/* Reads bytes that outlive it; nothing is allocated. */
struct csv {
    const char *at, *end; /* private */
    char separator;
    bool in_row;
    size_t lines;
    /* Of the field that was read last: */
    size_t line, column; /* from 1; the line that its row begins in */
    char text[CSV_FIELD_MAX + 1];
    size_t length;
    const char *wrong;
};

void csv_init(struct csv *csv, const char *bytes, size_t size);
enum csv_token csv_next(struct csv *csv);

/* Whether `text` is a finite decimal number and nothing else but spaces around it. */
bool csv_number(const char *text, double *value);

#endif
