/* Doubles as JSON text: the shortest form that reads back to the same bits (at most 17
 * significant digits); NaN and infinities are "null". cJSON's own printing changes one
 * double in six, so every number this server prints comes through here. */
#ifndef SERVER_JSON_NUMBER_H
#define SERVER_JSON_NUMBER_H

#include <cjson/cJSON.h>
#include <stddef.h>

#define NUMBER_TEXT_MAX 32

/* Writes into `text` (NUMBER_TEXT_MAX bytes), returns its length. */
int number_format(double value, char *text);

/* A member of an object; its name needs no escapes and has at most
 * NUMBER_MEMBER_MAX - NUMBER_TEXT_MAX - 4 characters. */
struct number_member {
    const char *name;
    double value;
};
#define NUMBER_MEMBER_MAX 64

/* Writes `before`, "name":value into `text` (NUMBER_MEMBER_MAX bytes), returns its
 * length. */
size_t number_print_member(const struct number_member *member, char before, char *text);

/* A number (or null) node that prints exactly. NULL: no memory. */
cJSON *number_to_json(double value);

/* Adds such a node to an object. */
void number_add(cJSON *object, const char *name, double value);

/* A tree as text with all its numbers exact; the caller frees it with cJSON_free. NULL:
 * no memory. */
char *number_print_tree(const cJSON *tree);

#endif
