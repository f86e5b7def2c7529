/* Projections of made curves whose end is known, and of recorded ones (held out when the
 * constants were set): how often the truth lies in the intervals. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <string.h>

#include "engine/search/projection.h"
#include "tests/golden/learning_curves.inc"

enum { MOST = 600 };

static void assert_near(double a, double b, double tolerance)
{
    assert_true(fabs(a - b) <= tolerance);
}

struct curve {
    struct projection_point points[MOST];
    size_t count;
};

static void add(struct curve *curve, double seconds, double accuracy)
{
    curve->points[curve->count++] = (struct projection_point){seconds, accuracy};
}

/* 0.95 - 0.85 / (1 + t)^1.5, with a little deterministic noise, a point every second. */
static double rise(double t)
{
    return 0.95 - 0.85 * pow(1 + t, -1.5) + 0.003 * sin(37 * t);
}

static struct curve rising(size_t count)
{
    struct curve curve = {.count = 0};
    for (size_t i = 1; i <= count; i++)
        add(&curve, (double)i, rise((double)i));
    return curve;
}

static struct projection project(const struct curve *curve, double target, double horizon)
{
    struct projection out;
    assert_true(projection_make(curve->points, curve->count, target, horizon, &out));
    assert_true(out.level_low <= out.level && out.level <= out.level_high);
    assert_true(out.level_high <= 1 && out.chance >= 0 && out.chance <= 1);
    if (!isnan(out.seconds))
        assert_true(out.seconds_low <= out.seconds && out.seconds <= out.seconds_high);
    return out;
}

static void assert_same(const struct projection *a, const struct projection *b)
{
    assert_near(a->chance, b->chance, 1e-12);
    assert_near(a->level, b->level, 1e-12);
    assert_near(a->level_low, b->level_low, 1e-12);
    assert_near(a->level_high, b->level_high, 1e-12);
}

static void too_little_is_refused(void **state)
{
    (void)state;
    struct curve curve = rising(4);
    struct projection out, before;
    memset(&out, 7, sizeof out);
    before = out;
    assert_false(projection_make(curve.points, 0, 0.9, 10, &out));
    assert_false(projection_make(curve.points, 3, 0.9, 10, &out));
    assert_false(projection_make(curve.points, 4, 0.9, 4, &out));
    assert_false(projection_make(curve.points, 4, 0.9, INFINITY, &out));
    assert_false(projection_make(curve.points, 4, 0.9, NAN, &out));
    curve.points[1].accuracy = NAN;
    assert_false(projection_make(curve.points, 4, 0.9, 10, &out));
    assert_memory_equal(&out, &before, sizeof out);
}

static void points_without_use_change_nothing(void **state)
{
    (void)state;
    struct curve clean = rising(12), mixed = {.count = 0};
    for (size_t i = 0; i < clean.count; i++) {
        add(&mixed, clean.points[i].seconds, clean.points[i].accuracy);
        add(&mixed, clean.points[i].seconds, 0.5); /* the same moment again */
        add(&mixed, clean.points[i].seconds + 0.5, NAN);
        add(&mixed, i % 2 ? INFINITY : NAN, 0.5);
    }
    struct projection a = project(&clean, 0.94, 60), b = project(&mixed, 0.94, 60);
    assert_same(&a, &b);
    assert_near(a.seconds, b.seconds, 0);
}

static void a_met_target_is_certain(void **state)
{
    (void)state;
    struct curve curve = rising(10);
    struct projection out = project(&curve, 0.7, 20);
    assert_true(out.reached);
    assert_near(out.chance, 1, 0);
    assert_near(out.seconds, 2, 0); /* 0.95 - 0.85 / 3^1.5 = 0.79 */
    assert_near(out.seconds_low, 2, 0);
    assert_near(out.seconds_high, 2, 0);
    assert_true(out.level >= curve.points[9].accuracy);
}

