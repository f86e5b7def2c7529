/* What a user brings in as CSV, and what a dataset's folder says of it: what is read has
 * the numbers, names and classes that it promises, and reads as the same again. The first
 * byte chooses: a table whose class is found (0) or in the first column (1), or about.csv
 * (2). */
#include <math.h>
#include <sys/stat.h>

#include "engine/data/about.h"
#include "engine/data/table.h"
#include "engine/utf8.h"
#include "tests/fuzz/fuzz.h"

static bool is_line(const char *text, size_t most)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ')
            return false;
    return length <= most && utf8_is_valid(text, length);
}

static void check_table(const struct table *table)
{
    size_t count = table->rows * table->features;
    REQUIRE(table->rows >= 1 && table->features >= 1);
    REQUIRE(table->features == table->columns - 1);
    REQUIRE(table->label_column < table->columns);
    REQUIRE(table->classes >= 2 && table->classes <= DATASET_CLASSES);
    for (size_t i = 0; i < count; i++)
        REQUIRE(isfinite(table->values[i]));
    for (size_t i = 0; i < table->rows; i++)
        REQUIRE(table->labels[i] < table->classes);
    for (size_t i = 0; i < table->classes; i++)
        REQUIRE(*table->class_names[i] && is_line(table->class_names[i], TABLE_NAME_MAX));
    for (size_t i = 0; i < table->columns; i++)
        REQUIRE(is_line(table->column_names[i], TABLE_NAME_MAX));
}

/* A table is like itself. */
static void look_again(const char *path, const struct table *first)
{
    struct table *table = NULL;
    struct engine_error error = {.text = ""};
    REQUIRE(table_read(path, NULL, first, &table, &error) == ENGINE_OK);
    check_table(table);
    REQUIRE(table->rows == first->rows && table->classes == first->classes);
    REQUIRE(memcmp(table->labels, first->labels, table->rows) == 0);
    table_free(table);
}

static void look_at_table(const uint8_t *data, size_t size, const char *label)
{
    struct fuzz_file file = fuzz_file(data, size);
    struct table *table = NULL;
    struct engine_error error = {.text = ""};
    enum engine_status status = table_read(file.path, label, NULL, &table, &error);
    if (status == ENGINE_OK) {
        check_table(table);
        look_again(file.path, table);
    } else {
        REQUIRE(status == ENGINE_FORMAT && utf8_is_valid(error.text, strlen(error.text)));
    }
    table_free(table);
    close(file.file);
}

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static void check_same(const struct dataset_info *a, const struct dataset_info *b)
{
    REQUIRE(same(a->title, b->title) && same(a->description, b->description));
    REQUIRE(a->width == b->width && a->height == b->height);
    REQUIRE(a->features == b->features && a->classes == b->classes);
    REQUIRE(a->train_count == b->train_count && a->test_count == b->test_count);
    for (size_t i = 0; i < a->classes; i++)
        REQUIRE(same(a->class_names[i], b->class_names[i]));
    for (size_t i = 0; a->feature_names && i < a->features; i++)
        REQUIRE(same(a->feature_names[i], b->feature_names[i]) &&
                a->means[i] == b->means[i] && a->deviations[i] == b->deviations[i]);
}

static void look_at_about(const uint8_t *data, size_t size)
{
    static const char *folder;
    char path[240];
    struct dataset_info first, again;
    struct engine_error error = {.text = ""};
    folder = folder ? folder : fuzz_folder();
    snprintf(path, sizeof path, "%s/about.csv", folder);
    FILE *file = fopen(path, "wbe");
    REQUIRE(file && fwrite(data, 1, size, file) == size && fclose(file) == 0);
    enum engine_status status = about_read(folder, "name", &first, &error);
    REQUIRE(status == ENGINE_OK || status == ENGINE_FORMAT);
    if (status != ENGINE_OK)
        return;
    REQUIRE(first.classes >= 2 && first.features >= 1);
    REQUIRE(about_write(&first, folder, &error) == ENGINE_OK);
    REQUIRE(about_read(folder, "name", &again, &error) == ENGINE_OK);
    check_same(&first, &again);
    dataset_info_clear(&first);
    dataset_info_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] % 3 == 2)
        look_at_about(data + 1, size - 1);
    else
        look_at_table(data + 1, size - 1, data[0] % 3 ? "1" : NULL);
    return 0;
}
