#include "server/json/reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/utf8.h"

/* A scan over the text that accepts exactly RFC 8259; it builds nothing. */
struct scanner {
    const char *at, *start, *end;
    int depth;
    const char *fault;
};

static bool refuse(struct scanner *s, const char *fault)
{
    if (!s->fault)
        s->fault = fault;
    return false;
}

static void skip_space(struct scanner *s)
{
    while (s->at < s->end && strchr(" \t\r\n", *s->at) && *s->at)
        s->at++;
}

static bool take(struct scanner *s, char c)
{
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool scan_digits(struct scanner *s)
{
    const char *first = s->at;
    while (s->at < s->end && is_digit(*s->at))
        s->at++;
    return s->at > first || refuse(s, "a malformed number");
}

/* cJSON reads at most this much of a number. */
#define NUMBER_MAX 63

static bool check_number(struct scanner *s, const char *first)
{
    char text[NUMBER_MAX + 1];
    size_t length = (size_t)(s->at - first);
    if (length > NUMBER_MAX)
        return refuse(s, "a number with too many digits");
    memcpy(text, first, length);
    text[length] = '\0';
    return isfinite(strtod(text, NULL)) || refuse(s, "a number too large to represent");
}

static bool scan_number(struct scanner *s)
{
    const char *first = s->at;
    take(s, '-');
    if (take(s, '0')) {
        if (s->at < s->end && is_digit(*s->at))
            return refuse(s, "a number with a leading zero");
    } else if (!scan_digits(s)) {
        return false;
    }
    if (take(s, '.') && !scan_digits(s))
        return false;
    if (take(s, 'e') || take(s, 'E')) {
        if (!take(s, '+'))
            take(s, '-');
        if (!scan_digits(s))
            return false;
    }
    return check_number(s, first);
}

static bool scan_hex(struct scanner *s, unsigned *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdefABCDEF";
        const char *found = s->at < s->end && *s->at ? strchr(digits, *s->at) : NULL;
        if (!found)
            return refuse(s, "a malformed \\u escape");
        unsigned digit = (unsigned)(found - digits);
        *unit = *unit * 16 + (digit > 15 ? digit - 6 : digit);
        s->at++;
    }
    return *unit != 0 || refuse(s, "a NUL character in a string");
}

static bool scan_unicode_escape(struct scanner *s)
{
    unsigned high, low;
    if (!scan_hex(s, &high))
        return false;
    if (high >= 0xdc00 && high <= 0xdfff)
        return refuse(s, "half of a surrogate pair");
    if (high < 0xd800 || high > 0xdbff)
        return true;
    if (!take(s, '\\') || !take(s, 'u') || !scan_hex(s, &low) || low < 0xdc00 ||
        low > 0xdfff)
        return refuse(s, "half of a surrogate pair");
    return true;
}

static bool scan_escape(struct scanner *s)
{
    if (take(s, 'u'))
        return scan_unicode_escape(s);
    if (s->at == s->end || !*s->at || !strchr("\"\\/bfnrt", *s->at))
        return refuse(s, "an unknown escape in a string");
    s->at++;
    return true;
}

static bool scan_string(struct scanner *s)
{
    if (!take(s, '"'))
        return refuse(s, "a missing string");
    while (s->at < s->end && *s->at != '"') {
        if ((unsigned char)*s->at < 0x20)
            return refuse(s, "a control character in a string");
        if (take(s, '\\')) {
            if (!scan_escape(s))
                return false;
        } else {
            s->at++;
        }
    }
    return take(s, '"') || refuse(s, "a string without an end");
}

static bool scan_value(struct scanner *s);

static bool scan_members(struct scanner *s, char close, bool keyed)
{
    skip_space(s);
    if (take(s, close))
        return true;
    do {
        skip_space(s);
        if (keyed) {
            if (!scan_string(s))
                return false;
            skip_space(s);
            if (!take(s, ':'))
                return refuse(s, "a missing ':'");
        }
        if (!scan_value(s))
            return false;
        skip_space(s);
    } while (take(s, ','));
    return take(s, close) || refuse(s, "a missing ',' or closing bracket");
}

static bool scan_word(struct scanner *s, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(s->end - s->at) < length || memcmp(s->at, word, length) != 0)
        return refuse(s, "something that is not a JSON value");
    s->at += length;
    return true;
}

static bool scan_nested(struct scanner *s, char close, bool keyed)
{
    if (++s->depth > JSON_MAX_DEPTH)
        return refuse(s, "too many nested brackets");
    s->at++;
    bool valid = scan_members(s, close, keyed);
    s->depth--;
    return valid;
}

static bool scan_value(struct scanner *s)
{
    skip_space(s);
    char c = s->at < s->end ? *s->at : '\0';
    switch (c) {
    case '{':
        return scan_nested(s, '}', true);
    case '[':
        return scan_nested(s, ']', false);
    case '"':
        return scan_string(s);
    case 't':
        return scan_word(s, "true");
    case 'f':
        return scan_word(s, "false");
    case 'n':
        return scan_word(s, "null");
    default:
        return c == '-' || is_digit(c) ? scan_number(s)
                                       : refuse(s, "something that is not a JSON value");
    }
}

/* The first key that an object anywhere in the tree has twice, or NULL. */
static const char *find_doubled_key(const cJSON *node)
{
    const cJSON *child, *other;
    cJSON_ArrayForEach(child, node)
    {
        for (other = child->next; cJSON_IsObject(node) && other; other = other->next)
            if (strcmp(child->string, other->string) == 0)
                return child->string;
        const char *inside = find_doubled_key(child);
        if (inside)
            return inside;
    }
    return NULL;
}

static bool check_syntax(const char *text, size_t length, char *reason, size_t size)
{
    struct scanner s = {.at = text, .start = text, .end = text + length};
    bool valid = utf8_is_valid(text, length) || refuse(&s, "bytes that are not UTF-8");
    valid = valid && scan_value(&s);
    skip_space(&s);
    if (valid && s.at != s.end)
        valid = refuse(&s, "something behind the end of the JSON text");
    if (!valid)
        snprintf(reason, size, "the JSON text has %s at byte %zu", s.fault,
                 (size_t)(s.at - s.start));
    return valid;
}

bool json_is_line(const char *text)
{
    char reason[120];
    size_t length = strlen(text);
    bool spaced = length == 0 || *text == ' ' || text[length - 1] == ' ';
    return !spaced && !strpbrk(text, "\t\r\n") &&
           check_syntax(text, length, reason, sizeof reason);
}

cJSON *json_read_object(const char *text, size_t length, char *reason, size_t reason_size)
{
    if (!check_syntax(text, length, reason, reason_size))
        return NULL;
    cJSON *object = cJSON_ParseWithLength(text, length);
    const char *doubled = object ? find_doubled_key(object) : NULL;
    if (!object)
        snprintf(reason, reason_size, "not enough memory");
    else if (!cJSON_IsObject(object))
        snprintf(reason, reason_size, "the JSON text must be an object: {...}");
    else if (doubled)
        snprintf(reason, reason_size, "the JSON text has the key \"%.*s\" twice",
                 (int)utf8_fitting(doubled, 60), doubled);
    else
        return object;
    cJSON_Delete(object);
    return NULL;
}

const cJSON *json_member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}
