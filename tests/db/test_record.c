/* What makes a record durable: whole or not at all, on full and broken disks too. */
#include <signal.h>
#include <sys/resource.h>

#include "tests/db/store.h"

enum { MANY = 4000 };

static size_t count_points(struct store *store, int64_t run)
{
    struct db_point *points;
    size_t count;
    assert_int_equal(db_points(store->db, run, -1, 0, &points, &count), DB_OK);
    free(points);
    return count;
}

static void expect_nothing(struct store *store, int64_t id)
{
    struct db_layer *layers;
    struct db_noise *noises;
    struct db_step_bucket *steps;
    size_t count;
    struct db_run run = store_get(store, id);
    assert_int_equal(run.state, RUN_RUNNING);
    assert_int_equal(run.summary.points, 0);
    assert_int_equal(run.checkpoint_step, -1);
    assert_int_equal(run.spark_count, 0);
    assert_true(isnan(run.summary.train_seconds));
    db_run_clear(&run);
    assert_int_equal(count_points(store, id), 0);
    assert_int_equal(db_layers(store->db, id, -1, 0, &layers, &count), DB_OK);
    free(layers);
    assert_int_equal(count, 0);
    assert_int_equal(db_noises(store->db, id, -1, &noises, &count), DB_OK);
    free(noises);
    assert_int_equal(count, 0);
    assert_int_equal(db_steps(store->db, id, -1, 0, &steps, &count), DB_OK);
    free(steps);
    assert_int_equal(count, 0);
}

static const struct db_histograms no_counts;
static const struct db_layer a_layer = {.step = 10, .histograms = &no_counts};
static const struct db_noise a_noise = {10, 1, 2, 2};
static const struct db_step_bucket a_bucket = {1, 10, 1, 2, 3};

/* A record with a bit of everything. */
static struct db_record full_record(int64_t run, const struct db_point *points,
                                    size_t count)
{
    struct db_record record = store_record(run, points, count);
    record.layers = &a_layer;
    record.layer_count = 1;
    record.noises = &a_noise;
    record.noise_count = 1;
    record.steps = &a_bucket;
    record.step_count = 1;
    record.end_state = RUN_FINISHED;
    record.stop_reason = "epochs_done";
    return record;
}

static struct db_point *many_points(void)
{
    struct db_point *points = calloc(MANY, sizeof *points);
    for (int i = 0; i < MANY; i++)
        points[i] = store_point(i + 1, 0.5);
    return points;
}

static void test_one_bad_record_takes_all_back(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch_running(store);
    struct db_point point = store_point(10, 0.7);
    struct db_record records[] = {full_record(id, &point, 1),
                                  full_record(id + 1, NULL, 0)};
    records[1].layer_count = records[1].noise_count = records[1].step_count = 0;
    assert_int_equal(db_record(store->db, records, 2), DB_NOT_FOUND);
    expect_nothing(store, id);
    records[1].layer_count = 1;
    assert_int_not_equal(db_record(store->db, records, 2), DB_OK);
    expect_nothing(store, id);
    assert_int_equal(db_record(store->db, records, 1), DB_OK);
    assert_int_equal(count_points(store, id), 1);
}

/* Whoever moved it first has the last word, and nothing of the record stays. */
static void test_only_a_running_run_is_ended(void **state)
{
    struct store *store = *state;
    struct db_point point = store_point(10, 0.7);
    for (int from = 0; from < RUN_STATE_COUNT; from++) {
        int64_t id = store_launch(store);
        struct db_record record = full_record(id, &point, 1);
        bool running = from == RUN_RUNNING;
        store_move(store, id, (enum run_state)from);
        assert_int_equal(db_record(store->db, &record, 1), running ? DB_OK : DB_CONFLICT);
        assert_int_equal(count_points(store, id), running);
        struct db_run run = store_get(store, id);
        assert_int_equal(run.state, running ? RUN_FINISHED : from);
        db_run_clear(&run);
    }
}

static void test_a_full_disk_takes_all_back_and_recovers(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch_running(store);
    struct db_point *points = many_points();
    struct db_record record = full_record(id, points, MANY);
    assert_int_equal(db_limit_pages(store->db, 1), DB_OK);
    for (int attempt = 0; attempt < 3; attempt++) {
        assert_int_equal(db_record(store->db, &record, 1), DB_FULL);
        expect_nothing(store, id);
    }
    assert_int_equal(db_check_writable(store->db), DB_FULL);
    assert_int_equal(db_limit_pages(store->db, 0), DB_OK);
    assert_int_equal(db_check_writable(store->db), DB_OK);
    assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    assert_int_equal(count_points(store, id), MANY);
    free(points);
}

