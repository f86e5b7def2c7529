#include "server/http/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/utf8.h"
#include "server/file.h"
#include "server/http/internal.h"
#include "server/own_datasets.h"

#define BUFFER_BYTES 65536
/* A body past the limit is read on this far, so that the answer can be sent. */
#define MAX_DISCARDED ((size_t)1 << 20)

struct part {
    bool given;
    int file; /* -1: none, or closed */
    char path[PATH_MAX];
    char text[UPLOAD_MAX_TEXT + 1];
    size_t length; /* of its text, or of its file */
};

struct upload {
    struct MHD_PostProcessor *parser; /* NULL: what comes is passed over */
    atomic_int *under_way;            /* the server's count, this one included */
    size_t received;
    bool too_many; /* others are under way */
    bool malformed;
    int failure; /* errno of the first write that failed; 0: none did */
    char folder[PATH_MAX];
    struct part parts[UPLOAD_MAX_PARTS];
};

static int find_field(const char *name)
{
    for (int i = 0; upload_fields[i].name; i++)
        if (strcmp(upload_fields[i].name, name) == 0)
            return i;
    return -1;
}

static void note_failure(struct upload *upload)
{
    if (upload->failure == 0)
        upload->failure = errno;
}

static void open_part(struct upload *upload, int field)
{
    struct part *part = &upload->parts[field];
    snprintf(part->path, sizeof part->path, "%.*s/%d", PATH_MAX - 16, upload->folder,
             field);
    part->file = open(part->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (part->file < 0)
        note_failure(upload);
}

static void write_part(struct upload *upload, struct part *part, const char *bytes,
                       size_t size)
{
    while (size > 0 && upload->failure == 0) {
        ssize_t written = write(part->file, bytes, size);
        if (written < 0 && errno != EINTR)
            note_failure(upload);
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
            part->length += (size_t)written;
        }
    }
}

static void append_text(struct request *request, struct part *part, const char *name,
                        const char *bytes, size_t size)
{
    bool fits = part->length + size <= UPLOAD_MAX_TEXT;
    if (!fits && part->length <= UPLOAD_MAX_TEXT)
        request_add_problem(request, name, "must be at most %d bytes", UPLOAD_MAX_TEXT);
    if (fits)
        memcpy(part->text + part->length, bytes, size);
    part->length += size;
}

/* libmicrohttpd's parser has found `size` bytes of the part `name`, from `offset` on. */
static enum MHD_Result take_part(void *context, enum MHD_ValueKind kind, const char *name,
                                 const char *file_name, const char *type,
                                 const char *encoding, const char *bytes, uint64_t offset,
                                 size_t size)
{
    struct request *request = context;
    struct upload *upload = request->upload;
    int field = name ? find_field(name) : -1;
    (void)kind;
    (void)file_name; /* any name or type: what it is, its bytes tell */
    (void)type;
    (void)encoding;
    struct part *part = field < 0 ? NULL : &upload->parts[field];
    if (!name && errno == ENOMEM) { /* the parser had none for it, and says no more */
        note_failure(upload);
        return MHD_NO;
    }
    /* The parser may find nothing at first, and call again with the same offset. */
    if (offset == 0 && (!part || part->length > 0))
        request_add_problem(request, name ? name : "",
                            part ? "was given twice" : "is not a part of this request");
    if (!part)
        return MHD_YES;
    if (!part->given && upload_fields[field].file)
        open_part(upload, field);
    part->given = true;
    if (upload_fields[field].file)
        write_part(upload, part, bytes, size);
    else
        append_text(request, part, name, bytes, size);
    return upload->failure ? MHD_NO : MHD_YES;
}

/* The parser does not say why it failed, and goes on without a part's name where memory
 * ran out: that shows in errno, which was 0 before. */
static void note_parser(struct upload *upload, bool done)
{
    if (errno == ENOMEM)
        note_failure(upload);
    else if (!done && !upload->failure)
        upload->malformed = true;
}

