/* Projects what it reads: each line is a target, a horizon, a number of points and so
 * many pairs of seconds and accuracy. Prints one JSON object a line, null where the
 * projection refuses. tests/bench/calibrate_projection.mjs asks it.
 *
 *   projection < QUESTIONS */
#include <math.h>
#include <stdio.h>

#include "engine/search/projection.h"

enum { MOST_POINTS = 100000 };

static void print_number(const char *name, double value, char end)
{
    if (isnan(value))
        printf("\"%s\":null%c", name, end);
    else
        printf("\"%s\":%.6g%c", name, value, end);
}

static void print_projection(const struct projection *projection)
{
    printf("{\"reached\":%s,", projection->reached ? "true" : "false");
    print_number("chance", projection->chance, ',');
    print_number("seconds", projection->seconds, ',');
    print_number("seconds_low", projection->seconds_low, ',');
    print_number("seconds_high", projection->seconds_high, ',');
    print_number("level", projection->level, ',');
    print_number("level_low", projection->level_low, ',');
    print_number("level_high", projection->level_high, '}');
    printf("\n");
}

int main(void)
{
    static struct projection_point points[MOST_POINTS];
    double target, horizon;
    size_t count;
    while (scanf("%lf %lf %zu", &target, &horizon, &count) == 3) {
        if (count > MOST_POINTS)
            return 1;
        for (size_t i = 0; i < count; i++)
            if (scanf("%lf %lf", &points[i].seconds, &points[i].accuracy) != 2)
                return 1;
        struct projection projection;
        if (projection_make(points, count, target, horizon, &projection))
            print_projection(&projection);
        else
            printf("null\n");
    }
    return 0;
}
