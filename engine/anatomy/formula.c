/* Formulas: text to a graph of values, by recursive descent.
 *
 *   lines:      statement { (newline | ";") statement }
 *   statement:  [ name "=" ] sum
 *   sum:        product { ("+" | "-") product }
 *   product:    signed { ("*" | "/") signed }
 *   signed:     "-" signed | power
 *   power:      called [ "**" exponent ]          -x**2 is -(x**2), as in Python
 *   called:     atom { "." function "(" ")" }
 *   atom:       number | name | function "(" sum ")" | "(" sum ")"
 */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/anatomy/internal.h"

#define MAX_NAMES 128
#define MAX_NAME  24
#define MAX_DEPTH 64

struct name {
    char text[MAX_NAME + 1];
    uint32_t value;
    bool assigned; /* else a variable */
};

struct reader {
    const char *text, *at;
    struct anatomy *anatomy;
    struct formula_error *error;
    struct name names[MAX_NAMES];
    size_t name_count;
    size_t depth;
    bool failed;
};

static const struct {
    const char *name;
    enum value_op op;
} functions[] = {
    {"tanh",    VALUE_TANH   },
    {"relu",    VALUE_RELU   },
    {"exp",     VALUE_EXP    },
    {"log",     VALUE_LOG    },
    {"sigmoid", VALUE_SIGMOID},
    {"gelu",    VALUE_GELU   },
};

/* --- errors ---------------------------------------------------------------------------
 */

/* A byte of UTF-8 that goes on with a character starts with the bits 10; characters of
 * four bytes are two units of UTF-16. */
static size_t position_of(const char *text, const char *at)
{
    size_t units = 0;
    for (const char *c = text; c < at; c++) {
        units += ((unsigned char)*c & 0xC0) != 0x80;
        units += (unsigned char)*c >= 0xF0;
    }
    return units;
}

/* Only the first error counts: what follows may come of it. */
__attribute__((format(printf, 3, 4))) static uint32_t
refuse(struct reader *reader, const char *at, const char *format, ...)
{
    va_list arguments;
    if (reader->failed)
        return VALUE_NONE;
    reader->failed = true;
    reader->error->position = position_of(reader->text, at);
    char *text = reader->error->text;
    size_t size = sizeof reader->error->text;
    va_start(arguments, format);
    int length = vsnprintf(text, size, format, arguments);
    va_end(arguments);
    if (length > 0 && (size_t)length < size)
        snprintf(text + length, size - (size_t)length, " (at character %zu)",
                 reader->error->position + 1);
    return VALUE_NONE;
}

/* --- words ----------------------------------------------------------------------------
 */

/* Spaces and comments; newlines part statements and are left. */
static void skip_space(struct reader *reader)
{
    while (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\r')
        reader->at++;
    if (*reader->at == '#')
        reader->at += strcspn(reader->at, "\n");
}

static bool take(struct reader *reader, const char *sign)
{
    skip_space(reader);
    size_t length = strlen(sign);
    if (strncmp(reader->at, sign, length) != 0)
        return false;
    reader->at += length;
    return true;
}

static bool begins_name(char c)
{
    return c == '_' || (isascii((unsigned char)c) && isalpha((unsigned char)c));
}

static size_t name_length(const char *at)
{
    size_t length = 0;
    while (begins_name(at[length]) || (length && isdigit((unsigned char)at[length])))
        length++;
    return begins_name(*at) ? length : 0;
}

static bool find_function(const char *text, size_t length, enum value_op *op)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strlen(functions[i].name) == length &&
            memcmp(functions[i].name, text, length) == 0) {
            *op = functions[i].op;
            return true;
        }
    return false;
}

static struct name *find_name(struct reader *reader, const char *text, size_t length)
{
    for (size_t i = 0; i < reader->name_count; i++)
        if (strlen(reader->names[i].text) == length &&
            memcmp(reader->names[i].text, text, length) == 0)
            return &reader->names[i];
    return NULL;
}

