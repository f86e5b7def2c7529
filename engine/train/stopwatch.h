/* Active seconds: of the clock on the wall and of the calling thread's processor time,
 * over the stretches between start and stop. */
#ifndef ENGINE_TRAIN_STOPWATCH_H
#define ENGINE_TRAIN_STOPWATCH_H

struct stopwatch {
    double wall, cpu; /* at the start of the stretch */
};

/* Starts a stretch on the calling thread. */
void stopwatch_start(struct stopwatch *watch);

/* Seconds of the stretch so far; cheap enough for every step. */
double stopwatch_elapsed(const struct stopwatch *watch);

/* Adds the stretch to both sums. On the thread that started it. */
void stopwatch_stop(const struct stopwatch *watch, double *wall_sum, double *cpu_sum);

/* Unix time in seconds. */
double stopwatch_unix_time(void);

#endif
