#include "engine/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

enum engine_status engine_fail(struct engine_error *error, enum engine_status status,
                               const char *format, ...)
{
    if (error) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->text, sizeof error->text, format, arguments);
        va_end(arguments);
    }
    return status;
}

enum engine_status engine_status_of(int error)
{
    return error == ENOSPC || error == EDQUOT ? ENGINE_FULL : ENGINE_IO;
}

const char *engine_status_name(enum engine_status status)
{
    static const char *const names[] = {
        [ENGINE_OK] = "ok",
        [ENGINE_NO_MEMORY] = "no memory",
        [ENGINE_IO] = "input/output error",
        [ENGINE_FULL] = "disk full",
        [ENGINE_FORMAT] = "bad format",
        [ENGINE_NOT_FOUND] = "not found",
        [ENGINE_INVALID] = "invalid argument",
    };
    return names[status];
}
