/* PATCH /runs/{id}: words at any time, limits while the run is live. */
#include <stdlib.h>
#include <string.h>

#include "server/http/internal.h"
#include "server/json/build.h"
#include "server/json/run_json.h"
#include "server/routes/handlers.h"

static const char *const limit_names[] = {"epochs", "target_accuracy", "time_budget_s"};
#define LIMITS (sizeof limit_names / sizeof *limit_names)

static bool is_known(const char *name)
{
    static const char *const words[] = {"name", "notes", "tags", "archived"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0)
            return true;
    for (size_t i = 0; i < LIMITS; i++)
        if (strcmp(limit_names[i], name) == 0)
            return true;
    return false;
}

static void refuse_unknown(struct request *request)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, request->json)
    {
        if (!is_known(member->string))
            request_add_problem(request, member->string, "cannot be changed");
    }
}

/* False with a problem if it is there and not a boolean; NULL in `out` if not there. */
static void read_archived(struct request *request, bool *value, const bool **out)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(request->json, "archived");
    *out = NULL;
    if (member && !cJSON_IsBool(member))
        request_add_problem(request, "archived", "must be true or false");
    else if (member) {
        *value = cJSON_IsTrue(member);
        *out = value;
    }
}

/* Applies the limits in the body to `config`; true if there is any. */
static bool apply_limits(struct request *request, struct train_config *config)
{
    bool any = false;
    for (size_t i = 0; i < LIMITS; i++) {
        const cJSON *member =
            cJSON_GetObjectItemCaseSensitive(request->json, limit_names[i]);
        struct config_problem problem;
        if (!member)
            continue;
        any = true;
        if (!config_set_json(config, config_find(limit_names[i]), member, &problem))
            config_add_problem(&request->problems, problem.field, problem.message);
    }
    return any;
}

static void check_whole(struct request *request, const struct train_config *config)
{
    size_t used = request->problems.count;
    if (used == 0)
        request->problems.count =
            config_check(config, request->problems.list, CONFIG_MAX_PROBLEMS);
}

struct change {
    struct run_words words;
    bool archived;
    const bool *archived_given;
    bool limits;
    struct train_config config;
};

static void read_change(struct request *request, const struct db_run *run,
                        struct change *change)
{
    struct config_problems stored = {.count = 0};
    refuse_unknown(request);
    run_words_read(request, &change->words);
    read_archived(request, &change->archived, &change->archived_given);
    config_from_text(run->config, &change->config, &stored);
    change->limits = apply_limits(request, &change->config);
    if (change->limits)
        check_whole(request, &change->config);
}

static enum db_status store_change(struct request *request, const struct change *change)
{
    struct db_run_facts facts = {.lr = 0};
    char *config = NULL;
    if (json_ran_out()) /* of the words that were read */
        return DB_NO_MEMORY;
    if (change->limits) {
        config = json_take_text(config_to_json(&change->config));
        if (!config)
            return DB_NO_MEMORY;
        run_facts(&change->config, &facts);
    }
    struct db_run_patch patch = {.name = change->words.name,
                                 .notes = change->words.notes,
                                 .tags = change->words.tags,
                                 .archived = change->archived_given,
                                 .config = config,
                                 .facts = config ? &facts : NULL};
    enum db_status status = db_run_patch(request->options->db, request->id, &patch);
    cJSON_free(config);
    return status;
}

static enum MHD_Result apply_change(struct request *request, const struct change *change)
{
    enum db_status status = store_change(request, change);
    if (status != DB_OK)
        return reply_db_failure(request, status);
    struct trainer_limits limits = {.epochs = change->config.epochs,
                                    .target_accuracy = change->config.target_accuracy,
                                    .time_budget_s = change->config.time_budget_s};
    if (change->limits)
        jobs_set_limits(request->options->jobs, request->id, &limits);
    hub_publish_current(request->options->hub, request->options->db, request->id);
    return reply_run(request, MHD_HTTP_OK, request->id);
}

enum MHD_Result runs_patch(struct request *request)
{
    struct db_run run;
    enum db_status found = db_run_get(request->options->db, request->id, &run);
    if (found != DB_OK)
        return reply_db_failure(request, found);
    enum run_state state = run.state;
    struct change change = {0};
    read_change(request, &run, &change);
    db_run_clear(&run);
    enum MHD_Result result;
    if (request->problems.count)
        result = reply_bad_fields(request);
    else if (change.limits && !(RUN_LIVE & RUN_MASK(state)))
        result = reply_problem(request, 409,
                               "the run is %s: only a live run's limits can be changed",
                               run_state_name(state));
    else
        result = apply_change(request, &change);
    cJSON_free(change.words.tags);
    return result;
}
