/* UTF-8 as RFC 3629 has it. */
#ifndef SERVER_JSON_UTF8_H
#define SERVER_JSON_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* No overlong forms, no surrogates, no NUL, at most U+10FFFF. */
bool utf8_is_valid(const char *text, size_t length);

/* Bytes from the start that are valid; the whole length for a valid text. */
size_t utf8_valid_length(const char *text);

/* Code points of a valid text. */
size_t utf8_count(const char *text);

#endif
