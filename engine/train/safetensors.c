#include "engine/train/safetensors.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH_SIZE 8

static const char metadata_start[] = "{\"__metadata__\":{";

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the format is little-endian");

static size_t tensor_bytes(const struct tensor *tensor)
{
    size_t columns = tensor->columns > 0 ? tensor->columns : 1;
    return tensor->rows * columns * sizeof(float);
}

__attribute__((format(printf, 3, 4))) static bool append(char *text, size_t *used,
                                                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = SAFETENSORS_MAX_HEADER - *used;
    int length = vsnprintf(text + *used, room, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= room)
        return false;
    *used += (size_t)length;
    return true;
}

/* Prints the header, padded with spaces so that the numbers are aligned to 8 bytes.
 * Returns its length, 0 if it is too long. */
static size_t print_header(char text[SAFETENSORS_MAX_HEADER],
                           const struct tensor *tensors, size_t count,
                           const char *metadata)
{
    size_t used = 0, offset = 0;
    bool fits = append(text, &used, "%s%s}", metadata_start, metadata);
    for (size_t i = 0; i < count && fits; i++) {
        const struct tensor *tensor = &tensors[i];
        size_t end = offset + tensor_bytes(tensor);
        fits =
            append(text, &used, ",\"%s\":{\"dtype\":\"F32\",\"shape\":[", tensor->name) &&
            (tensor->columns == 0 || append(text, &used, "%zu,", tensor->columns)) &&
            append(text, &used, "%zu],\"data_offsets\":[%zu,%zu]}", tensor->rows, offset,
                   end);
        offset = end;
    }
    fits = fits && append(text, &used, "}");
    while (fits && used % 8 != 0)
        fits = append(text, &used, " ");
    return fits ? used : 0;
}

static void put_length(uint8_t *bytes, uint64_t length)
{
    for (size_t i = 0; i < LENGTH_SIZE; i++)
        bytes[i] = (uint8_t)(length >> 8 * i);
}

static uint64_t get_length(const uint8_t *bytes)
{
    uint64_t length = 0;
    for (size_t i = LENGTH_SIZE; i-- > 0;)
        length = length << 8 | bytes[i];
    return length;
}

/* (rows, columns) in memory, (columns, rows) in the file. */
static void pack_values(const struct tensor *tensor, uint8_t *to)
{
    if (tensor->columns == 0) {
        memcpy(to, tensor->values, tensor_bytes(tensor));
        return;
    }
    for (size_t c = 0; c < tensor->columns; c++)
        for (size_t r = 0; r < tensor->rows; r++, to += sizeof(float))
            memcpy(to, &tensor->values[r * tensor->columns + c], sizeof(float));
}

static void unpack_values(const struct tensor *tensor, const uint8_t *from)
{
    if (tensor->columns == 0) {
        memcpy(tensor->values, from, tensor_bytes(tensor));
        return;
    }
    for (size_t c = 0; c < tensor->columns; c++)
        for (size_t r = 0; r < tensor->rows; r++, from += sizeof(float))
            memcpy(&tensor->values[r * tensor->columns + c], from, sizeof(float));
}

static size_t data_bytes(const struct tensor *tensors, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += tensor_bytes(&tensors[i]);
    return total;
}

enum engine_status safetensors_pack(const struct tensor *tensors, size_t count,
                                    const char *metadata, uint8_t **bytes, size_t *size)
{
    char header[SAFETENSORS_MAX_HEADER];
    size_t length = print_header(header, tensors, count, metadata);
    if (length == 0)
        return ENGINE_INVALID;
    size_t total = LENGTH_SIZE + length + data_bytes(tensors, count);
    uint8_t *packed = malloc(total);
    if (packed == NULL)
        return ENGINE_NO_MEMORY;
    put_length(packed, length);
    memcpy(packed + LENGTH_SIZE, header, length);
    uint8_t *to = packed + LENGTH_SIZE + length;
    for (size_t i = 0; i < count; i++) {
        pack_values(&tensors[i], to);
        to += tensor_bytes(&tensors[i]);
    }
    *bytes = packed;
    *size = total;
    return ENGINE_OK;
}

bool safetensors_metadata(const uint8_t *bytes, size_t size, char *metadata,
                          size_t metadata_size)
{
    size_t start = LENGTH_SIZE + strlen(metadata_start);
    if (size < start ||
        memcmp(bytes + LENGTH_SIZE, metadata_start, strlen(metadata_start)) != 0)
        return false;
    size_t room = size - start < metadata_size ? size - start : metadata_size;
    const uint8_t *end = memchr(bytes + start, '}', room);
    if (end == NULL)
        return false;
    size_t length = (size_t)(end - (bytes + start));
    memcpy(metadata, bytes + start, length);
    metadata[length] = '\0';
    return strlen(metadata) == length;
}

enum engine_status safetensors_unpack(const uint8_t *bytes, size_t size,
                                      const char *metadata, const struct tensor *tensors,
                                      size_t count)
{
    char header[SAFETENSORS_MAX_HEADER];
    size_t length = print_header(header, tensors, count, metadata);
    if (length == 0 || size != LENGTH_SIZE + length + data_bytes(tensors, count) ||
        get_length(bytes) != length || memcmp(bytes + LENGTH_SIZE, header, length) != 0)
        return ENGINE_FORMAT;
    const uint8_t *from = bytes + LENGTH_SIZE + length;
    for (size_t i = 0; i < count; i++) {
        unpack_values(&tensors[i], from);
        from += tensor_bytes(&tensors[i]);
    }
    return ENGINE_OK;
}

size_t safetensors_data_offset(const uint8_t *bytes)
{
    return LENGTH_SIZE + (size_t)get_length(bytes);
}
