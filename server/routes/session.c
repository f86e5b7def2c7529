/* A browser cannot put a token on its stream of events: it trades the token for a cookie
 * once. */
#include <stdio.h>

#include "server/http/internal.h"
#include "server/routes/handlers.h"

enum MHD_Result session_create(struct request *request)
{
    const char *token = request->options->token;
    static const char *const members[] = {"token", NULL};
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(request->json, "token");
    request_allow_members(request, members);
    bool asked = token && *token;
    if (asked && !cJSON_IsString(given))
        request_add_problem(request, "token", "must be the server's token");
    if (request->problems.count)
        return reply_bad_fields(request);
    if (!asked)
        return reply_empty(request, MHD_HTTP_NO_CONTENT);
    if (!guard_token_matches(token, given->valuestring))
        return reply_unauthorised(request, "this is not the server's token");
    char cookie[400];
    snprintf(cookie, sizeof cookie, GUARD_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict",
             token);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    return reply_queue(request, MHD_HTTP_NO_CONTENT,
                       response_with(response, MHD_HTTP_HEADER_SET_COOKIE, cookie));
}