static struct name *add_name(struct reader *reader, const char *text, size_t length)
{
    if (length > MAX_NAME) {
        refuse(reader, text, "a name may have at most %d characters", MAX_NAME);
        return NULL;
    }
    if (reader->name_count == MAX_NAMES) {
        refuse(reader, text, "at most %d names are allowed", MAX_NAMES);
        return NULL;
    }
    struct name *name = &reader->names[reader->name_count++];
    memcpy(name->text, text, length);
    name->text[length] = '\0';
    name->value = VALUE_NONE;
    name->assigned = false;
    return name;
}

/* --- values ---------------------------------------------------------------------------
 */

/* Whether there is room for one more value. */
static bool has_room(struct reader *reader)
{
    if (values_count(reader->anatomy->graph) < ANATOMY_MAX_VALUES)
        return true;
    refuse(reader, reader->at, "at most %d values are allowed", ANATOMY_MAX_VALUES);
    return false;
}

static uint32_t add_constant(struct reader *reader, double number, const char *text,
                             size_t length)
{
    if (!has_room(reader))
        return VALUE_NONE;
    uint32_t leaf = value_leaf(reader->anatomy->graph, (float)number);
    anatomy_tag(reader->anatomy, leaf, ROLE_CONSTANT, 0, 0);
    anatomy_label(reader->anatomy, leaf, "%.*s", length > 12 ? 12 : (int)length, text);
    return leaf;
}

static uint32_t add_unary(struct reader *reader, enum value_op op, uint32_t a)
{
    if (reader->failed || !has_room(reader))
        return VALUE_NONE;
    return value_unary(reader->anatomy->graph, op, a);
}

static uint32_t add_binary(struct reader *reader, enum value_op op, uint32_t a,
                           uint32_t b)
{
    if (reader->failed || !has_room(reader))
        return VALUE_NONE;
    return value_binary(reader->anatomy->graph, op, a, b);
}

static uint32_t use_name(struct reader *reader, const char *text, size_t length)
{
    struct name *name = find_name(reader, text, length);
    if (name)
        return name->value;
    name = add_name(reader, text, length);
    if (!name || !has_room(reader))
        return VALUE_NONE;
    name->value = value_leaf(reader->anatomy->graph, 1);
    anatomy_tag(reader->anatomy, name->value, ROLE_VARIABLE, 0, 0);
    anatomy_label(reader->anatomy, name->value, "%s", name->text);
    return name->value;
}

/* --- the grammar ----------------------------------------------------------------------
 */

static uint32_t read_sum(struct reader *reader);

/* What stands where something else should, for a message. */
static uint32_t refuse_here(struct reader *reader, const char *wanted)
{
    skip_space(reader);
    unsigned char c = (unsigned char)*reader->at;
    if (c == '\0' || c == '\n' || c == ';')
        return refuse(reader, reader->at, "%s is missing", wanted);
    if (c < 0x20 || c >= 0x7F)
        return refuse(reader, reader->at, "there is a character that no formula has");
    return refuse(reader, reader->at, "%s should stand here, not %c", wanted, c);
}

/* Numbers as they are written: no sign, no hexadecimals, no "inf". */
static bool take_number(struct reader *reader, double *number)
{
    const char *at = reader->at;
    size_t digits = strspn(at, "0123456789"), length = digits;
    if (at[length] == '.' && !begins_name(at[length + 1])) {
        size_t more = strspn(at + length + 1, "0123456789");
        digits += more;
        length += 1 + more;
    }
    if (digits == 0)
        return false;
    if (at[length] == 'e' || at[length] == 'E') {
        size_t sign = at[length + 1] == '-' || at[length + 1] == '+';
        size_t power = strspn(at + length + 1 + sign, "0123456789");
        length += power ? 1 + sign + power : 0;
    }
    char text[64];
    if (length >= sizeof text || name_length(at + length) > 0) {
        refuse(reader, at,
               length >= sizeof text ? "this number is too long"
                                     : "a name cannot begin with a digit");
        return false;
    }
    memcpy(text, at, length);
    text[length] = '\0';
    *number = strtod(text, NULL);
    if (!isfinite((float)*number)) {
        refuse(reader, at, "this number is too large");
        return false;
    }
    reader->at += length;
    return true;
}

