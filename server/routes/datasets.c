/* Datasets: what there is, how it is spread over the classes, and what it looks like. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/data/dataset.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/sample_json.h"
#include "server/routes/handlers.h"

/* Of one answer; wide samples are fewer. */
#define MAX_NUMBERS ((size_t)1000000)

static cJSON *info_to_json(const struct dataset_info *info, bool present)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", info->name);
    cJSON_AddStringToObject(object, "title", info->title);
    cJSON_AddStringToObject(object, "description", info->description);
    cJSON_AddBoolToObject(object, "synthetic", info->synthetic);
    cJSON_AddBoolToObject(object, "uploaded", info->uploaded);
    cJSON_AddBoolToObject(object, "present", present);
    number_add(object, "width", (double)info->width);
    number_add(object, "height", (double)info->height);
    number_add(object, "features", (double)info->features);
    number_add(object, "classes", (double)info->classes);
    number_add(object, "train_count", (double)info->train_count);
    number_add(object, "test_count", (double)info->test_count);
    cJSON *names = cJSON_AddArrayToObject(object, "class_names");
    for (size_t i = 0; i < info->classes; i++)
        json_append(names, cJSON_CreateString(info->class_names[i]));
    return object;
}

/* Opens the set, to be given back, or notes in `object` that it is missing and how to get
 * it. False: no memory to tell which. */
static bool open_or_hint(struct request *request, const struct dataset_info *info,
                         cJSON *object, const struct dataset **dataset)
{
    struct engine_error error = {""};
    enum engine_status status =
        jobs_dataset(request->options->jobs, info->name, dataset, &error);
    if (status != ENGINE_OK) {
        cJSON_ReplaceItemInObjectCaseSensitive(object, "present", cJSON_CreateFalse());
        cJSON_AddStringToObject(object, "hint", error.text);
    }
    return status != ENGINE_NO_MEMORY;
}

/* A row of the list; false: no memory to tell whether its files are there. */
static bool append_info(struct request *request, const struct dataset_info *info,
                        cJSON *list)
{
    const struct dataset *dataset = NULL;
    cJSON *entry = info_to_json(info, true);
    bool told =
        info->synthetic || info->uploaded || open_or_hint(request, info, entry, &dataset);
    jobs_dataset_done(request->options->jobs, dataset);
    json_append(list, entry);
    return told;
}

enum MHD_Result datasets_list(struct request *request)
{
    size_t count;
    bool told = true;
    const struct dataset_info *list = dataset_list(&count);
    cJSON *object = cJSON_CreateObject();
    cJSON *datasets = cJSON_AddArrayToObject(object, "datasets");
    for (size_t i = 0; i < count; i++)
        if (!dataset_is_removed(&list[i]))
            told = append_info(request, &list[i], datasets) && told;
    cJSON_AddNullToObject(object, "next_cursor");
    if (told)
        return reply_json(request, MHD_HTTP_OK, object);
    cJSON_Delete(object);
    return reply_no_memory(request);
}

static cJSON *count_classes(const struct dataset_split *split, size_t classes)
{
    double counts[256] = {0};
    for (size_t i = 0; i < split->count; i++)
        counts[split->labels[i]]++;
    cJSON *list = cJSON_CreateArray();
    for (size_t c = 0; c < classes; c++)
        json_append(list, number_to_json(counts[c]));
    return list;
}

static cJSON *value_range(const struct dataset *dataset)
{
    const struct dataset_split *split = &dataset->train;
    double low = 0, high = split->pixels ? 255 : 0;
    size_t count = split->values ? split->count * dataset->info->features : 0;
    for (size_t i = 0; i < count; i++) {
        low = i ? fmin(low, (double)split->values[i]) : (double)split->values[i];
        high = i ? fmax(high, (double)split->values[i]) : (double)split->values[i];
    }
    cJSON *range = cJSON_CreateArray();
    json_append(range, number_to_json(low));
    json_append(range, number_to_json(high));
    return range;
}

