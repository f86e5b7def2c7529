#include "server/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_bool files_fenced, calls_fenced;

bool sandbox_has_files(void)
{
    return atomic_load(&files_fenced);
}

bool sandbox_has_calls(void)
{
    return atomic_load(&calls_fenced);
}

#ifdef __linux__

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static bool is_wanted(void)
{
    const char *wish = getenv("SWEETSPOT_SANDBOX");
    return !wish || strcmp(wish, "off") != 0;
}

static bool explain(char *reason, size_t size, const char *what)
{
    snprintf(reason, size, "cannot fence off %s: %s (SWEETSPOT_SANDBOX=off goes without)",
             what, strerror(errno));
    return false;
}

/* --- files -------------------------------------------------------------------------- */

/* Of later kernels than the header's may be: as linux/landlock.h has them by now. */
#define ACCESS_FS_TRUNCATE    (1ULL << 14)
#define ACCESS_FS_IOCTL_DEV   (1ULL << 15)
#define ACCESS_NET_BIND_TCP   (1ULL << 0)
#define ACCESS_NET_CONNECT    (1ULL << 1)
#define SCOPE_ABSTRACT_SOCKET (1ULL << 0)
#define SCOPE_SIGNAL          (1ULL << 1)

struct ruleset {
    uint64_t fs, net, scoped;
};

#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE                                                                            \
    (READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |              \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |                      \
     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER | ACCESS_FS_TRUNCATE)
#define FIRST_VERSION_FS ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

/* All that the kernel's version can deny. Connecting is left to its own bit; binding is
 * not denied, since the listening socket comes later. */
static struct ruleset all_of(long version, size_t *size)
{
    struct ruleset all = {.fs = FIRST_VERSION_FS};
    all.fs |= version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
    all.fs |= version >= 3 ? ACCESS_FS_TRUNCATE : 0;
    all.fs |= version >= 5 ? ACCESS_FS_IOCTL_DEV : 0;
    all.net = version >= 4 ? ACCESS_NET_CONNECT : 0;
    all.scoped = version >= 6 ? SCOPE_ABSTRACT_SOCKET : 0;
    *size = version >= 6 ? sizeof all : version >= 4 ? 16 : 8;
    return all;
}

struct fence {
    int fd;
    uint64_t known; /* what this kernel's rules may speak of */
};

/* What is not there needs no leave. */
static bool allow(const struct fence *fence, const char *path, uint64_t access)
{
    struct stat info;
    struct landlock_path_beneath_attr rule = {.allowed_access = access & fence->known};
    int fd = *path ? open(path, O_PATH | O_CLOEXEC) : -1;
    if (fd < 0)
        return !*path || errno == ENOENT || errno == EACCES;
    if (fstat(fd, &info) == 0 && !S_ISDIR(info.st_mode))
        rule.allowed_access &= ~(uint64_t)LANDLOCK_ACCESS_FS_READ_DIR;
    rule.parent_fd = fd;
    long failed =
        syscall(SYS_landlock_add_rule, fence->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(fd);
    return failed == 0;
}

/* Links are followed only to where leave was given too. */
static bool allow_targets(const struct fence *fence, const char *folder)
{
    char path[PATH_MAX];
    bool allowed = true;
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    while (allowed && dir && (entry = readdir(dir))) {
        int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (length > 0 && (size_t)length < sizeof path && entry->d_type == DT_LNK)
            allowed = allow(fence, path, READ);
    }
    if (dir)
        closedir(dir);
    return allowed;
}

static bool allow_datasets(const struct fence *fence, const char *folder)
{
    static const char *const names[] = {"mnist", "fashion-mnist"};
    bool allowed = allow(fence, folder, READ) && allow_targets(fence, folder);
    for (size_t i = 0; allowed && i < sizeof names / sizeof *names; i++) {
        char path[PATH_MAX];
        int length = snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        if (length > 0 && (size_t)length < sizeof path)
            allowed = allow_targets(fence, path);
    }
    return allowed;
}

/* What libraries look at: the processors, randomness. */
static bool allow_system(const struct fence *fence)
{
    static const char *const paths[] = {"/proc/cpuinfo", "/proc/self", "/dev/urandom",
                                        "/sys/devices/system/cpu"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (!allow(fence, paths[i], READ))
            return false;
    return true;
}

static bool allow_folders(const struct fence *fence,
                          const struct sandbox_folders *folders)
{
    for (size_t i = 0; i < folders->dataset_dir_count; i++)
        if (!allow_datasets(fence, folders->dataset_dirs[i]))
            return false;
    return allow(fence, folders->data_dir, WRITE) &&
           allow(fence, folders->presets_dir, READ) &&
           allow(fence, folders->web_dir, READ) && allow_system(fence);
}

bool sandbox_fence_files(const struct sandbox_folders *folders, char *reason,
                         size_t reason_size)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0)
        return explain(reason, reason_size, "new privileges");
    long version =
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1 || !is_wanted())
        return true;
    size_t size;
    struct ruleset all = all_of(version, &size);
    int fd = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
    struct fence fence = {fd, all.fs};
    bool fenced = fd >= 0 && allow_folders(&fence, folders) &&
                  syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    if (!fenced)
        explain(reason, reason_size, "the files");
    if (fd >= 0)
        close(fd);
    atomic_store(&files_fenced, fenced);
    return fenced;
}

