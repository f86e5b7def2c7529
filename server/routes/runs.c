/* Launching, reading, changing and deleting runs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/utf8.h"
#include "server/http/internal.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/run_json.h"
#include "server/routes/digest.h"
#include "server/routes/handlers.h"

#define MAX_TAGS 20
#define MAX_TAG  50

/* A text member of at most `max` characters; NULL with a problem if it is anything else.
 */
static const char *read_text(struct request *request, const char *name, size_t max)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(request->json, name);
    if (!member)
        return NULL;
    if (cJSON_IsString(member) && utf8_count(member->valuestring) <= max)
        return member->valuestring;
    request_add_problem(request, name, "must be a text of at most %zu characters", max);
    return NULL;
}

static bool tag_is_valid(const cJSON *tag)
{
    return cJSON_IsString(tag) && tag->valuestring[0] &&
           utf8_count(tag->valuestring) <= MAX_TAG;
}

static char *read_tags(struct request *request)
{
    const cJSON *tags = cJSON_GetObjectItemCaseSensitive(request->json, "tags");
    if (!tags)
        return NULL;
    bool valid = cJSON_IsArray(tags) && cJSON_GetArraySize(tags) <= MAX_TAGS;
    const cJSON *tag;
    cJSON_ArrayForEach(tag, tags) valid = valid && tag_is_valid(tag);
    if (valid)
        return json_text(tags);
    request_add_problem(request, "tags",
                        "must be a list of at most %d texts of 1 to %d characters",
                        MAX_TAGS, MAX_TAG);
    return NULL;
}

void run_words_read(struct request *request, struct run_words *words)
{
    words->name = read_text(request, "name", RUN_MAX_NAME);
    words->notes = read_text(request, "notes", RUN_MAX_NOTES);
    words->tags = read_tags(request);
}

enum MHD_Result reply_run(struct request *request, unsigned status, int64_t id)
{
    struct db_run run;
    enum db_status found = db_run_get(request->options->db, id, &run);
    if (found != DB_OK)
        return reply_db_failure(request, found);
    cJSON *object = run_to_json(&run);
    db_run_clear(&run);
    return reply_json(request, status, object);
}

/* The run that this one was cloned from; it must be there. Taken out of the JSON, since
 * it is no field of a config. */
static int64_t take_parent(struct request *request)
{
    cJSON *member = cJSON_DetachItemFromObjectCaseSensitive(request->json, "parent");
    int64_t parent = 0;
    struct db_run run;
    bool given = member && !cJSON_IsNull(member);
    if (given && cJSON_IsNumber(member) && member->valuedouble >= 1 &&
        member->valuedouble < 9e15 && member->valuedouble == floor(member->valuedouble))
        parent = (int64_t)member->valuedouble;
    if (given && db_run_get(request->options->db, parent, &run) == DB_OK)
        db_run_clear(&run);
    else if (given)
        request_add_problem(request, "parent", "must be the id of a run that exists");
    cJSON_Delete(member);
    return parent;
}

static const char *read_idempotency_key(struct request *request)
{
    const char *key = request_header(request, "Idempotency-Key");
    if (!key)
        return NULL;
    size_t length = strlen(key);
    bool visible = length >= 1 && length <= 255;
    for (const char *c = key; *c; c++)
        visible = visible && *c > 0x20 && *c < 0x7f;
    if (!visible)
        request_add_problem(request, "Idempotency-Key",
                            "must be 1 to 255 visible ASCII characters");
    return key;
}

/* What POST /runs asks for, checked. */
struct launch {
    struct train_config config;
    struct run_words words;
    int64_t parent;
    const char *key;
    char digest[DIGEST_TEXT_MAX];
};

static bool read_launch(struct request *request, struct launch *launch)
{
    digest_text(request->body ? request->body : "", launch->digest);
    launch->key = read_idempotency_key(request);
    launch->parent = take_parent(request);
    run_words_read(request, &launch->words);
    config_from_json(request->json, &launch->config, &request->problems);
    return request->problems.count == 0;
}

static enum db_status insert_launch(struct request *request, const struct launch *launch,
                                    int64_t *id, bool *existing)
{
    char *text = json_take_text(config_to_json(&launch->config));
    if (!text)
        return DB_NO_MEMORY;
    const struct run_words *words = &launch->words;
    struct db_run_insert insert = {
        .name = words->name ? words->name : "",
        .config = text,
        .tags = words->tags ? words->tags : "[]",
        .notes = words->notes ? words->notes : "",
        .parent = launch->parent,
        .idempotency_key = launch->key,
        .idempotency_digest = launch->digest,
        .max_queued = request->options->queue_limit,
    };
    run_facts(&launch->config, &insert.facts);
    enum db_status status = db_run_create(request->options->db, &insert, id, existing);
    cJSON_free(text);
    return status;
}

static enum MHD_Result reply_created(struct request *request, int64_t id)
{
    struct db_run run;
    char location[48];
    enum db_status found = db_run_get(request->options->db, id, &run);
    if (found != DB_OK)
        return reply_db_failure(request, found);
    snprintf(location, sizeof location, "/runs/%lld", (long long)id);
    cJSON *object = run_to_json(&run);
    db_run_clear(&run);
    return reply_json_at(request, MHD_HTTP_CREATED, object, location);
}

enum MHD_Result runs_create(struct request *request)
{
    struct launch launch = {0};
    int64_t id = 0;
    bool existing = false;
    if (!read_launch(request, &launch)) {
        cJSON_free(launch.words.tags);
        return reply_bad_fields(request);
    }
    enum db_status status = insert_launch(request, &launch, &id, &existing);
    cJSON_free(launch.words.tags);
    if (status == DB_CONFLICT)
        return reply_problem(request, 409,
                             "this Idempotency-Key was used with another body");
    if (status != DB_OK)
        return reply_db_failure(request, status);
    if (!existing) {
        hub_publish_current(request->options->hub, request->options->db, id);
        jobs_wake(request->options->jobs);
    }
    return reply_created(request, id);
}

enum MHD_Result runs_get(struct request *request)
{
    return reply_run(request, MHD_HTTP_OK, request->id);
}

enum MHD_Result runs_delete(struct request *request)
{
    enum run_state state = RUN_QUEUED;
    switch (jobs_delete(request->options->jobs, request->id, &state)) {
    case JOBS_OK:
    case JOBS_ACCEPTED:
        return reply_empty(request, MHD_HTTP_NO_CONTENT);
    case JOBS_NOT_FOUND:
        return reply_db_failure(request, DB_NOT_FOUND);
    case JOBS_CONFLICT:
        return reply_problem(request, 409, "the run is %s: stop it before deleting it",
                             run_state_name(state));
    case JOBS_FAILED:
        break;
    }
    return reply_db_failure(request, DB_ERROR);
}
