/* Lists of runs: pages against the whole, order, filters, cursors. */
#include "tests/db/store.h"

enum { RUNS = 60 };

static void measure(struct store *store, int64_t id, int i)
{
    struct db_point point = store_point(i % 9, 0.5 + 0.01 * (i % 7));
    point.test_loss = i % 5 ? point.test_loss : NAN;
    point.val_accuracy = i % 3 ? NAN : 0.25 * (i % 4);
    struct db_record record = store_record(id, &point, 1);
    store_move(store, id, RUN_RUNNING);
    record.end_state = i % 4 == 1 ? RUN_FINISHED : RUN_STATE_COUNT;
    assert_int_equal(db_record(store->db, &record, 1), DB_OK);
}

/* Runs that differ in every sort column, with many ties, some without values. */
static void fill(struct store *store)
{
    static const char *const names[] = {"", "b", "A", "ü", "50%_done"};
    const bool yes = true;
    for (int i = 0; i < RUNS; i++) {
        struct db_run_insert insert = store_insert(names[i % 5]);
        insert.facts.lr = 0.1 * (1 + i % 4);
        insert.facts.batch_size = 1 << (i % 6);
        insert.facts.seed = INT64_MAX - i % 7; /* doubles cannot tell these apart */
        insert.sweep = i % 6 ? 0 : 3;
        insert.sweep_index = i / 6;
        insert.tags = i % 3 ? "[]" : "[\"third\",\"x\"]";
        snprintf(insert.facts.dataset, sizeof insert.facts.dataset, "%s",
                 i % 2 ? "moons" : "mnist");
        int64_t id = store_create(store, &insert);
        struct db_run_patch patch = {.archived = i % 10 == 3 ? &yes : NULL};
        assert_int_equal(db_run_patch(store->db, id, &patch), DB_OK);
        if (i % 4 != 0)
            measure(store, id, i);
    }
}

/* All pages of seven one after the other; ids go to `ids`. */
static size_t walk(struct store *store, struct db_run_query query, int64_t *ids)
{
    size_t count = 0;
    char *cursor = NULL;
    query.limit = 7;
    do {
        struct db_run_page page;
        query.cursor = cursor;
        assert_int_equal(db_run_list(store->db, &query, &page), DB_OK);
        assert_true(count + page.count <= RUNS);
        free(cursor);
        for (size_t i = 0; i < page.count; i++)
            ids[count++] = page.runs[i].id;
        cursor = page.next_cursor ? strdup(page.next_cursor) : NULL;
        db_run_page_clear(&page);
    } while (cursor);
    return count;
}

static void expect_pages_make_the_list(struct store *store, struct db_run_query query,
                                       const char *sort)
{
    int64_t ids[RUNS] = {0};
    struct db_run_page whole;
    query.sort = sort;
    query.limit = 1000;
    assert_int_equal(db_run_list(store->db, &query, &whole), DB_OK);
    assert_null(whole.next_cursor);
    assert_int_equal(whole.count, whole.total);
    assert_true(whole.count > 0);
    assert_int_equal(walk(store, query, ids), whole.count);
    for (size_t i = 0; i < whole.count; i++)
        assert_int_equal(ids[i], whole.runs[i].id);
    db_run_page_clear(&whole);
}

static void test_pages_make_the_list_under_every_sort_and_filter(void **state)
{
    struct store *store = *state;
    /* clang-format off */
    static const struct db_run_query queries[] = {
        {.archived = -1},
        {.archived = 0},
        {.archived = 1},
        {.archived = -1, .dataset = "moons"},
        {.archived = 0, .tag = "third"},
        {.archived = -1, .name_contains = "_"},
        {.archived = -1, .sweep = 3},
        {.archived = -1, .state_mask = RUN_MASK(RUN_FINISHED) | RUN_MASK(RUN_PAUSED)},
        {.archived = 0, .state_mask = RUN_LIVE, .dataset = "mnist", .tag = "x"},
    };
    /* clang-format on */
    fill(store);
    for (const char *const *name = db_run_sort_columns(); *name; name++)
        for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
            char falling[64];
            snprintf(falling, sizeof falling, "-%s", *name);
            expect_pages_make_the_list(store, queries[i], *name);
            expect_pages_make_the_list(store, queries[i], falling);
        }
    expect_pages_make_the_list(store, queries[0], NULL);
}

/* -1, 0 or 1 as `a` may stand before, beside or behind `b`; no value stands last. */
static int compare(double a, double b, bool falling)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    int order = (a > b) - (a < b);
    return falling ? -order : order;
}

static void expect_order(struct store *store, bool falling)
{
    struct db_run_query query = {.archived = -1, .limit = 1000};
    struct db_run_page page;
    query.sort = falling ? "-test_accuracy" : "test_accuracy";
    assert_int_equal(db_run_list(store->db, &query, &page), DB_OK);
    assert_int_equal(page.count, RUNS);
    for (size_t i = 1; i < page.count; i++) {
        const struct db_run *a = &page.runs[i - 1], *b = &page.runs[i];
        int order = compare(a->summary.last_test_accuracy, b->summary.last_test_accuracy,
                            falling);
        assert_true(order < 0 || (order == 0 && a->id > b->id));
    }
    assert_true(isnan(page.runs[RUNS - 1].summary.last_test_accuracy));
    db_run_page_clear(&page);
}

