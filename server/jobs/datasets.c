/* Datasets, opened once and shared by all runs and pages. */
#include "server/jobs/internal.h"

static struct dataset_slot *slot_of(struct jobs *jobs, const struct dataset_info *info)
{
    size_t count;
    return &jobs->datasets[info - dataset_list(&count)];
}

/* Counts a user in, once no other thread is opening it. True: this one is to open it. */
static bool enter(struct jobs *jobs, struct dataset_slot *slot)
{
    pthread_mutex_lock(&jobs->dataset_lock);
    while (slot->opening)
        pthread_cond_wait(&jobs->dataset_opened, &jobs->dataset_lock);
    bool mine = slot->dataset == NULL;
    slot->opening = mine;
    slot->users++;
    pthread_mutex_unlock(&jobs->dataset_lock);
    return mine;
}

/* NULL: it could not be opened, and has one user less. */
static void settle(struct jobs *jobs, struct dataset_slot *slot, struct dataset *dataset)
{
    pthread_mutex_lock(&jobs->dataset_lock);
    slot->dataset = dataset;
    slot->opening = false;
    slot->users -= dataset == NULL;
    pthread_cond_broadcast(&jobs->dataset_opened);
    pthread_mutex_unlock(&jobs->dataset_lock);
}

enum engine_status jobs_dataset(struct jobs *jobs, const char *name,
                                const struct dataset **out, struct engine_error *error)
{
    const struct dataset_info *info = dataset_find(name);
    if (!info)
        return engine_fail(error, ENGINE_NOT_FOUND, "there is no dataset %s", name);
    struct dataset_slot *slot = slot_of(jobs, info);
    if (enter(jobs, slot)) {
        struct dataset *dataset = NULL;
        enum engine_status status =
            dataset_open(name, (const char *const *)jobs->dataset_dirs,
                         jobs->dataset_dir_count, &dataset, error);
        settle(jobs, slot, dataset);
        if (status != ENGINE_OK)
            return status;
    }
    *out = slot->dataset;
    return ENGINE_OK;
}

/* One user less, or none at all: the last one closes what has been removed. */
static void leave(struct jobs *jobs, const struct dataset_info *info, size_t users)
{
    struct dataset_slot *slot = slot_of(jobs, info);
    struct dataset *unused = NULL;
    pthread_mutex_lock(&jobs->dataset_lock);
    slot->users -= users;
    if (slot->users == 0 && dataset_is_removed(info)) {
        unused = slot->dataset;
        slot->dataset = NULL;
    }
    pthread_mutex_unlock(&jobs->dataset_lock);
    dataset_close(unused);
}

void jobs_dataset_done(struct jobs *jobs, const struct dataset *dataset)
{
    if (dataset)
        leave(jobs, dataset->info, 1);
}

void jobs_dataset_removed(struct jobs *jobs, const struct dataset_info *info)
{
    leave(jobs, info, 0);
}
