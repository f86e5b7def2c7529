#include "engine/nn/optimizer.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

struct optimizer {
    struct optimizer_options options;
    size_t size;
    size_t slots; /* floats of state per parameter */
    float *state; /* (slots, size) */
};

/* What one pass over the parameters works on. */
struct update {
    const struct optimizer_options *options;
    float *w;
    const float *g;
    float *first, *second; /* state slots */
    size_t size;
    float lr;
    int64_t step;
};

/* g += weight_decay * w;  w -= lr * g */
static void step_sgd(const struct update *u)
{
    float lr = u->lr, decay = (float)u->options->weight_decay;
    float *restrict w = u->w;
    const float *restrict g = u->g;
    for (size_t i = 0; i < u->size; i++)
        w[i] -= lr * (g[i] + decay * w[i]);
}

/* v = momentum * v + g;  w -= lr * v, or lr * (g + momentum * v) with Nesterov */
static void step_momentum(const struct update *u)
{
    float lr = u->lr, decay = (float)u->options->weight_decay;
    float momentum = (float)u->options->momentum;
    float own = u->options->nesterov ? 1.0f : 0.0f;
    float past = u->options->nesterov ? momentum : 1.0f;
    float *restrict w = u->w, *restrict v = u->first;
    const float *restrict gradient = u->g;
    for (size_t i = 0; i < u->size; i++) {
        float g = gradient[i] + decay * w[i];
        v[i] = momentum * v[i] + g;
        w[i] -= lr * (own * g + past * v[i]);
    }
}

/* An eps too small for float32 must not become 0: a parameter that never had a gradient
 * would be 0 / 0. */
static float divisor_floor(const struct optimizer_options *options)
{
    return (float)fmax(options->eps, FLT_MIN);
}

/* m, v: moving means of g and g^2;  w -= lr m' / (sqrt(v') + eps), m' and v' corrected
 * for their start at 0 (Kingma and Ba, 2015). AdamW decays w itself instead of adding
 * to g (Loshchilov and Hutter, 2019). */
static void step_adam(const struct update *u)
{
    const struct optimizer_options *o = u->options;
    bool decoupled = o->kind == OPTIMIZER_ADAMW;
    float beta1 = (float)o->beta1, beta2 = (float)o->beta2, eps = divisor_floor(o);
    float rest1 = (float)(1 - o->beta1), rest2 = (float)(1 - o->beta2);
    float keep = decoupled ? (float)(1 - u->lr * o->weight_decay) : 1.0f;
    float decay = decoupled ? 0.0f : (float)o->weight_decay;
    float rate = (float)(u->lr / (1 - pow(o->beta1, (double)u->step)));
    float root = (float)(1 / sqrt(1 - pow(o->beta2, (double)u->step)));
    float *restrict w = u->w, *restrict m = u->first, *restrict v = u->second;
    const float *restrict gradient = u->g;
    for (size_t i = 0; i < u->size; i++) {
        float g = gradient[i] + decay * w[i];
        m[i] = beta1 * m[i] + rest1 * g;
        v[i] = beta2 * v[i] + rest2 * g * g;
        w[i] = keep * w[i] - rate * m[i] / (sqrtf(v[i]) * root + eps);
    }
}

/* v: moving mean of g^2;  b = momentum * b + g / (sqrt(v) + eps);  w -= lr b */
static void step_rmsprop(const struct update *u)
{
    const struct optimizer_options *o = u->options;
    float alpha = (float)o->beta2, rest = (float)(1 - o->beta2), eps = divisor_floor(o);
    float decay = (float)o->weight_decay, momentum = (float)o->momentum, lr = u->lr;
    float *restrict w = u->w, *restrict v = u->first, *restrict b = u->second;
    const float *restrict gradient = u->g;
    for (size_t i = 0; i < u->size; i++) {
        float g = gradient[i] + decay * w[i];
        v[i] = alpha * v[i] + rest * g * g;
        b[i] = momentum * b[i] + g / (sqrtf(v[i]) + eps);
        w[i] -= lr * b[i];
    }
}

struct rule {
    size_t slots;
    void (*step)(const struct update *update);
};

static struct rule find_rule(const struct optimizer_options *options)
{
    switch (options->kind) {
    case OPTIMIZER_SGD:
        return options->momentum > 0 ? (struct rule){1, step_momentum}
                                     : (struct rule){0, step_sgd};
    case OPTIMIZER_ADAM:
    case OPTIMIZER_ADAMW:
        return (struct rule){2, step_adam};
    case OPTIMIZER_RMSPROP:
        return (struct rule){2, step_rmsprop};
    }
    return (struct rule){0, step_sgd};
}

enum engine_status optimizer_new(const struct optimizer_options *options, size_t size,
                                 struct optimizer **out)
{
    struct optimizer *optimizer = calloc(1, sizeof *optimizer);
    if (!optimizer)
        return ENGINE_NO_MEMORY;
    *optimizer = (struct optimizer){
        .options = *options, .size = size, .slots = find_rule(options).slots};
    size_t count = optimizer->slots * size;
    optimizer->state =
        calloc(count + 1, sizeof(float)); /* never NULL, even without state */
    if (!optimizer->state) {
        free(optimizer);
        return ENGINE_NO_MEMORY;
    }
    *out = optimizer;
    return ENGINE_OK;
}

void optimizer_free(struct optimizer *optimizer)
{
    if (!optimizer)
        return;
    free(optimizer->state);
    free(optimizer);
}

void optimizer_step(struct optimizer *optimizer, float *parameters,
                    const float *gradients, double lr, int64_t step)
{
    float *state = optimizer->state;
    struct update update = {
        .options = &optimizer->options,
        .w = parameters,
        .g = gradients,
        .first = state,
        .second = state + (optimizer->slots > 1 ? optimizer->size : 0),
        .size = optimizer->size,
        .lr = (float)lr,
        .step = step,
    };
    find_rule(&optimizer->options).step(&update);
}

float *optimizer_state(struct optimizer *optimizer, size_t *count)
{
    *count = optimizer->slots * optimizer->size;
    return optimizer->state;
}

/* Eight sums side by side: fast, and always added in the same order. */
double optimizer_norm(const float *values, size_t count)
{
    double lanes[8] = {0};
    size_t whole = count - count % 8;
    for (size_t i = 0; i < whole; i += 8)
        for (size_t j = 0; j < 8; j++)
            lanes[j] += (double)values[i + j] * values[i + j];
    for (size_t i = whole; i < count; i++)
        lanes[0] += (double)values[i] * values[i];
    double sum = 0;
    for (size_t j = 0; j < 8; j++)
        sum += lanes[j];
    return sqrt(sum);
}

double optimizer_clip(float *gradients, size_t count, double max_norm)
{
    double norm = optimizer_norm(gradients, count);
    float factor = (float)(max_norm / (norm + 1e-6));
    if (factor < 1)
        for (size_t i = 0; i < count; i++)
            gradients[i] *= factor;
    return norm;
}