static void a_smooth_rise_is_foreseen(void **state)
{
    (void)state;
    struct curve curve = rising(12);
    struct projection out = project(&curve, 0.94, 24);
    assert_false(out.reached);
    assert_true(out.chance > 0.5);
    assert_true(out.level_low < rise(24) && rise(24) < out.level_high);
    assert_true(out.level_high - out.level_low < 0.06);
    assert_true(out.seconds_low > 12 && out.seconds_high < 24);
    assert_true(out.seconds_low < 16 && out.seconds_high > 16); /* rise passes 0.94 */
    assert_true(project(&curve, 0.99, 24).chance < 0.05);
}

static void a_run_at_chance_level_levels_off(void **state)
{
    (void)state;
    struct curve curve = {.count = 0};
    for (size_t i = 1; i <= 20; i++)
        add(&curve, 0.01 * (double)i, i % 3 ? 0.098 : 0.1135);
    struct projection out = project(&curve, 0.9, 0.4);
    assert_true(out.chance < 0.01);
    assert_true(isnan(out.seconds) && isnan(out.seconds_low) && isnan(out.seconds_high));
    assert_true(out.level < 0.13);
    for (size_t i = 0; i < curve.count; i++)
        curve.points[i].accuracy = 0.1; /* not even noise */
    assert_true(project(&curve, 0.9, 0.4).level < 0.13);
}

static void the_first_rise_leaves_all_open(void **state)
{
    (void)state;
    struct curve curve = {.count = 0};
    const double accuracy[] = {0.10, 0.11, 0.13, 0.17, 0.23};
    for (size_t i = 0; i < 5; i++)
        add(&curve, 1 + (double)i, accuracy[i]);
    struct projection out = project(&curve, 0.8, 50);
    assert_true(out.level_high - out.level_low > 0.3);
    assert_true(out.chance > 0.05 && out.chance < 0.95);
}

static void a_run_that_fell_back_keeps_its_best(void **state)
{
    (void)state;
    struct curve curve = rising(10);
    double best = curve.points[9].accuracy;
    for (size_t i = 11; i <= 16; i++)
        add(&curve, (double)i, 0.1);
    struct projection out = project(&curve, 0.99, 32);
    assert_true(out.level_low >= best);
    assert_true(out.level < best + 0.05 && out.chance < 0.2);
}

static void the_perfect_run_stays_perfect(void **state)
{
    (void)state;
    struct curve curve = {.count = 0};
    for (size_t i = 0; i < 8; i++)
        add(&curve, (double)i, 1); /* and from second 0 on */
    struct projection out = project(&curve, 0.9, 1e300);
    assert_true(out.reached);
    assert_near(out.level_low, 1, 0);
}

/* Seconds or years: only their proportions count. */
static void the_unit_of_time_does_not_matter(void **state)
{
    (void)state;
    struct curve curve = rising(12);
    struct projection a = project(&curve, 0.94, 60), again = project(&curve, 0.94, 60);
    assert_same(&a, &again);
    for (size_t i = 0; i < curve.count; i++)
        curve.points[i].seconds /= 1024;
    struct projection b = project(&curve, 0.94, 60.0 / 1024);
    assert_same(&a, &b);
    assert_near(a.seconds, 1024 * b.seconds, 1e-9);
}

static void a_stall_or_warm_up_is_no_plateau(void **state)
{
    (void)state;
    struct curve curve = rising(12), late = curve, stalled = curve;
    for (size_t i = 0; i < curve.count; i++) {
        late.points[i].seconds += 30; /* before the first point */
        stalled.points[i].seconds += i >= 6 ? 30 : 0;
    }
    struct projection a = project(&curve, 0.94, 60), b = project(&late, 0.94, 90);
    assert_same(&a, &b);
    struct projection c = project(&stalled, 0.94, 60);
    assert_true(c.level_low < rise(30) && rise(30) < c.level_high);
}

