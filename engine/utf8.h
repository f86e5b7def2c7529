/* UTF-8 as RFC 3629 has it. */
#ifndef ENGINE_UTF8_H
#define ENGINE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* No overlong forms, no surrogates, no NUL, at most U+10FFFF. */
bool utf8_is_valid(const char *text, size_t length);

/* The same, and without control characters: one line of text. */
bool utf8_is_line(const char *text, size_t length);

/* Bytes from the start, at most `max`, that are whole characters. */
size_t utf8_fitting(const char *text, size_t max);

/* Code points of a valid text. */
size_t utf8_count(const char *text);

#endif
