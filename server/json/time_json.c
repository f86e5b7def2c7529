#include "server/json/time_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void time_format(double seconds, char *text)
{
    *text = '\0';
    if (!isfinite(seconds) || seconds < 0 || seconds > 253402300799.0)
        return;
    long long milliseconds = llround(seconds * 1000);
    time_t whole = (time_t)(milliseconds / 1000);
    struct tm utc;
    if (!gmtime_r(&whole, &utc))
        return;
    size_t length = strftime(text, TIME_TEXT_MAX, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + length, TIME_TEXT_MAX - length, ".%03dZ", (int)(milliseconds % 1000));
}

cJSON *time_to_json(double seconds)
{
    char text[TIME_TEXT_MAX];
    time_format(seconds, text);
    return *text ? cJSON_CreateString(text) : cJSON_CreateNull();
}