static uint32_t read_group(struct reader *reader, const char *open)
{
    uint32_t value = read_sum(reader);
    if (reader->failed)
        return VALUE_NONE;
    if (!take(reader, ")"))
        return refuse(reader, open, "this parenthesis is never closed");
    return value;
}

static uint32_t read_word(struct reader *reader)
{
    const char *word = reader->at;
    size_t length = name_length(word);
    enum value_op op;
    reader->at += length;
    const char *open = reader->at;
    if (!take(reader, "("))
        return use_name(reader, word, length);
    if (!find_function(word, length, &op))
        return refuse(reader, word,
                      "there is no function %.*s; tanh, relu, sigmoid, gelu, exp and log "
                      "are there",
                      length > MAX_NAME ? MAX_NAME : (int)length, word);
    return add_unary(reader, op, read_group(reader, open));
}

static uint32_t read_atom(struct reader *reader)
{
    double number;
    skip_space(reader);
    const char *begin = reader->at;
    if (take_number(reader, &number))
        return add_constant(reader, number, begin, (size_t)(reader->at - begin));
    if (reader->failed)
        return VALUE_NONE;
    if (name_length(reader->at) > 0)
        return read_word(reader);
    if (take(reader, "("))
        return read_group(reader, begin);
    return refuse_here(reader, "a number, a name or a parenthesis");
}

static uint32_t read_called(struct reader *reader)
{
    uint32_t value = read_atom(reader);
    while (!reader->failed && take(reader, ".")) {
        const char *word = reader->at;
        size_t length = name_length(word);
        enum value_op op;
        if (!find_function(word, length, &op))
            return refuse(
                reader, word,
                "after a point comes tanh(), relu(), sigmoid(), gelu(), exp() or "
                "log()");
        reader->at += length;
        if (!take(reader, "(") || !take(reader, ")"))
            return refuse(reader, reader->at, "() should follow %.*s", (int)length, word);
        value = add_unary(reader, op, value);
    }
    return value;
}

/* A number, perhaps with a sign, perhaps in parentheses. */
static uint32_t read_power(struct reader *reader)
{
    uint32_t base = read_called(reader);
    if (reader->failed || !take(reader, "**"))
        return base;
    skip_space(reader);
    const char *begin = reader->at;
    bool group = take(reader, "("), negative = take(reader, "-");
    double exponent = 0;
    skip_space(reader);
    if (!take_number(reader, &exponent) || (group && !take(reader, ")")))
        return refuse(reader, begin, "the exponent must be a constant number");
    if (!has_room(reader))
        return VALUE_NONE;
    return value_pow(reader->anatomy->graph, base,
                     (float)(negative ? -exponent : exponent));
}

static uint32_t read_signed(struct reader *reader)
{
    if (++reader->depth > MAX_DEPTH)
        return refuse(reader, reader->at, "at most %d levels of parentheses and signs",
                      MAX_DEPTH);
    uint32_t value = take(reader, "-") ? add_unary(reader, VALUE_NEG, read_signed(reader))
                                       : read_power(reader);
    reader->depth--;
    return value;
}

static uint32_t read_product(struct reader *reader)
{
    uint32_t value = read_signed(reader);
    while (!reader->failed) {
        skip_space(reader);
        char sign = *reader->at;
        if (sign != '*' && sign != '/')
            break;
        reader->at++;
        enum value_op op = sign == '*' ? VALUE_MUL : VALUE_DIV;
        value = add_binary(reader, op, value, read_signed(reader));
    }
    return value;
}

