/* What diagnostics see: histograms, activations, and the noise scale against its own
 * definition over single samples. */
#include "tests/engine/cmocka_all.h"

#include "engine/nn/optimizer.h"
#include "engine/train/histogram.h"
#include "tests/engine/diary.h"

static void test_histogram_counts_everything_finite(void **context)
{
    (void)context;
    const float values[] = {0, 32, 0.5f, 1, 31.99f, 16, -NAN, INFINITY, -INFINITY};
    struct histogram h = histogram_of(values, sizeof values / sizeof *values);
    assert_true(h.low == 0 && h.high == 32);
    assert_int_equal(h.counts[0], 2);
    assert_int_equal(h.counts[1], 1);
    assert_int_equal(h.counts[16], 1);
    assert_int_equal(h.counts[31], 2);
    size_t sum = 0;
    for (size_t i = 0; i < HISTOGRAM_BINS; i++)
        sum += h.counts[i];
    assert_int_equal(sum, 6);
}

static void test_histogram_of_little(void **context)
{
    (void)context;
    const float same[] = {3, 3, 3}, none[] = {NAN}, far[] = {-3e38f, 3e38f};
    struct histogram h = histogram_of(same, 3);
    assert_true(h.low == 3 && h.high == 3 && h.counts[0] == 3);
    h = histogram_of(none, 1);
    assert_true(isnan(h.low) && isnan(h.high) && h.counts[0] == 0);
    h = histogram_of(far, 2);
    assert_true(h.counts[0] == 1 && h.counts[31] == 1);
}

/* --- a run's probes ------------------------------------------------------------------
 */

struct sight {
    struct layer_stats layers[MLP_MAX_LAYERS];
    struct noise_scale noise;
    size_t probes, points;
};

static void look(void *context, struct trainer *trainer, const struct train_point *point)
{
    struct sight *sight = context;
    size_t count;
    const struct layer_stats *layers = trainer_layers(trainer, &count);
    (void)point;
    sight->points++;
    sight->probes += layers[0].probed;
    assert_true(layers[0].probed == isfinite(trainer_noise(trainer).gradient_variance));
    if (!layers[0].probed)
        return;
    sight->noise = trainer_noise(trainer);
    memcpy(sight->layers, layers, count * sizeof *layers);
}

static struct sight train_and_look(const struct train_config *config)
{
    struct sight sight = {.probes = 0};
    const struct trainer_callbacks callbacks = {.context = &sight, .on_point = look};
    struct trainer *trainer = new_trainer(config, NULL);
    trainer_run(trainer, &callbacks);
    trainer_free(trainer);
    return sight;
}

static size_t sum_of(const struct histogram *h)
{
    size_t sum = 0;
    for (size_t i = 0; i < HISTOGRAM_BINS; i++)
        sum += h->counts[i];
    return sum;
}

static void test_sees_the_layers(void **context)
{
    (void)context;
    for (int engine = 0; engine <= ENGINE_KIND_SCALAR; engine++) {
        struct train_config config = small_config();
        config.engine = engine;
        struct sight sight = train_and_look(&config);
        const struct layer_stats *hidden = &sight.layers[0], *last = &sight.layers[1];
        assert_true(sight.probes > 0);
        assert_int_equal(sum_of(&hidden->weights), 16);
        assert_int_equal(sum_of(&hidden->gradients), 16);
        assert_int_equal(sum_of(&hidden->activations), 96 * 8);
        assert_int_equal(sum_of(&last->activations), 96 * 2);
        assert_true(hidden->activations.low >= 0);
        assert_true(hidden->activation_mean > 0 && hidden->activation_deviation > 0);
        assert_true(hidden->dead_fraction >= 0 && hidden->dead_fraction < 1);
        assert_true(isnan(last->dead_fraction) && isnan(hidden->saturated_fraction));
    }
}