static void long_runs_are_thinned(void **state)
{
    (void)state;
    struct curve curve = {.count = 0};
    for (size_t i = 1; i <= MOST; i++)
        add(&curve, 0.02 * (double)i, rise(0.02 * (double)i));
    struct projection out = project(&curve, 0.96, 24);
    assert_true(out.level_low < rise(24) && rise(24) < out.level_high);
    assert_true(out.level_high - out.level_low < 0.06);
}

static void odd_spacing_breaks_nothing(void **state)
{
    (void)state;
    struct curve curve = {.count = 0};
    add(&curve, 1e-9, 0.1);
    for (size_t i = 0; i < 99; i++)
        add(&curve, 1e6 + 1e-3 * (double)i, 0.5);
    project(&curve, 0.9, 2e6);
    project(&curve, NAN, 1e6 + 0.0991);
    curve.count = 4;
    project(&curve, 0.9, 1e300);
}

struct tally {
    int levels, levels_held, times, times_held, calls, calls_wrong;
};

static double best_of(const struct projection_point *points, size_t count)
{
    double best = 0;
    for (size_t i = 0; i < count; i++)
        best = fmax(best, points[i].accuracy);
    return best;
}

/* Both sides of an interval give way by the rounding of the recorded curves. */
static bool holds(double low, double high, double truth)
{
    return truth >= low - 1e-4 * fabs(low) && truth <= high + 1e-4 * fabs(high);
}

static void ask_target(struct tally *tally, const struct projection_point *points,
                       size_t count, size_t cut, double target)
{
    struct projection out;
    assert_true(projection_make(points, cut, target, points[count - 1].seconds, &out));
    size_t met = cut;
    while (met < count && points[met].accuracy < target)
        met++;
    if (out.chance < 0.05) {
        tally->calls++;
        tally->calls_wrong += met < count;
    }
    if (met < count && !isnan(out.seconds)) {
        tally->times++;
        tally->times_held +=
            holds(out.seconds_low, out.seconds_high, points[met].seconds);
    }
    if (target == 1) { /* once a cut */
        tally->levels++;
        tally->levels_held +=
            holds(out.level_low, out.level_high, best_of(points, count));
    }
}

static void recorded_curves_are_covered(void **state)
{
    (void)state;
    const double targets[] = {0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1};
    const size_t curves = sizeof curve_lengths / sizeof curve_lengths[0];
    struct tally tally = {0};
    const struct projection_point *points = curve_points;
    for (size_t i = 0; i < curves; points += curve_lengths[i++]) {
        size_t count = curve_lengths[i], cuts[] = {4, count / 3, count * 2 / 3};
        for (size_t j = i % 2; j < 3; j += 2)
            for (size_t k = 0; k < sizeof targets / sizeof targets[0]; k++)
                if (targets[k] > best_of(points, cuts[j]))
                    ask_target(&tally, points, count, cuts[j], targets[k]);
    }
    print_message("levels %d of %d, times %d of %d, wrong calls %d of %d\n",
                  tally.levels_held, tally.levels, tally.times_held, tally.times,
                  tally.calls_wrong, tally.calls);
    assert_in_range(100 * tally.levels_held / tally.levels, 68, 92);
    assert_in_range(100 * tally.times_held / tally.times, 68, 92);
    assert_true(tally.calls > 100 && 100 * tally.calls_wrong <= 3 * tally.calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_little_is_refused),
        cmocka_unit_test(points_without_use_change_nothing),
        cmocka_unit_test(a_met_target_is_certain),
        cmocka_unit_test(a_smooth_rise_is_foreseen),
        cmocka_unit_test(a_run_at_chance_level_levels_off),
        cmocka_unit_test(the_first_rise_leaves_all_open),
        cmocka_unit_test(a_run_that_fell_back_keeps_its_best),
        cmocka_unit_test(the_perfect_run_stays_perfect),
        cmocka_unit_test(the_unit_of_time_does_not_matter),
        cmocka_unit_test(a_stall_or_warm_up_is_no_plateau),
        cmocka_unit_test(long_runs_are_thinned),
        cmocka_unit_test(odd_spacing_breaks_nothing),
        cmocka_unit_test(recorded_curves_are_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
