/* The hub: every committed change, as Server-Sent Events, to every open page.
 *
 * Publishing never waits for a client and never holds memory without bound: events go,
 * already formatted, into one ring (HUB_RING events, HUB_BYTES bytes); a subscriber is
 * only a position in it. One that falls out of the ring gets a `gap` event and goes on
 * from the newest. Event ids are "BOOT-SEQUENCE", so that an id given by an earlier
 * process is recognised and answered with `gap`.
 *
 *   event: run    data: {"run": {...}}                    the whole run as GET /runs/{id}
 *   event: run    data: {"run": {"id": 12, "deleted": true}}
 *   event: point  data: {"run": 12, "point": {...}}       as in GET /runs/{id}/points
 *   event: sweep  data: {"sweep": {...}}                  as GET /sweeps/{id}, or deleted
 *   event: disk   data: {"disk": {"full": true}}          runs wait for room, or go on
 *   event: gap    data: {}                                refetch what you show
 */
#ifndef SERVER_EVENTS_HUB_H
#define SERVER_EVENTS_HUB_H

#include <stdbool.h>
#include <stddef.h>

#include "db/points.h"
#include "db/runs.h"
#include "db/sweeps.h"

#define HUB_RING            4096
#define HUB_BYTES           ((size_t)8 << 20)
#define HUB_MAX_SUBSCRIBERS 64

struct hub;
struct hub_subscriber;

struct hub *hub_new(void); /* NULL: no memory */
void hub_free(struct hub *hub);

/* From any thread, and only after the change is committed. */
void hub_publish_run(struct hub *hub, const struct db_run *run);
void hub_publish_deleted(struct hub *hub, int64_t run);
void hub_publish_point(struct hub *hub, int64_t run, const struct db_point *point);

void hub_publish_sweep(struct hub *hub, const struct db_sweep *sweep);
void hub_publish_deleted_sweep(struct hub *hub, int64_t sweep);

/* Something has changed that could not be read: readers fetch what they show anew. */
void hub_publish_gap(struct hub *hub);

/* Whether runs wait for room on the disk. */
void hub_publish_disk(struct hub *hub, bool full);

/* Publishes a sweep as it stands in the store; as with a run, each thread looks again
 * afterwards. */
void hub_publish_current_sweep(struct hub *hub, struct db *db, int64_t sweep);

/* Publishes a run as it stands in the store. Threads that publish the same run at once
 * may overtake each other between reading and publishing; each looks again afterwards, so
 * the last event shows the last state. */
void hub_publish_current(struct hub *hub, struct db *db, int64_t run);

/* How the hub reaches whoever reads. All are called with its lock held, so they may only
 * poke and look. */
struct hub_reader {
    void (*sleep)(void *context);   /* there is nothing to read now */
    void (*wake)(void *context);    /* once after each sleep: there is */
    bool (*is_gone)(void *context); /* while it sleeps: whether nobody listens any more */
};

/* A reader of the stream. `last_event_id` (may be NULL) is where it left off; `reader`
 * and `context` outlive the subscription. NULL: too many, or no memory. */
struct hub_subscriber *hub_subscribe(struct hub *hub, const char *last_event_id,
                                     const struct hub_reader *reader, void *context);
void hub_unsubscribe(struct hub_subscriber *subscriber);

/* Copies what is next in the stream: up to `size` bytes. 0: nothing yet; the reader was
 * told to sleep and will be woken. -1: the stream is over. */
long hub_read(struct hub_subscriber *subscriber, char *out, size_t size);

/* Once a second or so: gives subscribers that heard nothing for 10 s a heartbeat, and
 * ends the streams that nobody listens to. */
void hub_tick(struct hub *hub);

/* Ends all streams, now and later. */
void hub_close(struct hub *hub);

size_t hub_subscriber_count(struct hub *hub);

#endif
