/* The API's table of contents; the table itself is in server/routes/table.c. */
#ifndef SERVER_HTTP_ROUTES_H
#define SERVER_HTTP_ROUTES_H

#include "server/http/request.h"

enum route_flags {
    ROUTE_READ = 0,
    ROUTE_WRITE = 1,   /* needs Content-Type: application/json */
    ROUTE_BODY = 2,    /* the body is parsed as a JSON object into request->json */
    ROUTE_PUBLIC = 4,  /* answers without a token */
    ROUTE_SLOW = 8,    /* may take long: runs on a thread beside libmicrohttpd's */
    ROUTE_UPLOAD = 16, /* needs multipart/form-data instead: its parts, those that
                          upload_fields lists, are in request->upload */
};

struct route {
    const char *method; /* "GET", ... */
    const char *path;   /* "/runs/:id/points"; `:id` a positive integer, `:name` a word */
    enum MHD_Result (*handler)(struct request *request);
    unsigned flags;
    const char *const *query; /* parameters it takes, NULL-terminated; NULL: none */
    /* For the API's description: */
    const char *summary; /* one line */
    const char *takes;   /* the body's schema; NULL: none */
    const char *gives;   /* the answer's schema or media type; "": empty */
    const char *header;  /* a request header that it heeds; NULL: none */
};

extern const struct route routes[];
extern const size_t route_count;

#endif
