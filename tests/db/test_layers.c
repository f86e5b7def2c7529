/* What probes saw: histograms to the byte, thinning, cutting, deleting. */
#include "db/internal.h"
#include "tests/db/store.h"

static struct db_histogram histogram(double low, double high, uint32_t first)
{
    struct db_histogram made = {.low = low, .high = high};
    for (uint32_t i = 0; i < DB_HISTOGRAM_BINS; i++)
        made.counts[i] = first + i;
    return made;
}

static struct db_histograms histograms(void)
{
    return (struct db_histograms){.weights = histogram(-0.1, 0.1 + 0.2, 7),
                                  .gradients = histogram(-5e-324, 1e308, 4294967264),
                                  .activations = histogram(NAN, NAN, 0)};
}

/* NaN differs from itself, so by bytes: both sides have the same one. */
static void expect_histograms(const struct db_histograms *found,
                              const struct db_histograms *wanted)
{
    assert_non_null(found);
    assert_memory_equal(found, wanted, sizeof *wanted);
}

static void test_the_blob_is_little_endian(void **state)
{
    (void)state;
    static const uint8_t start[] = {0, 0, 0, 0, 0, 0, 0xf0, 0xbf, /* -1 */
                                    0, 0, 0, 0, 0, 0, 0,    0x40, /*  2 */
                                    4, 3, 2, 1};
    struct db_histograms made =
                             {
                                 .weights = {-1, 2, {0x01020304}}
    },
                         back;
    uint8_t bytes[HISTOGRAMS_BYTES];
    made.gradients.high = 2;
    made.activations.counts[DB_HISTOGRAM_BINS - 1] = 0xa1b2c3d4;
    histograms_encode(&made, bytes);
    assert_int_equal(sizeof bytes, 432);
    assert_memory_equal(bytes, start, sizeof start);
    assert_memory_equal(bytes + 144 + 8, start + 8, 8);
    assert_int_equal(bytes[428], 0xd4);
    assert_int_equal(bytes[431], 0xa1);
    assert_true(histograms_decode(bytes, sizeof bytes, &back));
    expect_histograms(&back, &made);
    assert_false(histograms_decode(bytes, sizeof bytes - 1, &back));
    assert_false(histograms_decode(bytes, 0, &back));
}

static struct db_record record_of(int64_t run, const struct db_layer *layers,
                                  size_t layer_count, const struct db_noise *noises,
                                  size_t noise_count)
{
    struct db_record record = store_record(run, NULL, 0);
    record.layers = layers;
    record.layer_count = layer_count;
    record.noises = noises;
    record.noise_count = noise_count;
    return record;
}

static void test_probes_come_back_to_the_bit(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    const struct db_histograms seen = histograms();
    struct db_layer rows[] = {store_layer(10, 0), store_layer(10, 1), store_layer(20, 0)};
    struct db_layer *layers;
    size_t count;
    rows[1].activation_mean = 0.1 + 0.2;
    rows[1].activation_deviation = 5e-324;
    rows[1].dead_fraction = 0.25;
    rows[1].histograms = &seen;
    struct db_record record = record_of(id, rows, 3, NULL, 0);
    assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    for (int64_t max = 0; max <= 2; max += 2) {
        assert_int_equal(db_layers(store->db, id, -1, max, &layers, &count), DB_OK);
        assert_int_equal(count, 3);
        assert_true(layers[1].activation_mean == 0.1 + 0.2);
        assert_true(layers[1].activation_deviation == 5e-324);
        assert_true(layers[1].dead_fraction == 0.25);
        assert_true(isnan(layers[1].saturated_fraction));
        assert_true(isnan(layers[0].activation_mean) && !layers[0].histograms);
        assert_int_equal(layers[2].step, 20);
        expect_histograms(layers[1].histograms, &seen);
        free(layers);
    }
}

static void test_noise_comes_back(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store);
    const struct db_noise rows[] = {
        {10, 0.1 + 0.2, 3,   10 },
        {20, -1,        0.5, NAN}
    };
    struct db_noise *noises;
    size_t count;
    struct db_record record = record_of(id, NULL, 0, rows, 2);
    assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    assert_int_equal(db_noises(store->db, id, -1, &noises, &count), DB_OK);
    assert_int_equal(count, 2);
    assert_true(noises[0].gradient_squared == 0.1 + 0.2 && noises[0].scale == 10);
    assert_true(noises[1].gradient_variance == 0.5 && isnan(noises[1].scale));
    free(noises);
    assert_int_equal(db_noises(store->db, id, 10, &noises, &count), DB_OK);
    assert_int_equal(count, 1);
    assert_int_equal(noises->step, 20);
    free(noises);
}

enum { STEPS = 300, LAYERS = 2, EVERY = 10 };

