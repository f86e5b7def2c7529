/* What runs measure: exactness, atomicity, summaries, cutting, thinning. */
#include "tests/db/store.h"

static void record(struct store *store, int64_t run, const struct db_point *points,
                   size_t count)
{
    struct db_record rows = store_record(run, points, count);
    assert_int_equal(db_record(store->db, &rows, 1), DB_OK);
}

static void test_doubles_come_back_to_the_bit(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    struct db_point point = store_point(7, 0.1 + 0.2), *found;
    size_t count;
    point.test_loss = 5e-324;
    point.train_loss = 1.7976931348623157e308;
    point.grad_norm = NAN;
    record(store, id, &point, 1);
    assert_int_equal(db_points(store->db, id, -1, 0, &found, &count), DB_OK);
    assert_int_equal(count, 1);
    assert_true(found->test_accuracy == 0.1 + 0.2);
    assert_true(found->test_loss == 5e-324);
    assert_true(found->train_loss == 1.7976931348623157e308);
    assert_true(isnan(found->grad_norm) && isnan(found->val_loss));
    assert_true(found->is_best);
    free(found);
}

static void test_the_summary_follows_the_points(void **state)
{
    struct store *store = *state;
    struct db_run_insert insert = store_insert("run");
    insert.facts.target_accuracy = 0.8;
    int64_t id = store_create(store, &insert);
    struct db_point points[] = {store_point(10, 0.7), store_point(20, 0.9),
                                store_point(30, 0.85)};
    points[2].is_best = false;
    record(store, id, points, 2);
    record(store, id, points + 2, 1);
    struct db_run run = store_get(store, id);
    assert_int_equal(run.summary.points, 3);
    assert_int_equal(run.summary.best_step, 20);
    assert_true(run.summary.best_test_accuracy == 0.9);
    assert_true(run.summary.last_test_accuracy == 0.85);
    assert_true(run.summary.time_to_target == points[1].train_seconds);
    assert_int_equal(run.checkpoint_step, 30);
    assert_int_equal(run.spark_count, 3);
    db_run_clear(&run);
    insert.facts.target_accuracy = 0.6;
    struct db_run_patch patch = {.config = "{}", .facts = &insert.facts};
    assert_int_equal(db_run_patch(store->db, id, &patch), DB_OK);
    run = store_get(store, id);
    assert_true(run.summary.time_to_target == points[0].train_seconds);
    assert_int_equal(run.summary.points, 3);
    db_run_clear(&run);
}

static void test_validation_judges_where_there_is_one(void **state)
{
    struct store *store = *state;
    struct db_run_insert insert = store_insert("run");
    insert.facts.target_accuracy = 0.8;
    int64_t id = store_create(store, &insert);
    struct db_point points[] = {store_point(10, 0.9), store_point(20, 0.9)};
    points[0].val_accuracy = 0.7;
    points[1].val_accuracy = 0.85;
    record(store, id, points, 2);
    struct db_run run = store_get(store, id);
    assert_true(run.summary.time_to_target == points[1].train_seconds);
    db_run_clear(&run);
}

static void test_a_record_is_whole_or_not_there(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    struct db_point point = store_point(10, 0.7);
    struct db_record records[] = {store_record(id, &point, 1),
                                  store_record(999, &point, 1)};
    assert_int_not_equal(db_record(store->db, records, 2), DB_OK);
    struct db_run run = store_get(store, id);
    assert_int_equal(run.summary.points, 0);
    assert_int_equal(run.checkpoint_step, -1);
    db_run_clear(&run);
}

static void test_an_end_is_recorded_with_its_points(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    struct db_point point = store_point(10, 0.7);
    struct db_layer layers[] = {store_layer(10, 0), store_layer(10, 1)}, *found;
    struct db_step_bucket steps[] =
        {
            {1, 5,  1,   2, 3},
            {6, 10, 0.5, 1, 4}
    },
                          *buckets;
    struct db_record rows = store_record(id, &point, 1);
    size_t count;
    layers[1].weight_norm = 4;
    layers[1].update_ratio = NAN;
    store_move(store, id, RUN_RUNNING);
    rows.layers = layers;
    rows.layer_count = 2;
    rows.steps = steps;
    rows.step_count = 2;
    rows.end_state = RUN_FINISHED;
    rows.stop_reason = "epochs_done";
    assert_int_equal(db_record(store->db, &rows, 1), DB_OK);
    struct db_run run = store_get(store, id);
    assert_int_equal(run.state, RUN_FINISHED);
    assert_string_equal(run.stop_reason, "epochs_done");
    db_run_clear(&run);
    assert_int_equal(db_layers(store->db, id, -1, 0, &found, &count), DB_OK);
    assert_int_equal(count, 2);
    assert_true(found[1].weight_norm == 4 && isnan(found[1].update_ratio));
    free(found);
    assert_int_equal(db_steps(store->db, id, -1, 1, &buckets, &count), DB_OK);
    assert_int_equal(count, 1);
    assert_int_equal(buckets->last_step, 10);
    assert_true(buckets->loss_min == 0.5 && buckets->loss_max == 4);
    assert_true(buckets->loss_mean == 1.5);
    free(buckets);
}

