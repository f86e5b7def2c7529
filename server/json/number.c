#include "server/json/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/json/build.h"

/* Powers of ten that a double holds exactly. */
static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Writes count / 10^decimals without zeros at its end; the length. */
static int write_decimal(int64_t count, int decimals, bool negative, char *text)
{
    char digits[24] = "";
    int used = 0, length = 0;
    for (; decimals > 0 && count % 10 == 0; decimals--)
        count /= 10;
    for (; count > 0 || used <= decimals; count /= 10)
        digits[used++] = (char)('0' + count % 10);
    if (negative)
        text[length++] = '-';
    while (used > 0) {
        if (used == decimals)
            text[length++] = '.';
        text[length++] = digits[--used];
    }
    text[length] = '\0';
    return length;
}

__extension__ typedef unsigned __int128 wide;

/* significand * 2^-shift, held to decimals. */
struct binary {
    uint64_t significand; /* of 53 bits */
    int shift;
};

/* The whole number nearest to the value times `power`, to the even one of two. */
static wide scaled(struct binary value, wide power)
{
    wide exact = value.significand * power;
    wide rest = exact & (((wide)1 << value.shift) - 1),
         half = (wide)1 << (value.shift - 1);
    wide count = exact >> value.shift;
    return count + (rest > half || (rest == half && (count & 1)));
}

/* Whether no other double is as near to count / power. The next one below a power of two
 * is half as far away. */
static bool reads_back(struct binary value, wide count, wide power)
{
    wide decimal = count << value.shift, exact = value.significand * power;
    bool below = decimal < exact, even = value.significand % 2 == 0;
    wide off = 2 * (below ? exact - decimal : decimal - exact);
    if (below && value.significand == UINT64_C(1) << 52)
        off *= 2;
    return off < power || (off == power && even);
}

/* As the first of "%.15g", "%.16g" and "%.17g" prints it that reads back, where none
 * needs an exponent; else 0. All of it is exact: of such sizes a significand of 53 bits
 * times a power of ten has at most 120. Many times as fast as printing and reading back.
 */
static int format_decimal(double value, char *text)
{
    double size = fabs(value);
    if (!(size >= 1e-4 && size < 1e15))
        return 0;
    int exponent, decimals = 0;
    uint64_t significand = (uint64_t)ldexp(frexp(size, &exponent), 53);
    struct binary binary = {significand, 53 - exponent};
    while (size * tens[decimals] < 1e14)
        decimals++;
    for (int digits = 15; digits <= 17; digits++, decimals++) {
        wide power = (wide)tens[decimals], count = scaled(binary, power);
        if (reads_back(binary, count, power))
            return write_decimal((int64_t)count, decimals, value < 0, text);
    }
    return 0;
}

int number_format(double value, char *text)
{
    if (!isfinite(value))
        return snprintf(text, NUMBER_TEXT_MAX, "null");
    int length = format_decimal(value, text);
    for (int digits = 15; length == 0; digits++) {
        length = snprintf(text, NUMBER_TEXT_MAX, "%.*g", digits, value);
        if (digits < 17 && strtod(text, NULL) != value)
            length = 0;
    }
    return length;
}

size_t number_print_member(const struct number_member *member, char before, char *text)
{
    size_t length = strlen(member->name);
    *text++ = before;
    *text++ = '"';
    memcpy(text, member->name, length);
    text += length;
    *text++ = '"';
    *text++ = ':';
    return length + 4 + (size_t)number_format(member->value, text);
}

/* A raw node holds the text itself, which cJSON prints as it is. */
cJSON *number_to_json(double value)
{
    char text[NUMBER_TEXT_MAX];
    number_format(value, text);
    return cJSON_CreateRaw(text);
}

void number_add(cJSON *object, const char *name, double value)
{
    json_add(object, name, number_to_json(value));
}

/* Turns the numbers below `node` into raw text, in place. */
static bool make_exact(cJSON *node)
{
    bool done = true;
    for (cJSON *child = node->child; child; child = child->next)
        done = make_exact(child) && done;
    if (!cJSON_IsNumber(node))
        return done;
    char text[NUMBER_TEXT_MAX];
    number_format(node->valuedouble, text);
    node->valuestring = cJSON_malloc(strlen(text) + 1);
    if (!node->valuestring)
        return false;
    memcpy(node->valuestring, text, strlen(text) + 1);
    node->type = cJSON_Raw;
    return done;
}

char *number_print_tree(const cJSON *tree)
{
    cJSON *copy = cJSON_Duplicate(tree, true);
    char *text = copy && make_exact(copy) ? json_text(copy) : NULL;
    cJSON_Delete(copy);
    return text;
}
