/* Pruners, each on courses of runs whose fate can be told by hand. */
#include "tests/engine/cmocka_all.h"

#include <math.h>

#include "engine/search/pruner.h"

#define TARGET 0.9

static struct pruner *new_pruner(enum pruner_kind kind, enum pruner_resource resource)
{
    struct pruner_options options = {
        .kind = kind,
        .resource = resource,
        .first_rung = 1,
        .goal = {OBJECTIVE_TIME_TO_TARGET, TARGET, INFINITY},
    };
    struct pruner *pruner;
    assert_int_equal(pruner_new(&options, &pruner), ENGINE_OK);
    return pruner;
}

/* A point at `seconds`, at 100 samples a second. */
static bool hear(struct pruner *pruner, int64_t run, double seconds, double accuracy)
{
    struct pruner_point point = {seconds, (int64_t)(100 * seconds), accuracy, 100};
    return pruner_hear(pruner, run, &point);
}

/* A run with one point that ends unpruned. */
static void add_ended(struct pruner *pruner, int64_t run, double seconds, double accuracy)
{
    assert_false(hear(pruner, run, seconds, accuracy));
    pruner_end(pruner, run, false);
}

static void test_none_prunes_nothing(void **context)
{
    (void)context;
    struct pruner *pruner = new_pruner(PRUNER_NONE, PRUNER_SECONDS);
    for (int run = 0; run < 20; run++)
        add_ended(pruner, run, 1, 0.5);
    assert_false(hear(pruner, 20, 90, 0.1));
    pruner_free(pruner);
}

static void test_median_needs_five_and_goes_by_the_same_time(void **context)
{
    (void)context;
    struct pruner *pruner = new_pruner(PRUNER_MEDIAN, PRUNER_SECONDS);
    for (int run = 0; run < 4; run++)
        add_ended(pruner, run, 2, 0.5 + 0.1 * run); /* 0.5 0.6 0.7 0.8 */
    assert_false(hear(pruner, 10, 2, 0.1));
    add_ended(pruner, 4, 2, 0.55); /* median 0.6 */
    assert_true(hear(pruner, 11, 2, 0.59));
    assert_false(hear(pruner, 12, 2, 0.6));
    assert_false(hear(pruner, 13, 1.9, 0.1)); /* nobody had a point by then */
    assert_false(hear(pruner, 13, 1.95, 0.65));
    assert_false(hear(pruner, 13, 3, 0.2)); /* it once had more */
    pruner_free(pruner);
}

static void test_median_leaves_out_the_pruned(void **context)
{
    (void)context;
    struct pruner *pruner = new_pruner(PRUNER_MEDIAN, PRUNER_SAMPLES);
    for (int run = 0; run < 5; run++)
        add_ended(pruner, run, 1, 0.5);
    for (int run = 5; run < 20; run++) {
        assert_false(hear(pruner, run, 1, 0.8));
        pruner_end(pruner, run, true);
    }
    assert_false(hear(pruner, 20, 1, 0.5));
    assert_true(hear(pruner, 21, 1, 0.49));
    pruner_free(pruner);
}

/* One that met the target stays ahead of those that have more accuracy below it. */
static void test_who_met_the_target_is_ahead(void **context)
{
    (void)context;
    struct pruner *pruner = new_pruner(PRUNER_MEDIAN, PRUNER_SECONDS);
    for (int run = 0; run < 5; run++)
        add_ended(pruner, run, 1, TARGET);
    assert_true(hear(pruner, 10, 1, 0.899));
    assert_false(hear(pruner, 11, 50, TARGET));
    pruner_free(pruner);
}

static void test_asha_keeps_a_quarter_at_each_rung(void **context)
{
    (void)context;
    struct pruner *pruner = new_pruner(PRUNER_ASHA, PRUNER_SECONDS);
    assert_false(hear(pruner, 0, 0.9, 0.10)); /* below the first rung */
    assert_false(hear(pruner, 0, 1.0, 0.50)); /* the first to come to it */
    assert_true(hear(pruner, 1, 1.0, 0.40));
    assert_false(hear(pruner, 2, 1.5, 0.60));
    assert_true(hear(pruner, 3, 1.0, 0.55));
    for (int run = 4; run < 7; run++)
        assert_true(hear(pruner, run, 1.0, 0.1));
    assert_false(hear(pruner, 7, 1.0, 0.58)); /* second of eight */
    assert_false(hear(pruner, 0, 3.9, 0.51)); /* between rungs nobody falls */
    assert_false(hear(pruner, 0, 4.0, 0.7));
    assert_true(hear(pruner, 2, 4.0, 0.69));
    pruner_free(pruner);
}

static void test_asha_counts_rungs_in_samples(void **context)
{
    (void)context;
    struct pruner_options options = {
        .kind = PRUNER_ASHA,
        .resource = PRUNER_SAMPLES,
        .first_rung = 1000,
        .goal = {OBJECTIVE_BEST_ACCURACY, NAN, INFINITY},
    };
    struct pruner *pruner;
    assert_int_equal(pruner_new(&options, &pruner), ENGINE_OK);
    assert_false(hear(pruner, 0, 10, 0.5));
    assert_false(hear(pruner, 1, 9.99, 0.1));
    assert_true(hear(pruner, 1, 10, 0.1));
    pruner_free(pruner);
}

static void test_asha_passes_who_met_the_target_through_all_rungs(void **context)
{
    (void)context;
    struct pruner *pruner = new_pruner(PRUNER_ASHA, PRUNER_SECONDS);
    add_ended(pruner, 0, 0.5, TARGET);
    assert_true(hear(pruner, 1, 1, 0.89));
    assert_false(hear(pruner, 2, 1, TARGET));
    pruner_free(pruner);
}

/* a - b / t: comes to 0.95, or to 0.5. */
static bool run_course(struct pruner *pruner, int64_t run, double level, int until)
{
    for (int t = 1; t <= until; t++)
        if (hear(pruner, run, t, level - 0.4 / t))
            return true;
    return false;
}

static void test_projection_stops_what_levels_off(void **context)
{
    (void)context;
    struct pruner *pruner = new_pruner(PRUNER_PROJECTION, PRUNER_SECONDS);
    assert_false(run_course(pruner, 0, 0.95, 20));
    assert_true(run_course(pruner, 1, 0.5, 20));
    pruner_free(pruner);
}

static void test_projection_stops_what_is_later_than_the_soonest(void **context)
{
    (void)context;
    struct pruner *pruner = new_pruner(PRUNER_PROJECTION, PRUNER_SECONDS);
    assert_false(hear(pruner, 0, 2, TARGET));
    assert_false(hear(pruner, 1, 3, 0.85)); /* within the slack */
    assert_true(hear(pruner, 1, 3.1, 0.89));
    pruner_free(pruner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none_prunes_nothing),
        cmocka_unit_test(test_median_needs_five_and_goes_by_the_same_time),
        cmocka_unit_test(test_median_leaves_out_the_pruned),
        cmocka_unit_test(test_who_met_the_target_is_ahead),
        cmocka_unit_test(test_asha_keeps_a_quarter_at_each_rung),
        cmocka_unit_test(test_asha_counts_rungs_in_samples),
        cmocka_unit_test(test_asha_passes_who_met_the_target_through_all_rungs),
        cmocka_unit_test(test_projection_stops_what_levels_off),
        cmocka_unit_test(test_projection_stops_what_is_later_than_the_soonest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
