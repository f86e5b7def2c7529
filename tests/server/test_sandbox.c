/* The fence, put up in a child: what must work behind it works, nothing else does. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/sandbox.h"
#include "tests/engine/cmocka_all.h"
#include "tests/engine/folder.h"

struct outside {
    struct folder data, datasets, other;
    char file[256], link[256]; /* of `other`; a dataset's link to it */
};

static void make_file(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("text", file);
    fclose(file);
}

static void set_up(struct outside *outside)
{
    outside->data = folder_open();
    outside->datasets = folder_open();
    outside->other = folder_open();
    snprintf(outside->file, sizeof outside->file, "%s/file", outside->other.path);
    snprintf(outside->link, sizeof outside->link, "%s/mnist", outside->datasets.path);
    assert_int_equal(mkdir(outside->link, 0700), 0);
    snprintf(outside->link, sizeof outside->link, "%s/mnist/link",
             outside->datasets.path);
}

static void tear_down(struct outside *outside)
{
    char command[1024];
    snprintf(command, sizeof command, "rm -rf %s %s %s", outside->data.path,
             outside->datasets.path, outside->other.path);
    assert_int_equal(system(command), 0);
}

/* Runs `body` in a child behind the fences; its result must be 0. */
static void behind_fences(struct outside *outside, int (*body)(struct outside *outside))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const char *dirs[] = {outside->datasets.path};
        struct sandbox_folders folders = {outside->data.path, dirs, 1, "", ""};
        char reason[256] = "";
        bool up = sandbox_fence_files(&folders, reason, sizeof reason) &&
                  sandbox_fence_calls(reason, sizeof reason);
        if (!up)
            fprintf(stderr, "%s\n", reason);
        _exit(up ? body(outside) : 99);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static bool landlock_is_here(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0,
                   LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

static bool is_denied(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    return fd < 0 && errno == EACCES;
}

/* Each step has a number, so that the one that fails is told by the child's exit code. */
static int look_outside(struct outside *outside)
{
    char made[512], link_to[512];
    snprintf(made, sizeof made, "%s/made", outside->other.path);
    snprintf(link_to, sizeof link_to, "%s/link", outside->data.path);
    if (!sandbox_has_files())
        return 1;
    if (!is_denied("/etc/passwd", O_RDONLY))
        return 2;
    if (!is_denied(outside->file, O_RDONLY) && !is_denied(outside->file, O_WRONLY))
        return 3;
    if (!is_denied(made, O_WRONLY | O_CREAT))
        return 4;
    if (unlink(outside->file) == 0 || errno != EACCES)
        return 5;
    if (rename(outside->file, link_to) == 0)
        return 6;
    if (symlink("/etc/passwd", link_to) == 0)
        return 7;
    if (mkdir(made, 0700) == 0 || errno != EACCES)
        return 8;
    return truncate(outside->file, 0) == 0 ? 9 : 0;
}

static void test_no_other_file_is_seen(void **state)
{
    (void)state;
    struct outside outside;
    if (!landlock_is_here())
        skip();
    set_up(&outside);
    make_file(outside.file);
    behind_fences(&outside, look_outside);
    assert_int_equal(access(outside.file, F_OK), 0);
    tear_down(&outside);
}

static int work_inside(struct outside *outside)
{
    char folder[512], path[1024], other[1024];
    snprintf(folder, sizeof folder, "%s/runs", outside->data.path);
    snprintf(path, sizeof path, "%s/file.tmp", folder);
    snprintf(other, sizeof other, "%s/file", folder);
    if (mkdir(folder, 0700) != 0)
        return 1;
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, "x", 1) != 1 || ftruncate(fd, 8) != 0 || fsync(fd) != 0)
        return 2;
    void *map = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (map == MAP_FAILED || rename(path, other) != 0 || truncate(other, 1) != 0)
        return 3;
    if (unlink(other) != 0 || rmdir(folder) != 0)
        return 4;
    return is_denied(outside->link, O_RDONLY) ? 5 : 0;
}

static void test_the_data_folder_and_linked_datasets_can_be_used(void **state)
{
    (void)state;
    struct outside outside;
    set_up(&outside);
    make_file(outside.file);
    assert_int_equal(symlink(outside.file, outside.link), 0);
    behind_fences(&outside, work_inside);
    tear_down(&outside);
}

static void *return_itself(void *context)
{
    return context;
}

static bool is_refused(long result)
{
    return result == -1 && errno == EPERM;
}

static int call_out(struct outside *outside)
{
    char *words[] = {(char *)"/bin/true", NULL};
    pthread_t thread;
    void *returned = NULL;
    if (!sandbox_has_calls())
        return 1;
    if (!is_refused(socket(AF_INET, SOCK_STREAM, 0)) ||
        !is_refused(socket(AF_UNIX, SOCK_STREAM, 0)) ||
        !is_refused(socket(AF_INET6, SOCK_DGRAM, 0)))
        return 2;
    if (!is_refused(execv(words[0], words)))
        return 3;
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    if (!is_refused(child))
        return 4;
    if (!is_refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL)))
        return 5;
    if (pthread_create(&thread, NULL, return_itself, outside) != 0 ||
        pthread_join(thread, &returned) != 0 || returned != outside)
        return 6;
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 7;
}

static void test_nothing_is_called_that_leads_out(void **state)
{
    (void)state;
    struct outside outside;
    set_up(&outside);
    behind_fences(&outside, call_out);
    tear_down(&outside);
}

static int open_passwd(struct outside *outside)
{
    (void)outside;
    return sandbox_has_files() || sandbox_has_calls() ||
                   is_denied("/etc/passwd", O_RDONLY)
               ? 1
               : 0;
}

static void test_it_can_be_left_out(void **state)
{
    (void)state;
    struct outside outside;
    set_up(&outside);
    setenv("SWEETSPOT_SANDBOX", "off", 1);
    behind_fences(&outside, open_passwd);
    unsetenv("SWEETSPOT_SANDBOX");
    tear_down(&outside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_other_file_is_seen),
        cmocka_unit_test(test_the_data_folder_and_linked_datasets_can_be_used),
        cmocka_unit_test(test_nothing_is_called_that_leads_out),
        cmocka_unit_test(test_it_can_be_left_out),
    };
    unsetenv("SWEETSPOT_SANDBOX");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
