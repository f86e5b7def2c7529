#include "engine/utf8.h"

#include <stdint.h>
#include <string.h>

/* Length of the sequence that `lead` starts; 0: it cannot start one. */
static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return lead ? 1 : 0;
    if (lead < 0xc2)
        return 0;
    if (lead < 0xe0)
        return 2;
    return lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

static bool sequence_is_valid(const unsigned char *at, size_t length)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t point = length == 1 ? at[0] : at[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return false;
        point = point << 6 | (at[i] & 0x3f);
    }
    bool surrogate = point >= 0xd800 && point <= 0xdfff;
    return point >= smallest[length] && point <= 0x10ffff && !surrogate;
}

static size_t valid_prefix(const char *text, size_t length)
{
    const unsigned char *start = (const unsigned char *)text, *at = start;
    const unsigned char *end = at + length;
    while (at < end) {
        size_t step = sequence_length(*at);
        if (step == 0 || step > (size_t)(end - at) || !sequence_is_valid(at, step))
            break;
        at += step;
    }
    return (size_t)(at - start);
}

bool utf8_is_valid(const char *text, size_t length)
{
    return valid_prefix(text, length) == length;
}

bool utf8_is_line(const char *text, size_t length)
{
    size_t plain = 0;
    while (plain < length && (unsigned char)text[plain] >= ' ' && text[plain] != 0x7f)
        plain++;
    return plain == length && utf8_is_valid(text, length);
}

size_t utf8_fitting(const char *text, size_t max)
{
    return valid_prefix(text, strnlen(text, max));
}

size_t utf8_count(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}
