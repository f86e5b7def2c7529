/* What a model gets wrong, against a count over one row at a time. */
#include "tests/engine/cmocka_all.h"

#include <math.h>
#include <stdlib.h>

#include "engine/train/mistakes.h"

#define ROWS 7 /* a call; odd, so that the last batch is short */

static struct dataset *moons, *spirals;

static struct mlp *new_model(const struct dataset *dataset, enum loss loss)
{
    struct mlp *mlp = NULL;
    bool one_output = loss == LOSS_HINGE && dataset->info->classes == 2;
    struct mlp_shape shape = {.inputs = 2,
                              .outputs = one_output ? 1 : dataset->info->classes,
                              .hidden = {5},
                              .hidden_count = 1,
                              .loss = loss};
    struct rng rng;
    rng_init(&rng, 3, 0);
    assert_int_equal(mlp_new(&shape, ROWS, &mlp), ENGINE_OK);
    mlp_initialise(mlp, INIT_MICROGRAD, &rng);
    return mlp;
}

static struct mistakes find(struct mlp *mlp, const struct dataset *dataset,
                            const struct mistakes_question *question)
{
    struct mistakes mistakes;
    assert_int_equal(
        mistakes_find(mlp, ROWS, dataset->info, &dataset->test, question, &mistakes),
        ENGINE_OK);
    return mistakes;
}

static struct mistakes_question all_of(size_t count)
{
    return (struct mistakes_question){.of = count,
                                      .budget = 1e9,
                                      .actual = MISTAKES_ANY,
                                      .predicted = MISTAKES_ANY,
                                      .limit = 1000};
}

/* Loss, answer and outputs of one sample, by a call of its own. */
static struct mistake judge_one(struct mlp *mlp, const struct dataset *dataset,
                                uint32_t index, const float **outputs)
{
    uint8_t label;
    dataset_gather(&dataset->test, 2, &index, 1, mlp_inputs(mlp), &label);
    struct mlp_result result = mlp_evaluate(mlp, &label, 1);
    *outputs = mlp_forward(mlp, 1);
    return (struct mistake){index, label, (uint8_t)mlp_label(mlp, *outputs),
                            result.loss_sum};
}

static void expect_as_one_by_one(struct mlp *mlp, const struct dataset *dataset,
                                 size_t count)
{
    struct mistakes_question question = all_of(count);
    struct mistakes mistakes = find(mlp, dataset, &question);
    size_t classes = dataset->info->classes, correct = 0, confusion[9] = {0};
    const float *outputs;
    for (uint32_t i = 0; i < count; i++) {
        struct mistake one = judge_one(mlp, dataset, i, &outputs);
        confusion[one.label * classes + one.predicted]++;
        correct += one.label == one.predicted;
    }
    assert_int_equal(mistakes.count, count);
    assert_int_equal(mistakes.of, count);
    assert_int_equal(mistakes.correct, correct);
    for (size_t i = 0; i < classes * classes; i++)
        assert_int_equal(mistakes.confusion[i], confusion[i]);
    assert_int_equal(mistakes.found, count - correct);
    assert_int_equal(mistakes.worst_count, count - correct);
    for (size_t i = 0; i < mistakes.worst_count; i++) {
        const struct mistake *listed = &mistakes.worst[i];
        struct mistake one = judge_one(mlp, dataset, listed->index, &outputs);
        assert_int_equal(listed->label, one.label);
        assert_int_equal(listed->predicted, one.predicted);
        assert_int_not_equal(one.label, one.predicted);
        assert_true(fabs(listed->loss - one.loss) <= 1e-5 * (1 + one.loss));
        assert_true(i == 0 || listed->loss <= listed[-1].loss);
        for (size_t c = 0; c < mistakes.outputs; c++) {
            double listed_output = mistakes.worst_outputs[i * mistakes.outputs + c];
            assert_true(fabs(listed_output - outputs[c]) <= 1e-5);
        }
    }
    mistakes_clear(&mistakes);
}

static void test_counts_as_one_by_one(void **context)
{
    static const enum loss losses[] = {LOSS_CROSS_ENTROPY, LOSS_MSE, LOSS_HINGE};
    (void)context;
    for (size_t i = 0; i < 3; i++) {
        struct mlp *two = new_model(moons, losses[i]);
        struct mlp *three = new_model(spirals, losses[i]);
        expect_as_one_by_one(two, moons, 100);
        expect_as_one_by_one(three, spirals, 60);
        mlp_free(two);
        mlp_free(three);
    }
}