/* A client that still sends would not see an answer: what is wrong is told at the end. */
enum MHD_Result upload_begin(struct request *request)
{
    if (!guard_is_authorised(request))
        return reply_unauthorised(request, "this server needs its token");
    struct upload *upload = calloc(1, sizeof *upload);
    if (!upload)
        return reply_no_memory(request);
    request->upload = upload;
    upload->under_way = &request->server->uploads;
    for (size_t i = 0; i < UPLOAD_MAX_PARTS; i++)
        upload->parts[i].file = -1;
    upload->too_many = atomic_fetch_add(upload->under_way, 1) >= UPLOAD_MAX;
    if (upload->too_many) {
        atomic_fetch_sub(upload->under_way, 1);
        return MHD_YES;
    }
    if (!own_datasets_make_folder(request->options->data_dir, upload->folder)) {
        note_failure(upload);
        upload->folder[0] = '\0';
        return MHD_YES;
    }
    errno = 0;
    upload->parser =
        MHD_create_post_processor(request->connection, BUFFER_BYTES, take_part, request);
    note_parser(upload, upload->parser != NULL);
    return MHD_YES;
}

bool upload_take(struct request *request, const char *bytes, size_t size)
{
    struct upload *upload = request->upload;
    size_t before = upload->received;
    upload->received += size;
    if (upload->received >> 20 != before >> 20)
        connections_request_grows(request->server->connections, request->connection);
    if (upload->received > UPLOAD_MAX_BYTES)
        return upload->received < UPLOAD_MAX_BYTES + MAX_DISCARDED;
    errno = 0;
    if (upload->parser && !upload->malformed && !upload->failure)
        note_parser(upload, MHD_post_process(upload->parser, bytes, size) == MHD_YES);
    return true;
}

static void close_parts(struct upload *upload)
{
    for (size_t i = 0; i < UPLOAD_MAX_PARTS; i++) {
        if (upload->parts[i].file >= 0 && close(upload->parts[i].file) != 0)
            note_failure(upload);
        upload->parts[i].file = -1;
    }
}

static void check_texts(struct request *request)
{
    for (int i = 0; upload_fields[i].name; i++) {
        const struct part *part = &request->upload->parts[i];
        bool fits = part->length <= UPLOAD_MAX_TEXT; /* else that has been told */
        if (!upload_fields[i].file && fits && !utf8_is_line(part->text, part->length))
            request_add_problem(request, upload_fields[i].name,
                                "must be UTF-8 without control characters");
    }
}

static enum MHD_Result reply_failure(struct request *request)
{
    const struct upload *upload = request->upload;
    if (upload->too_many)
        return reply_unavailable(request, "other uploads are under way; try again");
    if (upload->received > UPLOAD_MAX_BYTES)
        return reply_refusal(request, 413, "the body may have at most 256 MiB");
    if (!upload->failure)
        return reply_problem(request, 400, "the multipart body is malformed");
    if (upload->failure == ENOMEM)
        return reply_no_memory(request);
    return engine_status_of(upload->failure) == ENGINE_FULL
               ? reply_problem(request, 507, "the disk is full: nothing was kept")
               : reply_problem(request, 500, "the upload cannot be kept: %s",
                               strerror(upload->failure));
}

bool upload_end(struct request *request, enum MHD_Result *result)
{
    struct upload *upload = request->upload;
    errno = 0;
    if (upload->parser)
        note_parser(upload, MHD_destroy_post_processor(upload->parser) == MHD_YES);
    upload->parser = NULL;
    close_parts(upload);
    check_texts(request);
    if (upload->too_many || upload->malformed || upload->failure ||
        upload->received > UPLOAD_MAX_BYTES) {
        *result = reply_failure(request);
        return false;
    }
    return true;
}

void upload_free(struct upload *upload)
{
    if (!upload)
        return;
    if (upload->parser)
        MHD_destroy_post_processor(upload->parser);
    close_parts(upload);
    if (upload->folder[0])
        file_remove_folder(upload->folder);
    if (!upload->too_many)
        atomic_fetch_sub(upload->under_way, 1);
    free(upload);
}

const char *upload_text(const struct upload *upload, const char *name)
{
    const struct part *part = &upload->parts[find_field(name)];
    return part->length > 0 ? part->text : NULL;
}

const char *upload_file(const struct upload *upload, const char *name)
{
    const struct part *part = &upload->parts[find_field(name)];
    return part->length > 0 ? part->path : NULL;
}
