/* GET /presets: the files of the presets folder, in the order of their names. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/file.h"
#include "server/json/build.h"
#include "server/json/reader.h"
#include "server/routes/handlers.h"

static int is_json(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".json") == 0;
}

/* A file that cannot be read or is no preset is left out: one bad file must not take the
 * others away. */
static cJSON *read_preset(const char *folder, const char *name)
{
    char path[PATH_MAX], reason[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    char *text = file_read_text(path, reason, sizeof reason);
    cJSON *preset =
        text ? json_read_object(text, strlen(text), reason, sizeof reason) : NULL;
    free(text);
    if (!preset)
        return NULL;
    char stem[NAME_MAX + 1];
    snprintf(stem, sizeof stem, "%.*s", (int)(strlen(name) - 5), name);
    /* "10-first-model.json": the number only orders. */
    const char *word = stem + strspn(stem, "0123456789");
    cJSON_AddStringToObject(preset, "name", *word == '-' ? word + 1 : word);
    return preset;
}

enum MHD_Result presets_list(struct request *request)
{
    const char *folder = request->options->presets_dir;
    struct dirent **entries = NULL;
    int count = folder && *folder ? scandir(folder, &entries, is_json, alphasort) : 0;
    cJSON *object = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(object, "presets");
    for (int i = 0; i < count; i++) {
        cJSON *preset = read_preset(folder, entries[i]->d_name);
        if (preset)
            json_append(list, preset);
        free(entries[i]);
    }
    free(entries);
    cJSON_AddNullToObject(object, "next_cursor");
    return reply_json(request, MHD_HTTP_OK, object);
}