static void test_cutting_takes_the_summary_back(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    struct db_point points[] = {store_point(10, 0.7), store_point(20, 0.9)}, *found;
    size_t count;
    record(store, id, points, 2);
    assert_int_equal(db_cut_after(store->db, id, 10), DB_OK);
    struct db_run run = store_get(store, id);
    assert_int_equal(run.summary.points, 1);
    assert_int_equal(run.summary.best_step, 10);
    db_run_clear(&run);
    assert_int_equal(db_cut_after(store->db, id, -1), DB_OK);
    run = store_get(store, id);
    assert_int_equal(run.summary.points, 0);
    assert_true(isnan(run.summary.last_test_loss));
    db_run_clear(&run);
    assert_int_equal(db_points(store->db, id, -1, 0, &found, &count), DB_OK);
    assert_int_equal(count, 0);
    free(found);
}

static void test_thinning_keeps_peaks_and_ends(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    enum { COUNT = 5000 };
    struct db_point *points = calloc(COUNT, sizeof *points), *found;
    size_t count;
    for (int i = 0; i < COUNT; i++)
        points[i] = store_point(i + 1, 0.5);
    points[1234].test_accuracy = 0.99;
    points[2345].train_loss = 77;
    points[3456].test_loss = -5;
    record(store, id, points, COUNT);
    assert_int_equal(db_points(store->db, id, -1, 60, &found, &count), DB_OK);
    assert_true(count <= 62 && count >= 10);
    assert_int_equal(found[0].step, 1);
    assert_int_equal(found[count - 1].step, COUNT);
    int peaks = 0;
    for (size_t i = 0; i < count; i++)
        peaks += found[i].step == 1235 || found[i].step == 2346 || found[i].step == 3457;
    assert_int_equal(peaks, 3);
    free(found);
    assert_int_equal(db_points(store->db, id, COUNT - 2, 0, &found, &count), DB_OK);
    assert_int_equal(count, 2);
    struct db_run run = store_get(store, id);
    assert_true(run.spark_count > DB_SPARK_MAX / 2 && run.spark_count <= DB_SPARK_MAX);
    db_run_clear(&run);
    free(found);
    free(points);
}

static double spread(int i)
{
    return (double)((unsigned)i * 2654435761u % 10007) / 10007;
}

/* Whatever `max`: rising, ends and the extremes of the whole line are kept. */
static void test_thinning_under_every_max(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    enum { COUNT = 300 };
    struct db_point points[COUNT], *found;
    size_t count, low = 0, high = 0;
    for (int i = 0; i < COUNT; i++) {
        points[i] = store_point(i + 1, spread(i));
        if (i % 50 < 10) /* without measures now and then */
            points[i].test_accuracy = points[i].test_loss = points[i].train_loss = NAN;
        else if (points[i].test_accuracy > points[high].test_accuracy || high == 0)
            high = (size_t)i;
        if (i % 50 >= 10 &&
            (low == 0 || points[i].test_accuracy < points[low].test_accuracy))
            low = (size_t)i;
    }
    record(store, id, points, COUNT);
    for (int max = 1; max <= COUNT + 1; max += 13) {
        bool kept_low = false, kept_high = false;
        assert_int_equal(db_points(store->db, id, -1, max, &found, &count), DB_OK);
        assert_true(count <= (size_t)(max > 6 ? max : 6) + 2);
        assert_int_equal(found[0].step, 1);
        assert_int_equal(found[count - 1].step, COUNT);
        for (size_t i = 0; i < count; i++) {
            assert_true(i == 0 || found[i].step > found[i - 1].step);
            kept_low |= found[i].step == points[low].step;
            kept_high |= found[i].step == points[high].step;
        }
        assert_true(kept_low && kept_high);
        free(found);
    }
}

