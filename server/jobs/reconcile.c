/* What an earlier process left: runs it was training go back to the queue, before all
 * that wait there, to be taken up from their checkpoint, or become what they were asked
 * to; files that no row speaks of are removed. */
#include <stdlib.h>

#include "server/jobs/internal.h"

/* Rows and checkpoint are written together, so there is nothing to cut unless somebody
 * meddled with the files; cutting anyway keeps the rule that a run goes on from where its
 * points end. */
static enum db_status release(struct jobs *jobs, int64_t run)
{
    struct db_run row;
    enum db_status status = db_run_get(jobs->db, run, &row);
    if (status != DB_OK)
        return status;
    int64_t step = row.checkpoint_step;
    enum run_state to = row.wanted == RUN_STATE_COUNT ? RUN_QUEUED : row.wanted;
    const char *reason = to == RUN_STOPPED ? "user" : NULL;
    db_run_clear(&row);
    status = db_cut_after(jobs->db, run, step);
    if (status != DB_OK)
        return status;
    return db_run_transition(jobs->db, run, RUN_MASK(RUN_RUNNING), to, reason, NULL,
                             NULL);
}

static void tidy(struct jobs *jobs, int64_t run)
{
    struct db_run row;
    enum db_status status = db_run_get(jobs->db, run, &row);
    if (status == DB_NOT_FOUND)
        files_remove_run(jobs, run);
    if (status != DB_OK)
        return;
    files_remove_others(jobs, run, row.checkpoint_step);
    db_run_clear(&row);
}

enum db_status reconcile(struct jobs *jobs)
{
    int64_t *runs = NULL;
    size_t count = 0;
    enum db_status status = db_run_ids(jobs->db, RUN_RUNNING, &runs, &count);
    if (status != DB_OK)
        return status;
    for (size_t i = 0; i < count && status == DB_OK; i++)
        status = release(jobs, runs[i]);
    if (status != DB_OK) {
        free(runs);
        return status;
    }
    jobs->interrupted = runs;
    jobs->interrupted_count = count;
    files_each_run(jobs, tidy);
    return DB_OK;
}
