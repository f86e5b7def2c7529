/* The clock that nobody sets, for all that lasts or waits. Moments that people read are
 * the store's (db_now). */
#ifndef SERVER_CLOCK_H
#define SERVER_CLOCK_H

#include <pthread.h>
#include <time.h>

/* Seconds since some moment; never goes back. */
double clock_seconds(void);

/* Such a moment as timed waits want it. */
struct timespec clock_timespec(double seconds);

/* A condition whose timed waits go by this clock. */
void clock_condition_init(pthread_cond_t *condition);

#endif
