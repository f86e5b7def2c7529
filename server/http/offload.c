/* libmicrohttpd's threads are few, and each serves many connections: a handler that takes
 * long would hold up all of its thread's. The handlers of slow routes run here instead.
 *
 * A request's connection is suspended as the request is handed over. Until it is resumed
 * libmicrohttpd neither looks at it, nor times it out, nor ends it when the client hangs
 * up; so the request and its connection's headers and query are the handler's alone. */
#include <errno.h>
#include <stdlib.h>

#include "server/http/internal.h"
#include "server/json/build.h"

struct offload {
    pthread_mutex_t lock; /* guards all below but the threads */
    pthread_cond_t added, ended;
    struct request *first, *last; /* those that wait, oldest first */
    size_t waiting, working;
    bool stopping;
    pthread_t threads[OFFLOAD_THREADS];
    size_t thread_count;
};

static void append(struct offload *offload, struct request *request)
{
    if (offload->first)
        offload->last->next = request;
    else
        offload->first = request;
    offload->last = request;
    offload->waiting++;
}

static struct request *remove_first(struct offload *offload)
{
    struct request *request = offload->first;
    offload->first = request->next;
    offload->waiting--;
    return request;
}

/* Under the lock up to here, so that no stop falls between the look and the suspension,
 * and no thread resumes what is not suspended yet. */
bool offload_submit(struct offload *offload, struct request *request,
                    enum MHD_Result (*handler)(struct request *))
{
    pthread_mutex_lock(&offload->lock);
    bool room = !offload->stopping && offload->waiting < OFFLOAD_MAX_WAITING;
    if (room) {
        request->offloaded = true;
        request->handler = handler;
        MHD_suspend_connection(request->connection);
        append(offload, request);
        pthread_cond_signal(&offload->added);
    }
    pthread_mutex_unlock(&offload->lock);
    return room;
}

/* The next request, or NULL to end. */
static struct request *take(struct offload *offload)
{
    pthread_mutex_lock(&offload->lock);
    while (!offload->first && !offload->stopping)
        pthread_cond_wait(&offload->added, &offload->lock);
    struct request *request = offload->first ? remove_first(offload) : NULL;
    offload->working += request != NULL;
    pthread_mutex_unlock(&offload->lock);
    return request;
}

static void *run(void *context)
{
    struct offload *offload = context;
    struct request *request;
    while ((request = take(offload))) {
        json_ran_out();
        request->handler(request);
        MHD_resume_connection(request->connection);
        pthread_mutex_lock(&offload->lock);
        offload->working--;
        pthread_cond_broadcast(&offload->ended);
        pthread_mutex_unlock(&offload->lock);
    }
    return NULL;
}

static void init_locks(struct offload *offload)
{
    pthread_mutex_init(&offload->lock, NULL);
    pthread_cond_init(&offload->added, NULL);
    clock_condition_init(&offload->ended);
}

struct offload *offload_start(void)
{
    struct offload *offload = calloc(1, sizeof *offload);
    int error = 0;
    if (!offload)
        return NULL;
    init_locks(offload);
    while (offload->thread_count < OFFLOAD_THREADS && !error) {
        pthread_t *thread = &offload->threads[offload->thread_count];
        error = pthread_create(thread, NULL, run, offload);
        offload->thread_count += !error;
    }
    if (!error)
        return offload;
    offload_stop(offload);
    offload_free(offload);
    errno = error;
    return NULL;
}

/* Those that wait are told to come back later: this process takes them no more. */
static void begin_stop(struct offload *offload)
{
    struct request *request;
    pthread_mutex_lock(&offload->lock);
    struct request *refused = offload->first;
    offload->stopping = true;
    offload->first = NULL;
    offload->waiting = 0;
    pthread_cond_broadcast(&offload->added);
    pthread_mutex_unlock(&offload->lock);
    while ((request = refused)) {
        refused = request->next;
        reply_unavailable(request, "the server is stopping");
        MHD_resume_connection(request->connection);
    }
}

bool offload_drain(struct offload *offload, double seconds)
{
    struct timespec until = clock_timespec(clock_seconds() + seconds);
    int error = 0;
    begin_stop(offload);
    pthread_mutex_lock(&offload->lock);
    while (offload->working > 0 && !error)
        error = pthread_cond_timedwait(&offload->ended, &offload->lock, &until);
    bool done = offload->working == 0;
    pthread_mutex_unlock(&offload->lock);
    return done;
}

void offload_stop(struct offload *offload)
{
    if (!offload)
        return;
    begin_stop(offload);
    for (size_t i = 0; i < offload->thread_count; i++)
        pthread_join(offload->threads[i], NULL);
    offload->thread_count = 0;
}

void offload_free(struct offload *offload)
{
    if (!offload)
        return;
    pthread_cond_destroy(&offload->added);
    pthread_cond_destroy(&offload->ended);
    pthread_mutex_destroy(&offload->lock);
    free(offload);
}
