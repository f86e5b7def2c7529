/* What datasets there are, without touching a file. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "engine/data/dataset.h"

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

/* Rows are written once, under the lock, before the count lets anyone see them. */
static struct dataset_info known[DATASET_MAX] = {
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
#define BUILT_IN 6

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* for those that write */
static atomic_size_t known_count = BUILT_IN;
static atomic_bool removed[DATASET_MAX];

const struct dataset_info *dataset_list(size_t *count)
{
    *count = atomic_load(&known_count);
    return known;
}

bool dataset_is_removed(const struct dataset_info *info)
{
    return atomic_load(&removed[info - known]);
}

const struct dataset_info *dataset_find(const char *name)
{
    size_t count = atomic_load(&known_count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(known[i].name, name) == 0 && !atomic_load(&removed[i]))
            return &known[i];
    return NULL;
}

bool dataset_name_is_valid(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t length = strlen(name);
    return length > 0 && length <= DATASET_NAME_MAX && strspn(name, allowed) == length &&
           *name != '-' && *name != '_';
}

/* --- copies: what a caller gives may go, what is listed stays ------------------------
 */

static void free_names(const char *const *names, size_t count)
{
    for (size_t i = 0; names && i < count; i++)
        free((void *)names[i]);
    free((void *)names);
}

void dataset_info_clear(struct dataset_info *info)
{
    free((void *)info->name);
    free((void *)info->title);
    free((void *)info->description);
    free_names(info->class_names, info->classes);
    free_names(info->feature_names, info->features);
    free((void *)info->means);
    free((void *)info->deviations);
}

/* All or, with `whole` cleared, what there was memory for; `given` may be NULL. */
static const char *const *copy_names(const char *const *given, size_t count, bool *whole)
{
    const char **names = given ? calloc(count, sizeof *names) : NULL;
    *whole = *whole && (names || !given);
    for (size_t i = 0; names && i < count; i++) {
        names[i] = strdup(given[i]);
        *whole = *whole && names[i];
    }
    return names;
}

static const double *copy_numbers(const double *given, size_t count, bool *whole)
{
    double *numbers = given ? calloc(count, sizeof *numbers) : NULL;
    *whole = *whole && (numbers || !given);
    if (numbers)
        memcpy(numbers, given, count * sizeof *numbers);
    return numbers;
}

static bool copy_info(const struct dataset_info *info, struct dataset_info *copy)
{
    bool whole = true;
    *copy = *info;
    copy->name = strdup(info->name);
    copy->title = strdup(info->title);
    copy->description = strdup(info->description);
    copy->class_names = copy_names(info->class_names, info->classes, &whole);
    copy->feature_names = copy_names(info->feature_names, info->features, &whole);
    copy->means = copy_numbers(info->means, info->features, &whole);
    copy->deviations = copy_numbers(info->deviations, info->features, &whole);
    return whole && copy->name && copy->title && copy->description;
}

enum engine_status dataset_add(const struct dataset_info *info,
                               struct engine_error *error)
{
    struct dataset_info copy;
    if (!copy_info(info, &copy)) {
        dataset_info_clear(&copy);
        return engine_fail(error, ENGINE_NO_MEMORY, "no memory for %s", info->name);
    }
    pthread_mutex_lock(&lock);
    size_t count = atomic_load(&known_count);
    bool taken = dataset_find(info->name) != NULL;
    if (!taken && count < DATASET_MAX) {
        known[count] = copy;
        atomic_store(&known_count, count + 1);
        pthread_mutex_unlock(&lock);
        return ENGINE_OK;
    }
    pthread_mutex_unlock(&lock);
    dataset_info_clear(&copy);
    return taken ? engine_fail(error, ENGINE_INVALID, "there is a dataset %s already",
                               info->name)
                 : engine_fail(error, ENGINE_INVALID,
                               "at most %d datasets are known, those removed since the "
                               "start included",
                               DATASET_MAX);
}

bool dataset_remove(const char *name)
{
    pthread_mutex_lock(&lock);
    const struct dataset_info *info = dataset_find(name);
    bool found = info && info->uploaded;
    if (found)
        atomic_store(&removed[info - known], true);
    pthread_mutex_unlock(&lock);
    return found;
}
