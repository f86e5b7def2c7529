#include "server/json/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
