#include "server/json/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/json/build.h"

int number_format(double value, char *text)
{
    if (!isfinite(value))
        return snprintf(text, NUMBER_TEXT_MAX, "null");
    int length = 0;
    for (int digits = 15; digits <= 17; digits++) {
        length = snprintf(text, NUMBER_TEXT_MAX, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
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