static void test_no_value_is_last_and_ties_go_by_newest(void **state)
{
    fill(*state);
    expect_order(*state, false);
    expect_order(*state, true);
}

static size_t count_matches(struct store *store, struct db_run_query query)
{
    struct db_run_page page;
    query.limit = 1000;
    assert_int_equal(db_run_list(store->db, &query, &page), DB_OK);
    size_t count = page.count;
    assert_int_equal(page.total, count);
    db_run_page_clear(&page);
    return count;
}

static void test_filters(void **state)
{
    struct store *store = *state;
    fill(store);
#define COUNT(...) count_matches(store, (struct db_run_query){__VA_ARGS__})
    assert_int_equal(COUNT(.archived = 0), 54);
    assert_int_equal(COUNT(.archived = 1), 6);
    assert_int_equal(COUNT(.archived = -1, .dataset = "moons"), 30);
    assert_int_equal(COUNT(.archived = -1, .dataset = "m' OR '1'='1"), 0);
    assert_int_equal(COUNT(.archived = -1, .sweep = 3), 10);
    assert_int_equal(COUNT(.archived = -1, .tag = "third"), 20);
    assert_int_equal(COUNT(.archived = -1, .tag = "thir"), 0);
    assert_int_equal(COUNT(.archived = -1, .tag = "x'); DROP TABLE runs; --"), 0);
    assert_int_equal(COUNT(.archived = -1, .name_contains = "a"), 12);
    assert_int_equal(COUNT(.archived = -1, .name_contains = "%_"), 12);
    assert_int_equal(COUNT(.archived = -1, .name_contains = "' OR 1 --"), 0);
    assert_int_equal(COUNT(.archived = -1, .state_mask = RUN_MASK(RUN_FINISHED)), 15);
    assert_int_equal(COUNT(.archived = -1, .state_mask = RUN_MASK(RUN_PRUNED)), 0);
#undef COUNT
}

/* Runs that come or go between two pages do not disturb what is not yet read. */
static void test_a_walk_survives_changes(void **state)
{
    struct store *store = *state;
    struct db_run_query query = {.archived = -1, .limit = 2};
    struct db_run_page page;
    for (int i = 0; i < 4; i++)
        store_launch(store);
    assert_int_equal(db_run_list(store->db, &query, &page), DB_OK);
    int64_t last = page.runs[1].id;
    char *cursor = strdup(page.next_cursor);
    db_run_page_clear(&page);
    store_launch(store);
    store_move(store, last, RUN_STOPPED);
    assert_int_equal(db_run_delete(store->db, last, NULL), DB_OK);
    query.cursor = cursor;
    assert_int_equal(db_run_list(store->db, &query, &page), DB_OK);
    assert_int_equal(page.count, 2);
    assert_int_equal(page.runs[0].id, last - 1);
    assert_null(page.next_cursor);
    db_run_page_clear(&page);
    free(cursor);
}

static void test_bad_queries_are_refused(void **state)
{
    struct store *store = *state;
    static const char *const cursors[] = {
        "",
        "x",
        "-lr",
        "-lr.",
        "-lr.z",
        "-lr.z.",
        "-lr.z.0",
        "-lr.z.x",
        "-lr.z. 5",
        "-lr.z.-4",
        "-lr.z.99999999999999999999",
        "-lr.zz.4",
        "-lr..4",
        "-lr.n12.3",
        "-lr.t1.2",
        "-lr.tzz.2",
        "-lr.t4A.2",
        "-lr.n0123456789abcdef",
        "-lr.n 123456789abcdef.1",
        "-lr.n0x23456789abcde.1",
        "-lr.n7ff8000000000000.1",
        "-lr.i0123456789abcdef0.1",
        "lr.z.4",
        "-id.z.4",
        "-lrz.4",
    };
    static const struct db_run_query bad[] = {
        {.archived = -1, .limit = 5,    .sort = "id; DROP"},
        {.archived = -1, .limit = 5,    .sort = "--id"    },
        {.archived = -1, .limit = 5,    .sort = ""        },
        {.archived = -1, .limit = 5,    .sort = "config"  },
        {.archived = -1, .limit = 0,    .sort = NULL      },
        {.archived = -1, .limit = 1001, .sort = NULL      },
    };
    struct db_run_page page;
    for (size_t i = 0; i < sizeof cursors / sizeof *cursors; i++) {
        struct db_run_query query = {
            .archived = -1, .limit = 5, .sort = "-lr", .cursor = cursors[i]};
        assert_int_equal(db_run_list(store->db, &query, &page), DB_INVALID);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(db_run_list(store->db, &bad[i], &page), DB_INVALID);
    struct db_run_query empty = {.archived = -1, .limit = 5};
    assert_int_equal(db_run_list(store->db, &empty, &page), DB_OK);
    assert_int_equal(page.count + (size_t)page.total, 0);
    db_run_page_clear(&page);
}

#define STORE_TEST(name)                                                                 \
    cmocka_unit_test_setup_teardown(name, store_set_up, store_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_pages_make_the_list_under_every_sort_and_filter),
        STORE_TEST(test_no_value_is_last_and_ties_go_by_newest),
        STORE_TEST(test_filters),
        STORE_TEST(test_a_walk_survives_changes),
        STORE_TEST(test_bad_queries_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
