#include "server/events/hub.h"

#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/clock.h"
#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/point_json.h"
#include "server/json/run_json.h"
#include "server/json/sweep_json.h"

#define HEARTBEAT_SECONDS 10
#define NOTE_MAX          128

struct hub_subscriber {
    struct hub *hub;
    struct hub_subscriber *next;
    const struct hub_reader *reader;
    void *context;
    uint64_t sequence;   /* of the event it reads next */
    size_t offset;       /* bytes of that event already read */
    char note[NOTE_MAX]; /* its own first line, heartbeat or gap; read before events */
    size_t note_length, note_offset;
    bool asleep, gone;
    double heard; /* when it last had something to read */
};

struct event {
    char *text;
    size_t length;
};

struct hub {
    pthread_mutex_t lock; /* guards all below and the subscribers */
    struct event ring[HUB_RING];
    uint64_t oldest, next; /* sequence numbers kept: [oldest, next) */
    size_t bytes;
    struct hub_subscriber *subscribers;
    size_t subscriber_count;
    char boot[24];
    bool closed;
};

struct hub *hub_new(void)
{
    struct hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        return NULL;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(hub->boot, sizeof hub->boot, "%llx",
             (unsigned long long)now.tv_sec * 1000000000ULL +
                 (unsigned long long)now.tv_nsec);
    hub->oldest = hub->next = 1;
    pthread_mutex_init(&hub->lock, NULL);
    return hub;
}

static void drop_oldest(struct hub *hub)
{
    struct event *event = &hub->ring[hub->oldest++ % HUB_RING];
    hub->bytes -= event->length;
    free(event->text);
    *event = (struct event){0};
}

void hub_free(struct hub *hub)
{
    if (!hub)
        return;
    while (hub->oldest < hub->next)
        drop_oldest(hub);
    pthread_mutex_destroy(&hub->lock);
    free(hub);
}

static void wake_one(struct hub_subscriber *subscriber)
{
    if (!subscriber->asleep)
        return;
    subscriber->asleep = false;
    subscriber->reader->wake(subscriber->context);
}

static void wake_all(struct hub *hub)
{
    for (struct hub_subscriber *s = hub->subscribers; s; s = s->next)
        wake_one(s);
}

static char *format_event(const struct hub *hub, const char *name, const char *data,
                          size_t *length)
{
    size_t size = strlen(name) + strlen(data) + 96;
    char *text = malloc(size);
    if (text)
        *length = (size_t)snprintf(text, size, "id: %s-%llu\nevent: %s\ndata: %s\n\n",
                                   hub->boot, (unsigned long long)hub->next, name, data);
    return text;
}

/* An event that cannot be kept leaves a hole in the sequence, which reads as a gap. */
static void publish(struct hub *hub, const char *name, const char *data)
{
    pthread_mutex_lock(&hub->lock);
    size_t length = 0;
    char *text = data ? format_event(hub, name, data, &length) : NULL;
    while (hub->oldest < hub->next && (hub->next - hub->oldest == HUB_RING ||
                                       hub->bytes + length > HUB_BYTES || !text))
        drop_oldest(hub);
    if (text) {
        hub->ring[hub->next % HUB_RING] = (struct event){text, length};
        hub->bytes += length;
    } else {
        hub->oldest++;
    }
    hub->next++;
    wake_all(hub);
    pthread_mutex_unlock(&hub->lock);
}

static void publish_json(struct hub *hub, const char *name, cJSON *object)
{
    char *data = json_take_text(object);
    publish(hub, name, data);
    json_ran_out();
    cJSON_free(data);
}

void hub_publish_run(struct hub *hub, const struct db_run *run)
{
    cJSON *object = cJSON_CreateObject();
    json_add(object, "run", run_to_json(run));
    publish_json(hub, "run", object);
}

static void publish_deleted(struct hub *hub, const char *name, int64_t id)
{
    cJSON *object = cJSON_CreateObject(), *inner = cJSON_CreateObject();
    json_add(inner, "id", number_to_json((double)id));
    cJSON_AddTrueToObject(inner, "deleted");
    json_add(object, name, inner);
    publish_json(hub, name, object);
}

void hub_publish_deleted(struct hub *hub, int64_t run)
{
    publish_deleted(hub, "run", run);
}

void hub_publish_sweep(struct hub *hub, const struct db_sweep *sweep)
{
    cJSON *object = cJSON_CreateObject();
    json_add(object, "sweep", sweep_to_json(sweep));
    publish_json(hub, "sweep", object);
}

void hub_publish_deleted_sweep(struct hub *hub, int64_t sweep)
{
    publish_deleted(hub, "sweep", sweep);
}

void hub_publish_gap(struct hub *hub)
{
    publish(hub, "gap", NULL);
}

void hub_publish_disk(struct hub *hub, bool full)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *disk = cJSON_AddObjectToObject(object, "disk");
    cJSON_AddBoolToObject(disk, "full", full);
    publish_json(hub, "disk", object);
}

void hub_publish_point(struct hub *hub, int64_t run, const struct db_point *point)
{
    cJSON *object = cJSON_CreateObject();
    json_add(object, "run", number_to_json((double)run));
    json_add(object, "point", point_to_json(point));
    publish_json(hub, "point", object);
}

static void set_note(struct hub_subscriber *subscriber, const char *text)
{
    size_t kept = subscriber->note_length;
    snprintf(subscriber->note + kept, NOTE_MAX - kept, "%s", text);
    subscriber->note_length = strlen(subscriber->note);
}

