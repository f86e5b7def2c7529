/* The runs of a sweep as CSV (RFC 4180). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/json/build.h"
#include "server/json/number.h"
#include "server/sweeps/analysis_json.h"
#include "server/sweeps/space_json.h"

/* Text fields of a row: states and values of parameters, all short and made here. */
#define ROW_MAX 4096

struct row {
    char text[ROW_MAX];
    size_t used;
};

static void add_field(struct row *row, const char *text)
{
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    size_t room = ROW_MAX - row->used;
    row->used += (size_t)snprintf(row->text + row->used, room, "%s%s",
                                  row->used ? "," : "", quoted ? "\"" : "");
    for (; *text && row->used + 4 < ROW_MAX; text++) {
        if (*text == '"')
            row->text[row->used++] = '"';
        row->text[row->used++] = *text;
    }
    row->text[row->used] = '\0';
    if (quoted)
        row->text[row->used++] = '"';
    row->text[row->used] = '\0';
}

static void add_number(struct row *row, double value)
{
    char text[NUMBER_TEXT_MAX] = "";
    if (isfinite(value))
        number_format(value, text);
    add_field(row, text);
}

static void add_value(struct row *row, const struct analysis *analysis, size_t cell,
                      size_t dimension)
{
    if (!analysis->located[cell]) {
        add_field(row, "");
        return;
    }
    cJSON *value = space_value_to_json(&analysis->spec, dimension,
                                       analysis->points[cell].values[dimension]);
    char *text = json_text(value);
    bool is_text = text && text[0] == '"';
    if (is_text)
        text[strlen(text) - 1] = '\0';
    add_field(row, !text ? "" : is_text ? text + 1 : text);
    cJSON_free(text);
    cJSON_Delete(value);
}

static void fill_header(struct row *row, const struct analysis *analysis)
{
    static const char *const behind[] = {"setting",       "seed",         "state",
                                         "reached",       "value",        "best_accuracy",
                                         "train_seconds", "cpu_seconds",  "last_step",
                                         "final_loss",    "test_accuracy"};
    add_field(row, "run");
    for (size_t i = 0; i < analysis->spec.space.count; i++)
        add_field(row, analysis->spec.parameters[i].field->name);
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++)
        add_field(row, behind[i]);
}

static void fill_row(struct row *row, const struct analysis *analysis, size_t index)
{
    const struct db_trial *stored = &analysis->rows.trials[index];
    const struct trial *trial = &analysis->trials[index];
    struct score score = trial_score(trial, &analysis->goal);
    add_number(row, (double)stored->run);
    for (size_t i = 0; i < analysis->spec.space.count; i++)
        add_value(row, analysis, trial->cell, i);
    add_number(row, (double)trial->cell);
    add_number(row, (double)stored->seed);
    add_field(row, run_state_name(stored->state));
    add_field(row, !score.counts ? "" : score.reached ? "true" : "false");
    add_number(row, score.value);
    add_number(row, score.accuracy);
    add_number(row, stored->train_seconds);
    add_number(row, stored->cpu_seconds);
    add_number(row, (double)stored->last_step);
    add_number(row, stored->final_loss);
    add_number(row, stored->test_accuracy);
}

char *analysis_to_csv(const struct analysis *analysis, size_t *length)
{
    char *text = NULL;
    FILE *stream = open_memstream(&text, length);
    if (!stream)
        return NULL;
    struct row header = {.used = 0};
    fill_header(&header, analysis);
    fprintf(stream, "%s\r\n", header.text);
    for (size_t i = 0; i < analysis->rows.count; i++) {
        struct row row = {.used = 0};
        fill_row(&row, analysis, i);
        fprintf(stream, "%s\r\n", row.text);
    }
    bool whole = !ferror(stream) && !json_ran_out();
    if (fclose(stream) == 0 && whole)
        return text;
    free(text);
    return NULL;
}
