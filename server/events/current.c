#include "server/events/hub.h"

/* Whether `shown` no longer says what matters of `now`. */
static bool is_stale(const struct db_run *shown, const struct db_run *now)
{
    return shown->state != now->state || shown->summary.points != now->summary.points ||
           shown->archived != now->archived;
}

/* What changed cannot be shown, but that something did can be told. */
static void tell_of_failure(struct hub *hub, enum db_status status)
{
    if (status != DB_NOT_FOUND)
        hub_publish_gap(hub);
}

void hub_publish_current(struct hub *hub, struct db *db, int64_t id)
{
    struct db_run shown, now;
    enum db_status found = db_run_get(db, id, &shown);
    if (found != DB_OK) {
        tell_of_failure(hub, found);
        return;
    }
    for (bool stale = true; stale;) {
        hub_publish_run(hub, &shown);
        found = db_run_get(db, id, &now);
        if (found == DB_NOT_FOUND)
            hub_publish_deleted(hub, id);
        else if (found != DB_OK)
            tell_of_failure(hub, found);
        if (found != DB_OK)
            break;
        stale = is_stale(&shown, &now);
        db_run_clear(&shown);
        shown = now;
    }
    db_run_clear(&shown);
}

static bool is_sweep_stale(const struct db_sweep *shown, const struct db_sweep *now)
{
    return shown->state != now->state || shown->launched != now->launched ||
           shown->total_runs != now->total_runs;
}

void hub_publish_current_sweep(struct hub *hub, struct db *db, int64_t id)
{
    struct db_sweep shown, now;
    enum db_status found = db_sweep_get(db, id, &shown);
    if (found != DB_OK) {
        tell_of_failure(hub, found);
        return;
    }
    for (bool stale = true; stale;) {
        hub_publish_sweep(hub, &shown);
        found = db_sweep_get(db, id, &now);
        if (found == DB_NOT_FOUND)
            hub_publish_deleted_sweep(hub, id);
        else if (found != DB_OK)
            tell_of_failure(hub, found);
        if (found != DB_OK)
            break;
        stale = is_sweep_stale(&shown, &now);
        db_sweep_clear(&shown);
        shown = now;
    }
    db_sweep_clear(&shown);
}
