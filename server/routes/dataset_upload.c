/* POST and DELETE of a user's own datasets. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/import.h"
#include "server/file.h"
#include "server/http/upload.h"
#include "server/own_datasets.h"
#include "server/routes/handlers.h"

const struct upload_field upload_fields[] = {
    {"name",         false},
    {"title",        false},
    {"label",        false},
    {"test_share",   false},
    {"train",        true },
    {"train_labels", true },
    {"test",         true },
    {"test_labels",  true },
    {NULL,           false},
};

static const char *text_of(const struct request *request, const char *name)
{
    return upload_text(request->upload, name);
}

static void read_names(struct request *request, struct import_source *source)
{
    source->name = text_of(request, "name");
    source->title = text_of(request, "title");
    source->label = text_of(request, "label");
    if (!source->name || !dataset_name_is_valid(source->name))
        request_add_problem(request, "name",
                            "must be 1 to %d lower-case letters, digits, - and _, and "
                            "begin with a letter or digit",
                            DATASET_NAME_MAX);
    if (source->title && strlen(source->title) > IMPORT_TITLE_MAX)
        request_add_problem(request, "title", "must be at most %d bytes",
                            IMPORT_TITLE_MAX);
    if (!source->title)
        source->title = source->name;
}

static void read_share(struct request *request, struct import_source *source)
{
    const char *text = text_of(request, "test_share");
    char *end = NULL;
    source->test_share = text ? strtod(text, &end) : IMPORT_SHARE;
    bool number = !text || (*text >= '0' && *text <= '9' && *end == '\0');
    if (!number || !(source->test_share >= IMPORT_SHARE_MIN &&
                     source->test_share <= IMPORT_SHARE_MAX))
        request_add_problem(request, "test_share", "must be a number from %g to %g",
                            IMPORT_SHARE_MIN, IMPORT_SHARE_MAX);
    else if (text && source->files[TEST_INPUTS])
        request_add_problem(request, "test_share",
                            "must be left out where a test file is given");
}

static void read_source(struct request *request, struct import_source *source)
{
    for (enum part part = 0; part < PART_COUNT; part++)
        source->files[part] = upload_file(request->upload, part_field(part));
    if (!source->files[TRAIN_INPUTS])
        request_add_problem(request, "train", "a file is needed");
    read_names(request, source);
    read_share(request, source);
}

/* `field`: which part of the request is to blame, if one is. */
static enum MHD_Result reply_failure(struct request *request, enum engine_status status,
                                     const char *field, const struct engine_error *error)
{
    switch (status) {
    case ENGINE_NO_MEMORY:
        return reply_no_memory(request);
    case ENGINE_FULL:
        return reply_problem(request, 507, "the disk is full: nothing was kept");
    case ENGINE_FORMAT:
    case ENGINE_INVALID:
        request_add_problem(request, field, "%s", error->text);
        return reply_bad_fields(request);
    case ENGINE_NOT_FOUND:
        return reply_problem(request, 404, "%s", error->text);
    case ENGINE_OK:
    case ENGINE_IO:
        break;
    }
    return reply_problem(request, 500, "%s", error->text);
}

static enum MHD_Result bring_in(struct request *request,
                                const struct import_source *source)
{
    const char *data_dir = request->options->data_dir, *field = "train";
    char folder[PATH_MAX];
    struct engine_error error = {""};
    if (!own_datasets_make_folder(data_dir, folder)) {
        engine_fail(&error, ENGINE_IO, "the dataset cannot be kept: %s", strerror(errno));
        return reply_failure(request, engine_status_of(errno), field, &error);
    }
    enum engine_status status = dataset_import(source, folder, &field, &error);
    if (status != ENGINE_OK) {
        file_remove_folder(folder);
        return reply_failure(request, status, field, &error);
    }
    status = own_datasets_install(data_dir, folder, source->name, &error);
    if (status == ENGINE_INVALID)
        return reply_problem(request, 409, "%s", error.text);
    const struct dataset_info *info = dataset_find(source->name);
    return status == ENGINE_OK && info ? reply_dataset(request, MHD_HTTP_CREATED, info)
                                       : reply_failure(request, status, "name", &error);
}

enum MHD_Result datasets_create(struct request *request)
{
    struct import_source source = {.name = NULL};
    read_source(request, &source);
    if (request->problems.count)
        return reply_bad_fields(request);
    if (dataset_find(source.name))
        return reply_problem(request, 409, "there is a dataset %s already", source.name);
    return bring_in(request, &source);
}

/* How many runs were or are to be trained on it. */
static enum db_status count_users(struct request *request, const char *name,
                                  int64_t *count)
{
    struct db_run_query query = {.dataset = name, .archived = -1, .limit = 1};
    struct db_run_page page;
    enum db_status status = db_run_list(request->options->db, &query, &page);
    if (status == DB_OK) {
        *count = page.total;
        db_run_page_clear(&page);
    }
    return status;
}

enum MHD_Result datasets_delete(struct request *request)
{
    const struct dataset_info *info = dataset_find(request->word);
    int64_t users = 0;
    struct engine_error error = {""};
    if (!info)
        return reply_problem(request, 404, "there is no such dataset");
    if (!info->uploaded)
        return reply_problem(request, 409, "%s is built in: it cannot be deleted",
                             info->name);
    enum db_status counted = count_users(request, info->name, &users);
    if (counted != DB_OK)
        return reply_db_failure(request, counted);
    if (users > 0)
        return reply_problem(request, 409, "%lld %s it: delete %s first",
                             (long long)users, users == 1 ? "run uses" : "runs use",
                             users == 1 ? "that" : "them");
    enum engine_status status =
        own_datasets_remove(request->options->data_dir, info->name, &error);
    if (status != ENGINE_OK)
        return reply_failure(request, status, "", &error);
    jobs_dataset_removed(request->options->jobs, info);
    return reply_empty(request, MHD_HTTP_NO_CONTENT);
}
