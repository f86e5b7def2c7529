/* The settings file: what is accepted keeps its ranges and names no empty text; what is
 * refused names the file and why. */
#include "engine/utf8.h"
#include "server/settings.h"
#include "tests/fuzz/fuzz.h"

static bool is_text(const char *text)
{
    return memchr(text, '\0', SETTINGS_MAX_TEXT) && utf8_is_valid(text, strlen(text));
}

static void check_list(const struct settings_list *list)
{
    REQUIRE(list->count <= SETTINGS_MAX_LIST);
    for (size_t i = 0; i < list->count; i++)
        REQUIRE(is_text(list->items[i]) && *list->items[i]);
}

static void check_settings(const struct settings *settings)
{
    REQUIRE(settings->port >= 0 && settings->port <= 65535);
    REQUIRE(settings->workers >= 0 && settings->workers <= 64);
    REQUIRE(settings->queue_limit >= 1 && settings->queue_limit <= 1000000);
    REQUIRE(is_text(settings->bind) && *settings->bind);
    REQUIRE(is_text(settings->data_dir) && *settings->data_dir);
    REQUIRE(is_text(settings->web_dir) && is_text(settings->token));
    check_list(&settings->dataset_dirs);
    check_list(&settings->allowed_hosts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct settings settings;
    char reason[512] = "";
    struct fuzz_file file = fuzz_file(data, size);
    char flag[] = "--config";
    char *words[] = {flag, file.path};
    settings_init(&settings);
    if (settings_read(&settings, 2, words, reason, sizeof reason))
        check_settings(&settings);
    else
        REQUIRE(strncmp(reason, file.path, strlen(file.path)) == 0 ||
                strstr(reason, "must be"));
    close(file.file);
    return 0;
}
