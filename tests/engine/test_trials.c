/* Scores, medians and ranks of trials, held to the cases that the page is held to. */
#include "tests/engine/cmocka_all.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/search/trials.h"

#define MAX_TRIALS 64
#define MAX_CELLS  16

static cJSON *read_cases(void)
{
    static char text[1 << 20];
    FILE *file = fopen("tests/golden/trial_cases.json", "r");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    cJSON *cases = cJSON_Parse(text);
    assert_non_null(cases);
    return cases;
}

static const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);
    assert_non_null(found);
    return found;
}

static double number(const cJSON *object, const char *name, double null)
{
    const cJSON *found = member(object, name);
    return cJSON_IsNull(found) ? null : found->valuedouble;
}

static enum trial_state state_of(const char *name)
{
    static const struct {
        const char *name;
        enum trial_state state;
    } states[] = {
        {"queued",   TRIAL_LIVE    },
        {"running",  TRIAL_LIVE    },
        {"paused",   TRIAL_LIVE    },
        {"finished", TRIAL_DONE    },
        {"stopped",  TRIAL_STOPPED },
        {"pruned",   TRIAL_PRUNED  },
        {"diverged", TRIAL_DIVERGED},
        {"failed",   TRIAL_FAILED  },
    };
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i].name, name) == 0)
            return states[i].state;
    fail_msg("no state %s", name);
    return TRIAL_FAILED;
}

static struct goal goal_of(const cJSON *object)
{
    struct goal goal = {.objective = OBJECTIVE_TIME_TO_TARGET,
                        .target = number(object, "target", NAN),
                        .budget = number(object, "budget", INFINITY)};
    while (strcmp(objective_name(goal.objective),
                  member(object, "objective")->valuestring) != 0)
        goal.objective++;
    return goal;
}

static struct trial trial_of(const cJSON *object, struct trial_step *steps)
{
    struct trial trial = {.cell = (size_t)number(object, "cell", 0),
                          .state = state_of(member(object, "state")->valuestring),
                          .final_loss = number(object, "final_loss", NAN),
                          .steps = steps};
    const cJSON *step;
    cJSON_ArrayForEach(step, member(object, "steps"))
    {
        double values[4];
        for (int i = 0; i < 4; i++)
            values[i] = cJSON_GetArrayItem(step, i)->valuedouble;
        steps[trial.count++] = (struct trial_step){
            values[0], values[1], (int64_t)values[2], (int64_t)values[3]};
    }
    return trial;
}

static void expect_number(const char *name, const cJSON *expected, const char *field,
                          double found)
{
    double wanted = number(expected, field, NAN);
    if (isnan(wanted) != isnan(found) || fabs(wanted - found) > 1e-12)
        fail_msg("%s: %s is %.17g, not %.17g", name, field, found, wanted);
}

static void expect_cell(const char *name, const cJSON *expected, const struct cell *cell)
{
    assert_int_equal(cell->score.counts, cJSON_IsTrue(member(expected, "counts")));
    assert_int_equal(cell->score.reached, cJSON_IsTrue(member(expected, "reached")));
    expect_number(name, expected, "value", cell->score.value);
    expect_number(name, expected, "accuracy", cell->score.accuracy);
    expect_number(name, expected, "low", cell->low);
    expect_number(name, expected, "high", cell->high);
    expect_number(name, expected, "rank", cell->rank ? (double)cell->rank : NAN);
    expect_number(name, expected, "trials", (double)cell->trials);
    expect_number(name, expected, "counted", (double)cell->counted);
    expect_number(name, expected, "reached_trials", (double)cell->reached);
    expect_number(name, expected, "live", (double)cell->live);
    expect_number(name, expected, "pruned", (double)cell->pruned);
    expect_number(name, expected, "diverged", (double)cell->diverged);
    expect_number(name, expected, "failed", (double)cell->failed);
}

static void test_the_shared_cases(void **context)
{
    (void)context;
    static struct trial_step steps[MAX_TRIALS][16];
    cJSON *cases = read_cases();
    const cJSON *item, *object;
    int seen = 0;
    cJSON_ArrayForEach(item, cases)
    {
        const char *name = member(item, "name")->valuestring;
        struct goal goal = goal_of(member(item, "goal"));
        struct trial trials[MAX_TRIALS];
        struct cell cells[MAX_CELLS];
        size_t count = 0, cell_count = (size_t)number(item, "cells", 0);
        cJSON_ArrayForEach(object, member(item, "trials"))
        {
            trials[count] = trial_of(object, steps[count]);
            count++;
        }
        assert_true(trials_sum_up(trials, count, &goal, cells, cell_count));
        for (size_t i = 0; i < cell_count; i++)
            expect_cell(name, cJSON_GetArrayItem(member(item, "expected"), (int)i),
                        &cells[i]);
        seen++;
    }
    assert_true(seen >= 40);
    cJSON_Delete(cases);
}

/* The step at which a trial did what the goal asks for. */
static void test_the_step_that_counts(void **context)
{
    (void)context;
    const struct trial_step steps[] = {
        {1, 0.5,  100, 10},
        {2, 0.9,  200, 20},
        {4, 0.95, 400, 40}
    };
    const struct trial trial = {.state = TRIAL_DONE, .steps = steps, .count = 3};
    struct goal goal = {OBJECTIVE_TIME_TO_TARGET, 0.9, INFINITY};
    assert_ptr_equal(trial_counting_step(&trial, &goal), &steps[1]);
    goal.target = 0.96;
    assert_null(trial_counting_step(&trial, &goal));
    goal = (struct goal){OBJECTIVE_ACCURACY_WITHIN, 0.9, 3};
    assert_ptr_equal(trial_counting_step(&trial, &goal), &steps[1]);
    goal.budget = 0.5;
    assert_null(trial_counting_step(&trial, &goal));
    goal.objective = OBJECTIVE_BEST_ACCURACY;
    assert_ptr_equal(trial_counting_step(&trial, &goal), &steps[2]);
}

static void test_equal_scores_have_one_loss(void **context)
{
    (void)context;
    const struct score scores[] = {
        {true,  true,  3,   0.9},
        {false, false, NAN, NAN},
        {true,  true,  1,   0.9},
        {true,  false, NAN, 0.5},
        {true,  true,  3,   0.8},
        {true,  false, NAN, 0.6}
    };
    double losses[6];
    assert_true(scores_losses(scores, 6, OBJECTIVE_TIME_TO_TARGET, losses));
    assert_true(losses[2] == 0 && losses[0] == 1 && losses[4] == 1);
    assert_true(losses[5] == 3 && losses[3] == 4 && isnan(losses[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_shared_cases),
        cmocka_unit_test(test_the_step_that_counts),
        cmocka_unit_test(test_equal_scores_have_one_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