/* Files may not grow past `bytes`: writes fail on the way to the disk, at the commit. */
static void limit_file_size(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_a_failing_disk_takes_all_back_and_recovers(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch_running(store);
    struct db_point point = store_point(10, 0.7);
    struct db_record record = full_record(id, &point, 1);
    signal(SIGXFSZ, SIG_IGN);
    limit_file_size(4096);
    enum db_status written = db_record(store->db, &record, 1);
    enum db_status again = db_record(store->db, &record, 1);
    enum db_status checked = db_check_writable(store->db);
    limit_file_size(RLIM_INFINITY);
    assert_int_not_equal(written, DB_OK);
    assert_int_not_equal(again, DB_OK);
    assert_int_not_equal(checked, DB_OK);
    expect_nothing(store, id);
    assert_int_equal(db_check_writable(store->db), DB_OK);
    assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    db_close(store->db);
    store_open(store);
    assert_int_equal(count_points(store, id), 1);
}

static void test_a_point_recorded_again_counts_once(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    struct db_point points[] = {store_point(10, 0.7), store_point(20, 0.9),
                                store_point(20, 0.8)};
    for (int i = 0; i < 3; i++) {
        struct db_record record = store_record(id, &points[i], 1);
        assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    }
    struct db_run run = store_get(store, id);
    assert_int_equal(run.summary.points, 2);
    assert_int_equal(run.spark_count, 2);
    assert_true(run.summary.best_test_accuracy == 0.8);
    assert_int_equal(count_points(store, id), 2);
    db_run_clear(&run);
}

static void test_seconds_past_the_last_point_stay(void **state)
{
    struct store *store = *state;
    struct db_run_insert insert = store_insert("run");
    int64_t id = store_create(store, &insert);
    struct db_point point = store_point(10, 0.7);
    struct db_record record = store_record(id, &point, 1);
    record.train_seconds = 5;
    record.cpu_seconds = 6;
    assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    insert.facts.target_accuracy = 0.6;
    struct db_run_patch patch = {.config = "{\"a\":1}", .facts = &insert.facts};
    assert_int_equal(db_run_patch(store->db, id, &patch), DB_OK);
    struct db_run run = store_get(store, id);
    assert_true(run.summary.train_seconds == 5);
    assert_true(run.summary.cpu_seconds == 6);
    assert_true(run.summary.time_to_target == point.train_seconds);
    assert_string_equal(run.config, "{\"a\":1}");
    db_run_clear(&run);
    insert.facts.target_accuracy = NAN;
    assert_int_equal(db_run_patch(store->db, id, &patch), DB_OK);
    run = store_get(store, id);
    assert_true(isnan(run.summary.time_to_target));
    db_run_clear(&run);
}

/* One by one or all at once, the line of accuracies is the same. */
static void test_the_spark_does_not_depend_on_the_pieces(void **state)
{
    struct store *store = *state;
    int64_t whole = store_launch(store), pieces = store_launch(store);
    struct db_point points[150];
    for (int i = 0; i < 150; i++)
        points[i] = store_point(i + 1, i / 150.0);
    struct db_record record = store_record(whole, points, 150);
    assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    for (int i = 0; i < 150; i++) {
        record = store_record(pieces, &points[i], 1);
        assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    }
    struct db_run a = store_get(store, whole), b = store_get(store, pieces);
    assert_int_equal(a.spark_count, 19); /* every eighth */
    assert_int_equal(a.spark_count, b.spark_count);
    assert_memory_equal(a.spark, b.spark, a.spark_count * sizeof *a.spark);
    assert_true(a.spark[1] == (float)points[8].test_accuracy);
    assert_memory_equal(&a.summary, &b.summary, sizeof a.summary);
    db_run_clear(&a);
    db_run_clear(&b);
}

#define STORE_TEST(name)                                                                 \
    cmocka_unit_test_setup_teardown(name, store_set_up, store_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_one_bad_record_takes_all_back),
        STORE_TEST(test_only_a_running_run_is_ended),
        STORE_TEST(test_a_full_disk_takes_all_back_and_recovers),
        STORE_TEST(test_a_failing_disk_takes_all_back_and_recovers),
        STORE_TEST(test_a_point_recorded_again_counts_once),
        STORE_TEST(test_seconds_past_the_last_point_stay),
        STORE_TEST(test_the_spark_does_not_depend_on_the_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
