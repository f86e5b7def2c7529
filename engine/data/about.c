#include "engine/data/about.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/array.h"
#include "engine/data/csv.h"
#include "engine/data/output.h"
#include "engine/data/table.h"
#include "engine/utf8.h"

/* Above what TABLE_MAX_FEATURES columns take. */
#define ABOUT_MAX_BYTES ((size_t)4 << 20)
#define COUNT_MAX       ((double)UINT32_MAX)

static bool path_of(const char *folder, char path[PATH_MAX])
{
    int length = snprintf(path, PATH_MAX, "%s/about.csv", folder);
    return length > 0 && length < PATH_MAX;
}

/* --- writing -------------------------------------------------------------------------
 */

static void put(struct output *output, const char *text)
{
    output_put(output, text, strlen(text));
}

/* Always in quotes, those in it doubled. */
static void put_quoted(struct output *output, const char *text)
{
    put(output, ",\"");
    for (; *text; text++) {
        if (*text == '"')
            put(output, "\"");
        output_put(output, text, 1);
    }
    put(output, "\"");
}

static void put_counts(struct output *output, const char *kind, size_t a, size_t b)
{
    char text[80];
    snprintf(text, sizeof text, "%s,%zu,%zu\n", kind, a, b);
    put(output, text);
}

static void put_numbers(struct output *output, double a, double b)
{
    char text[80];
    snprintf(text, sizeof text, ",%.17g,%.17g\n", a, b);
    put(output, text);
}

static void put_named(struct output *output, const char *kind, const char *text)
{
    put(output, kind);
    put_quoted(output, text);
}

static void put_facts(struct output *output, const struct dataset_info *info)
{
    put_named(output, "title", info->title);
    put_named(output, "\ndescription", info->description);
    put_counts(output, "\npicture", info->width, info->height);
    put_counts(output, "samples", info->train_count, info->test_count);
    for (size_t i = 0; i < info->classes; i++) {
        put_named(output, "class", info->class_names[i]);
        put(output, "\n");
    }
    for (size_t i = 0; info->feature_names && i < info->features; i++) {
        put_named(output, "column", info->feature_names[i]);
        put_numbers(output, info->means[i], info->deviations[i]);
    }
}

enum engine_status about_write(const struct dataset_info *info, const char *folder,
                               struct engine_error *error)
{
    char path[PATH_MAX];
    struct output output;
    if (!path_of(folder, path))
        return engine_fail(error, ENGINE_IO, "the path of about.csv is too long");
    output_create(&output, path);
    put_facts(&output, info);
    return output_finish(&output, path, error);
}

/* --- reading -------------------------------------------------------------------------
 */

struct reader {
    struct csv csv;
    struct dataset_info info;
    /* The info's arrays while they grow. */
    char **classes, **columns;
    double *means, *deviations;
    size_t class_capacity, column_capacity, mean_capacity, deviation_capacity;
    bool failed_memory;
};

static bool next_text(struct reader *reader, char **text)
{
    enum csv_token token = csv_next(&reader->csv);
    bool read = token == CSV_FIELD || token == CSV_LAST;
    const char *found = reader->csv.text;
    if (!read || !utf8_is_valid(found, strlen(found)))
        return false;
    *text = strdup(found);
    reader->failed_memory = *text == NULL;
    return *text != NULL;
}

static bool next_number(struct reader *reader, double *number)
{
    enum csv_token token = csv_next(&reader->csv);
    return (token == CSV_FIELD || token == CSV_LAST) &&
           csv_number(reader->csv.text, number);
}

static bool next_count(struct reader *reader, size_t *count)
{
    double number = -1;
    if (!next_number(reader, &number) || number < 0 || number > COUNT_MAX ||
        number != (double)(size_t)number)
        return false;
    *count = (size_t)number;
    return true;
}

static bool set_once(const char **member, char *text)
{
    if (*member != NULL) {
        free(text);
        return false;
    }
    *member = text;
    return true;
}

static bool append_text(struct reader *reader, char ***list, size_t *count,
                        size_t *capacity)
{
    char *text;
    if (!next_text(reader, &text))
        return false;
    if (!array_grow(list, *count, capacity, sizeof **list)) {
        reader->failed_memory = true;
        free(text);
        return false;
    }
    (*list)[(*count)++] = text;
    return true;
}

