#include "engine/train/stopwatch.h"

#include <time.h>

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void stopwatch_start(struct stopwatch *watch)
{
    watch->wall = seconds(CLOCK_MONOTONIC);
    watch->cpu = seconds(CLOCK_THREAD_CPUTIME_ID);
}

double stopwatch_elapsed(const struct stopwatch *watch)
{
    return seconds(CLOCK_MONOTONIC) - watch->wall;
}

void stopwatch_stop(const struct stopwatch *watch, double *wall_sum, double *cpu_sum)
{
    *wall_sum += stopwatch_elapsed(watch);
    *cpu_sum += seconds(CLOCK_THREAD_CPUTIME_ID) - watch->cpu;
}

double stopwatch_unix_time(void)
{
    return seconds(CLOCK_REALTIME);
}
