#include "engine/diagnosis/data_look.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/view.h"

#define ASKED      100 /* samples whose neighbours are looked for */
#define NEIGHBOURS 500 /* samples to look among */
#define MAX_LABELS 256

struct looking {
    const struct train_config *config;
    struct dataset_view view;
    struct loader *loader;
    struct data_look *look;
    float *rows; /* (ASKED + NEIGHBOURS, features): every so many-th training sample */
    uint8_t labels[ASKED + NEIGHBOURS];
    size_t count, features;
};

/* Spread evenly over the training rows, so that sorted data is seen whole. */
static enum engine_status gather_rows(struct looking *looking)
{
    size_t count, wanted = ASKED + NEIGHBOURS;
    uint32_t indices[ASKED + NEIGHBOURS];
    const uint32_t *training = loader_training(looking->loader, &count);
    if (count == 0)
        return ENGINE_INVALID;
    looking->count = count < wanted ? count : wanted;
    looking->features = looking->view.info->features;
    for (size_t i = 0; i < looking->count; i++)
        indices[i] = training[i * count / looking->count];
    looking->rows = malloc(looking->count * looking->features * sizeof(float));
    if (looking->rows == NULL)
        return ENGINE_NO_MEMORY;
    dataset_gather(&looking->view.train, looking->features, indices, looking->count,
                   looking->rows, looking->labels);
    return ENGINE_OK;
}

static void look_at_inputs(struct looking *looking)
{
    float largest = 0;
    for (size_t i = 0; i < looking->count * looking->features; i++)
        largest = fmaxf(largest, fabsf(looking->rows[i]));
    looking->look->largest_input = largest;
}

/* Counts over all training labels: these are cheap. */
static void look_at_labels(struct looking *looking, double shares[MAX_LABELS])
{
    struct data_look *look = looking->look;
    size_t count, counts[MAX_LABELS] = {0};
    const uint32_t *training = loader_training(looking->loader, &count);
    for (size_t i = 0; i < count; i++)
        counts[looking->view.train.labels[training[i]]]++;
    look->classes = 0;
    look->largest_share = 0;
    for (size_t label = 0; label < MAX_LABELS; label++) {
        shares[label] = (double)counts[label] / (double)count;
        look->classes += counts[label] > 0;
        look->largest_share = fmax(look->largest_share, shares[label]);
    }
}

/* In so many sums side by side, so that the compiler may make vectors of them. */
#define SUMS 16

static float squared_distance(const float *a, const float *b, size_t count)
{
    float sums[SUMS] = {0}, sum = 0;
    size_t whole = count - count % SUMS;
    for (size_t i = 0; i < whole; i += SUMS)
        for (size_t k = 0; k < SUMS; k++)
            sums[k] += (a[i + k] - b[i + k]) * (a[i + k] - b[i + k]);
    for (size_t i = whole; i < count; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    for (size_t k = 0; k < SUMS; k++)
        sum += sums[k];
    return sum;
}

/* Every sixth sample asks, the others answer: both are spread over the whole set. */
static bool asks(size_t i)
{
    return i % ((ASKED + NEIGHBOURS) / ASKED) == 0;
}

static uint8_t nearest_label(const struct looking *looking, size_t of)
{
    size_t features = looking->features;
    float least = INFINITY;
    uint8_t label = 0;
    for (size_t i = 0; i < looking->count; i++) {
        if (asks(i))
            continue;
        float distance = squared_distance(looking->rows + i * features,
                                          looking->rows + of * features, features);
        if (distance < least) {
            least = distance;
            label = looking->labels[i];
        }
    }
    return label;
}

/* Labels that go with the inputs are mostly shared by neighbours (Cover and Hart 1967,
 * "Nearest neighbor pattern classification"). */
static void look_at_neighbours(struct looking *looking, const double *shares)
{
    struct data_look *look = looking->look;
    double asked = 0, agreed = 0, chance = 0;
    for (size_t i = 0; i < looking->count; i++)
        if (asks(i)) {
            asked++;
            agreed += nearest_label(looking, i) == looking->labels[i];
        }
    for (size_t label = 0; label < MAX_LABELS; label++)
        chance += shares[label] * shares[label];
    look->neighbour_agreement = agreed / asked;
    look->chance_agreement = chance;
    look->agreement_error = sqrt(chance * (1 - chance) / asked);
}

static size_t count_classes(const struct looking *looking, const uint32_t *rows,
                            size_t count)
{
    bool seen[MAX_LABELS] = {false};
    size_t classes = 0;
    for (size_t i = 0; i < count; i++) {
        bool *mark = &seen[looking->view.train.labels[rows[i]]];
        classes += !*mark;
        *mark = true;
    }
    return classes;
}

/* The run's own first batches; as many whole ones as an epoch has. */
static void look_at_batches(struct looking *looking, const double *shares)
{
    struct data_look *look = looking->look;
    int64_t batches = loader_batches_per_epoch(looking->loader);
    if (looking->config->batching == BATCHING_ONE_BATCH || batches > DATA_LOOK_BATCHES)
        batches = DATA_LOOK_BATCHES;
    size_t largest = 0;
    double sum = 0;
    for (int64_t i = 0; i < batches; i++) {
        size_t count;
        const uint32_t *rows = loader_next(looking->loader, &count);
        largest = count > largest ? count : largest;
        look->batch_classes[i] = (double)count_classes(looking, rows, count);
        sum += look->batch_classes[i];
    }
    look->batch_count = (size_t)batches;
    look->mean_batch_classes = sum / (double)batches;
    look->shuffled_batch_classes = 0;
    for (size_t label = 0; label < MAX_LABELS; label++)
        look->shuffled_batch_classes += 1 - pow(1 - shares[label], (double)largest);
}

enum engine_status data_look_take(const struct train_config *config,
                                  const struct dataset *dataset, struct data_look *look)
{
    double shares[MAX_LABELS];
    struct looking *looking = calloc(1, sizeof *looking);
    if (looking == NULL)
        return ENGINE_NO_MEMORY;
    looking->config = config;
    looking->look = look;
    enum engine_status status = dataset_view_open(config, dataset, &looking->view);
    if (status == ENGINE_OK)
        status = dataset_view_load(config, &looking->view, &looking->loader);
    if (status == ENGINE_OK)
        status = gather_rows(looking);
    if (status == ENGINE_OK) {
        look_at_inputs(looking);
        look_at_labels(looking, shares);
        look_at_neighbours(looking, shares);
        look_at_batches(looking, shares);
    }
    loader_free(looking->loader);
    dataset_view_close(&looking->view);
    free(looking->rows);
    free(looking);
    return status;
}
