/* `sweetspot serve`: store, jobs, sweeper and HTTP brought up in this order and taken
 * down in the other: stop jobs, wake and drain the hub, stop HTTP, close the store. */
#include <cjson/cJSON.h>
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/commands.h"
#include "server/environment.h"
#include "server/http/server.h"
#include "server/json/build.h"
#include "server/own_datasets.h"
#include "server/paths.h"
#include "server/sandbox.h"
#include "server/settings.h"

#define MAX_DIRS (PATHS_MAX_DATASET_DIRS + SETTINGS_MAX_LIST + 1)

struct lab {
    struct settings settings;
    struct paths paths;
    char own_datasets[PATH_MAX];
    const char *dataset_dirs[MAX_DIRS];
    size_t dataset_dir_count;
    const char *hosts[SETTINGS_MAX_LIST];
    char *environment;
    struct db *db;
    struct hub *hub;
    struct sweeper *sweeper;
    struct jobs *jobs;
    struct http_server *http;
    char reason[512];
};

static int worker_count(const struct settings *settings)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    if (settings->workers > 0)
        return (int)settings->workers;
    return cpus < 1 ? 1 : cpus > 64 ? 64 : (int)cpus;
}

static void gather_dataset_dirs(struct lab *lab)
{
    for (size_t i = 0; i < lab->settings.dataset_dirs.count; i++)
        lab->dataset_dirs[lab->dataset_dir_count++] = lab->settings.dataset_dirs.items[i];
    for (size_t i = 0; i < lab->paths.dataset_dir_count; i++)
        lab->dataset_dirs[lab->dataset_dir_count++] = lab->paths.dataset_dirs[i];
    own_datasets_path(lab->settings.data_dir, lab->own_datasets);
    lab->dataset_dirs[lab->dataset_dir_count++] = lab->own_datasets;
}

/* Once the data folder is this process's own. */
static bool load_own_datasets(struct lab *lab)
{
    own_datasets_clean(lab->settings.data_dir);
    return own_datasets_load(lab->settings.data_dir, lab->reason, sizeof lab->reason);
}

static char *describe_environment(void)
{
    return json_take_text(environment_to_json());
}

static bool start_jobs(struct lab *lab)
{
    struct jobs_options options = {
        .db = lab->db,
        .hub = lab->hub,
        .observer = sweeper_observer(lab->sweeper),
        .data_dir = lab->settings.data_dir,
        .dataset_dirs = lab->dataset_dirs,
        .dataset_dir_count = lab->dataset_dir_count,
        .workers = worker_count(&lab->settings),
        .environment = lab->environment,
    };
    lab->jobs = jobs_start(&options, lab->reason, sizeof lab->reason);
    return lab->jobs != NULL;
}

static bool make_sweeper(struct lab *lab)
{
    lab->sweeper = sweeper_new(lab->db, lab->hub, worker_count(&lab->settings),
                               lab->settings.queue_limit);
    if (!lab->sweeper)
        snprintf(lab->reason, sizeof lab->reason, "not enough memory");
    return lab->sweeper != NULL;
}

static bool start_sweeper(struct lab *lab)
{
    int error = sweeper_start(lab->sweeper, lab->jobs);
    if (error)
        snprintf(lab->reason, sizeof lab->reason, "cannot start threads: %s",
                 strerror(error));
    return !error;
}

static bool start_http(struct lab *lab)
{
    const struct settings *settings = &lab->settings;
    for (size_t i = 0; i < settings->allowed_hosts.count; i++)
        lab->hosts[i] = settings->allowed_hosts.items[i];
    struct http_options options = {
        .bind = settings->bind,
        .port = (int)settings->port,
        .token = settings->token,
        .allowed_hosts = lab->hosts,
        .allowed_host_count = settings->allowed_hosts.count,
        .web_dir = settings->web_dir,
        .presets_dir = lab->paths.presets,
        .data_dir = settings->data_dir,
        .queue_limit = settings->queue_limit,
        .workers = worker_count(settings),
        .db = lab->db,
        .jobs = lab->jobs,
        .sweeper = lab->sweeper,
        .hub = lab->hub,
    };
    lab->http = http_server_start(&options, lab->reason, sizeof lab->reason);
    return lab->http != NULL;
}

