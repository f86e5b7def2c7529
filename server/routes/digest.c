#include "server/routes/digest.h"

#include <stdint.h>
#include <stdio.h>

void digest_text(const char *text, char *digest)
{
    uint64_t hash = 0xcbf29ce484222325u;
    const char *c = text;
    for (; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    snprintf(digest, DIGEST_TEXT_MAX, "%016llx-%lld", (unsigned long long)hash,
             (long long)(c - text));
}
