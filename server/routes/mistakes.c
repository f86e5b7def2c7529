/* What a run's best model gets wrong: confusion matrix, scores by class, worst samples.
 */
#include "engine/train/mistakes.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/prediction_json.h"
#include "server/json/sample_json.h"
#include "server/routes/handlers.h"

#define BATCH_ROWS  256
#define MAX_LISTED  500
#define MAX_CLASSES 256
/* A tenth of a second or so of one core. */
#define MULTIPLY_ADDS 4e9

/* All that the answer is made of. */
struct view {
    const struct dataset_info *info;
    const struct dataset_split *split;
    enum loss loss;
    struct mistakes mistakes;
};

static void add_confusion(cJSON *object, const struct mistakes *mistakes)
{
    cJSON *rows = cJSON_AddArrayToObject(object, "confusion");
    for (size_t r = 0; r < mistakes->classes; r++) {
        cJSON *row = cJSON_CreateArray();
        for (size_t c = 0; c < mistakes->classes; c++)
            json_append(row,
                        number_to_json(mistakes->confusion[r * mistakes->classes + c]));
        json_append(rows, row);
    }
}

static void add_scores(cJSON *object, const struct view *view)
{
    cJSON *list = cJSON_AddArrayToObject(object, "per_class");
    for (size_t label = 0; label < view->info->classes; label++) {
        struct class_score score = mistakes_score(&view->mistakes, label);
        cJSON *item = cJSON_CreateObject();
        number_add(item, "label", (double)label);
        cJSON_AddStringToObject(item, "name", view->info->class_names[label]);
        number_add(item, "support", (double)score.support);
        number_add(item, "precision", score.precision);
        number_add(item, "recall", score.recall);
        number_add(item, "f1", score.f1);
        json_append(list, item);
    }
}

static void add_worst(cJSON *object, const struct view *view)
{
    const struct mistakes *mistakes = &view->mistakes;
    cJSON *list = cJSON_AddArrayToObject(object, "worst");
    for (size_t i = 0; i < mistakes->worst_count; i++) {
        const struct mistake *mistake = &mistakes->worst[i];
        const float *outputs = mistakes->worst_outputs + i * mistakes->outputs;
        cJSON *item = cJSON_CreateObject();
        number_add(item, "index", mistake->index);
        number_add(item, "label", mistake->label);
        number_add(item, "predicted", mistake->predicted);
        number_add(item, "loss", mistake->loss);
        json_add(item, "outputs",
                 prediction_outputs(view->loss, outputs, mistakes->outputs,
                                    mistake->predicted));
        sample_add_values(item, view->split->pixels ? "pixels" : "values", view->split,
                          view->info->features, mistake->index);
        json_append(list, item);
    }
}

static cJSON *view_to_json(const struct view *view)
{
    const struct mistakes *mistakes = &view->mistakes;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "which", "best");
    number_add(object, "count", (double)mistakes->count);
    number_add(object, "of", (double)mistakes->of);
    number_add(object, "accuracy", (double)mistakes->correct / (double)mistakes->count);
    cJSON *classes = cJSON_AddArrayToObject(object, "classes");
    for (size_t i = 0; i < view->info->classes; i++)
        json_append(classes, cJSON_CreateString(view->info->class_names[i]));
    add_confusion(object, mistakes);
    add_scores(object, view);
    number_add(object, "width", (double)view->info->width);
    number_add(object, "height", (double)view->info->height);
    number_add(object, "total", (double)mistakes->found);
    add_worst(object, view);
    cJSON_AddNullToObject(object, "next_cursor");
    return object;
}

static struct mistakes_question read_question(struct request *request)
{
    int64_t last = MAX_CLASSES - 1;
    return (struct mistakes_question){
        .budget = MULTIPLY_ADDS,
        .limit = (size_t)request_query_integer(request, "limit", 0, MAX_LISTED, 24),
        .offset = (size_t)request_query_integer(request, "offset", 0, 1000000000, 0),
        .actual = (int)request_query_integer(request, "actual", 0, last, MISTAKES_ANY),
        .predicted =
            (int)request_query_integer(request, "predicted", 0, last, MISTAKES_ANY),
    };
}

static void check_class(struct request *request, const char *field, int label,
                        const struct dataset_info *info)
{
    if (label >= (int)info->classes)
        request_add_problem(request, field, "must be a whole number from 0 to %zu",
                            info->classes - 1);
}

static enum MHD_Result reply_view(struct request *request,
                                  const struct checkpoint *checkpoint,
                                  const struct dataset *dataset,
                                  struct mistakes_question *question)
{
    struct engine_error error = {""};
    struct mlp *mlp = NULL;
    if (checkpoint_build_model(checkpoint, CHECKPOINT_BEST, BATCH_ROWS, &mlp, &error) !=
        ENGINE_OK)
        return reply_problem(request, 500, "%s", error.text);
    struct view view = {
        .info = dataset->info, .split = &dataset->test, .loss = mlp_loss(mlp)};
    question->of = (size_t)config_test_count(checkpoint_config(checkpoint));
    enum engine_status status =
        mistakes_find(mlp, BATCH_ROWS, view.info, view.split, question, &view.mistakes);
    mlp_free(mlp);
    if (status != ENGINE_OK)
        return reply_problem(request, 500, "the mistakes cannot be found: %s",
                             engine_status_name(status));
    cJSON *object = view_to_json(&view);
    mistakes_clear(&view.mistakes);
    return reply_json(request, MHD_HTTP_OK, object);
}

static enum MHD_Result reply_mistakes(struct request *request,
                                      const struct checkpoint *checkpoint,
                                      struct mistakes_question *question)
{
    struct engine_error error = {""};
    struct jobs *jobs = request->options->jobs;
    const struct dataset *dataset = NULL;
    const struct dataset_info *info = config_dataset(checkpoint_config(checkpoint));
    check_class(request, "actual", question->actual, info);
    check_class(request, "predicted", question->predicted, info);
    if (request->problems.count)
        return reply_bad_fields(request);
    if (jobs_dataset(jobs, info->name, &dataset, &error) != ENGINE_OK)
        return reply_problem(request, 404, "%s", error.text);
    enum MHD_Result result = reply_view(request, checkpoint, dataset, question);
    jobs_dataset_done(jobs, dataset);
    return result;
}

enum MHD_Result runs_mistakes(struct request *request)
{
    enum MHD_Result result;
    struct checkpoint *checkpoint;
    struct mistakes_question question = read_question(request);
    if (request->problems.count)
        return reply_bad_fields(request);
    if (!model_read_checkpoint(request, &checkpoint, &result))
        return result;
    result = reply_mistakes(request, checkpoint, &question);
    checkpoint_free(checkpoint);
    return result;
}
