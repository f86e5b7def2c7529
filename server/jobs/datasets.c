/* Datasets, opened once and shared by all runs and pages. */
#include "server/jobs/internal.h"

static struct dataset_slot *find_slot(struct jobs *jobs, const char *name)
{
    size_t count;
    const struct dataset_info *list = dataset_list(&count);
    const struct dataset_info *info = dataset_find(name);
    return info ? &jobs->datasets[info - list] : NULL;
}

/* Waits while another thread opens it. True: this thread is to open it. */
static bool claim(struct jobs *jobs, struct dataset_slot *slot)
{
    pthread_mutex_lock(&jobs->dataset_lock);
    while (slot->opening)
        pthread_cond_wait(&jobs->dataset_opened, &jobs->dataset_lock);
    bool mine = slot->dataset == NULL;
    slot->opening = mine;
    pthread_mutex_unlock(&jobs->dataset_lock);
    return mine;
}

static void settle(struct jobs *jobs, struct dataset_slot *slot, struct dataset *dataset)
{
    pthread_mutex_lock(&jobs->dataset_lock);
    slot->dataset = dataset;
    slot->opening = false;
    pthread_cond_broadcast(&jobs->dataset_opened);
    pthread_mutex_unlock(&jobs->dataset_lock);
}

enum engine_status jobs_dataset(struct jobs *jobs, const char *name,
                                const struct dataset **out, struct engine_error *error)
{
    struct dataset_slot *slot = find_slot(jobs, name);
    if (!slot)
        return engine_fail(error, ENGINE_NOT_FOUND, "there is no dataset %s", name);
    if (claim(jobs, slot)) {
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