static void add_columns(cJSON *object, const struct dataset_info *info)
{
    if (!info->feature_names) {
        cJSON_AddNullToObject(object, "columns");
        return;
    }
    cJSON *columns = cJSON_AddArrayToObject(object, "columns");
    for (size_t i = 0; i < info->features; i++) {
        cJSON *column = cJSON_CreateObject();
        cJSON_AddStringToObject(column, "name", info->feature_names[i]);
        number_add(column, "mean", info->means[i]);
        number_add(column, "deviation", info->deviations[i]);
        json_append(columns, column);
    }
}

/* The set with all that is known of it; status 201 for a new one. */
enum MHD_Result reply_dataset(struct request *request, unsigned status,
                              const struct dataset_info *info)
{
    char location[sizeof "/datasets/" + DATASET_NAME_MAX];
    cJSON *object = info_to_json(info, true);
    add_columns(object, info);
    const struct dataset *dataset = NULL;
    if (!open_or_hint(request, info, object, &dataset)) {
        cJSON_Delete(object);
        return reply_no_memory(request);
    }
    if (dataset) {
        cJSON *counts = cJSON_AddObjectToObject(object, "class_counts");
        json_add(counts, "train", count_classes(&dataset->train, info->classes));
        json_add(counts, "test", count_classes(&dataset->test, info->classes));
        json_add(object, "value_range", value_range(dataset));
    }
    jobs_dataset_done(request->options->jobs, dataset);
    snprintf(location, sizeof location, "/datasets/%s", info->name);
    return status == MHD_HTTP_CREATED ? reply_json_at(request, status, object, location)
                                      : reply_json(request, status, object);
}

enum MHD_Result datasets_get(struct request *request)
{
    const struct dataset_info *info = dataset_find(request->word);
    return info ? reply_dataset(request, MHD_HTTP_OK, info)
                : reply_problem(request, 404, "there is no such dataset");
}

static cJSON *sample_to_json(const struct dataset_split *split, size_t features,
                             size_t index)
{
    cJSON *object = cJSON_CreateObject();
    number_add(object, "index", (double)index);
    number_add(object, "label", split->labels[index]);
    sample_add_values(object, "values", split, features, index);
    return object;
}

static cJSON *samples_to_json(const struct dataset *dataset,
                              const struct dataset_split *split, size_t offset,
                              size_t limit)
{
    const struct dataset_info *info = dataset->info;
    cJSON *object = cJSON_CreateObject();
    number_add(object, "width", (double)info->width);
    number_add(object, "height", (double)info->height);
    number_add(object, "count", (double)split->count);
    cJSON *list = cJSON_AddArrayToObject(object, "samples");
    for (size_t i = offset; i < split->count && i - offset < limit; i++)
        json_append(list, sample_to_json(split, info->features, i));
    cJSON_AddNullToObject(object, "next_cursor");
    return object;
}

enum MHD_Result datasets_samples(struct request *request)
{
    const struct dataset_info *info = dataset_find(request->word);
    const char *split = request_query(request, "split");
    bool train = split && strcmp(split, "train") == 0;
    int64_t limit = request_query_integer(request, "limit", 1, 1000, 20);
    int64_t offset = request_query_integer(request, "offset", 0, 1000000000, 0);
    if (split && !train && strcmp(split, "test") != 0)
        request_add_problem(request, "split", "must be train or test");
    if (request->problems.count)
        return reply_bad_fields(request);
    if (!info)
        return reply_problem(request, 404, "there is no such dataset");
    const struct dataset *dataset = NULL;
    struct engine_error error = {""};
    if (jobs_dataset(request->options->jobs, info->name, &dataset, &error) != ENGINE_OK)
        return reply_problem(request, 404, "%s", error.text);
    size_t most = MAX_NUMBERS / info->features;
    cJSON *object =
        samples_to_json(dataset, train ? &dataset->train : &dataset->test, (size_t)offset,
                        (size_t)limit < most ? (size_t)limit : most);
    jobs_dataset_done(request->options->jobs, dataset);
    return reply_json(request, MHD_HTTP_OK, object);
}
