#include "engine/data/table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/array.h"
#include "engine/data/csv.h"
#include "engine/data/dataset.h"
#include "engine/data/table_idx.h"
#include "engine/utf8.h"

#define SLOTS 1024 /* a power of two, well above DATASET_CLASSES */

struct reader {
    struct csv csv;
    struct table *table;
    const struct table *like;
    struct engine_error *error;
    size_t row_capacity, label_capacity, class_capacity, name_capacity;
    int16_t slots[SLOTS]; /* class + 1 by its name's hash; 0: free */
};

void table_free(struct table *table)
{
    if (table == NULL)
        return;
    names_free(table->column_names, table->columns);
    names_free(table->class_names, table->classes);
    free(table->values);
    free(table->labels);
    free(table);
}

static enum engine_status no_memory(struct reader *reader)
{
    return engine_fail(reader->error, ENGINE_NO_MEMORY, "no memory for the table");
}

/* A name is shown in many places: a line of text, and nothing but text. */
static bool is_name(const char *text)
{
    return utf8_is_line(text, strlen(text));
}

/* "line 3, column 2 (width): TEXT is WHAT" of the field that was read last. */
static enum engine_status refuse(struct reader *reader, const char *what)
{
    const struct csv *csv = &reader->csv;
    const struct table *table = reader->table;
    size_t column = csv->column;
    const char *name = column <= table->columns ? table->column_names[column - 1] : NULL;
    return engine_fail(reader->error, ENGINE_FORMAT, "line %zu, column %zu%s%s%s: %s",
                       csv->line, column, name ? " (" : "", name ? name : "",
                       name ? ")" : "", what);
}

static enum engine_status refuse_text(struct reader *reader, const char *what)
{
    char sentence[160];
    const char *text = reader->csv.text;
    if (!is_name(text))
        return refuse(reader, what);
    snprintf(sentence, sizeof sentence, "\"%.*s\" %s", (int)utf8_fitting(text, 40), text,
             what);
    return refuse(reader, sentence);
}

/* --- columns -------------------------------------------------------------------------
 */

static bool add_name(char ***names, size_t *count, size_t *capacity, const char *name)
{
    char *copy = strdup(name);
    if (copy == NULL || !array_grow(names, *count, capacity, sizeof **names)) {
        free(copy);
        return false;
    }
    (*names)[(*count)++] = copy;
    return true;
}

/* The first row's fields become the columns' names. */
static enum engine_status read_names(struct reader *reader, bool *header)
{
    struct table *table = reader->table;
    enum csv_token token;
    double number;
    do {
        token = csv_next(&reader->csv);
        if (token == CSV_WRONG)
            return refuse(reader, reader->csv.wrong);
        if (token == CSV_END)
            return engine_fail(reader->error, ENGINE_FORMAT, "there are no rows");
        if (table->columns > TABLE_MAX_FEATURES)
            return engine_fail(reader->error, ENGINE_FORMAT,
                               "there are more than %d columns besides the class's",
                               TABLE_MAX_FEATURES);
        if (strlen(reader->csv.text) > TABLE_NAME_MAX || !is_name(reader->csv.text))
            return refuse(reader, "must be at most 80 bytes of UTF-8 in one line, as a "
                                  "column's name or a number is");
        *header = *header && !csv_number(reader->csv.text, &number);
        if (!add_name(&table->column_names, &table->columns, &reader->name_capacity,
                      reader->csv.text))
            return no_memory(reader);
    } while (token != CSV_LAST);
    return table->columns > 1
               ? ENGINE_OK
               : engine_fail(reader->error, ENGINE_FORMAT,
                             "there is one column only; a class and at least one number "
                             "are needed");
}

static enum engine_status number_columns(struct reader *reader, bool header)
{
    struct table *table = reader->table;
    for (size_t i = 0; i < table->columns; i++) {
        char name[32], *copy;
        if (header && table->column_names[i][0] != '\0')
            continue;
        snprintf(name, sizeof name, "column %zu", i + 1);
        if (!(copy = strdup(name)))
            return no_memory(reader);
        free(table->column_names[i]);
        table->column_names[i] = copy;
    }
    return ENGINE_OK;
}

/* The column of this name, or `columns`. */
static size_t find_column(const struct table *table, const char *name)
{
    size_t i = 0;
    while (i < table->columns && strcasecmp(table->column_names[i], name) != 0)
        i++;
    return i;
}

