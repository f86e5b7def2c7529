/* What is done to a sweep as a whole. The store moves the sweep and its runs in one
 * transaction; the sweeper's thread then tells the trainers of those that run. */
#include <stdlib.h>

#include "server/sweeps/internal.h"

/* So many runs are deleted at a time: the recorder and all others who write wait for one
 * such piece, not for the whole sweep. */
#define PIECE 50

/* Some of the runs may wait in the queue now. */
static void tell(struct sweeper *sweeper, int64_t sweep, int64_t *runs, size_t count)
{
    hub_publish_current_sweep(sweeper->hub, sweeper->db, sweep);
    for (size_t i = 0; i < count; i++)
        jobs_publish(sweeper->jobs, runs[i]);
    free(runs);
    jobs_wake(sweeper->jobs);
    sweeper_wake(sweeper, sweep);
}

typedef enum db_status store_verb(struct db *db, int64_t id, enum sweep_state *actual,
                                  int64_t **runs, size_t *count);

static enum db_status act(struct sweeper *sweeper, int64_t sweep, store_verb *store,
                          enum sweep_state *actual)
{
    int64_t *runs;
    size_t count;
    enum db_status status = store(sweeper->db, sweep, actual, &runs, &count);
    if (status == DB_OK)
        tell(sweeper, sweep, runs, count);
    return status;
}

enum db_status sweeper_stop_sweep(struct sweeper *sweeper, int64_t sweep,
                                  enum sweep_state *actual)
{
    return act(sweeper, sweep, db_sweep_stop, actual);
}

enum db_status sweeper_pause_sweep(struct sweeper *sweeper, int64_t sweep,
                                   enum sweep_state *actual)
{
    return act(sweeper, sweep, db_sweep_pause, actual);
}

enum db_status sweeper_resume_sweep(struct sweeper *sweeper, int64_t sweep,
                                    enum sweep_state *actual)
{
    return act(sweeper, sweep, db_sweep_resume, actual);
}

static bool is_stopping(struct sweeper *sweeper)
{
    pthread_mutex_lock(&sweeper->lock);
    bool stopping = sweeper->stopping;
    pthread_mutex_unlock(&sweeper->lock);
    return stopping;
}

bool sweeper_purge(struct sweeper *sweeper, int64_t sweep)
{
    int64_t *runs;
    size_t count;
    do {
        if (is_stopping(sweeper) ||
            db_sweep_delete_runs(sweeper->db, sweep, PIECE, &runs, &count) != DB_OK)
            return false;
        for (size_t i = 0; i < count; i++) {
            jobs_remove_files(sweeper->jobs, runs[i]);
            hub_publish_deleted(sweeper->hub, runs[i]);
        }
        free(runs);
    } while (count == PIECE);
    return true;
}

enum db_status sweeper_delete_sweep(struct sweeper *sweeper, int64_t sweep)
{
    enum db_status status = db_sweep_delete(sweeper->db, sweep);
    if (status != DB_OK)
        return status;
    hub_publish_deleted_sweep(sweeper->hub, sweep);
    if (!sweeper_purge(sweeper, sweep))
        sweeper_wake(sweeper, sweep);
    return DB_OK;
}
