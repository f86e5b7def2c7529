/* A digest that tells one request body from another. Not for secrets: a client can only
 * fool itself. */
#ifndef SERVER_ROUTES_DIGEST_H
#define SERVER_ROUTES_DIGEST_H

#define DIGEST_TEXT_MAX 48

/* FNV-1a (Fowler, Noll, Vo) in 64 bits with the length, as hex digits. */
void digest_text(const char *text, char *digest);

#endif
