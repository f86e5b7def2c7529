/* Reading what is brought in, and saying which part of it is to blame. */
#include <string.h>

#include "engine/data/import_internal.h"
#include "engine/data/table_idx.h"

static const char *file_of(const struct import *import, enum part part)
{
    return import->source->files[part];
}

/* Where the file lies is nothing to whoever gave it: the field stands for its path. */
static void leave_out_paths(const struct import *import)
{
    char *text = import->error ? import->error->text : NULL;
    for (enum part part = 0; text && part < PART_COUNT; part++) {
        size_t length = file_of(import, part) ? strlen(file_of(import, part)) : 0;
        if (length && strncmp(text, file_of(import, part), length) == 0 &&
            text[length] == ' ')
            memmove(text, text + length + 1, strlen(text + length + 1) + 1);
    }
}

enum engine_status import_blame(struct import *import, const char *field,
                                enum engine_status status)
{
    *import->field = field;
    if (status != ENGINE_OK)
        leave_out_paths(import);
    return status;
}

const uint8_t *import_labels(const struct import *import, enum split split)
{
    const struct table *table = import->tables[split];
    return table ? table->labels : import->files[2 * split + 1].data;
}

static enum engine_status read_csv(struct import *import)
{
    struct engine_error *error = import->error;
    for (enum part part = TRAIN_LABELS; part < PART_COUNT; part += 2)
        if (file_of(import, part))
            return import_blame(
                import, part_field(part),
                engine_fail(error, ENGINE_FORMAT,
                            "goes with IDX files only; a CSV file holds its "
                            "classes itself"));
    enum engine_status status =
        table_read(file_of(import, TRAIN_INPUTS), import->source->label, NULL,
                   &import->tables[TRAIN], error);
    if (status != ENGINE_OK)
        return import_blame(import, status == ENGINE_INVALID ? "label" : "train", status);
    if (import->split)
        return ENGINE_OK;
    status = table_read(file_of(import, TEST_INPUTS), NULL, import->tables[TRAIN],
                        &import->tables[TEST], error);
    return import_blame(import, "test", status);
}

/* As many labels as samples, of at least two classes, all of which the training has. */
static enum engine_status check_labels(struct import *import, enum split split)
{
    const struct idx *labels = &import->files[2 * split + 1];
    size_t count = import->files[2 * split].sizes[0];
    size_t classes = labels_count_classes(labels->data, labels->sizes[0]);
    if (labels->sizes[0] != count)
        return engine_fail(import->error, ENGINE_FORMAT, "has %zu labels for %zu samples",
                           labels->sizes[0], count);
    if (split == TRAIN && classes < 2)
        return engine_fail(import->error, ENGINE_FORMAT, "all labels are 0");
    if (split == TRAIN)
        import->info.classes = classes;
    if (classes > import->info.classes)
        return engine_fail(import->error, ENGINE_FORMAT,
                           "has the label %zu; the training's are 0 to %zu", classes - 1,
                           import->info.classes - 1);
    return ENGINE_OK;
}

static enum engine_status open_labels(struct import *import, enum split split)
{
    enum part part = (enum part)(2 * split + 1);
    if (!file_of(import, part))
        return import_blame(
            import, part_field(part),
            engine_fail(import->error, ENGINE_INVALID,
                        "is needed: IDX files have their labels in another one"));
    enum engine_status status =
        idx_open(file_of(import, part), 1, &import->files[part], import->error);
    if (status == ENGINE_OK)
        status = check_labels(import, split);
    return import_blame(import, part_field(part), status);
}

static enum engine_status check_pictures(struct import *import, enum split split)
{
    const size_t *sizes = import->files[2 * split].sizes;
    const size_t *like = import->files[TRAIN_INPUTS].sizes;
    if (sizes[1] * sizes[2] > TABLE_MAX_FEATURES)
        return engine_fail(import->error, ENGINE_FORMAT,
                           "its pictures have more than %d pixels", TABLE_MAX_FEATURES);
    if (sizes[1] != like[1] || sizes[2] != like[2])
        return engine_fail(import->error, ENGINE_FORMAT,
                           "its pictures are %zu x %zu, the training's %zu x %zu",
                           sizes[1], sizes[2], like[1], like[2]);
    return ENGINE_OK;
}

static enum engine_status open_inputs(struct import *import, enum split split,
                                      bool pictures)
{
    enum part part = (enum part)(2 * split);
    struct idx *file = &import->files[part];
    enum engine_status status =
        pictures ? idx_open(file_of(import, part), 3, file, import->error)
                 : idx_open_floats(file_of(import, part), 2, file, import->error);
    if (status == ENGINE_OK && pictures)
        status = check_pictures(import, split);
    return import_blame(import, part_field(part), status);
}

static enum engine_status read_idx_split(struct import *import, enum split split,
                                         bool pictures)
{
    enum engine_status status = open_inputs(import, split, pictures);
    if (status == ENGINE_OK)
        status = open_labels(import, split);
    if (status != ENGINE_OK || pictures)
        return status;
    status = table_from_idx(&import->files[2 * split], &import->files[2 * split + 1],
                            import->tables[TRAIN], &import->tables[split], import->error);
    return import_blame(import, part_field((enum part)(2 * split)), status);
}

static enum engine_status read_idx(struct import *import, const struct idx_look *look)
{
    bool pictures = look->type == IDX_BYTES && look->rank == 3;
    if (!pictures && !(look->type == IDX_FLOATS && look->rank == 2))
        return import_blame(
            import, "train",
            engine_fail(import->error, ENGINE_FORMAT,
                        "this IDX file holds type 0x%02x in %zu dimensions; "
                        "bytes (0x08) in 3 or floats (0x0d) in 2 can be used",
                        (unsigned)look->type, look->rank));
    enum engine_status status = read_idx_split(import, TRAIN, pictures);
    if (status == ENGINE_OK && !import->split)
        status = read_idx_split(import, TEST, pictures);
    else if (status == ENGINE_OK && file_of(import, TEST_LABELS))
        status = import_blame(import, "test",
                              engine_fail(import->error, ENGINE_INVALID,
                                          "is needed where test_labels is given"));
    return status;
}

enum engine_status import_read(struct import *import)
{
    const char *path = file_of(import, TRAIN_INPUTS);
    struct idx_look look;
    if (!path)
        return import_blame(
            import, "train",
            engine_fail(import->error, ENGINE_INVALID, "a file is needed"));
    enum engine_status status = idx_peek(path, &look, import->error);
    if (status != ENGINE_OK)
        return import_blame(import, "train", status);
    if (look.is_idx)
        return read_idx(import, &look);
    if (look.is_packed)
        return import_blame(
            import, "train",
            engine_fail(import->error, ENGINE_FORMAT,
                        "is packed, and not an IDX file: unpack it first"));
    return read_csv(import);
}
