/* Settings: defaults, file, flags, and clear refusals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/settings.h"
#include "tests/engine/cmocka_all.h"
#include "tests/engine/folder.h"

struct fixture {
    struct folder folder;
    struct settings settings;
    char reason[512];
};

static int set_up(void **state)
{
    static struct fixture fixture;
    unsetenv("SWEETSPOT_TOKEN");
    fixture.folder = folder_open();
    settings_init(&fixture.settings);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    unlink(folder_path(&fixture->folder, "config.json"));
    return rmdir(fixture->folder.path);
}

static bool read_words(struct fixture *fixture, int count, const char *const *words)
{
    char *copies[16];
    for (int i = 0; i < count; i++)
        copies[i] = strdup(words[i]);
    bool read = settings_read(&fixture->settings, count, copies, fixture->reason,
                              sizeof fixture->reason);
    for (int i = 0; i < count; i++)
        free(copies[i]);
    return read;
}

/* Writes the file and reads it together with `--port 9`. */
static bool read_file(struct fixture *fixture, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s", folder_path(&fixture->folder, "config.json"));
    folder_write(path, text, strlen(text));
    const char *words[] = {"--port", "9", "--config", path};
    return read_words(fixture, 4, words);
}

static void test_defaults(void **state)
{
    struct fixture *fixture = *state;
    assert_true(read_words(fixture, 0, NULL));
    assert_string_equal(fixture->settings.bind, "127.0.0.1");
    assert_int_equal(fixture->settings.port, 8080);
    assert_string_equal(fixture->settings.token, "");
}

static void test_the_documented_file_is_the_defaults(void **state)
{
    struct fixture *fixture = *state;
    struct settings defaults = fixture->settings;
    const char *words[] = {"--config", "config/sweetspot.json"};
    if (!read_words(fixture, 2, words))
        fail_msg("%s", fixture->reason);
    assert_memory_equal(&defaults, &fixture->settings, sizeof defaults);
}

static void test_flags_win_over_the_file(void **state)
{
    struct fixture *fixture = *state;
    assert_true(read_file(fixture, "{\"port\": 7, \"workers\": 3, \"token\": \"t\","
                                   " \"allowed_hosts\": [\"a\", \"b\"]}"));
    assert_int_equal(fixture->settings.port, 9);
    assert_int_equal(fixture->settings.workers, 3);
    assert_string_equal(fixture->settings.token, "t");
    assert_int_equal(fixture->settings.allowed_hosts.count, 2);
    assert_string_equal(fixture->settings.allowed_hosts.items[1], "b");
}

static void expect_refused(struct fixture *fixture, const char *text, const char *part)
{
    assert_false(read_file(fixture, text));
    if (!strstr(fixture->reason, part))
        fail_msg("\"%s\" does not say \"%s\"", fixture->reason, part);
}

static void test_bad_files_are_refused(void **state)
{
    struct fixture *fixture = *state;
    expect_refused(fixture, "{", "JSON");
    expect_refused(fixture, "{\"colour\": 1}", "unknown setting colour");
    expect_refused(fixture, "{\"port\": 70000}", "port must be a whole number from 0");
    expect_refused(fixture, "{\"workers\": 0}", "workers must be");
    expect_refused(fixture, "{\"workers\": 1.5}", "workers must be");
    expect_refused(fixture, "{\"bind\": null}", "bind must be a text");
    expect_refused(fixture, "{\"data_dir\": \"\"}", "data_dir must be a text");
    expect_refused(fixture, "{\"dataset_dirs\": [1]}", "dataset_dirs must be a list");
}

/* Neither a device that never ends nor bytes that are no text. */
static void test_files_that_are_no_texts_are_refused(void **state)
{
    struct fixture *fixture = *state;
    const char *endless[] = {"--config", "/dev/zero"};
    assert_false(read_words(fixture, 2, endless));
    assert_non_null(strstr(fixture->reason, "longer than 1 MiB"));
    char path[256];
    snprintf(path, sizeof path, "%s", folder_path(&fixture->folder, "config.json"));
    folder_write(path, "{}\0{}", 5);
    const char *binary[] = {"--config", path};
    assert_false(read_words(fixture, 2, binary));
    assert_non_null(strstr(fixture->reason, "NUL byte"));
}

static void test_bad_flags_are_refused(void **state)
{
    struct fixture *fixture = *state;
    static const char *const bad[][2] = {
        {"--port",   "x"       },
        {"--port",   "-1"      },
        {"--colour", "1"       },
        {"--config", "/nothing"}
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(read_words(fixture, 2, bad[i]));
    const char *lonely[] = {"--port"};
    assert_false(read_words(fixture, 1, lonely));
    assert_non_null(strstr(fixture->reason, "needs a value"));
}

static void test_the_token_may_come_from_the_environment(void **state)
{
    struct fixture *fixture = *state;
    setenv("SWEETSPOT_TOKEN", "secret", 1);
    assert_true(read_words(fixture, 0, NULL));
    assert_string_equal(fixture->settings.token, "secret");
    unsetenv("SWEETSPOT_TOKEN");
}

#define SETTINGS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SETTINGS_TEST(test_defaults),
        SETTINGS_TEST(test_the_documented_file_is_the_defaults),
        SETTINGS_TEST(test_flags_win_over_the_file),
        SETTINGS_TEST(test_bad_files_are_refused),
        SETTINGS_TEST(test_files_that_are_no_texts_are_refused),
        SETTINGS_TEST(test_bad_flags_are_refused),
        SETTINGS_TEST(test_the_token_may_come_from_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
