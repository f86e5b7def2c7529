#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/http/internal.h"
#include "server/http/routes.h"
#include "server/json/build.h"
#include "server/json/reader.h"

/* Ids are positive and have no sign or leading zero. */
static bool parse_id(const char *text, size_t length, int64_t *id)
{
    if (length == 0 || length > 18 || *text == '0' || strspn(text, "0123456789") < length)
        return false;
    *id = strtoll(text, NULL, 10);
    return true;
}

/* Matches one segment of the pattern; a variable's value goes into the request. */
static bool match_segment(struct request *request, const char *pattern,
                          size_t pattern_length, const char *segment, size_t length)
{
    if (pattern[0] != ':')
        return pattern_length == length && memcmp(pattern, segment, length) == 0;
    if (strncmp(pattern, ":id", pattern_length) == 0)
        return parse_id(segment, length, &request->id);
    if (length == 0 || length >= sizeof request->word)
        return false;
    memcpy(request->word, segment, length);
    request->word[length] = '\0';
    return true;
}

static bool match_path(struct request *request, const char *pattern)
{
    const char *path = request->path;
    while (*pattern == '/' && *path == '/') {
        pattern++;
        path++;
        size_t pattern_length = strcspn(pattern, "/"), length = strcspn(path, "/");
        if (!match_segment(request, pattern, pattern_length, path, length))
            return false;
        pattern += pattern_length;
        path += length;
    }
    return *pattern == '\0' && *path == '\0';
}

/* HEAD is GET whose body libmicrohttpd leaves out. */
static bool match_method(const struct request *request, const struct route *route)
{
    const char *method = strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;
    return strcmp(method, route->method) == 0;
}

/* False when an answer has been queued instead; it is in `result`. */
static bool read_body(struct request *request, enum MHD_Result *result)
{
    char reason[200];
    const char *text = request->body ? request->body : "{}";
    request->json = json_read_object(text, request->body ? request->body_size : 2, reason,
                                     sizeof reason);
    if (!request->json)
        *result = json_ran_out() ? reply_no_memory(request)
                                 : reply_problem(request, 400, "%s", reason);
    return request->json != NULL;
}

static enum MHD_Result call(struct request *request, const struct route *route)
{
    enum MHD_Result result;
    if (!(route->flags & ROUTE_PUBLIC) && !guard_is_authorised(request))
        return reply_unauthorised(
            request, "this server needs its token: Authorization: Bearer ...");
    if (route->flags & ROUTE_BODY && !read_body(request, &result))
        return result;
    request_allow_query(request, route->query);
    if (request->problems.count && !route->query && !request->json && !request->upload)
        return reply_bad_fields(request);
    return route->flags & ROUTE_SLOW ? request_offload(request, route->handler)
                                     : route->handler(request);
}

static void add_method(char *allowed, size_t size, const char *method)
{
    size_t length = strlen(allowed);
    snprintf(allowed + length, size - length, "%s%s%s", length ? ", " : "", method,
             strcmp(method, "GET") == 0 ? ", HEAD" : "");
}

const struct route *router_find(struct request *request)
{
    for (size_t i = 0; i < route_count; i++)
        if (match_method(request, &routes[i]) && match_path(request, routes[i].path))
            return &routes[i];
    return NULL;
}

enum MHD_Result router_dispatch(struct request *request)
{
    char allowed[64] = "";
    enum MHD_Result result;
    if (request->route)
        return call(request, request->route);
    for (size_t i = 0; i < route_count; i++)
        if (match_path(request, routes[i].path))
            add_method(allowed, sizeof allowed, routes[i].method);
    if (*allowed)
        return reply_method_not_allowed(request, allowed);
    if (assets_serve(request, &result))
        return result;
    return reply_problem(request, 404, "there is nothing at this address");
}