/* Jumps to the newest and says that something was missed. */
static void note_gap(struct hub_subscriber *subscriber)
{
    struct hub *hub = subscriber->hub;
    char text[96];
    snprintf(text, sizeof text, "id: %s-%llu\nevent: gap\ndata: {}\n\n", hub->boot,
             (unsigned long long)hub->next - 1);
    set_note(subscriber, text);
    subscriber->sequence = hub->next;
    subscriber->offset = 0;
}

/* The sequence behind a known id of this process; 0: not one of ours. */
static uint64_t parse_event_id(const struct hub *hub, const char *id)
{
    size_t length = strlen(hub->boot);
    if (strncmp(id, hub->boot, length) != 0 || id[length] != '-')
        return 0;
    const char *digits = id + length + 1;
    size_t count = strspn(digits, "0123456789");
    if (count == 0 || digits[count])
        return 0;
    unsigned long long sequence = strtoull(digits, NULL, 10);
    return sequence < hub->next ? sequence + 1 : 0;
}

/* With the lock held. Whoever is gone holds no place from here on. */
static void look_who_is_gone(struct hub *hub)
{
    for (struct hub_subscriber *s = hub->subscribers; s; s = s->next) {
        if (!s->asleep || !s->reader->is_gone(s->context))
            continue;
        s->gone = true;
        hub->subscriber_count--;
        wake_one(s);
    }
}

struct hub_subscriber *hub_subscribe(struct hub *hub, const char *last_event_id,
                                     const struct hub_reader *reader, void *context)
{
    struct hub_subscriber *subscriber = calloc(1, sizeof *subscriber);
    if (!subscriber)
        return NULL;
    pthread_mutex_lock(&hub->lock);
    if (hub->subscriber_count == HUB_MAX_SUBSCRIBERS)
        look_who_is_gone(hub);
    if (hub->closed || hub->subscriber_count == HUB_MAX_SUBSCRIBERS) {
        pthread_mutex_unlock(&hub->lock);
        free(subscriber);
        return NULL;
    }
    *subscriber = (struct hub_subscriber){.hub = hub,
                                          .next = hub->subscribers,
                                          .reader = reader,
                                          .context = context,
                                          .sequence = hub->next,
                                          .heard = clock_seconds()};
    hub->subscribers = subscriber;
    hub->subscriber_count++;
    set_note(subscriber, "retry: 1000\n\n");
    if (last_event_id && *last_event_id) {
        subscriber->sequence = parse_event_id(hub, last_event_id);
        if (subscriber->sequence < hub->oldest)
            note_gap(subscriber);
    }
    pthread_mutex_unlock(&hub->lock);
    return subscriber;
}

void hub_unsubscribe(struct hub_subscriber *subscriber)
{
    struct hub *hub = subscriber->hub;
    pthread_mutex_lock(&hub->lock);
    struct hub_subscriber **slot = &hub->subscribers;
    while (*slot != subscriber)
        slot = &(*slot)->next;
    *slot = subscriber->next;
    if (!subscriber->gone)
        hub->subscriber_count--;
    pthread_mutex_unlock(&hub->lock);
    free(subscriber);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t read_note(struct hub_subscriber *s, char *out, size_t size)
{
    size_t count = smaller(size, s->note_length - s->note_offset);
    memcpy(out, s->note + s->note_offset, count);
    s->note_offset += count;
    if (s->note_offset == s->note_length)
        s->note_offset = s->note_length = 0;
    return count;
}

static size_t read_events(struct hub_subscriber *s, char *out, size_t size)
{
    struct hub *hub = s->hub;
    size_t used = 0;
    while (used < size && s->sequence < hub->next) {
        const struct event *event = &hub->ring[s->sequence % HUB_RING];
        size_t count = smaller(size - used, event->length - s->offset);
        memcpy(out + used, event->text + s->offset, count);
        used += count;
        s->offset += count;
        if (s->offset == event->length) {
            s->sequence++;
            s->offset = 0;
        }
    }
    return used;
}

/* With the lock held. An event that went while it was half read cannot be finished: the
 * stream ends, and the client comes back with the last id that it has whole. */
static long read_next(struct hub_subscriber *s, char *out, size_t size)
{
    bool fallen_out = s->sequence < s->hub->oldest;
    if (s->hub->closed || s->gone || (fallen_out && s->offset > 0))
        return -1;
    if (fallen_out && s->note_length == 0)
        note_gap(s);
    size_t used = s->note_length ? read_note(s, out, size) : read_events(s, out, size);
    if (used > 0)
        s->heard = clock_seconds();
    return (long)used;
}

long hub_read(struct hub_subscriber *subscriber, char *out, size_t size)
{
    pthread_mutex_lock(&subscriber->hub->lock);
    long used = read_next(subscriber, out, size);
    if (used == 0) {
        subscriber->asleep = true;
        subscriber->reader->sleep(subscriber->context);
    }
    pthread_mutex_unlock(&subscriber->hub->lock);
    return used;
}

void hub_tick(struct hub *hub)
{
    double now = clock_seconds();
    pthread_mutex_lock(&hub->lock);
    look_who_is_gone(hub);
    for (struct hub_subscriber *s = hub->subscribers; s; s = s->next) {
        if (!s->asleep || now - s->heard < HEARTBEAT_SECONDS)
            continue;
        set_note(s, ": heartbeat\n\n");
        wake_one(s);
    }
    pthread_mutex_unlock(&hub->lock);
}

void hub_close(struct hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->closed = true;
    wake_all(hub);
    pthread_mutex_unlock(&hub->lock);
}

size_t hub_subscriber_count(struct hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    size_t count = hub->subscriber_count;
    pthread_mutex_unlock(&hub->lock);
    return count;
}
