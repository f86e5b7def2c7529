/* Keeps out what does not come from this machine's own pages and programs: DNS rebinding
 * (Host), foreign pages (Origin, Sec-Fetch-Site, Content-Type) and requests that two
 * parsers could read in two ways (smuggling). */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/http/internal.h"
#include "server/http/routes.h"
#include "server/http/upload.h"

struct header_count {
    int host, content_length, content_type, transfer_encoding, origin, malformed;
};

/* RFC 9110's token. "Content-Length :" is a length to some parsers and not to others. */
static bool is_token(const char *name)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    const char *c = name;
    while (isalnum((unsigned char)*c) || (*c && strchr(marks, *c)))
        c++;
    return c > name && *c == '\0';
}

static enum MHD_Result count_header(void *context, enum MHD_ValueKind kind,
                                    const char *name, const char *value)
{
    struct header_count *count = context;
    (void)kind;
    (void)value;
    count->malformed += !is_token(name);
    count->host += strcasecmp(name, "Host") == 0;
    count->content_length += strcasecmp(name, "Content-Length") == 0;
    count->content_type += strcasecmp(name, "Content-Type") == 0;
    count->transfer_encoding += strcasecmp(name, "Transfer-Encoding") == 0;
    count->origin += strcasecmp(name, "Origin") == 0;
    return MHD_YES;
}

/* libmicrohttpd takes the first of two lengths and lets chunks and a length stand side by
 * side; a proxy in front might not. */
static const char *find_ambiguity(const struct request *request)
{
    struct header_count count = {0};
    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, count_header, &count);
    const char *encoding = request_header(request, "Transfer-Encoding");
    const char *length = request_header(request, "Content-Length");
    if (request->raw_uri_is_bad)
        return "the request line must have a plain path without %00 and %2F";
    if (count.malformed)
        return "there is a malformed header name";
    if (count.host > 1)
        return "there must be one Host header";
    if (count.content_length > 1)
        return "there must be one Content-Length header";
    if (count.content_type > 1)
        return "there must be one Content-Type header";
    if (count.transfer_encoding > 1 || (encoding && strcasecmp(encoding, "chunked") != 0))
        return "the only Transfer-Encoding is chunked";
    if (encoding && length)
        return "Content-Length and Transfer-Encoding exclude each other";
    if (length && (!*length || strspn(length, "0123456789") != strlen(length)))
        return "Content-Length must be a whole number";
    if (count.origin > 1)
        return "there must be one Origin header";
    return NULL;
}

bool guard_bind_is_local(const char *address)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, address, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return inet_pton(AF_INET6, address, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

/* "name:port" with our port, or just "name" where our port is the scheme's own, 80. */
static bool host_matches(const char *host, const char *name, int port)
{
    char wanted[320];
    snprintf(wanted, sizeof wanted, "%s:%d", name, port);
    return strcasecmp(host, wanted) == 0 || (port == 80 && strcasecmp(host, name) == 0);
}

static bool host_is_ours(const struct http_server *server, const char *host)
{
    static const char *const local[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof local / sizeof *local; i++)
        if (host_matches(host, local[i], server->port))
            return true;
    const struct http_options *options = &server->options;
    if (guard_bind_is_local(options->bind))
        return false;
    char bracketed[96];
    snprintf(bracketed, sizeof bracketed, "[%s]", options->bind);
    if (host_matches(host, options->bind, server->port) ||
        host_matches(host, bracketed, server->port))
        return true;
    for (size_t i = 0; i < options->allowed_host_count; i++)
        if (host_matches(host, options->allowed_hosts[i], server->port))
            return true;
    return false;
}

static bool origin_is_ours(const struct http_server *server, const char *origin)
{
    return strncmp(origin, "http://", 7) == 0 && host_is_ours(server, origin + 7);
}

static bool site_is_ours(const char *site)
{
    return !site || strcasecmp(site, "same-origin") == 0 || strcasecmp(site, "none") == 0;
}

/* The wanted type, "application/json" say, alone or with parameters. */
static bool is_type(const char *type, const char *wanted)
{
    size_t length = strlen(wanted);
    return type && strncasecmp(type, wanted, length) == 0 &&
           (type[length] == '\0' || strchr("; \t", type[length]) != NULL);
}

static bool is_write(const char *method)
{
    return strcmp(method, "POST") == 0 || strcmp(method, "PATCH") == 0 ||
           strcmp(method, "PUT") == 0;
}

static bool announces_too_much(const char *length, size_t most)
{
    return length && (strlen(length) > 9 || (size_t)atol(length) > most);
}

/* What a body may be: files go to an upload, JSON anywhere else. */
static unsigned check_body(const struct request *request, const char **reason)
{
    bool upload = request->route && request->route->flags & ROUTE_UPLOAD;
    const char *type = request_header(request, "Content-Type");
    *reason = upload ? "this needs Content-Type: multipart/form-data"
                     : "writes need Content-Type: application/json";
    if (is_write(request->method) &&
        !is_type(type, upload ? "multipart/form-data" : "application/json"))
        return 415;
    *reason = upload ? "the body may have at most 256 MiB"
                     : "the body may have at most 65536 bytes";
    return announces_too_much(request_header(request, "Content-Length"),
                              upload ? UPLOAD_MAX_BYTES : HTTP_MAX_BODY)
               ? 413
               : 0;
}

unsigned guard_check(const struct request *request, const char **reason)
{
    const char *host = request_header(request, "Host");
    const char *origin = request_header(request, "Origin");
    *reason = find_ambiguity(request);
    if (*reason)
        return 400;
    *reason = "this server answers to localhost, 127.0.0.1 and [::1] with its port only";
    if (!host || !host_is_ours(request->server, host))
        return 421;
    *reason = "requests from other sites are refused";
    if (origin && !origin_is_ours(request->server, origin))
        return 403;
    if (!site_is_ours(request_header(request, "Sec-Fetch-Site")))
        return 403;
    return check_body(request, reason);
}

bool guard_token_is_valid(const char *token)
{
    size_t length = strlen(token);
    const char *c = token;
    while (*c >= ' ' && *c <= '~' && !strchr("\",;\\", *c))
        c++;
    bool whole = *c == '\0';
    return whole && length >= 8 && length <= 200 && *token != ' ' && c[-1] != ' ';
}

bool guard_token_matches(const char *token, const char *given)
{
    size_t length = strlen(token), given_length = strlen(given);
    unsigned difference = length != given_length;
    for (size_t i = 0; i < length; i++)
        difference |= (unsigned char)token[i] ^
                      (unsigned char)given[given_length ? i % given_length : 0];
    return difference == 0;
}

bool guard_is_authorised(const struct request *request)
{
    const char *token = request->options->token;
    if (!token || !*token)
        return true;
    const char *header = request_header(request, "Authorization");
    if (header && strncasecmp(header, "Bearer ", 7) == 0)
        return guard_token_matches(token, header + 7);
    const char *cookie =
        MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, GUARD_COOKIE);
    return cookie && guard_token_matches(token, cookie);
}
