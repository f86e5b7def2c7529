#include <stdlib.h>

#include "server/http/internal.h"

struct ticker {
    pthread_t thread;
    pthread_mutex_t lock; /* guards `stopping` */
    pthread_cond_t stop;
    bool stopping;
    struct hub *hub;
    struct connections *connections;
};

/* True when it is time to end; else about a second has gone by. */
static bool wait_a_second(struct ticker *ticker)
{
    struct timespec until = clock_timespec(clock_seconds() + 1);
    pthread_mutex_lock(&ticker->lock);
    if (!ticker->stopping)
        pthread_cond_timedwait(&ticker->stop, &ticker->lock, &until);
    bool stopping = ticker->stopping;
    pthread_mutex_unlock(&ticker->lock);
    return stopping;
}

static void *run(void *context)
{
    struct ticker *ticker = context;
    while (!wait_a_second(ticker)) {
        hub_tick(ticker->hub);
        connections_reap(ticker->connections);
    }
    return NULL;
}

struct ticker *ticker_start(struct hub *hub, struct connections *connections)
{
    struct ticker *ticker = calloc(1, sizeof *ticker);
    if (!ticker)
        return NULL;
    ticker->hub = hub;
    ticker->connections = connections;
    pthread_mutex_init(&ticker->lock, NULL);
    clock_condition_init(&ticker->stop);
    if (pthread_create(&ticker->thread, NULL, run, ticker) == 0)
        return ticker;
    free(ticker);
    return NULL;
}

void ticker_stop(struct ticker *ticker)
{
    if (!ticker)
        return;
    pthread_mutex_lock(&ticker->lock);
    ticker->stopping = true;
    pthread_cond_signal(&ticker->stop);
    pthread_mutex_unlock(&ticker->lock);
    pthread_join(ticker->thread, NULL);
    pthread_cond_destroy(&ticker->stop);
    pthread_mutex_destroy(&ticker->lock);
    free(ticker);
}