/* Before any thread is there, and after the data folder is. */
static bool fence_files(struct lab *lab)
{
    struct sandbox_folders folders = {
        .data_dir = lab->settings.data_dir,
        .dataset_dirs = lab->dataset_dirs,
        .dataset_dir_count = lab->dataset_dir_count,
        .presets_dir = lab->paths.presets,
        .web_dir = lab->settings.web_dir,
    };
    return sandbox_fence_files(&folders, lab->reason, sizeof lab->reason);
}

static bool open_lab(struct lab *lab)
{
    paths_init(&lab->paths);
    gather_dataset_dirs(lab);
    lab->environment = describe_environment();
    lab->hub = hub_new();
    if (!lab->environment || !lab->hub) {
        snprintf(lab->reason, sizeof lab->reason, "not enough memory");
        return false;
    }
    return db_open(lab->settings.data_dir, &lab->db, lab->reason, sizeof lab->reason) ==
               DB_OK &&
           fence_files(lab) && load_own_datasets(lab) && make_sweeper(lab) &&
           start_jobs(lab) && start_sweeper(lab) && start_http(lab) &&
           sandbox_fence_calls(lab->reason, sizeof lab->reason);
}

/* Who stops the daemon is promised 3 s. A trainer that needs longer, since it evaluates a
 * large model, is left behind: its run goes on from its checkpoint as after a kill. So is
 * a slow request. */
#define PATIENCE_SECONDS      1.5
#define HTTP_PATIENCE_SECONDS 1

static void close_lab(struct lab *lab)
{
    if (lab->jobs)
        jobs_interrupt(lab->jobs);
    bool drained = http_server_drain(lab->http, HTTP_PATIENCE_SECONDS);
    if (drained)
        http_server_stop(lab->http);
    sweeper_stop(lab->sweeper);
    bool ended = !lab->jobs || jobs_wait(lab->jobs, PATIENCE_SECONDS);
    if (lab->jobs && ended)
        jobs_join(lab->jobs);
    if (!drained || !ended)
        _exit(lab->http ? COMMAND_DONE : COMMAND_FAILED);
    jobs_free(lab->jobs);
    sweeper_free(lab->sweeper);
    db_close(lab->db);
    hub_free(lab->hub);
    cJSON_free(lab->environment);
}

static void announce(const struct lab *lab)
{
    bool v6 = strchr(lab->settings.bind, ':') != NULL;
    printf("listening on http://%s%s%s:%d\n", v6 ? "[" : "", lab->settings.bind,
           v6 ? "]" : "", http_server_port(lab->http));
    fflush(stdout);
}

/* Blocked before any thread starts, so that only sigwait sees them. */
static void block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a write that is too much fails, like any other */
}

/* Large answers come and go: what held them goes back to the system, and the allocator
 * does not learn to keep ever larger blocks. */
static void keep_memory_small(void)
{
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    mallopt(M_TRIM_THRESHOLD, 128 << 10);
}

int serve_command(int count, char **words)
{
    static struct lab lab;
    sigset_t signals;
    int received;
    settings_init(&lab.settings);
    if (!settings_read(&lab.settings, count, words, lab.reason, sizeof lab.reason)) {
        fprintf(stderr, "sweetspot: %s\n", lab.reason);
        return COMMAND_USAGE;
    }
    keep_memory_small();
    json_init();
    umask(077); /* what it makes is its owner's alone */
    block_signals(&signals);
    bool opened = open_lab(&lab);
    if (opened) {
        announce(&lab);
        sigwait(&signals, &received);
    } else {
        fprintf(stderr, "sweetspot: %s\n", lab.reason);
    }
    close_lab(&lab);
    return opened ? COMMAND_DONE : COMMAND_FAILED;
}
