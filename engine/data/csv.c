#include "engine/data/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char pick_separator(const char *at, const char *end)
{
    size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;
    for (; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
        quoted ^= *at == '"';
        commas += !quoted && *at == ',';
        semicolons += !quoted && *at == ';';
        tabs += !quoted && *at == '\t';
    }
    if (semicolons > commas)
        return semicolons >= tabs ? ';' : '\t';
    return tabs > commas ? '\t' : ',';
}

void csv_init(struct csv *csv, const char *bytes, size_t size)
{
    bool marked = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
    csv->at = bytes + (marked ? 3 : 0);
    csv->end = bytes + size;
    csv->separator = pick_separator(csv->at, csv->end);
    csv->in_row = false;
    csv->lines = 1;
    csv->line = 1;
    csv->column = 0;
    csv->length = 0;
    csv->wrong = NULL;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* One of \n, \r\n and \r. */
static void pass_line_end(struct csv *csv)
{
    bool pair = csv->end - csv->at > 1 && csv->at[0] == '\r' && csv->at[1] == '\n';
    csv->at += pair ? 2 : 1;
    csv->lines++;
}

static enum csv_token wrong(struct csv *csv, const char *what)
{
    csv->wrong = what;
    return CSV_WRONG;
}

static bool append(struct csv *csv, char c)
{
    if (csv->length == CSV_FIELD_MAX) {
        csv->wrong = "is longer than 1000 bytes";
        return false;
    }
    if (c == '\0') {
        csv->wrong = "holds a NUL byte: this is not a text";
        return false;
    }
    csv->text[csv->length++] = c;
    return true;
}

/* What stands between quotes; `at` is behind the first and goes behind the last. */
static bool read_quoted(struct csv *csv)
{
    for (; csv->at < csv->end; csv->at++) {
        if (*csv->at == '"') {
            bool doubled = csv->end - csv->at > 1 && csv->at[1] == '"';
            csv->at++;
            if (!doubled)
                return true;
        }
        csv->lines += *csv->at == '\n';
        if (!append(csv, *csv->at))
            return false;
    }
    csv->wrong = "has a quote that is not closed";
    return false;
}

static bool read_plain(struct csv *csv)
{
    while (csv->at < csv->end && *csv->at != csv->separator && !is_line_end(*csv->at))
        if (!append(csv, *csv->at++))
            return false;
    return true;
}

static bool begin_row(struct csv *csv)
{
    while (csv->at < csv->end && is_line_end(*csv->at))
        pass_line_end(csv);
    csv->line = csv->lines;
    csv->column = 0;
    csv->in_row = true;
    return csv->at < csv->end;
}

enum csv_token csv_next(struct csv *csv)
{
    if (!csv->in_row && !begin_row(csv))
        return CSV_END;
    csv->column++;
    csv->length = 0;
    bool quoted = csv->at < csv->end && *csv->at == '"';
    csv->at += quoted;
    bool whole = quoted ? read_quoted(csv) : read_plain(csv);
    csv->text[csv->length] = '\0';
    if (!whole)
        return CSV_WRONG;
    if (csv->at < csv->end && *csv->at == csv->separator) {
        csv->at++;
        return CSV_FIELD;
    }
    if (csv->at < csv->end && !is_line_end(*csv->at))
        return wrong(csv, "goes on behind its closing quote");
    if (csv->at < csv->end)
        pass_line_end(csv);
    csv->in_row = false;
    return CSV_LAST;
}

bool csv_number(const char *text, double *value)
{
    static const char blanks[] = " \t";
    const char *start = text + strspn(text, blanks);
    size_t length = strspn(start, "+-.0123456789eE");
    const char *rest = start + length;
    char *end;
    if (length == 0 || rest[strspn(rest, blanks)] != '\0')
        return false;
    double number = strtod(start, &end);
    if (end != rest || !isfinite(number))
        return false;
    *value = number;
    return true;
}