/* Points 1 .. STEPS of LAYERS layers each, every EVERY-th with a probe. */
static int64_t fill(struct store *store)
{
    static const struct db_histograms seen;
    int64_t id = store_launch(store);
    struct db_layer rows[STEPS * LAYERS];
    for (int i = 0; i < STEPS * LAYERS; i++) {
        int step = i / LAYERS + 1;
        rows[i] = store_layer(step, i % LAYERS);
        rows[i].histograms = step % EVERY == 0 ? &seen : NULL;
    }
    struct db_record record = record_of(id, rows, STEPS * LAYERS, NULL, 0);
    assert_int_equal(db_record(store->db, &record, 1), DB_OK);
    return id;
}

/* Whole points, rising, with both ends, and every probe as long as `max` has room. */
static void test_thinning_keeps_probes(void **state)
{
    struct store *store = *state;
    int64_t id = fill(store);
    for (size_t max = 1; max <= STEPS + 20; max += 7) {
        struct db_layer *layers;
        size_t count, probes = 0;
        assert_int_equal(db_layers(store->db, id, -1, (int64_t)max, &layers, &count),
                         DB_OK);
        size_t points = count / LAYERS, all = STEPS / EVERY;
        assert_int_equal(count % LAYERS, 0);
        assert_true(points >= (max < STEPS ? max : STEPS) && points <= max + 2);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(layers[i].layer, i % LAYERS);
            assert_int_equal(layers[i].histograms != NULL, layers[i].step % EVERY == 0);
            assert_true(i < LAYERS || layers[i].step > layers[i - LAYERS].step);
            probes += layers[i].histograms && layers[i].layer == 0;
        }
        assert_int_equal(layers[0].step, 1);
        assert_int_equal(layers[count - 1].step, STEPS);
        assert_int_equal(probes, max < all ? max : all);
        free(layers);
    }
}

static void test_thinning_of_few_or_none(void **state)
{
    struct store *store = *state;
    int64_t id = fill(store), empty = store_launch(store);
    struct db_layer *layers;
    size_t count;
    assert_int_equal(db_layers(store->db, empty, -1, 5, &layers, &count), DB_OK);
    assert_int_equal(count, 0);
    free(layers);
    assert_int_equal(db_layers(store->db, id, STEPS - 2, 5, &layers, &count), DB_OK);
    assert_int_equal(count, 2 * LAYERS);
    assert_int_equal(layers[0].step, STEPS - 1);
    free(layers);
    assert_int_equal(db_layers(store->db, id, STEPS - 2, 1, &layers, &count), DB_OK);
    assert_int_equal(count, 2 * LAYERS);
    free(layers);
}

static size_t rows_left(struct store *store, int64_t id)
{
    struct db_layer *layers;
    struct db_noise *noises;
    size_t layer_count, noise_count;
    assert_int_equal(db_layers(store->db, id, -1, 0, &layers, &layer_count), DB_OK);
    assert_int_equal(db_noises(store->db, id, -1, &noises, &noise_count), DB_OK);
    free(layers);
    free(noises);
    return 10 * layer_count + noise_count;
}

static void test_cutting_and_deleting_take_probes_along(void **state)
{
    struct store *store = *state;
    int64_t id = store_launch(store), other = store_launch(store);
    const struct db_histograms seen = histograms();
    const struct db_noise noises[] = {
        {10, 1, 2, 2},
        {20, 1, 2, 2}
    };
    struct db_layer layers[] = {store_layer(10, 0), store_layer(20, 0)};
    layers[0].histograms = layers[1].histograms = &seen;
    struct db_record records[] = {record_of(id, layers, 2, noises, 2),
                                  record_of(other, layers, 2, noises, 2)};
    assert_int_equal(db_record(store->db, records, 2), DB_OK);
    assert_int_equal(rows_left(store, id), 22);
    assert_int_equal(db_cut_after(store->db, id, 15), DB_OK);
    assert_int_equal(rows_left(store, id), 11);
    store_move(store, id, RUN_STOPPED);
    assert_int_equal(db_run_delete(store->db, id, NULL), DB_OK);
    assert_int_equal(rows_left(store, id), 0);
    assert_int_equal(rows_left(store, other), 22);
}

static void test_a_damaged_blob_is_an_error(void **state)
{
    struct store *store = *state;
    int64_t id = fill(store);
    struct db_layer *layers = NULL;
    size_t count;
    store_sql(store, "UPDATE layers SET histograms = x'0102' WHERE step = 10", NULL, 0);
    assert_int_equal(db_layers(store->db, id, -1, 0, &layers, &count), DB_ERROR);
    assert_null(layers);
}

#define STORE_TEST(name)                                                                 \
    cmocka_unit_test_setup_teardown(name, store_set_up, store_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_blob_is_little_endian),
        STORE_TEST(test_probes_come_back_to_the_bit),
        STORE_TEST(test_noise_comes_back),
        STORE_TEST(test_thinning_keeps_probes),
        STORE_TEST(test_thinning_of_few_or_none),
        STORE_TEST(test_cutting_and_deleting_take_probes_along),
        STORE_TEST(test_a_damaged_blob_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
