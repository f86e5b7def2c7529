#include "engine/train/activity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What an output must be beyond to count as saturated. */
#define TANH_LIMIT    0.97f
#define SIGMOID_LIMIT 0.97f

bool activity_init(struct activity *activity, enum activation activation, size_t outputs)
{
    *activity = (struct activity){
        .activation = activation, .outputs = outputs, .alive = calloc(outputs, 1)};
    return activity->alive != NULL;
}

void activity_clear(struct activity *activity)
{
    free(activity->alive);
    activity->alive = NULL;
}

void activity_reset(struct activity *activity)
{
    activity->sum = activity->square_sum = 0;
    activity->count = activity->saturated = 0;
    memset(activity->alive, 0, activity->outputs);
}

static bool is_bounded(enum activation activation)
{
    return activation == ACTIVATION_TANH || activation == ACTIVATION_SIGMOID;
}

static bool is_saturated(enum activation activation, float y)
{
    if (activation == ACTIVATION_TANH)
        return fabsf(y) > TANH_LIMIT;
    return y > SIGMOID_LIMIT || y < 1 - SIGMOID_LIMIT;
}

void activity_add(struct activity *activity, const float *values, size_t rows)
{
    size_t outputs = activity->outputs;
    for (size_t r = 0; r < rows; r++)
        for (size_t o = 0; o < outputs; o++) {
            float y = values[r * outputs + o];
            activity->sum += y;
            activity->square_sum += (double)y * y;
            activity->alive[o] |= y != 0;
        }
    for (size_t i = 0; i < rows * outputs && is_bounded(activity->activation); i++)
        activity->saturated += is_saturated(activity->activation, values[i]);
    activity->count += rows * outputs;
}

double activity_mean(const struct activity *activity)
{
    double mean = activity->sum / (double)activity->count;
    return isfinite(mean) ? mean : NAN;
}

double activity_deviation(const struct activity *activity)
{
    double mean = activity->sum / (double)activity->count;
    double square = activity->square_sum / (double)activity->count;
    return isfinite(mean) ? sqrt(fmax(0, square - mean * mean)) : NAN;
}

double activity_dead(const struct activity *activity)
{
    size_t dead = 0;
    if (activity->activation != ACTIVATION_RELU)
        return NAN;
    for (size_t o = 0; o < activity->outputs; o++)
        dead += !activity->alive[o];
    return (double)dead / (double)activity->outputs;
}

double activity_saturated(const struct activity *activity)
{
    if (!is_bounded(activity->activation))
        return NAN;
    return (double)activity->saturated / (double)activity->count;
}
