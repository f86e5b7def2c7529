#include "engine/data/synthetic.h"

#include <math.h>
#include <string.h>

#include "engine/autograd/rng.h"

#define PI 3.14159265358979323846

struct point {
    double x, y;
};

static struct point polar(double radius, double angle)
{
    struct point point = {.x = radius * cos(angle), .y = radius * sin(angle)};
    return point;
}

static struct point moons_point(struct rng *rng, size_t label)
{
    double angle = rng_uniform(rng, 0, PI), sign = label == 0 ? 1 : -1;
    struct point arc = polar(1, angle);
    return (struct point){sign * (arc.x - 0.5), sign * (arc.y - 0.25)};
}

static struct point circles_point(struct rng *rng, size_t label)
{
    double angle = rng_uniform(rng, 0, 2 * PI), radius = label == 0 ? 1 : 0.5;
    return polar(radius, angle);
}

static struct point spirals_point(struct rng *rng, size_t label)
{
    double radius = rng_uniform(rng, 0.1, 1);
    double angle = 2 * PI * (radius + (double)label / 3);
    return polar(radius, angle);
}

/* Draws within the quarter, or the opposite one, that the label calls for. */
static struct point xor_point(struct rng *rng, size_t label)
{
    double x = rng_uniform(rng, 0.05, 1), y = rng_uniform(rng, 0.05, 1);
    double side = rng_below(rng, 2) == 0 ? 1 : -1;
    return (struct point){side * x, label == 0 ? side * y : -side * y};
}

static const struct maker {
    const char *name;
    struct point (*make)(struct rng *rng, size_t label);
    double noise;
} makers[] = {
    {"moons",   moons_point,   0.10},
    {"circles", circles_point, 0.08},
    {"spirals", spirals_point, 0.03},
    {"xor",     xor_point,     0.03},
};

void synthetic_fill(const struct dataset_info *info, bool test, size_t count,
                    float *values, uint8_t *labels)
{
    size_t kind = 0;
    while (strcmp(makers[kind].name, info->name) != 0)
        kind++;
    const struct maker *maker = &makers[kind];
    struct rng rng;
    rng_init(&rng, kind, test ? 1 : 0);
    for (size_t i = 0; i < count; i++) {
        size_t label = i % info->classes;
        struct point point = maker->make(&rng, label);
        values[2 * i] = (float)(point.x + maker->noise * rng_normal(&rng));
        values[2 * i + 1] = (float)(point.y + maker->noise * rng_normal(&rng));
        labels[i] = (uint8_t)label;
    }
}
