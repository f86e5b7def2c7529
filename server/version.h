/* Which program this is. */
#ifndef SERVER_VERSION_H
#define SERVER_VERSION_H

const char *version_number(void);   /* "0.1.0" */
const char *version_revision(void); /* of the source, or "unknown" */
const char *version_compiler(void);

#endif
