/* How the lab itself is doing. */
#include <sys/statvfs.h>

#include "server/environment.h"
#include "server/http/internal.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/routes/handlers.h"
#include "server/sandbox.h"
#include "server/version.h"

#define SPEED_RUNS 50

static cJSON *version_to_json(void)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", "sweetspot");
    cJSON_AddStringToObject(object, "version", version_number());
    cJSON_AddStringToObject(object, "revision", version_revision());
    cJSON_AddStringToObject(object, "compiler", version_compiler());
    return object;
}

static cJSON *workers_to_json(const struct request *request)
{
    struct jobs_worker_info workers[64];
    size_t count = jobs_worker_info(request->options->jobs, workers, 64);
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < count; i++) {
        cJSON *worker = cJSON_CreateObject();
        json_add(worker, "run",
                 workers[i].run ? number_to_json((double)workers[i].run)
                                : cJSON_CreateNull());
        number_add(worker, "samples_per_second", workers[i].samples_per_second);
        json_append(list, worker);
    }
    return list;
}

static cJSON *queue_to_json(const struct request *request)
{
    int64_t counts[RUN_STATE_COUNT] = {0};
    cJSON *object = cJSON_CreateObject();
    if (db_run_counts(request->options->db, counts) != DB_OK)
        return object;
    number_add(object, "queued", (double)counts[RUN_QUEUED]);
    number_add(object, "running", (double)counts[RUN_RUNNING]);
    number_add(object, "paused", (double)counts[RUN_PAUSED]);
    number_add(object, "limit", (double)request->options->queue_limit);
    return object;
}

static cJSON *speed_of(const struct db_run *run)
{
    cJSON *object = cJSON_CreateObject();
    number_add(object, "run", (double)run->id);
    cJSON_AddStringToObject(object, "dataset", run->facts.dataset);
    cJSON_AddStringToObject(object, "layers", run->facts.layers);
    number_add(object, "parameters", (double)run->facts.parameters);
    number_add(object, "batch_size", (double)run->facts.batch_size);
    number_add(object, "samples_per_second",
               (double)run->summary.last_samples / run->summary.train_seconds);
    return object;
}

/* Measured speeds of the newest runs: what estimates of new runs are made from. */
static cJSON *speeds_to_json(const struct request *request)
{
    struct db_run_query query = {.state_mask =
                                     RUN_MASK(RUN_FINISHED) | RUN_MASK(RUN_STOPPED),
                                 .archived = -1,
                                 .limit = SPEED_RUNS};
    struct db_run_page page;
    cJSON *list = cJSON_CreateArray();
    if (db_run_list(request->options->db, &query, &page) != DB_OK)
        return list;
    for (size_t i = 0; i < page.count; i++)
        if (page.runs[i].summary.train_seconds > 0)
            json_append(list, speed_of(&page.runs[i]));
    db_run_page_clear(&page);
    return list;
}

static cJSON *disk_to_json(const struct request *request)
{
    struct statvfs info;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "data_dir", request->options->data_dir);
    number_add(object, "database_bytes", (double)db_file_bytes(request->options->db));
    cJSON_AddBoolToObject(object, "full", jobs_disk_full(request->options->jobs));
    if (statvfs(request->options->data_dir, &info) == 0)
        number_add(object, "free_bytes", (double)info.f_bavail * (double)info.f_frsize);
    return object;
}

static cJSON *sandbox_to_json(void)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddBoolToObject(object, "files", sandbox_has_files());
    cJSON_AddBoolToObject(object, "calls", sandbox_has_calls());
    return object;
}

enum MHD_Result system_get(struct request *request)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *events = cJSON_CreateObject();
    json_add(object, "workers", workers_to_json(request));
    json_add(object, "queue", queue_to_json(request));
    json_add(object, "speed", speeds_to_json(request));
    json_add(object, "version", version_to_json());
    json_add(object, "engine", environment_to_json());
    json_add(object, "disk", disk_to_json(request));
    json_add(object, "sandbox", sandbox_to_json());
    number_add(object, "uptime_seconds", clock_seconds() - request->server->started);
    number_add(events, "subscribers",
               (double)hub_subscriber_count(request->options->hub));
    json_add(object, "events", events);
    return reply_json(request, MHD_HTTP_OK, object);
}

enum MHD_Result system_health(struct request *request)
{
    enum db_status writable = db_check_writable(request->options->db);
    bool alive = jobs_alive(request->options->jobs);
    cJSON *object = cJSON_CreateObject();
    bool healthy = writable == DB_OK && alive;
    cJSON_AddStringToObject(object, "status", healthy ? "ok" : "failing");
    cJSON_AddStringToObject(object, "database", db_status_name(writable));
    cJSON_AddStringToObject(object, "workers", alive ? "alive" : "ended");
    return reply_json(request, healthy ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                      object);
}

enum MHD_Result system_version(struct request *request)
{
    return reply_json(request, MHD_HTTP_OK, version_to_json());
}
