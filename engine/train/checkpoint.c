#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/image.h"
#include "engine/train/safetensors.h"
#include "engine/train/state.h"
#include "engine/train/view.h"

/* Weight and bias of every layer, last and best, and the optimizer. */
#define MAX_TENSORS   (4 * MLP_MAX_LAYERS + 1)
#define METADATA_SIZE (STATE_TEXT_SIZE + 128)

enum engine_status checkpoint_new(struct checkpoint **out)
{
    struct checkpoint *checkpoint = calloc(1, sizeof *checkpoint);
    if (checkpoint == NULL)
        return ENGINE_NO_MEMORY;
    *out = checkpoint;
    return ENGINE_OK;
}

void checkpoint_clear(struct checkpoint *checkpoint)
{
    free(checkpoint->last);
    free(checkpoint->best);
    free(checkpoint->optimizer);
    *checkpoint = (struct checkpoint){0};
}

void checkpoint_free(struct checkpoint *checkpoint)
{
    if (checkpoint == NULL)
        return;
    checkpoint_clear(checkpoint);
    free(checkpoint);
}

int64_t checkpoint_step(const struct checkpoint *checkpoint)
{
    return checkpoint->state.step;
}

const struct train_config *checkpoint_config(const struct checkpoint *checkpoint)
{
    return &checkpoint->config;
}

static enum engine_status allocate(struct checkpoint *checkpoint, size_t size,
                                   size_t optimizer_size)
{
    checkpoint_clear(checkpoint);
    checkpoint->last = calloc(size, sizeof(float));
    checkpoint->best = calloc(size, sizeof(float));
    checkpoint->optimizer = calloc(optimizer_size + 1, sizeof(float));
    if (checkpoint->last == NULL || checkpoint->best == NULL ||
        checkpoint->optimizer == NULL) {
        checkpoint_clear(checkpoint);
        return ENGINE_NO_MEMORY;
    }
    checkpoint->size = size;
    checkpoint->optimizer_size = optimizer_size;
    return ENGINE_OK;
}

enum engine_status checkpoint_reserve(struct checkpoint *checkpoint,
                                      const struct mlp *mlp, size_t optimizer_size)
{
    if (checkpoint->last == NULL || checkpoint->size != mlp_size(mlp) ||
        checkpoint->optimizer_size != optimizer_size) {
        enum engine_status status = allocate(checkpoint, mlp_size(mlp), optimizer_size);
        if (status != ENGINE_OK)
            return status;
    }
    checkpoint->layer_count = mlp_layer_count(mlp);
    for (size_t i = 0; i < checkpoint->layer_count; i++)
        checkpoint->layers[i] = *mlp_layer(mlp, i);
    return ENGINE_OK;
}

static size_t list_layers(const struct checkpoint *checkpoint, float *parameters,
                          const char *prefix, struct tensor *list)
{
    size_t count = 0;
    for (size_t i = 0; i < checkpoint->layer_count; i++) {
        const struct mlp_layer *layer = &checkpoint->layers[i];
        struct tensor *weight = &list[count++], *bias = &list[count++];
        *weight = (struct tensor){.rows = layer->inputs,
                                  .columns = layer->outputs,
                                  .values = parameters + layer->weight_offset};
        *bias = (struct tensor){.rows = layer->outputs,
                                .values = parameters + layer->bias_offset};
        snprintf(weight->name, sizeof weight->name, "%slayers.%zu.weight", prefix, i);
        snprintf(bias->name, sizeof bias->name, "%slayers.%zu.bias", prefix, i);
    }
    return count;
}

static size_t list_all(const struct checkpoint *checkpoint,
                       struct tensor list[MAX_TENSORS])
{
    size_t count = list_layers(checkpoint, checkpoint->last, "", list);
    if (checkpoint->state.points > 0)
        count += list_layers(checkpoint, checkpoint->best, "best.", list + count);
    if (checkpoint->optimizer_size > 0)
        list[count++] = (struct tensor){.name = "optimizer",
                                        .rows = checkpoint->optimizer_size,
                                        .values = checkpoint->optimizer};
    return count;
}