static bool append_column(struct reader *reader)
{
    size_t at = reader->info.features;
    if (!array_grow(&reader->means, at, &reader->mean_capacity, sizeof(double)) ||
        !array_grow(&reader->deviations, at, &reader->deviation_capacity,
                    sizeof(double))) {
        reader->failed_memory = true;
        return false;
    }
    return append_text(reader, &reader->columns, &reader->info.features,
                       &reader->column_capacity) &&
           next_number(reader, &reader->means[at]) &&
           next_number(reader, &reader->deviations[at]) && reader->deviations[at] > 0;
}

/* The row's first field, its kind, has been read; the rest of the row follows. */
static bool read_fact(struct reader *reader)
{
    struct dataset_info *info = &reader->info;
    const char *kind = reader->csv.text;
    char *text;
    if (strcmp(kind, "title") == 0)
        return next_text(reader, &text) && set_once(&info->title, text);
    if (strcmp(kind, "description") == 0)
        return next_text(reader, &text) && set_once(&info->description, text);
    if (strcmp(kind, "picture") == 0)
        return next_count(reader, &info->width) && next_count(reader, &info->height);
    if (strcmp(kind, "samples") == 0)
        return next_count(reader, &info->train_count) &&
               next_count(reader, &info->test_count);
    if (strcmp(kind, "class") == 0)
        return info->classes < DATASET_CLASSES &&
               append_text(reader, &reader->classes, &info->classes,
                           &reader->class_capacity);
    return strcmp(kind, "column") == 0 && info->features < TABLE_MAX_FEATURES &&
           append_column(reader);
}

static bool read_facts(struct reader *reader)
{
    enum csv_token token;
    while ((token = csv_next(&reader->csv)) == CSV_FIELD)
        if (!read_fact(reader) || reader->csv.in_row)
            return false;
    return token == CSV_END;
}

/* The arrays grow no more. */
static void take_arrays(struct reader *reader)
{
    struct dataset_info *info = &reader->info;
    info->class_names = (const char *const *)reader->classes;
    info->feature_names = (const char *const *)reader->columns;
    info->means = reader->means;
    info->deviations = reader->deviations;
}

/* The facts fit each other. */
static bool complete(struct reader *reader)
{
    struct dataset_info *info = &reader->info;
    bool table = info->features > 0;
    bool pictures = info->width > 0 && info->height > 0 &&
                    info->width <= TABLE_MAX_FEATURES &&
                    info->height <= TABLE_MAX_FEATURES / info->width;
    if (pictures && !table)
        info->features = info->width * info->height;
    return info->title && info->description && info->classes >= 2 &&
           info->train_count > 0 && info->test_count > 0 && table != pictures &&
           (table || info->feature_names == NULL);
}

static enum engine_status read_text(const char *bytes, size_t size, const char *name,
                                    struct dataset_info *out, struct engine_error *error)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory for %s", name);
    csv_init(&reader->csv, bytes, size);
    reader->csv.separator = ',';
    reader->info.uploaded = true;
    reader->info.name = strdup(name);
    reader->failed_memory = reader->info.name == NULL;
    bool read = !reader->failed_memory && read_facts(reader);
    size_t line = reader->csv.line;
    take_arrays(reader);
    if (read && complete(reader)) {
        *out = reader->info;
        free(reader);
        return ENGINE_OK;
    }
    bool no_memory = reader->failed_memory;
    dataset_info_clear(&reader->info);
    free(reader);
    if (no_memory)
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory for %s", name);
    return read ? engine_fail(error, ENGINE_FORMAT, "about.csv of %s is not whole", name)
                : engine_fail(error, ENGINE_FORMAT,
                              "about.csv of %s: line %zu is strange", name, line);
}

enum engine_status about_read(const char *folder, const char *name,
                              struct dataset_info *out, struct engine_error *error)
{
    char path[PATH_MAX];
    FILE *file = path_of(folder, path) ? fopen(path, "re") : NULL;
    if (file == NULL)
        return engine_fail(error, ENGINE_IO, "cannot open about.csv of %s: %s", name,
                           strerror(errno));
    char *bytes = malloc(ABOUT_MAX_BYTES);
    size_t size = bytes ? fread(bytes, 1, ABOUT_MAX_BYTES, file) : 0;
    bool failed = ferror(file) != 0;
    fclose(file);
    enum engine_status status =
        bytes == NULL ? engine_fail(error, ENGINE_NO_MEMORY, "no memory for %s", name)
        : failed      ? engine_fail(error, ENGINE_IO, "cannot read about.csv of %s", name)
                      : read_text(bytes, size, name, out, error);
    free(bytes);
    return status;
}
