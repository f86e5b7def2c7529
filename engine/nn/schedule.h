/* Learning-rate schedules: the rate is a pure function of the step, so that a run taken
 * up again needs no state. */
#ifndef ENGINE_NN_SCHEDULE_H
#define ENGINE_NN_SCHEDULE_H

#include <stdint.h>

enum schedule_kind {
    SCHEDULE_CONSTANT,
    SCHEDULE_LINEAR,   /* falls to a tenth of lr at the last step */
    SCHEDULE_COSINE,   /* falls to 0 at the last step along half a cosine */
    SCHEDULE_STEP,     /* a tenth after each third of the steps */
    SCHEDULE_ONE_CYCLE /* rises from lr/25 for 30 % of the steps, then falls to ~0 */
};

/* Rate for step `step` (from 0) of `total_steps`. During the first `warmup_steps` steps
 * it is multiplied by (step + 1) / warmup_steps. */
double schedule_rate(enum schedule_kind kind, double lr, int64_t step,
                     int64_t total_steps, int64_t warmup_steps);

#endif
