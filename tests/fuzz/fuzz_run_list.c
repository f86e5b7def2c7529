/* Filters, sorts and cursors of the list of runs. The input's lines are sort, cursor,
 * text, tag, dataset and numbers; whatever they say, the store answers or refuses, stays
 * as it is, and a list that is read page by page, by the cursors that it gives, has every
 * run that matches, each once. */
#include <math.h>

#include "db/points.h"
#include "db/runs.h"
#include "tests/fuzz/fuzz.h"

#define RUNS 23

static struct db *store;

static void launch(int i)
{
    static const char *const names[] = {"first run", "%_' OR 1=1 --", "",
                                        "na\xc3\xafve \xe2\x80\xae"};
    static const char *const tags[] = {"[]", "[\"a\"]", "[\"a\",\"b'\"]"};
    int64_t id;
    bool existing;
    struct db_run_insert insert = {
        .name = names[i % 4],
        .config = "{}",
        .tags = tags[i % 3],
        .notes = "",
        .max_queued = RUNS + 1,
        .facts = {.dataset = "moons",
                  .optimizer = "sgd",
                  .activation = "relu",
                  .batching = "shuffled",
                  .engine = "tensor",
                  .layers = "2-8-2",
                  .lr = i % 5 * 0.1,
                  .batch_size = 1 + i % 2,
                  .epochs = 10,
                  .seed = i,
                  .total_steps = 100,
                  .target_accuracy = NAN,
                  .time_budget_s = NAN}
    };
    REQUIRE(db_run_create(store, &insert, &id, &existing) == DB_OK);
    struct db_point point = {
        .step = i + 1, .test_loss = i % 4, .test_accuracy = 0.1 * (i % 7)};
    struct db_record record = {.run = id,
                               .points = &point,
                               .point_count = 1,
                               .checkpoint_step = -1,
                               .end_state = i % 3 ? RUN_STATE_COUNT : RUN_FINISHED,
                               .train_seconds = NAN,
                               .cpu_seconds = NAN};
    if (i % 2 == 0) {
        REQUIRE(db_run_transition(store, id, ~0u, RUN_RUNNING, NULL, NULL, NULL) ==
                DB_OK);
        REQUIRE(db_record(store, &record, 1) == DB_OK);
    }
}

static void open_store(void)
{
    REQUIRE(db_open(fuzz_folder(), &store, NULL, 0) == DB_OK);
    for (int i = 0; i < RUNS; i++)
        launch(i);
}

static bool next_page(struct db_run_query *query, struct db_run_page *page, char **cursor)
{
    query->cursor = *cursor;
    enum db_status status = db_run_list(store, query, page);
    free(*cursor);
    *cursor = NULL;
    REQUIRE(status == DB_OK || status == DB_INVALID);
    if (status != DB_OK)
        return false;
    REQUIRE((int64_t)page->count <= query->limit && page->total <= RUNS);
    REQUIRE((int64_t)page->count <= page->total);
    REQUIRE(!page->next_cursor || (int64_t)page->count == query->limit);
    return true;
}

/* Every cursor that is made is one that is read. */
static void walk(struct db_run_query *query)
{
    bool seen[RUNS + 1] = {false};
    int64_t found = 0, total = 0;
    char *cursor = NULL;
    do {
        struct db_run_page page;
        REQUIRE(next_page(query, &page, &cursor));
        for (size_t i = 0; i < page.count; i++) {
            int64_t id = page.runs[i].id;
            REQUIRE(id >= 1 && id <= RUNS && !seen[id]);
            seen[id] = true;
            found++;
        }
        total = page.total;
        if (page.next_cursor)
            cursor = strdup(page.next_cursor);
        db_run_page_clear(&page);
    } while (cursor);
    REQUIRE(found == total);
}

/* A cursor from outside: an answer or a refusal. */
static void look(struct db_run_query *query, const char *given)
{
    struct db_run_page page;
    char *cursor = given ? strdup(given) : NULL;
    if (!next_page(query, &page, &cursor))
        return;
    db_run_page_clear(&page);
    walk(query);
}

static const char *optional(const char *line)
{
    return line && *line ? line : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!store)
        open_store();
    char *text = fuzz_text(data, size), *rest = text;
    const char *sort = optional(fuzz_line(&rest)), *cursor = optional(fuzz_line(&rest));
    struct db_run_query query = {.sort = sort,
                                 .name_contains = optional(fuzz_line(&rest)),
                                 .tag = optional(fuzz_line(&rest)),
                                 .dataset = optional(fuzz_line(&rest))};
    const char *numbers = fuzz_line(&rest);
    size_t given = numbers ? strlen(numbers) : 0;
    query.limit = given > 0 ? numbers[0] - '0' : 5;
    query.archived = given > 1 ? numbers[1] % 3 - 1 : -1;
    query.state_mask = given > 2 ? (unsigned)numbers[2] : 0;
    query.sweep = given > 3 ? numbers[3] - '0' : 0;
    look(&query, cursor);
    free(text);
    return 0;
}
