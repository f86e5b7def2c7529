/* Last-Event-ID: where a stream goes on. "BOOT" in the input stands for the id of this
 * process's hub. An id that this hub gave goes on right behind it; any other is answered
 * by a gap, never by events that were seen already or by silence. */
#include "server/events/hub.h"
#include "tests/fuzz/fuzz.h"

#define EVENTS 12

static struct hub *hub;
static char boot[24];

static void do_nothing(void *context)
{
    (void)context;
}

static bool is_there(void *context)
{
    (void)context;
    return false;
}

static const struct hub_reader reader = {do_nothing, do_nothing, is_there};

/* All that a stream from `id` on says now. */
static void listen_from(const char *id, char *out, size_t size)
{
    struct hub_subscriber *subscriber = hub_subscribe(hub, id, &reader, NULL);
    size_t used = 0;
    long count;
    REQUIRE(subscriber);
    while ((count = hub_read(subscriber, out + used, size - used - 1)) > 0)
        used += (size_t)count;
    REQUIRE(count == 0);
    out[used] = '\0';
    hub_unsubscribe(subscriber);
}

static void open_hub(void)
{
    char text[256];
    hub = hub_new();
    REQUIRE(hub);
    listen_from("none", text, sizeof text);
    const char *id = strstr(text, "id: ");
    REQUIRE(id && strstr(text, "event: gap"));
    snprintf(boot, sizeof boot, "%.*s", (int)strcspn(id + 4, "-"), id + 4);
    for (int i = 1; i <= EVENTS; i++)
        hub_publish_deleted(hub, i);
}

/* The input with the hub's id in place of the first "BOOT". */
static char *make_id(const char *text)
{
    const char *place = strstr(text, "BOOT");
    size_t room = strlen(text) + sizeof boot;
    char *id = malloc(room);
    REQUIRE(id);
    if (place)
        snprintf(id, room, "%.*s%s%s", (int)(place - text), text, boot, place + 4);
    else
        snprintf(id, room, "%s", text);
    return id;
}

/* The number of the event that the id names; -1: none of this hub. */
static int number_of(const char *id)
{
    size_t length = strlen(boot);
    if (strncmp(id, boot, length) != 0 || id[length] != '-')
        return -1;
    const char *digits = id + length + 1;
    size_t count = strspn(digits, "0123456789");
    if (count == 0 || digits[count])
        return -1;
    while (*digits == '0' && digits[1])
        digits++;
    return strlen(digits) > 2 || atoi(digits) > EVENTS ? -1 : atoi(digits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char heard[8192];
    if (!hub)
        open_hub();
    char *text = fuzz_text(data, size), *id = make_id(text);
    listen_from(id, heard, sizeof heard);
    int number = number_of(id);
    bool has_gap = strstr(heard, "event: gap") != NULL;
    REQUIRE(strncmp(heard, "retry: 1000\n\n", 13) == 0);
    REQUIRE(!*id || has_gap == (number < 0));
    int events = 0;
    for (const char *at = heard; (at = strstr(at, "\"deleted\"")); at++)
        events++;
    REQUIRE(events == (number < 0 ? 0 : EVENTS - number));
    free(id);
    free(text);
    return 0;
}
