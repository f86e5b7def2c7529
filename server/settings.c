#include "server/settings.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/file.h"
#include "server/json/reader.h"

enum setting_type { SETTING_TEXT, SETTING_INTEGER, SETTING_LIST };

struct setting {
    const char *name, *flag; /* NULL: only in the file */
    enum setting_type type;
    size_t offset;
    int64_t minimum, maximum; /* INTEGER */
    bool nullable;            /* null keeps the default */
};

#define AT(member) offsetof(struct settings, member)
static const struct setting table[] = {
    {"bind",          "--bind",     SETTING_TEXT,    AT(bind),          0, 0,       false},
    {"port",          "--port",     SETTING_INTEGER, AT(port),          0, 65535,   false},
    {"data_dir",      "--data-dir", SETTING_TEXT,    AT(data_dir),      0, 0,       false},
    {"workers",       "--workers",  SETTING_INTEGER, AT(workers),       1, 64,      true },
    {"web_dir",       "--web-dir",  SETTING_TEXT,    AT(web_dir),       0, 0,       true },
    {"token",         NULL,         SETTING_TEXT,    AT(token),         0, 0,       true },
    {"queue_limit",   NULL,         SETTING_INTEGER, AT(queue_limit),   1, 1000000, false},
    {"dataset_dirs",  NULL,         SETTING_LIST,    AT(dataset_dirs),  0, 0,       false},
    {"allowed_hosts", NULL,         SETTING_LIST,    AT(allowed_hosts), 0, 0,       false},
};
static const size_t table_size = sizeof table / sizeof *table;

void settings_init(struct settings *settings)
{
    *settings = (struct settings){.port = 8080, .queue_limit = 10000};
    snprintf(settings->bind, sizeof settings->bind, "127.0.0.1");
    snprintf(settings->data_dir, sizeof settings->data_dir, "data");
}

static bool set_text(char *slot, const char *value)
{
    size_t length = strlen(value);
    if (length == 0 || length >= SETTINGS_MAX_TEXT)
        return false;
    memcpy(slot, value, length + 1);
    return true;
}

static bool set_integer(int64_t *slot, const struct setting *setting, double value)
{
    if (value != floor(value) || value < (double)setting->minimum ||
        value > (double)setting->maximum)
        return false;
    *slot = (int64_t)value;
    return true;
}

static bool set_list(struct settings_list *list, const cJSON *value)
{
    struct settings_list read = {.count = 0};
    const cJSON *item;
    cJSON_ArrayForEach(item, value)
    {
        if (!cJSON_IsString(item) || read.count == SETTINGS_MAX_LIST ||
            !set_text(read.items[read.count++], item->valuestring))
            return false;
    }
    *list = read;
    return true;
}

static bool set_json(struct settings *settings, const struct setting *setting,
                     const cJSON *value)
{
    char *slot = (char *)settings + setting->offset;
    if (cJSON_IsNull(value))
        return setting->nullable;
    switch (setting->type) {
    case SETTING_TEXT:
        return cJSON_IsString(value) && set_text(slot, value->valuestring);
    case SETTING_INTEGER:
        return cJSON_IsNumber(value) &&
               set_integer((int64_t *)(void *)slot, setting, value->valuedouble);
    case SETTING_LIST:
        return cJSON_IsArray(value) &&
               set_list((struct settings_list *)(void *)slot, value);
    }
    return false;
}

static bool set_flag(struct settings *settings, const struct setting *setting,
                     const char *value)
{
    char *slot = (char *)settings + setting->offset;
    if (setting->type == SETTING_TEXT)
        return set_text(slot, value);
    char *end;
    double number = strtod(value, &end);
    return end != value && *end == '\0' &&
           set_integer((int64_t *)(void *)slot, setting, number);
}

/* Says what the setting allows, for a file's or a flag's bad value. */
static bool refuse(const struct setting *setting, const char *name, char *reason,
                   size_t size)
{
    switch (setting->type) {
    case SETTING_TEXT:
        snprintf(reason, size, "%s must be a text of 1 to %d bytes", name,
                 SETTINGS_MAX_TEXT - 1);
        break;
    case SETTING_INTEGER:
        snprintf(reason, size, "%s must be a whole number from %lld to %lld", name,
                 (long long)setting->minimum, (long long)setting->maximum);
        break;
    case SETTING_LIST:
        snprintf(reason, size, "%s must be a list of at most %d texts", name,
                 SETTINGS_MAX_LIST);
        break;
    }
    return false;
}

static const struct setting *find(const char *name, bool by_flag)
{
    for (size_t i = 0; i < table_size; i++) {
        const char *candidate = by_flag ? table[i].flag : table[i].name;
        if (candidate && strcmp(candidate, name) == 0)
            return &table[i];
    }
    return NULL;
}

static bool apply_members(struct settings *settings, const cJSON *object, char *reason,
                          size_t size)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        const struct setting *setting = find(member->string, false);
        if (!setting) {
            snprintf(reason, size, "unknown setting %.64s", member->string);
            return false;
        }
        if (!set_json(settings, setting, member))
            return refuse(setting, setting->name, reason, size);
    }
    return true;
}

static bool apply_file(struct settings *settings, const char *path, char *reason,
                       size_t size)
{
    char *text = file_read_text(path, reason, size);
    if (!text)
        return false;
    char fault[200];
    cJSON *object = json_read_object(text, strlen(text), fault, sizeof fault);
    bool applied = false;
    if (!object)
        snprintf(reason, size, "%s", fault);
    else
        applied = apply_members(settings, object, fault, sizeof fault);
    if (!applied)
        snprintf(reason, size, "%s: %s", path, fault);
    cJSON_Delete(object);
    free(text);
    return applied;
}

static bool apply_flags(struct settings *settings, int count, char **words, char *reason,
                        size_t size)
{
    for (int i = 0; i < count; i += 2) {
        bool is_config = strcmp(words[i], "--config") == 0;
        const struct setting *setting = find(words[i], true);
        if (!setting && !is_config) {
            snprintf(reason, size, "unknown option %.64s", words[i]);
            return false;
        }
        if (i + 1 == count) {
            snprintf(reason, size, "%s needs a value", words[i]);
            return false;
        }
        if (!is_config && !set_flag(settings, setting, words[i + 1]))
            return refuse(setting, words[i], reason, size);
    }
    return true;
}

static bool take_token_from_environment(struct settings *settings, char *reason,
                                        size_t size)
{
    const char *token = getenv("SWEETSPOT_TOKEN");
    if (!token || !*token || settings->token[0] || set_text(settings->token, token))
        return true;
    snprintf(reason, size, "SWEETSPOT_TOKEN must be at most %d bytes",
             SETTINGS_MAX_TEXT - 1);
    return false;
}

bool settings_read(struct settings *settings, int count, char **words, char *reason,
                   size_t reason_size)
{
    for (int i = 0; i + 1 < count; i += 2)
        if (strcmp(words[i], "--config") == 0 &&
            !apply_file(settings, words[i + 1], reason, reason_size))
            return false;
    return apply_flags(settings, count, words, reason, reason_size) &&
           take_token_from_environment(settings, reason, reason_size);
}