/* FNV-1a (Fowler, Noll, Vo) over words of eight bytes, the last filled up with zeros:
 * each step is a bijection, so no change of one word goes unseen. */
static uint64_t hash(uint64_t seed, const uint8_t *bytes, size_t size)
{
    for (size_t done = 0; done < size; done += sizeof seed) {
        uint64_t word = 0;
        memcpy(&word, bytes + done,
               size - done < sizeof word ? size - done : sizeof word);
        seed = (seed ^ word) * UINT64_C(0x100000001b3);
    }
    return seed;
}

/* Of state text and numbers: the header alone would not tell a flipped bit. */
static uint64_t checksum(const char *text, const uint8_t *bytes, size_t size)
{
    size_t start = safetensors_data_offset(bytes);
    uint64_t seed =
        hash(UINT64_C(0xcbf29ce484222325), (const uint8_t *)text, strlen(text));
    return hash(seed, bytes + start, size - start);
}

static void print_metadata(const struct checkpoint *checkpoint, const char *text,
                           uint64_t sum, char metadata[METADATA_SIZE])
{
    snprintf(metadata, METADATA_SIZE,
             "\"format\":\"pt\",\"sweetspot\":\"1 %016" PRIx64 " %zu %s\"", sum,
             checkpoint->optimizer_size, text);
}

enum engine_status checkpoint_pack(const struct checkpoint *checkpoint, uint8_t **bytes,
                                   size_t *size)
{
    char text[STATE_TEXT_SIZE], metadata[METADATA_SIZE];
    struct tensor list[MAX_TENSORS];
    if (checkpoint->last == NULL ||
        !state_print(&checkpoint->config, &checkpoint->state, text, sizeof text))
        return ENGINE_INVALID;
    size_t count = list_all(checkpoint, list);
    print_metadata(checkpoint, text, 0, metadata);
    enum engine_status status = safetensors_pack(list, count, metadata, bytes, size);
    if (status != ENGINE_OK)
        return status;
    char *sum = memmem(*bytes, *size, "\"1 0000000000000000 ", 20);
    assert(sum != NULL);
    char digits[17];
    snprintf(digits, sizeof digits, "%016" PRIx64, checksum(text, *bytes, *size));
    memcpy(sum + 3, digits, 16);
    return ENGINE_OK;
}

/* Takes "1 SUM OPTIMIZER_SIZE name=value ..." apart; `*text` is what follows. Loosely:
 * the metadata is made again from what was read, and compared. */
static bool parse_metadata(char *metadata, size_t *optimizer_size, char **text)
{
    static const char start[] = "\"format\":\"pt\",\"sweetspot\":\"1 ";
    size_t length = strlen(metadata);
    if (length <= strlen(start) || strncmp(metadata, start, strlen(start)) != 0)
        return false;
    metadata[length - 1] = '\0';
    char *end = strchr(metadata + strlen(start), ' ');
    if (end == NULL)
        return false;
    unsigned long long count = strtoull(end, &end, 10);
    if (*end != ' ' || count > SIZE_MAX / sizeof(float))
        return false;
    *optimizer_size = (size_t)count;
    *text = end + 1;
    return true;
}

/* Gives `into` the layout that its config calls for. */
static enum engine_status reserve_for_config(struct checkpoint *into,
                                             const struct train_config *config,
                                             size_t optimizer_size)
{
    struct mlp_shape shape = config_shape(config);
    shape.engine = ENGINE_KIND_TENSOR; /* the layout is the same for both */
    struct mlp *mlp;
    enum engine_status status = mlp_new(&shape, 1, &mlp);
    if (status != ENGINE_OK)
        return status;
    status = checkpoint_reserve(into, mlp, optimizer_size);
    mlp_free(mlp);
    return status;
}

/* Reads the numbers; the header and the checksum must be those of what was read. */
static enum engine_status unpack_numbers(const uint8_t *bytes, size_t size,
                                         const char *metadata, const char *text,
                                         const struct checkpoint *into)
{
    struct tensor list[MAX_TENSORS];
    size_t count = list_all(into, list);
    enum engine_status status = safetensors_unpack(bytes, size, metadata, list, count);
    if (status != ENGINE_OK)
        return status;
    char again[METADATA_SIZE];
    print_metadata(into, text, checksum(text, bytes, size), again);
    return strcmp(again, metadata) == 0 ? ENGINE_OK : ENGINE_FORMAT;
}

