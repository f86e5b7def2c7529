#include "server/json/build.h"

#include <stdlib.h>

static _Thread_local bool ran_out;

static void *allocate(size_t size)
{
    void *bytes = malloc(size);
    if (!bytes)
        ran_out = true;
    return bytes;
}

void json_init(void)
{
    cJSON_Hooks hooks = {.malloc_fn = allocate, .free_fn = free};
    cJSON_InitHooks(&hooks);
}

bool json_add(cJSON *object, const char *name, cJSON *item)
{
    bool added = cJSON_AddItemToObject(object, name, item);
    if (!added) {
        ran_out = true;
        cJSON_Delete(item);
    }
    return added;
}

bool json_append(cJSON *array, cJSON *item)
{
    bool added = cJSON_AddItemToArray(array, item);
    if (!added) {
        ran_out = true;
        cJSON_Delete(item);
    }
    return added;
}

bool json_ran_out(void)
{
    bool answer = ran_out;
    ran_out = false;
    return answer;
}

char *json_text(const cJSON *object)
{
    char *text = object ? cJSON_PrintUnformatted(object) : NULL;
    if (ran_out) {
        cJSON_free(text);
        return NULL;
    }
    return text;
}

char *json_take_text(cJSON *object)
{
    char *text = json_text(object);
    cJSON_Delete(object);
    return text;
}