/* --- calls -------------------------------------------------------------------------- */

#if defined __x86_64__
#define OUR_ARCH AUDIT_ARCH_X86_64
/* The other way of calling the same kernel, with other numbers. */
#define FOREIGN_CALLS 0x40000000u
#elif defined __aarch64__
#define OUR_ARCH      AUDIT_ARCH_AARCH64
#define FOREIGN_CALLS 0x7fffffffu
#endif

#ifdef OUR_ARCH

/* None of these is made once the socket listens: no way out, no other program or process,
 * no change to the system. */
static const unsigned denied[] = {
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_execve,
    SYS_execveat,
#ifdef SYS_fork
    SYS_fork,
#endif
#ifdef SYS_vfork
    SYS_vfork,
#endif
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_pidfd_getfd,
    SYS_mount,
    SYS_umount2,
    SYS_move_mount,
    SYS_open_tree,
    SYS_fsopen,
    SYS_chroot,
    SYS_pivot_root,
    SYS_setuid,
    SYS_setgid,
    SYS_setresuid,
    SYS_setresgid,
    SYS_setgroups,
    SYS_unshare,
    SYS_setns,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_open_by_handle_at,
    SYS_name_to_handle_at,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_adjtimex,
    SYS_acct,
    SYS_quotactl,
    SYS_syslog,
    SYS_personality,
};
#define DENIED (sizeof denied / sizeof *denied)

#define LOAD(member)                                                                     \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define REFUSE(error)  ANSWER(SECCOMP_RET_ERRNO | ((error)&SECCOMP_RET_DATA))
/* The next instruction is done only if the loaded word compares so. */
#define WHEN(test, word)   BPF_JUMP(BPF_JMP | (test) | BPF_K, (word), 0, 1)
#define UNLESS(test, word) BPF_JUMP(BPF_JMP | (test) | BPF_K, (word), 1, 0)

/* A new thread is a clone with a flag; a new process is one without. clone3 hides its
 * flags from filters, and libc falls back to clone where it is missing. The kernel is
 * asked directly and nothing is allocated, so that this fails for no want of memory. */
static size_t write_filter(struct sock_filter *filter)
{
    const struct sock_filter head[] = {
        LOAD(arch),
        UNLESS(BPF_JEQ, OUR_ARCH),
        REFUSE(EPERM),
        LOAD(nr),
        WHEN(BPF_JGE, FOREIGN_CALLS),
        REFUSE(ENOSYS),
        WHEN(BPF_JEQ, SYS_clone3),
        REFUSE(ENOSYS),
    };
    const struct sock_filter tail[] = {
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3),
        LOAD(args[0]),
        UNLESS(BPF_JSET, CLONE_THREAD),
        REFUSE(EPERM),
        ANSWER(SECCOMP_RET_ALLOW),
    };
    struct sock_filter *next = filter;
    memcpy(next, head, sizeof head);
    next += sizeof head / sizeof *head;
    for (size_t i = 0; i < DENIED; i++) {
        *next++ = (struct sock_filter)WHEN(BPF_JEQ, denied[i]);
        *next++ = (struct sock_filter)REFUSE(EPERM);
    }
    memcpy(next, tail, sizeof tail);
    return (size_t)(next - filter) + sizeof tail / sizeof *tail;
}

bool sandbox_fence_calls(char *reason, size_t reason_size)
{
    struct sock_filter filter[2 * DENIED + 16];
    if (!is_wanted() || prctl(PR_GET_SECCOMP, 0UL, 0UL, 0UL, 0UL) < 0)
        return true;
    struct sock_fprog program = {(unsigned short)write_filter(filter), filter};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
                &program) != 0)
        return explain(reason, reason_size, "system calls");
    atomic_store(&calls_fenced, true);
    return true;
}

#else /* a processor whose calls have not been looked at */

bool sandbox_fence_calls(char *reason, size_t reason_size)
{
    (void)reason;
    (void)reason_size;
    return true;
}

#endif

#else /* no such fences on other systems */

bool sandbox_fence_files(const struct sandbox_folders *folders, char *reason,
                         size_t reason_size)
{
    (void)folders;
    (void)reason;
    (void)reason_size;
    return true;
}

bool sandbox_fence_calls(char *reason, size_t reason_size)
{
    (void)reason;
    (void)reason_size;
    return true;
}

#endif
