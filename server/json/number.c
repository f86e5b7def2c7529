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

/* As "%.15g" prints it, where 15 digits are enough and need no exponent; else 0.
 *
 * Both `count` and the power of ten are exact, so their quotient, rounded once, is what
 * the text reads back to. Most numbers are such: counts, accuracies, what people choose.
 */
static int format_short(double value, char *text)
{
    double size = fabs(value);
    if (!(size >= 1e-4 && size < 1e15))
        return 0;
    int decimals = 0;
    while (size * tens[decimals] < 1e14)
        decimals++;
    double count = nearbyint(size * tens[decimals]);
    if (count >= 1e15 || count / tens[decimals] != size)
        return 0;
    return write_decimal((int64_t)count, decimals, value < 0, text);
}

int number_format(double value, char *text)
{
    if (!isfinite(value))
        return snprintf(text, NUMBER_TEXT_MAX, "null");
    int length = format_short(value, text);
    for (int digits = 15; length == 0; digits++) {
        length = snprintf(text, NUMBER_TEXT_MAX, "%.*g", digits, value);
        if (digits < 17 && strtod(text, NULL) != value)
            length = 0;
    }
    return length;
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
