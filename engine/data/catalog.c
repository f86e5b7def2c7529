/* What datasets there are, without touching a file. */
#include <string.h>

#include "engine/data/dataset.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

static const char *const clothes[] = {"T-shirt/top", "Trouser",   "Pullover", "Dress",
                                      "Coat",        "Sandal",    "Shirt",    "Sneaker",
                                      "Bag",         "Ankle boot"};

static const char *const moon_names[] = {"upper moon", "lower moon"};
static const char *const circle_names[] = {"outer circle", "inner circle"};
static const char *const spiral_names[] = {"arm 1", "arm 2", "arm 3"};
static const char *const xor_names[] = {"same sign", "different sign"};

#define PICTURES                                                                         \
    .width = 28, .height = 28, .features = 784, .classes = 10, .train_count = 60000,     \
    .test_count = 10000
#define POINTS .synthetic = true, .features = 2, .train_count = 1000, .test_count = 500

static const struct dataset_info known[] = {
    {.name = "mnist",
     .title = "MNIST handwritten digits",
     .description = "60,000 pictures of digits, 28 x 28 grey pixels, and 10,000 to test.",
     PICTURES,                         .class_names = digits},
    {               .name = "fashion-mnist",
     .title = "Fashion-MNIST clothing",
     .description = "Pictures of ten kinds of clothing in MNIST's format; harder.",
     PICTURES, .class_names = clothes                     },
    { .name = "moons",
     .title = "Two moons",
     .description = "Two interleaved half circles in the plane, with noise.",
     POINTS,        .classes = 2,
     .class_names = moon_names},
    {                           .name = "circles",
     .title = "Two circles",
     .description = "A circle inside a circle; no straight line parts them.",
     POINTS,      .classes = 2,
     .class_names = circle_names},
    {                         .name = "spirals",
     .title = "Three spirals",
     .description = "Three arms wound around each other; the hardest of the small sets.",
     POINTS,      .classes = 3,
     .class_names = spiral_names},
    {                             .name = "xor",
     .title = "Exclusive or",
     .description = "Four quarters of a square; opposite quarters are of one class.",
     POINTS,         .classes = 2,
     .class_names = xor_names},
};

const char *const dataset_names[] = {"mnist",   "fashion-mnist", "moons", "circles",
                                     "spirals", "xor",           NULL};

_Static_assert(COUNT(dataset_names) == COUNT(known) + 1, "one name a dataset");

const struct dataset_info *dataset_list(size_t *count)
{
    *count = COUNT(known);
    return known;
}

const struct dataset_info *dataset_find(const char *name)
{
    for (size_t i = 0; i < COUNT(known); i++)
        if (strcmp(known[i].name, name) == 0)
            return &known[i];
    return NULL;
}
