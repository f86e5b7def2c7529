/* Sweeps: launching, listing, reading, renaming, deleting. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/http/internal.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/sweep_json.h"
#include "server/routes/handlers.h"
#include "server/sweeps/spec.h"

enum MHD_Result reply_sweep(struct request *request, unsigned status, int64_t id)
{
    struct db_sweep sweep;
    char location[48];
    enum db_status found = db_sweep_get(request->options->db, id, &sweep);
    if (found != DB_OK)
        return reply_db_failure(request, found);
    cJSON *object = sweep_to_json(&sweep);
    db_sweep_clear(&sweep);
    if (status != MHD_HTTP_CREATED)
        return reply_json(request, status, object);
    snprintf(location, sizeof location, "/sweeps/%lld", (long long)id);
    return reply_json_at(request, status, object, location);
}

static enum db_status store_sweep(struct request *request, const struct sweep_spec *spec,
                                  int64_t *id)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(spec->json, "name");
    const cJSON *notes = cJSON_GetObjectItemCaseSensitive(spec->json, "notes");
    char *text = number_print_tree(spec->json);
    if (!text)
        return DB_NO_MEMORY;
    enum db_status status =
        db_sweep_create(request->options->db, name->valuestring, notes->valuestring, text,
                        spec->total_runs, id);
    cJSON_free(text);
    return status;
}

enum MHD_Result create_sweep(struct request *request, const cJSON *description)
{
    struct sweep_spec spec;
    int64_t id;
    if (!sweep_spec_read(description, &spec, &request->problems))
        return reply_bad_fields(request);
    enum db_status status = store_sweep(request, &spec, &id);
    sweep_spec_clear(&spec);
    if (status != DB_OK)
        return reply_db_failure(request, status);
    hub_publish_current_sweep(request->options->hub, request->options->db, id);
    sweeper_wake(request->options->sweeper, id);
    return reply_sweep(request, MHD_HTTP_CREATED, id);
}

enum MHD_Result sweeps_create(struct request *request)
{
    return create_sweep(request, request->json);
}

enum MHD_Result sweeps_estimate(struct request *request)
{
    struct sweep_spec spec;
    if (!sweep_spec_read(request->json, &spec, &request->problems))
        return reply_bad_fields(request);
    cJSON *object = cJSON_CreateObject();
    number_add(object, "total_runs", (double)spec.total_runs);
    number_add(object, "settings", (double)sweep_spec_settings(&spec));
    number_add(object, "samples_per_run", sweep_spec_samples(&spec));
    cJSON_AddBoolToObject(object, "grid", spec.sampler == SAMPLER_GRID);
    sweep_spec_clear(&spec);
    return reply_json(request, MHD_HTTP_OK, object);
}

/* Where the page before ended is an id. */
static cJSON *next_cursor(const struct db_sweep *sweeps, size_t count, int64_t limit)
{
    char text[24];
    if ((int64_t)count <= limit)
        return cJSON_CreateNull();
    snprintf(text, sizeof text, "%lld", (long long)sweeps[limit - 1].id);
    return cJSON_CreateString(text);
}

enum MHD_Result sweeps_list(struct request *request)
{
    struct db_sweep *sweeps;
    size_t count;
    int64_t total;
    int64_t limit = request_query_integer(request, "limit", 1, 1000, 100);
    int64_t before =
        request_query_integer(request, "cursor", 1, INT64_C(9007199254740992), 0);
    if (request->problems.count)
        return reply_bad_fields(request);
    enum db_status status =
        db_sweep_list(request->options->db, before, limit + 1, &sweeps, &count, &total);
    if (status != DB_OK)
        return reply_db_failure(request, status);
    cJSON *object = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(object, "sweeps");
    json_add(object, "next_cursor", next_cursor(sweeps, count, limit));
    number_add(object, "total", (double)total);
    for (size_t i = 0; i < count; i++) {
        if ((int64_t)i < limit)
            json_append(list, sweep_to_json(&sweeps[i]));
        db_sweep_clear(&sweeps[i]);
    }
    free(sweeps);
    return reply_json(request, MHD_HTTP_OK, object);
}

enum MHD_Result sweeps_get(struct request *request)
{
    return reply_sweep(request, MHD_HTTP_OK, request->id);
}

enum MHD_Result sweeps_patch(struct request *request)
{
    static const char *const names[] = {"name", "notes", NULL};
    struct run_words words;
    request_allow_members(request, names);
    run_words_read(request, &words);
    cJSON_free(words.tags);
    if (request->problems.count)
        return reply_bad_fields(request);
    enum db_status status =
        db_sweep_patch(request->options->db, request->id, words.name, words.notes);
    if (status != DB_OK)
        return reply_db_failure(request, status);
    hub_publish_current_sweep(request->options->hub, request->options->db, request->id);
    return reply_sweep(request, MHD_HTTP_OK, request->id);
}

enum MHD_Result sweeps_delete(struct request *request)
{
    enum db_status status = sweeper_delete_sweep(request->options->sweeper, request->id);
    if (status == DB_CONFLICT)
        return reply_problem(request, 409,
                             "the sweep or a run of it is live: stop it before deleting");
    if (status != DB_OK)
        return reply_db_failure(request, status);
    return reply_empty(request, MHD_HTTP_NO_CONTENT);
}