/* Fresh weights saturate few units; steps as long as these throw most to their limits. */
static void test_sees_saturation(void **context)
{
    (void)context;
    for (int a = ACTIVATION_TANH; a <= ACTIVATION_SIGMOID; a++) {
        struct train_config config = small_config();
        config.activation = a;
        config.lr = 1e-9;
        struct sight fresh = train_and_look(&config);
        assert_true(fresh.layers[0].saturated_fraction < 0.2);
        assert_true(isnan(fresh.layers[0].dead_fraction));
        config.lr = 100;
        config.epochs = 40;
        assert_true(train_and_look(&config).layers[0].saturated_fraction > 0.5);
    }
}

/* One step so long that every unit of a relu layer is thrown to the dead side. */
static void test_sees_dead_units(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.lr = 20;
    config.epochs = 40;
    struct sight sight = train_and_look(&config);
    assert_true(sight.layers[0].dead_fraction > 0.5);
    assert_true(sight.layers[0].dead_fraction <= 1);
}

static void test_can_be_switched_off(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.diagnostics = false;
    struct sight sight = train_and_look(&config);
    assert_true(sight.points > 0 && sight.probes == 0);
}

/* The first point, each fourfold, and then every 40 times the probe's samples. */
static void test_probes_keep_their_distance(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.train_samples = 16;
    config.epochs = 1000; /* a step of 16 and a point each */
    assert_int_equal(train_and_look(&config).probes, 3 + (1000 - 16) / 40);
}

/* |G|^2 and tr(Sigma) by definition: from every single training sample's gradient at the
 * weights the run starts from. */
static struct noise_scale noise_by_definition(const struct train_config *config,
                                              size_t samples)
{
    struct mlp_shape shape = config_shape(config);
    struct mlp *mlp = NULL;
    struct rng rng;
    rng_init(&rng, (uint64_t)config->seed, RNG_STREAM_INIT);
    assert_int_equal(mlp_new(&shape, samples, &mlp), ENGINE_OK);
    mlp_initialise(mlp, (enum init)config->init, &rng);
    double squares = 0;
    for (uint32_t i = 0; i < samples; i++) {
        uint8_t label;
        dataset_gather(&moons->train, 2, &i, 1, mlp_inputs(mlp), &label);
        mlp_gradient(mlp, &label, 1);
        double norm = optimizer_norm(mlp_gradients(mlp), mlp_size(mlp));
        squares += norm * norm / (double)samples;
    }
    memcpy(mlp_inputs(mlp), moons->train.values, samples * 2 * sizeof(float));
    mlp_gradient(mlp, moons->train.labels, samples);
    double norm = optimizer_norm(mlp_gradients(mlp), mlp_size(mlp));
    mlp_free(mlp);
    return (struct noise_scale){norm * norm, squares - norm * norm, NAN};
}

/* The estimates come from 15 differences of batches, so their own deviation is about
 * sqrt(2 / 15) of the variance; half is a bound that a wrong formula does not meet. */
static void test_noise_scale_as_defined(void **context)
{
    (void)context;
    struct train_config config = small_config();
    config.train_samples = 1000;
    config.batch_size = 1000;
    config.lr = 1e-30; /* the weights stay */
    config.epochs = 1;
    struct noise_scale noise = train_and_look(&config).noise;
    struct noise_scale expected = noise_by_definition(&config, 1000);
    double variance = expected.gradient_variance, squared = expected.gradient_squared;
    assert_true(fabs(noise.gradient_variance - variance) < 0.5 * variance);
    assert_true(fabs(noise.gradient_squared - squared) < 0.1 * squared + variance / 1000);
    assert_true(fabs(noise.scale * noise.gradient_squared - noise.gradient_variance) <
                1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histogram_counts_everything_finite),
        cmocka_unit_test(test_histogram_of_little),
        cmocka_unit_test(test_sees_the_layers),
        cmocka_unit_test(test_sees_saturation),
        cmocka_unit_test(test_sees_dead_units),
        cmocka_unit_test(test_can_be_switched_off),
        cmocka_unit_test(test_probes_keep_their_distance),
        cmocka_unit_test(test_noise_scale_as_defined),
    };
    return cmocka_run_group_tests(tests, open_moons, close_moons);
}