static enum engine_status find_label(struct reader *reader, const char *label)
{
    static const char *const usual[] = {"label", "class", "target"};
    struct table *table = reader->table;
    char *end = NULL;
    size_t column = find_column(table, label ? label : usual[0]);
    unsigned long number = label ? strtoul(label, &end, 10) : 0;
    if (label && column == table->columns && *end == '\0' && number > 0 &&
        number <= table->columns)
        column = number - 1;
    if (label && column == table->columns)
        return engine_fail(reader->error, ENGINE_INVALID,
                           "must be the name of a column or its number, 1 to %zu",
                           table->columns);
    for (size_t i = 1; i < sizeof usual / sizeof *usual && column == table->columns; i++)
        column = find_column(table, usual[i]);
    table->label_column = column < table->columns ? column : table->columns - 1;
    return ENGINE_OK;
}

static enum engine_status compare_columns(struct reader *reader, bool header)
{
    struct table *table = reader->table;
    const struct table *like = reader->like;
    if (table->columns != like->columns)
        return engine_fail(reader->error, ENGINE_FORMAT,
                           "there are %zu columns instead of the training's %zu",
                           table->columns, like->columns);
    for (size_t i = 0; header && i < table->columns; i++)
        if (strcmp(table->column_names[i], like->column_names[i]) != 0)
            return engine_fail(reader->error, ENGINE_FORMAT,
                               "column %zu is %s; in the training's table it is %s",
                               i + 1, table->column_names[i], like->column_names[i]);
    table->label_column = like->label_column;
    return ENGINE_OK;
}

static enum engine_status read_columns(struct reader *reader, const char *label)
{
    struct csv start = reader->csv;
    bool header = true;
    enum engine_status status = read_names(reader, &header);
    if (status == ENGINE_OK)
        status = number_columns(reader, header);
    if (status == ENGINE_OK)
        status =
            reader->like ? compare_columns(reader, header) : find_label(reader, label);
    if (!header)
        reader->csv = start;
    reader->table->features = reader->table->columns - 1;
    return status;
}

/* --- classes -------------------------------------------------------------------------
 */

static size_t hash(const char *text)
{
    uint32_t sum = 2166136261u; /* FNV-1a */
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 16777619u;
    return sum;
}

/* The class of this name, or NULL; `*slot` is its place or the one for it. */
static const int16_t *find_class(const struct reader *reader, const char *name,
                                 size_t *slot)
{
    for (*slot = hash(name) % SLOTS; reader->slots[*slot]; *slot = (*slot + 1) % SLOTS)
        if (strcmp(reader->table->class_names[reader->slots[*slot] - 1], name) == 0)
            return &reader->slots[*slot];
    return NULL;
}

static enum engine_status add_class(struct reader *reader, const char *name, size_t slot)
{
    struct table *table = reader->table;
    if (table->classes == DATASET_CLASSES)
        return refuse(reader, "the column has more than 256 different values; it must be "
                              "the class, and labels must be few");
    if (!add_name(&table->class_names, &table->classes, &reader->class_capacity, name))
        return no_memory(reader);
    reader->slots[slot] = (int16_t)table->classes;
    return ENGINE_OK;
}

static enum engine_status read_label(struct reader *reader)
{
    const char *name = reader->csv.text + strspn(reader->csv.text, " \t");
    size_t slot, length = strlen(name);
    while (length > 0 && strchr(" \t", name[length - 1]))
        length--;
    reader->csv.text[name - reader->csv.text + (ptrdiff_t)length] = '\0';
    if (length == 0)
        return refuse(reader, "the class is missing");
    if (length > TABLE_NAME_MAX || !is_name(name))
        return refuse(reader, "the class must be at most 80 bytes of UTF-8 in one line");
    const int16_t *found = find_class(reader, name, &slot);
    if (!found && reader->like)
        return refuse_text(reader, "is not one of the training's classes");
    enum engine_status status = found ? ENGINE_OK : add_class(reader, name, slot);
    if (status == ENGINE_OK)
        reader->table->labels[reader->table->rows] = (uint8_t)(reader->slots[slot] - 1);
    return status;
}

/* A test's classes are the training's, in their order. */
static enum engine_status take_classes(struct reader *reader)
{
    enum engine_status status = ENGINE_OK;
    for (size_t i = 0; i < reader->like->classes && status == ENGINE_OK; i++) {
        size_t slot;
        find_class(reader, reader->like->class_names[i], &slot);
        status = add_class(reader, reader->like->class_names[i], slot);
    }
    return status;
}

