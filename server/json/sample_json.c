#include "server/json/sample_json.h"

#include <stdlib.h>
#include <string.h>

#include "server/json/number.h"

/* "[0,12,255]", malloc'd. */
static char *values_text(const struct dataset_split *split, size_t features, size_t index)
{
    char *text = malloc(features * (NUMBER_TEXT_MAX + 1) + 3);
    char *at = text;
    for (size_t i = index * features; text && i < (index + 1) * features; i++) {
        double value = split->pixels ? split->pixels[i] : (double)split->values[i];
        *at = at == text ? '[' : ',';
        at++;
        at += number_format(value, at);
    }
    if (text)
        memcpy(at, "]", 2);
    return text;
}

void sample_add_values(cJSON *object, const char *name, const struct dataset_split *split,
                       size_t features, size_t index)
{
    char *text = values_text(split, features, index);
    if (text)
        cJSON_AddRawToObject(object, name, text);
    free(text);
}
