/* The hub: every committed change, as Server-Sent Events, to every open page.
 *
 * Publishing never blocks and never allocates without bound: events go into one ring of
 * the last HUB_RING events, already formatted; each subscriber is a position in it. One
 * that falls out of the ring gets a `gap` event and goes on from the newest. Event ids
 * are "BOOT-SEQUENCE", so an id of an earlier process is recognised and answered with
 * `gap`.
 *
 *   event: run    data: {"run": {...}}                    the whole run as GET /runs/{id}
 *   event: run    data: {"run": {"id": 12, "deleted": true}}
 *   event: point  data: {"run": 12, "point": {...}}       as in GET /runs/{id}/points
 *   event: gap    data: {}                                refetch what you show
 */
#ifndef SERVER_EVENTS_HUB_H
#define SERVER_EVENTS_HUB_H

#include "db/points.h"
#include "db/runs.h"

struct hub;

struct hub *hub_new(void); /* NULL: no memory */
void hub_free(struct hub *hub);

/* From any thread, and only after the change is committed. */
void hub_publish_run(struct hub *hub, const struct db_run *run);
void hub_publish_deleted(struct hub *hub, int64_t run);
void hub_publish_point(struct hub *hub, int64_t run, const struct db_point *point);

#endif
