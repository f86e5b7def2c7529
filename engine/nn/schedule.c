#include "engine/nn/schedule.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

/* Leslie Smith's 1cycle policy with cosine ends and PyTorch's defaults: div_factor 25,
 * final_div_factor 1e4, pct_start 0.3. */
static double one_cycle(double lr, double step, double last)
{
    double start = lr / 25, end = start / 1e4;
    double peak = 0.3 * (last + 1) - 1;
    if (step <= peak)
        return lr + (start - lr) * (1 + cos(pi * step / peak)) / 2;
    return end + (lr - end) * (1 + cos(pi * (step - peak) / (last - peak))) / 2;
}

double schedule_rate(enum schedule_kind kind, double lr, int64_t step,
                     int64_t total_steps, int64_t warmup_steps)
{
    double last = total_steps > 1 ? (double)(total_steps - 1) : 1;
    double fraction = (double)step / last;
    double rate = lr;
    switch (kind) {
    case SCHEDULE_CONSTANT:
        break;
    case SCHEDULE_LINEAR:
        rate = lr * (1 - 0.9 * fraction);
        break;
    case SCHEDULE_COSINE:
        rate = lr * (1 + cos(pi * fraction)) / 2;
        break;
    case SCHEDULE_STEP:
        rate = lr * pow(0.1, floor(3 * (double)step / (double)total_steps));
        break;
    case SCHEDULE_ONE_CYCLE:
        rate = one_cycle(lr, (double)step, last);
        break;
    }
    return step < warmup_steps ? rate * (double)(step + 1) / (double)warmup_steps : rate;
}
