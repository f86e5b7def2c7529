/* Schedules: PyTorch's where it has them, the header's formulas elsewhere, warm-up. */
#include "tests/engine/cmocka_all.h"

#include <math.h>

#include "engine/nn/schedule.h"

#define LR 0.3 /* of the goldens */

struct golden {
    enum schedule_kind kind;
    int64_t total;
    double rates[47];
};

static const struct golden goldens[] = {
#include "tests/golden/schedules.inc"
};

static void expect_near(double rate, double expected)
{
    if (!(fabs(rate - expected) <= 1e-9 * LR))
        fail_msg("%.17g, not %.17g", rate, expected);
}

static void test_as_pytorch(void **context)
{
    (void)context;
    for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++)
        for (int64_t step = 0; step < goldens[i].total; step++)
            expect_near(schedule_rate(goldens[i].kind, LR, step, goldens[i].total, 0),
                        goldens[i].rates[step]);
}

static void test_constant(void **context)
{
    (void)context;
    for (int64_t step = 0; step < 20; step++)
        assert_true(schedule_rate(SCHEDULE_CONSTANT, LR, step, 20, 0) == LR);
}

static void test_linear(void **context)
{
    (void)context;
    for (int64_t step = 0; step < 20; step++)
        expect_near(schedule_rate(SCHEDULE_LINEAR, LR, step, 20, 0),
                    LR * (1 - 0.9 * (double)step / 19));
    expect_near(schedule_rate(SCHEDULE_LINEAR, LR, 19, 20, 0), LR / 10);
}

static void test_step(void **context)
{
    (void)context;
    for (int64_t step = 0; step < 30; step++)
        expect_near(schedule_rate(SCHEDULE_STEP, LR, step, 30, 0), step < 10 ? LR
                                                                   : step < 20
                                                                       ? LR / 10
                                                                       : LR / 100);
    expect_near(schedule_rate(SCHEDULE_STEP, LR, 3, 10, 0), LR);
    expect_near(schedule_rate(SCHEDULE_STEP, LR, 4, 10, 0), LR / 10);
}

/* Warm-up multiplies whatever the schedule says and then is gone. */
static void test_warmup(void **context)
{
    (void)context;
    for (enum schedule_kind kind = SCHEDULE_CONSTANT; kind <= SCHEDULE_ONE_CYCLE; kind++)
        for (int64_t step = 0; step < 20; step++) {
            double factor = step < 8 ? (double)(step + 1) / 8 : 1;
            expect_near(schedule_rate(kind, LR, step, 20, 8),
                        factor * schedule_rate(kind, LR, step, 20, 0));
        }
}

/* Even the shortest run gets rates that train: none of them NaN, negative or above lr. */
static void test_short_runs(void **context)
{
    (void)context;
    for (enum schedule_kind kind = SCHEDULE_CONSTANT; kind <= SCHEDULE_ONE_CYCLE; kind++)
        for (int64_t total = 1; total <= 40; total++)
            for (int64_t step = 0; step < total; step++) {
                double rate = schedule_rate(kind, LR, step, total, 0);
                assert_true(rate >= -1e-12 && rate <= LR * (1 + 1e-12));
                assert_true(step > 0 || rate >= LR / 25 * (1 - 1e-12));
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_pytorch), cmocka_unit_test(test_constant),
        cmocka_unit_test(test_linear),     cmocka_unit_test(test_step),
        cmocka_unit_test(test_warmup),     cmocka_unit_test(test_short_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
