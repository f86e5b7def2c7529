/* Files of earlier versions: brought up to date with all they hold, or left alone. */
#include "tests/db/first_schema.h"
#include "tests/db/store.h"

#include <unistd.h>

/* A run with one point of one layer, as version 1 stored them. */
static const char first_rows[] =
    "INSERT INTO runs (state, name, config, tags, notes, created_at, dataset, optimizer,"
    "  activation, batching, engine, layers, lr, batch_size, epochs, seed, parameters,"
    "  total_steps, points, last_step)"
    " VALUES (1, 'old', '{}', '[]', '', 1.7e9, 'moons', 'sgd', 'relu', 'shuffled',"
    "  'tensor', '2-8-2', 0.1, 32, 10, 1, 42, 100, 1, 10);"
    "INSERT INTO points VALUES"
    "  (1, 10, 1, 320, 0.5, 0.5, 1.7e9, 0.1, 0.7, 0.5, 0.6, 0.55, NULL, NULL, 2, 1);"
    "INSERT INTO layers VALUES (1, 10, 0, 1.5, 0.25, 0.125);";

/* Replaces the store's file by one of version 1, without opening it. */
static void start_over(struct store *store)
{
    db_close(store->db);
    store->db = NULL;
    assert_int_equal(unlink(folder_path(&store->folder, "sweetspot.db")), 0);
    store_sql(store, first_schema, NULL, 0);
    store_sql(store, first_rows, NULL, 0);
    store_sql(store, "PRAGMA user_version = 1", NULL, 0);
}

static void test_a_file_of_version_1_keeps_what_it_holds(void **state)
{
    struct store *store = *state;
    struct db_layer *layers;
    struct db_noise *noises;
    size_t count;
    start_over(store);
    store_open(store);
    struct db_run run = store_get(store, 1);
    assert_string_equal(run.name, "old");
    assert_int_equal(run.state, RUN_RUNNING);
    assert_int_equal(run.wanted, RUN_STATE_COUNT);
    assert_int_equal(run.summary.points, 1);
    db_run_clear(&run);
    assert_int_equal(db_layers(store->db, 1, -1, 0, &layers, &count), DB_OK);
    assert_int_equal(count, 1);
    assert_true(layers->weight_norm == 1.5 && layers->update_ratio == 0.125);
    assert_true(isnan(layers->activation_mean) && isnan(layers->activation_deviation));
    assert_true(isnan(layers->dead_fraction) && isnan(layers->saturated_fraction));
    assert_null(layers->histograms);
    free(layers);
    assert_int_equal(db_noises(store->db, 1, -1, &noises, &count), DB_OK);
    assert_int_equal(count, 0);
    free(noises);
}

/* Old and new files are the same from then on; so the first migration is as it was. */
static void test_a_file_of_version_1_becomes_like_a_fresh_one(void **state)
{
    static const char schema[] =
        "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_master"
        " WHERE sql IS NOT NULL ORDER BY name)";
    struct store *store = *state;
    static char fresh[16384], migrated[16384];
    char version[32], versions[32];
    store_sql(store, schema, fresh, sizeof fresh);
    store_sql(store, "PRAGMA user_version", version, sizeof version);
    start_over(store);
    store_open(store);
    store_sql(store, schema, migrated, sizeof migrated);
    store_sql(store, "PRAGMA user_version", versions, sizeof versions);
    assert_string_equal(fresh, migrated);
    assert_string_equal(version, versions);
    assert_non_null(strstr(fresh, "CREATE TABLE noise"));
}

static void test_a_migrated_file_takes_new_records(void **state)
{
    struct store *store = *state;
    const struct db_histograms histograms = {
        .weights = {-1, 1, {3}}
    };
    struct db_layer row = store_layer(20, 0), *layers;
    struct db_point point = store_point(20, 0.9);
    struct db_record record = store_record(1, &point, 1);
    size_t count;
    start_over(store);
    store_open(store);
    row.histograms = &histograms;
    record.layers = &row;
    record.layer_count = 1;
    assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    assert_int_equal(db_layers(store->db, 1, -1, 0, &layers, &count), DB_OK);
    assert_int_equal(count, 2);
    assert_null(layers[0].histograms);
    assert_memory_equal(layers[1].histograms, &histograms, sizeof histograms);
    free(layers);
}

/* What stands in the way of the last statement takes back the first as well. */
static void test_a_migration_is_whole_or_not_there(void **state)
{
    struct store *store = *state;
    struct db *db;
    char reason[256], found[32];
    start_over(store);
    store_sql(store, "CREATE TABLE noise (x)", NULL, 0);
    assert_int_not_equal(db_open(store->folder.path, &db, reason, sizeof reason), DB_OK);
    store_sql(store, "PRAGMA user_version", found, sizeof found);
    assert_string_equal(found, "1");
    store_sql(store, "SELECT count(*) FROM pragma_table_info('layers')", found,
              sizeof found);
    assert_string_equal(found, "6");
    store_sql(store, "DROP TABLE noise", NULL, 0);
    store_open(store);
    store_launch(store);
}

#define STORE_TEST(name)                                                                 \
    cmocka_unit_test_setup_teardown(name, store_set_up, store_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_a_file_of_version_1_keeps_what_it_holds),
        STORE_TEST(test_a_file_of_version_1_becomes_like_a_fresh_one),
        STORE_TEST(test_a_migrated_file_takes_new_records),
        STORE_TEST(test_a_migration_is_whole_or_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
