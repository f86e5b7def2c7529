/* The page's files: embedded, or from a folder while somebody works on them. */
#include "server/http/assets.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/http/internal.h"

static const struct asset *find_asset(const char *path)
{
    for (size_t i = 0; i < asset_count; i++)
        if (strcmp(assets[i].path, path) == 0)
            return &assets[i];
    return NULL;
}

static bool accepts_gzip(const struct request *request)
{
    const char *encodings = request_header(request, "Accept-Encoding");
    const char *gzip = encodings ? strstr(encodings, "gzip") : NULL;
    return gzip && strncmp(gzip, "gzip;q=0", 8) != 0;
}

/* `no-cache` lets the browser keep the file but ask each time whether it is current. */
static struct MHD_Response *add_headers(struct MHD_Response *response,
                                        const struct asset *asset, bool compressed)
{
    response = response_with(response, MHD_HTTP_HEADER_CONTENT_TYPE, asset->type);
    response = response_with(response, MHD_HTTP_HEADER_ETAG, asset->etag);
    response = response_with(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
    response = response_with(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    return compressed ? response_with(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip")
                      : response;
}

static enum MHD_Result serve_embedded(struct request *request, const struct asset *asset)
{
    const char *known = request_header(request, "If-None-Match");
    bool unchanged = known && strstr(known, asset->etag) != NULL;
    bool compressed = !unchanged && asset->gzip_size > 0 && accepts_gzip(request);
    struct MHD_Response *response =
        unchanged    ? response_from_static("", 0)
        : compressed ? response_from_static(asset->gzip, asset->gzip_size)
                     : response_from_static(asset->raw, asset->raw_size);
    return reply_queue(request, unchanged ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK,
                       add_headers(response, asset, compressed));
}

/* Only names that are embedded too are looked for in the folder, so that no path can lead
 * out of it; its files may be newer than the embedded ones. */
static bool serve_from_folder(struct request *request, const struct asset *asset,
                              enum MHD_Result *result)
{
    char path[PATH_MAX];
    struct stat info;
    const char *name = strcmp(asset->path, "/") == 0 ? "/index.html" : asset->path;
    snprintf(path, sizeof path, "%s%s", request->options->web_dir, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return false;
    }
    struct MHD_Response *response =
        MHD_create_response_from_fd64((uint64_t)info.st_size, fd);
    if (!response) {
        close(fd);
        return false;
    }
    response = response_with(response, MHD_HTTP_HEADER_CONTENT_TYPE, asset->type);
    *result = reply_queue(request, MHD_HTTP_OK, response);
    return true;
}

bool assets_serve(struct request *request, enum MHD_Result *result)
{
    const struct asset *asset = find_asset(request->path);
    const char *web_dir = request->options->web_dir;
    bool read =
        strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
    if (!asset)
        return false;
    if (!read)
        *result = reply_method_not_allowed(request, "GET, HEAD");
    else if (!(web_dir && *web_dir) || !serve_from_folder(request, asset, result))
        *result = serve_embedded(request, asset);
    return true;
}
