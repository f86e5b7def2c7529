/* Cursors: a sort, the value its column has in a page's last row, and that row's id, as
 * text that goes through URLs unescaped: "-lr.n3fb999999999999a.42".
 *
 * The value is "z" (none), "i" or "n" with the 64 bits of an integer or a double, or "t"
 * with a text's bytes, all in hexadecimal: what comes back is what was stored. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/internal.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool decode_hex(const char *hex, size_t length, unsigned char *out)
{
    for (size_t i = 0; i < length / 2; i++) {
        int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high * 16 + low);
    }
    return length % 2 == 0;
}

static enum db_status parse_text(const char *hex, size_t length, struct position *out)
{
    out->text = calloc(length / 2 + 1, 1);
    if (!out->text)
        return DB_NO_MEMORY;
    return decode_hex(hex, length, (unsigned char *)out->text) ? DB_OK : DB_INVALID;
}

static enum db_status parse_bits(const char *hex, size_t length, struct position *out)
{
    unsigned char bytes[8];
    if (length != 16 || !decode_hex(hex, length, bytes))
        return DB_INVALID;
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        bits = bits << 8 | bytes[i];
    memcpy(&out->integer, &bits, sizeof bits);
    memcpy(&out->number, &bits, sizeof bits);
    return out->kind == AT_NUMBER && isnan(out->number) ? DB_INVALID : DB_OK;
}

static enum db_status parse_value(const char *value, size_t length, struct position *out)
{
    static const char kinds[] = {
        [AT_NULL] = 'z', [AT_INTEGER] = 'i', [AT_NUMBER] = 'n', [AT_TEXT] = 't'};
    const char *kind = length ? memchr(kinds + 1, value[0], sizeof kinds - 1) : NULL;
    if (!kind)
        return DB_INVALID;
    out->kind = (enum position_kind)(kind - kinds);
    if (out->kind == AT_NULL)
        return length == 1 ? DB_OK : DB_INVALID;
    return out->kind == AT_TEXT ? parse_text(value + 1, length - 1, out)
                                : parse_bits(value + 1, length - 1, out);
}

static bool parse_id(const char *text, int64_t *id)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 18 || text[digits])
        return false;
    *id = strtoll(text, NULL, 10);
    return *id > 0;
}

enum db_status cursor_parse(const char *cursor, const char *sort, struct position *out)
{
    *out = (struct position){.kind = AT_START};
    if (!cursor)
        return DB_OK;
    size_t skip = strlen(sort);
    if (strncmp(cursor, sort, skip) != 0 || cursor[skip] != '.')
        return DB_INVALID;
    const char *value = cursor + skip + 1, *dot = strchr(value, '.');
    if (!dot || !parse_id(dot + 1, &out->id))
        return DB_INVALID;
    return parse_value(value, (size_t)(dot - value), out);
}

static void append_value(sqlite3_str *out, sqlite3_stmt *row, int column)
{
    uint64_t bits;
    int64_t integer = sqlite3_column_int64(row, column);
    double number = sqlite3_column_double(row, column);
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_NULL:
        sqlite3_str_appendall(out, "z");
        return;
    case SQLITE_INTEGER:
        memcpy(&bits, &integer, sizeof bits);
        sqlite3_str_appendf(out, "i%016llx", (unsigned long long)bits);
        return;
    case SQLITE_FLOAT:
        memcpy(&bits, &number, sizeof bits);
        sqlite3_str_appendf(out, "n%016llx", (unsigned long long)bits);
        return;
    default:
        sqlite3_str_appendall(out, "t");
        for (const unsigned char *c = sqlite3_column_text(row, column); c && *c; c++)
            sqlite3_str_appendf(out, "%02x", *c);
    }
}

char *cursor_make(const char *sort, struct statement *row, int column, int64_t id)
{
    sqlite3_str *out = sqlite3_str_new(NULL);
    sqlite3_str_appendf(out, "%s.", sort);
    append_value(out, row->handle, column);
    sqlite3_str_appendf(out, ".%lld", (long long)id);
    char *text = sqlite3_str_finish(out);
    char *copy = text ? strdup(text) : NULL;
    sqlite3_free(text);
    return copy;
}
