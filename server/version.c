#include "server/version.h"

const char *version_number(void)
{
    return SWEETSPOT_VERSION;
}

const char *version_revision(void)
{
    return SWEETSPOT_REVISION;
}

const char *version_compiler(void)
{
#if defined(__clang__)
    return "clang " __clang_version__;
#else
    return "gcc " __VERSION__;
#endif
}