static int by_number(const void *a, const void *b)
{
    double x = 0, y = 0;
    csv_number(*(char *const *)a, &x);
    csv_number(*(char *const *)b, &y);
    return x < y ? -1 : x > y ? 1 : strcmp(*(char *const *)a, *(char *const *)b);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum engine_status sort_classes(struct reader *reader)
{
    struct table *table = reader->table;
    char *before[DATASET_CLASSES];
    uint8_t place[DATASET_CLASSES] = {0};
    double number;
    bool numbers = true;
    if (table->classes < 2)
        return engine_fail(reader->error, ENGINE_FORMAT,
                           "all rows have the same class, %s in the column %s",
                           table->class_names[0],
                           table->column_names[table->label_column]);
    for (size_t i = 0; i < table->classes; i++) {
        before[i] = table->class_names[i];
        numbers = numbers && csv_number(before[i], &number);
    }
    qsort(table->class_names, table->classes, sizeof *table->class_names,
          numbers ? by_number : by_bytes);
    for (size_t i = 0; i < table->classes; i++)
        for (size_t k = 0; k < table->classes; k++)
            if (before[i] == table->class_names[k])
                place[i] = (uint8_t)k;
    for (size_t i = 0; i < table->rows; i++)
        table->labels[i] = place[table->labels[i]];
    return ENGINE_OK;
}

/* --- rows ----------------------------------------------------------------------------
 */

static enum engine_status read_value(struct reader *reader, size_t feature)
{
    struct table *table = reader->table;
    double *value = &table->values[table->rows * table->features + feature];
    if (csv_number(reader->csv.text, value))
        return ENGINE_OK;
    return *reader->csv.text ? refuse_text(reader, "is not a finite number; only the "
                                                   "class may be a text")
                             : refuse(reader, "the number is missing");
}

/* The row's first field has been read. */
static enum engine_status read_row(struct reader *reader, enum csv_token token)
{
    struct table *table = reader->table;
    if ((table->rows + 1) * table->features > TABLE_MAX_NUMBERS)
        return refuse(reader, "the table has more than 33,554,432 numbers");
    if (!array_grow(&table->values, table->rows, &reader->row_capacity,
                    table->features * sizeof *table->values) ||
        !array_grow(&table->labels, table->rows, &reader->label_capacity,
                    sizeof *table->labels))
        return no_memory(reader);
    for (size_t column = 0;; column++) {
        if (token == CSV_WRONG)
            return refuse(reader, reader->csv.wrong);
        if (column == table->columns)
            return refuse(reader, "the row has more fields than the first one");
        enum engine_status status =
            column == table->label_column
                ? read_label(reader)
                : read_value(reader, column - (column > table->label_column));
        if (status != ENGINE_OK)
            return status;
        if (token == CSV_LAST) {
            if (column + 1 < table->columns)
                return refuse(reader, "the row has fewer fields than the first one");
            table->rows++;
            return ENGINE_OK;
        }
        token = csv_next(&reader->csv);
    }
}

static enum engine_status read_rows(struct reader *reader)
{
    enum csv_token token;
    enum engine_status status = reader->like ? take_classes(reader) : ENGINE_OK;
    while (status == ENGINE_OK && (token = csv_next(&reader->csv)) != CSV_END)
        status = read_row(reader, token);
    if (status != ENGINE_OK)
        return status;
    if (reader->table->rows == 0)
        return engine_fail(reader->error, ENGINE_FORMAT, "there are no rows of numbers");
    return reader->like ? ENGINE_OK : sort_classes(reader);
}

/* --- the file ------------------------------------------------------------------------
 */

static enum engine_status read_bytes(const char *bytes, size_t size, const char *label,
                                     const struct table *like, struct table *table,
                                     struct engine_error *error)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory for the table");
    reader->table = table;
    reader->like = like;
    reader->error = error;
    csv_init(&reader->csv, bytes, size);
    enum engine_status status = read_columns(reader, label);
    if (status == ENGINE_OK)
        status = read_rows(reader);
    free(reader);
    return status;
}

static enum engine_status io_failure(int file, struct engine_error *error)
{
    int kept = errno;
    if (file >= 0)
        close(file);
    return engine_fail(error, ENGINE_IO, "cannot be read: %s", strerror(kept));
}

enum engine_status table_read(const char *path, const char *label,
                              const struct table *like, struct table **out,
                              struct engine_error *error)
{
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &facts) != 0)
        return io_failure(file, error);
    size_t size = (size_t)facts.st_size;
    void *bytes = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0) : NULL;
    if (bytes == MAP_FAILED)
        return io_failure(file, error);
    close(file);
    struct table *table = calloc(1, sizeof *table);
    enum engine_status status =
        !table ? engine_fail(error, ENGINE_NO_MEMORY, "no memory for the table")
        : size ? read_bytes(bytes, size, label, like, table, error)
               : engine_fail(error, ENGINE_FORMAT, "the file is empty");
    if (bytes)
        munmap(bytes, size);
    if (status == ENGINE_OK)
        *out = table;
    else
        table_free(table);
    return status;
}
