/* The small readers of text: UTF-8 against a naive decoder, numbers that print and read
 * back to the same bits, tokens, addresses. */
#include <math.h>

#include "engine/utf8.h"
#include "server/http/internal.h"
#include "server/json/number.h"
#include "tests/fuzz/fuzz.h"

static size_t encode(uint32_t point, uint8_t *out)
{
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    size_t length = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1; point >>= 6)
        out[i] = 0x80 | (point & 0x3f);
    out[0] = (uint8_t)((0xf00 >> length & 0xff) | point);
    return length;
}

/* A character is what encoding its code point gives: the bytes tell the point loosely,
 * and overlong forms do not come out as they went in. */
static size_t decode(const uint8_t *at, size_t size)
{
    size_t length = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    uint32_t point = length == 1 ? at[0] : at[0] & (0x7f >> length);
    uint8_t again[4];
    if (length > size)
        return 0;
    for (size_t i = 1; i < length; i++)
        point = point << 6 | (at[i] & 0x3f);
    bool allowed = point > 0 && point < 0x110000 && (point < 0xd800 || point > 0xdfff);
    return allowed && encode(point, again) == length && memcmp(again, at, length) == 0
               ? length
               : 0;
}

static void check_utf8(const uint8_t *data, size_t size, const char *text)
{
    size_t at = 0, count = 0, step;
    while (at < size && (step = decode(data + at, size - at)) > 0) {
        at += step;
        count++;
    }
    REQUIRE(utf8_is_valid((const char *)data, size) == (at == size));
    REQUIRE(utf8_fitting(text, size) == at);
    if (at < size)
        return;
    REQUIRE(utf8_count(text) == count);
    for (size_t max = 0; max <= size && max < 9; max++) {
        size_t fitting = utf8_fitting(text, max);
        REQUIRE(fitting <= max && fitting + 4 > max);
        REQUIRE(utf8_is_valid(text, fitting));
    }
}

static void check_number(const uint8_t *data, size_t size)
{
    char text[NUMBER_TEXT_MAX];
    double value;
    if (size < sizeof value)
        return;
    memcpy(&value, data, sizeof value);
    int length = number_format(value, text);
    REQUIRE(length > 0 && (size_t)length == strlen(text));
    if (isfinite(value))
        REQUIRE(strtod(text, NULL) == value);
    else
        REQUIRE(strcmp(text, "null") == 0);
}

static void check_token(const char *text)
{
    static const char token[] = "a-token of 20 bytes.";
    REQUIRE(guard_token_matches(token, text) == (strcmp(token, text) == 0));
    if (!guard_token_is_valid(text))
        return;
    size_t length = strlen(text);
    REQUIRE(length >= 8 && length <= 200 && utf8_count(text) == length);
    REQUIRE(!strpbrk(text, "\r\n\";,\\") && guard_token_matches(text, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    if (size > 0)
        check_utf8(data, size, text);
    check_number(data, size);
    check_token(text);
    if (guard_bind_is_local(text))
        REQUIRE(strncmp(text, "127.", 4) == 0 || strchr(text, ':'));
    free(text);
    return 0;
}