static void test_lists_a_cell_and_a_part(void **context)
{
    (void)context;
    struct mlp *mlp = new_model(spirals, LOSS_CROSS_ENTROPY);
    size_t sum = 0;
    for (int actual = 0; actual < 3; actual++)
        for (int predicted = 0; predicted < 3; predicted++) {
            struct mistakes_question question = all_of(90);
            question.actual = actual;
            question.predicted = predicted;
            struct mistakes cell = find(mlp, spirals, &question);
            assert_int_equal(cell.found, cell.confusion[actual * 3 + predicted]);
            for (size_t i = 0; i < cell.worst_count; i++)
                assert_true(cell.worst[i].label == actual &&
                            cell.worst[i].predicted == predicted);
            sum += cell.found;
            mistakes_clear(&cell);
        }
    assert_int_equal(sum, 90);

    struct mistakes_question question = all_of(90);
    struct mistakes whole = find(mlp, spirals, &question);
    question.offset = 4;
    question.limit = 10;
    struct mistakes part = find(mlp, spirals, &question);
    assert_int_equal(part.found, whole.found);
    assert_int_equal(part.worst_count, 10);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(part.worst[i].index, whole.worst[i + 4].index);
    mistakes_clear(&part);
    question.offset = 100000;
    part = find(mlp, spirals, &question);
    assert_int_equal(part.worst_count, 0);
    mistakes_clear(&part);
    mistakes_clear(&whole);

    question = all_of(90);
    question.predicted = 1;
    part = find(mlp, spirals, &question);
    assert_int_equal(part.found, part.confusion[1] + part.confusion[7]);
    mistakes_clear(&part);
    mlp_free(mlp);
}

static void test_keeps_to_its_budget(void **context)
{
    (void)context;
    struct mlp *mlp = new_model(moons, LOSS_CROSS_ENTROPY); /* 20 multiply-adds a row */
    struct mistakes_question question = all_of(moons->test.count);
    question.budget = 20 * 300;
    struct mistakes mistakes = find(mlp, moons, &question);
    assert_int_equal(mistakes.count, 300);
    assert_int_equal(mistakes.of, moons->test.count);
    mistakes_clear(&mistakes);
    question.budget = 1;
    mistakes = find(mlp, moons, &question);
    assert_int_equal(mistakes.count, MISTAKES_MIN_SAMPLES);
    mistakes_clear(&mistakes);
    question.of = 1000000;
    question.budget = 1e9;
    mistakes = find(mlp, moons, &question);
    assert_int_equal(mistakes.count, moons->test.count);
    mistakes_clear(&mistakes);
    mlp_free(mlp);
}

static void test_scores(void **context)
{
    (void)context;
    uint32_t confusion[9] = {8, 2, 0, 1, 9, 0, 0, 0, 0};
    struct mistakes mistakes = {.classes = 3, .confusion = confusion};
    struct class_score first = mistakes_score(&mistakes, 0);
    assert_int_equal(first.support, 10);
    assert_true(first.precision == 8.0 / 9 && first.recall == 0.8);
    assert_true(first.f1 == 16.0 / 19);
    struct class_score none = mistakes_score(&mistakes, 2);
    assert_int_equal(none.support, 0);
    assert_true(isnan(none.precision) && isnan(none.recall) && isnan(none.f1));
}

/* A model that has blown up is listed too, in the order of the split. */
static void test_not_finite(void **context)
{
    (void)context;
    struct mlp *mlp = new_model(moons, LOSS_CROSS_ENTROPY);
    for (size_t i = 0; i < mlp_size(mlp); i++)
        mlp_parameters(mlp)[i] = NAN;
    struct mistakes_question question = all_of(20);
    struct mistakes mistakes = find(mlp, moons, &question);
    assert_int_equal(mistakes.count, 20);
    assert_int_equal(mistakes.worst_count, 10);
    for (size_t i = 0; i < 10; i++) {
        assert_true(isnan(mistakes.worst[i].loss));
        assert_int_equal(mistakes.worst[i].index, 2 * i + 1);
    }
    mistakes_clear(&mistakes);
    mlp_free(mlp);
}

static void test_refuses_what_does_not_fit(void **context)
{
    (void)context;
    struct mlp *mlp = new_model(spirals, LOSS_CROSS_ENTROPY);
    struct mistakes_question question = all_of(20);
    struct mistakes mistakes;
    assert_int_equal(
        mistakes_find(mlp, ROWS, moons->info, &moons->test, &question, &mistakes),
        ENGINE_INVALID);
    mlp_free(mlp);
}

static int open_sets(void **context)
{
    (void)context;
    bool opened = dataset_open("moons", NULL, 0, &moons, NULL) == ENGINE_OK &&
                  dataset_open("spirals", NULL, 0, &spirals, NULL) == ENGINE_OK;
    return opened ? 0 : -1;
}

static int close_sets(void **context)
{
    (void)context;
    dataset_close(moons);
    dataset_close(spirals);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_as_one_by_one),
        cmocka_unit_test(test_lists_a_cell_and_a_part),
        cmocka_unit_test(test_keeps_to_its_budget),
        cmocka_unit_test(test_scores),
        cmocka_unit_test(test_not_finite),
        cmocka_unit_test(test_refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, open_sets, close_sets);
}
