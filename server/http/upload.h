/* Parts of a multipart/form-data body (RFC 7578) on their way in: files go to the disk as
 * they arrive, texts are kept. Nothing of it stays once the request has been answered. */
#ifndef SERVER_HTTP_UPLOAD_H
#define SERVER_HTTP_UPLOAD_H

#include "server/http/request.h"

#define UPLOAD_MAX_BYTES ((size_t)256 << 20) /* of the whole body */
#define UPLOAD_MAX_TEXT  1000                /* bytes */
#define UPLOAD_MAX_PARTS 16
#define UPLOAD_MAX       2 /* under way at the same time, until they are answered */

struct upload_field {
    const char *name;
    bool file;
};

/* Of routes with ROUTE_UPLOAD; up to a NULL name. */
extern const struct upload_field upload_fields[];

/* From the access handler. Before the body: makes request->upload, or answers to those
 * who may not send one. */
enum MHD_Result upload_begin(struct request *request);
/* The next bytes of the body; what is wrong with them is told at the end, parts that
 * should not be there among request->problems. False: it goes on without end. */
bool upload_take(struct request *request, const char *bytes, size_t size);
/* Behind the body. False when an answer has been queued; it is in `result`. */
bool upload_end(struct request *request, enum MHD_Result *result);
/* With the request; NULL is nothing. */
void upload_free(struct upload *upload);

/* A part's text, or the path of its file; NULL: it was not given, or is empty, as forms
 * give what was left out. Any thread. */
const char *upload_text(const struct upload *upload, const char *name);
const char *upload_file(const struct upload *upload, const char *name);

#endif