static uint32_t read_sum(struct reader *reader)
{
    uint32_t value = read_product(reader);
    while (!reader->failed) {
        skip_space(reader);
        char sign = *reader->at;
        if (sign != '+' && sign != '-')
            break;
        reader->at++;
        enum value_op op = sign == '+' ? VALUE_ADD : VALUE_SUB;
        value = add_binary(reader, op, value, read_product(reader));
    }
    return value;
}

/* Whether "name =" begins here; moves behind it. */
static bool take_assignment(struct reader *reader, const char **word, size_t *length)
{
    const char *begin = reader->at;
    *word = begin;
    *length = name_length(begin);
    reader->at += *length;
    if (*length > 0 && take(reader, "="))
        return true;
    reader->at = begin;
    return false;
}

/* The name goes to the value unless that has one already: d = a makes no new value. */
static void assign(struct reader *reader, const char *word, size_t length, uint32_t value)
{
    struct name *known = find_name(reader, word, length);
    enum value_op op;
    if (reader->failed)
        return;
    if (find_function(word, length, &op)) {
        refuse(reader, word, "%.*s is a function", (int)length, word);
    } else if (known) {
        refuse(reader, word,
               known->assigned ? "%s has a value already"
                               : "%s is used before it is given a value",
               known->text);
    } else if ((known = add_name(reader, word, length)) != NULL) {
        known->value = value;
        known->assigned = true;
        if (value_label(reader->anatomy->graph, value) == NULL)
            anatomy_label(reader->anatomy, value, "%s", known->text);
    }
}

static void read_statement(struct reader *reader)
{
    const char *word;
    size_t length;
    bool assigns = take_assignment(reader, &word, &length);
    uint32_t value = read_sum(reader);
    if (assigns)
        assign(reader, word, length, value);
    skip_space(reader);
    if (!reader->failed && *reader->at != '\0' && *reader->at != '\n' &&
        *reader->at != ';')
        refuse_here(reader, "an operator or the end of the line");
    reader->anatomy->output = value;
}

static void read_formula(struct reader *reader)
{
    bool any = false;
    while (!reader->failed) {
        skip_space(reader);
        if (*reader->at == '\n' || *reader->at == ';') {
            reader->at++;
            continue;
        }
        if (*reader->at == '\0')
            break;
        read_statement(reader);
        any = true;
    }
    if (!any)
        refuse(reader, reader->at, "a formula is missing");
}

static enum engine_status finish(struct reader *reader)
{
    struct anatomy *anatomy = reader->anatomy;
    if (reader->failed)
        return ENGINE_FORMAT;
    if (anatomy->output == VALUE_NONE)
        return ENGINE_NO_MEMORY;
    if (anatomy->tags[anatomy->output].role == ROLE_INNER)
        anatomy_tag(anatomy, anatomy->output, ROLE_OUTPUT, 0, 0);
    return values_compile(anatomy->graph, 1);
}

enum engine_status anatomy_of_formula(const char *text, struct anatomy **out,
                                      struct formula_error *error)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return ENGINE_NO_MEMORY;
    *reader = (struct reader){.text = text, .at = text, .error = error};
    enum engine_status status = anatomy_new(&reader->anatomy);
    if (status == ENGINE_OK) {
        if (strlen(text) > ANATOMY_MAX_TEXT)
            refuse(reader, text, "a formula may have at most %d characters",
                   ANATOMY_MAX_TEXT);
        else
            read_formula(reader);
        status = finish(reader);
    }
    if (status == ENGINE_OK)
        *out = reader->anatomy;
    else
        anatomy_free(reader->anatomy);
    free(reader);
    return status;
}

bool anatomy_set(struct anatomy *anatomy, const char *name, float number)
{
    for (uint32_t i = 0; i < values_count(anatomy->graph); i++) {
        const char *label = value_label(anatomy->graph, i);
        if (anatomy->tags[i].role == ROLE_VARIABLE && label && strcmp(label, name) == 0) {
            *values_data(anatomy->graph, i) = number;
            return true;
        }
    }
    return false;
}
