/* GET /runs: filters, sorting, paging, chosen fields. */
#include <string.h>

#include "server/http/internal.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/run_json.h"
#include "server/routes/handlers.h"

static unsigned read_states(struct request *request)
{
    const char *names = request_query(request, "state");
    unsigned mask = 0;
    for (; names; names = strchr(names, ',')) {
        names += *names == ',';
        char name[16] = "";
        size_t length = strcspn(names, ",");
        enum run_state state;
        if (length < sizeof name)
            memcpy(name, names, length);
        if (run_state_from_name(name, &state))
            mask |= RUN_MASK(state);
        else
            request_add_problem(request, "state",
                                "must be of queued, running, paused, finished, stopped, "
                                "failed, diverged, pruned, with commas between");
    }
    return mask;
}

static int read_archived(struct request *request)
{
    const char *text = request_query(request, "archived");
    if (!text || strcmp(text, "false") == 0)
        return 0;
    if (strcmp(text, "true") == 0)
        return 1;
    if (strcmp(text, "any") != 0)
        request_add_problem(request, "archived", "must be true, false or any");
    return -1;
}

static const char *read_sort(struct request *request)
{
    const char *sort = request_query(request, "sort");
    if (!sort)
        return NULL;
    const char *const *names = db_run_sort_columns();
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], sort + (*sort == '-')) == 0)
            return sort;
    request_add_problem(request, "sort",
                        "must be a column such as id, lr or test_accuracy, with - before "
                        "it for falling order");
    return NULL;
}

static void read_query(struct request *request, struct db_run_query *query)
{
    *query = (struct db_run_query){
        .state_mask = read_states(request),
        .dataset = request_query(request, "dataset"),
        .tag = request_query(request, "tag"),
        .name_contains = request_query(request, "q"),
        .sweep = request_query_integer(request, "sweep", 1, INT64_C(1) << 53, 0),
        .archived = read_archived(request),
        .sort = read_sort(request),
        .limit = request_query_integer(request, "limit", 1, 1000, 100),
        .cursor = request_query(request, "cursor"),
    };
}

/* Columns are members of a run: one made of nothing has them all. */
static const char *read_fields(struct request *request)
{
    const char *fields = request_query(request, "fields");
    struct db_run nothing = {.name = "", .config = "{}", .tags = "[]", .notes = ""};
    cJSON *run = fields ? run_to_json(&nothing) : NULL;
    for (const char *at = fields; at; at = strchr(at, ',')) {
        char name[32] = "";
        at += *at == ',';
        size_t length = strcspn(at, ",");
        if (length < sizeof name)
            memcpy(name, at, length);
        if (!cJSON_GetObjectItemCaseSensitive(run, name))
            request_add_problem(request, "fields",
                                "must be members of a run, with commas between");
    }
    cJSON_Delete(run);
    return fields;
}

/* True if `name` stands in the comma-separated list. */
static bool is_listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = list; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, length) == 0 && (at[length] == ',' || !at[length]))
            return true;
    }
    return false;
}

/* Leaves only the members that `fields` names; `id` always stays. */
static void pick_fields(cJSON *run, const char *fields)
{
    cJSON *member = run->child;
    while (member) {
        cJSON *next = member->next;
        if (strcmp(member->string, "id") != 0 && !is_listed(fields, member->string))
            cJSON_Delete(cJSON_DetachItemViaPointer(run, member));
        member = next;
    }
}

static cJSON *page_to_json(const struct db_run_page *page, const char *fields)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(object, "runs");
    for (size_t i = 0; i < page->count; i++) {
        cJSON *run = run_to_json(&page->runs[i]);
        if (run && fields)
            pick_fields(run, fields);
        json_append(list, run);
    }
    json_add(object, "next_cursor",
             page->next_cursor ? cJSON_CreateString(page->next_cursor)
                               : cJSON_CreateNull());
    json_add(object, "total", number_to_json((double)page->total));
    return object;
}

/* The runs of one sweep, or with 0 those that the query asks for. */
static enum MHD_Result list_runs(struct request *request, int64_t sweep)
{
    struct db_run_query query;
    struct db_run_page page;
    read_query(request, &query);
    if (sweep)
        query.sweep = sweep;
    const char *fields = read_fields(request);
    if (request->problems.count)
        return reply_bad_fields(request);
    enum db_status status = db_run_list(request->options->db, &query, &page);
    if (status == DB_INVALID) {
        request_add_problem(request, "cursor", "must be a next_cursor of the same list");
        return reply_bad_fields(request);
    }
    if (status != DB_OK)
        return reply_db_failure(request, status);
    cJSON *object = page_to_json(&page, fields);
    db_run_page_clear(&page);
    return reply_json(request, MHD_HTTP_OK, object);
}

enum MHD_Result runs_list(struct request *request)
{
    return list_runs(request, 0);
}

enum MHD_Result sweeps_runs(struct request *request)
{
    struct db_sweep sweep;
    enum db_status found = db_sweep_get(request->options->db, request->id, &sweep);
    if (found != DB_OK)
        return reply_db_failure(request, found);
    db_sweep_clear(&sweep);
    return list_runs(request, request->id);
}
