/* A browser cannot put a token on its stream of events: it trades the token for a cookie
 * once. */
#include <stdio.h>

#include "server/http/internal.h"
#include "server/routes/handlers.h"

enum MHD_Result session_create(struct request *request)
{
    const char *token = request->options->token;
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(request->json, "token");
    if (!token || !*token)
        return reply_empty(request, MHD_HTTP_NO_CONTENT);
    if (!cJSON_IsString(given) || cJSON_GetArraySize(request->json) != 1) {
        request_add_problem(request, "token", "must be the server's token");
        return reply_bad_fields(request);
    }
    if (!guard_token_matches(token, given->valuestring))
        return reply_problem(request, 401, "this is not the server's token");
    char cookie[400];
    snprintf(cookie, sizeof cookie, GUARD_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict",
             token);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    if (response)
        MHD_add_response_header(response, MHD_HTTP_HEADER_SET_COOKIE, cookie);
    return reply_queue(request, MHD_HTTP_NO_CONTENT, response);
}
