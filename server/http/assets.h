/* The browser's files, embedded by web/build.mjs: one generated assembler file holds each
 * file raw and gzip-compressed, and this table. */
#ifndef SERVER_HTTP_ASSETS_H
#define SERVER_HTTP_ASSETS_H

#include <stddef.h>
#include <stdint.h>

struct asset {
    const char *path; /* "/", "/assets/app.js", ... */
    const char *type; /* "text/javascript; charset=utf-8" */
    const char *etag; /* quoted: the first 32 hex digits of the SHA-256 */
    const uint8_t *raw, *gzip;
    size_t raw_size, gzip_size;
};

extern const struct asset assets[];
extern const size_t asset_count;

#endif