static void test_steps_merge_to_what_they_cover(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    struct db_step_bucket stored[10], *found;
    size_t count;
    for (int i = 0; i < 10; i++)
        stored[i] = (struct db_step_bucket){i * 10 + 1, i * 10 + 10, i, i + 1, i + 2};
    stored[9].last_step = 91; /* a bucket of one step weighs a tenth */
    struct db_record rows = store_record(id, NULL, 0);
    rows.steps = stored;
    rows.step_count = 10;
    assert_int_equal(db_record(store->db, &rows, 1), DB_OK);
    for (int64_t max = 1; max <= 12; max++) {
        double sum = 0;
        assert_int_equal(db_steps(store->db, id, -1, max, &found, &count), DB_OK);
        assert_int_equal(count, max < 10 ? max : 10);
        assert_int_equal(found[0].first_step, 1);
        assert_int_equal(found[count - 1].last_step, 91);
        assert_true(found[0].loss_min == 0 && found[count - 1].loss_max == 11);
        for (size_t i = 0; i < count; i++) {
            assert_true(i == 0 || found[i].first_step == found[i - 1].last_step + 1);
            sum += found[i].loss_mean *
                   (double)(found[i].last_step - found[i].first_step + 1);
        }
        assert_float_equal(sum, 460, 1e-9);
        free(found);
    }
    assert_int_equal(db_steps(store->db, id, 80, 0, &found, &count), DB_OK);
    assert_int_equal(count, 2);
    free(found);
}

static void test_cutting_takes_layers_and_steps(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store), other = store_launch(store);
    const struct db_layer rows[] = {store_layer(10, 0), store_layer(20, 0)};
    const struct db_step_bucket buckets[] = {
        {1,  10, 1, 2, 3},
        {11, 20, 1, 2, 3}
    };
    struct db_record records[] = {store_record(id, NULL, 0),
                                  store_record(other, NULL, 0)};
    struct db_layer *layers;
    struct db_step_bucket *steps;
    size_t count;
    for (int i = 0; i < 2; i++) {
        records[i].layers = rows;
        records[i].steps = buckets;
        records[i].layer_count = records[i].step_count = 2;
    }
    assert_int_equal(db_record(store->db, records, 2), DB_OK);
    assert_int_equal(db_cut_after(store->db, id, 15), DB_OK);
    assert_int_equal(db_cut_after(store->db, 999, 15), DB_NOT_FOUND);
    assert_int_equal(db_layers(store->db, id, -1, 0, &layers, &count), DB_OK);
    free(layers);
    assert_int_equal(count, 1);
    assert_int_equal(db_steps(store->db, id, -1, 0, &steps, &count), DB_OK);
    free(steps);
    assert_int_equal(count, 1);
    assert_int_equal(db_layers(store->db, other, 10, 0, &layers, &count), DB_OK);
    assert_int_equal(layers[0].step, 20);
    free(layers);
    assert_int_equal(count, 1);
}

static void test_deleting_takes_all_along(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    struct db_point point = store_point(10, 0.7), *found;
    size_t count;
    record(store, id, &point, 1);
    store_move(store, id, RUN_STOPPED);
    assert_int_equal(db_run_delete(store->db, id, NULL), DB_OK);
    assert_int_equal(db_points(store->db, id, -1, 0, &found, &count), DB_OK);
    assert_int_equal(count, 0);
    free(found);
}

#define STORE_TEST(name)                                                                 \
    cmocka_unit_test_setup_teardown(name, store_set_up, store_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_doubles_come_back_to_the_bit),
        STORE_TEST(test_the_summary_follows_the_points),
        STORE_TEST(test_validation_judges_where_there_is_one),
        STORE_TEST(test_a_record_is_whole_or_not_there),
        STORE_TEST(test_an_end_is_recorded_with_its_points),
        STORE_TEST(test_cutting_takes_the_summary_back),
        STORE_TEST(test_thinning_keeps_peaks_and_ends),
        STORE_TEST(test_thinning_under_every_max),
        STORE_TEST(test_steps_merge_to_what_they_cover),
        STORE_TEST(test_cutting_takes_layers_and_steps),
        STORE_TEST(test_deleting_takes_all_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
