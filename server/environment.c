#include "server/environment.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "engine/train/trainer.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/version.h"

/* "model name : ..." of /proc/cpuinfo; "unknown" where there is none. */
static void read_cpu_name(char *out, size_t size)
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "re");
    snprintf(out, size, "unknown");
    while (file && fgets(line, sizeof line, file)) {
        char *value = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !value)
            continue;
        value += 1 + strspn(value + 1, " ");
        value[strcspn(value, "\n")] = '\0';
        snprintf(out, size, "%s", value);
        break;
    }
    if (file)
        fclose(file);
}

cJSON *environment_to_json(void)
{
    char cpu[128], os[256] = "unknown";
    struct utsname name;
    read_cpu_name(cpu, sizeof cpu);
    if (uname(&name) == 0)
        snprintf(os, sizeof os, "%.60s %.100s %.60s", name.sysname, name.release,
                 name.machine);
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "version", version_number());
    cJSON_AddStringToObject(object, "revision", version_revision());
    cJSON_AddStringToObject(object, "compiler", version_compiler());
    cJSON_AddStringToObject(object, "backend", trainer_backend());
    cJSON_AddStringToObject(object, "cpu", cpu);
    json_add(object, "cpus", number_to_json((double)sysconf(_SC_NPROCESSORS_ONLN)));
    cJSON_AddStringToObject(object, "os", os);
    json_add(object, "threads", number_to_json(1));
    return object;
}