enum engine_status checkpoint_unpack(const uint8_t *bytes, size_t size,
                                     struct checkpoint *into)
{
    char metadata[METADATA_SIZE], parsed[METADATA_SIZE], *text;
    size_t optimizer_size;
    struct train_config config;
    struct train_state state;
    if (!safetensors_metadata(bytes, size, metadata, sizeof metadata))
        return ENGINE_FORMAT;
    memcpy(parsed, metadata, strlen(metadata) + 1);
    if (!parse_metadata(parsed, &optimizer_size, &text) ||
        !state_parse(text, &config, &state))
        return ENGINE_FORMAT;
    /* What the bytes cannot hold is not allocated either. */
    size_t floats = size / sizeof(float);
    if (config_parameter_count(&config) > floats || optimizer_size > floats)
        return ENGINE_FORMAT;
    struct checkpoint read = {0};
    enum engine_status status = reserve_for_config(&read, &config, optimizer_size);
    if (status == ENGINE_OK) {
        read.config = config;
        read.state = state;
        status = unpack_numbers(bytes, size, metadata, text, &read);
    }
    if (status != ENGINE_OK) {
        checkpoint_clear(&read);
        return status;
    }
    checkpoint_clear(into);
    *into = read;
    return ENGINE_OK;
}

/* Before the first point there is no best yet: the last then stands for it. */
static float *parameters_of(const struct checkpoint *checkpoint,
                            enum checkpoint_which which)
{
    if (which == CHECKPOINT_BEST && checkpoint->state.points > 0)
        return checkpoint->best;
    return checkpoint->last;
}

enum engine_status checkpoint_export_model(const struct checkpoint *checkpoint,
                                           enum checkpoint_which which, uint8_t **bytes,
                                           size_t *size, struct engine_error *error)
{
    if (checkpoint->last == NULL)
        return engine_fail(error, ENGINE_INVALID, "the checkpoint is empty");
    struct tensor list[MAX_TENSORS];
    size_t count = list_layers(checkpoint, parameters_of(checkpoint, which), "", list);
    enum engine_status status =
        safetensors_pack(list, count, "\"format\":\"pt\"", bytes, size);
    if (status != ENGINE_OK)
        return engine_fail(error, status, "cannot pack the model: %s",
                           engine_status_name(status));
    return ENGINE_OK;
}

/* x (c W) is (c x) W: what was trained on raw inputs then takes scaled ones. */
static void scale_first_layer(struct mlp *mlp, float factor)
{
    const struct mlp_layer *layer = mlp_layer(mlp, 0);
    float *weight = mlp_parameters(mlp) + layer->weight_offset;
    for (size_t i = 0; i < layer->inputs * layer->outputs; i++)
        weight[i] *= factor;
}

enum engine_status checkpoint_build_model(const struct checkpoint *checkpoint,
                                          enum checkpoint_which which, size_t max_rows,
                                          struct mlp **out, struct engine_error *error)
{
    if (checkpoint->last == NULL)
        return engine_fail(error, ENGINE_INVALID, "the checkpoint is empty");
    struct mlp_shape shape = config_shape(&checkpoint->config);
    shape.engine = ENGINE_KIND_TENSOR; /* whatever trained it */
    struct mlp *mlp;
    enum engine_status status = mlp_new(&shape, max_rows, &mlp);
    if (status != ENGINE_OK)
        return engine_fail(error, status, "cannot build the model: %s",
                           engine_status_name(status));
    assert(mlp_size(mlp) == checkpoint->size);
    memcpy(mlp_parameters(mlp), parameters_of(checkpoint, which),
           checkpoint->size * sizeof(float));
    if (checkpoint->config.inputs == INPUTS_RAW)
        scale_first_layer(mlp, RAW_INPUT_SCALE);
    *out = mlp;
    return ENGINE_OK;
}
