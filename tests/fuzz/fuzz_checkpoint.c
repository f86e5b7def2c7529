/* Checkpoints. Bytes of any kind are refused. The first byte chooses: 0, the rest is a
 * file; 1, it is the state's text, from which a whole checkpoint is made, which must read
 * back as the same, and be refused with any one byte of it changed, cut off or added. */
#include "engine/train/image.h"
#include "engine/train/safetensors.h"
#include "engine/train/state.h"
#include "tests/fuzz/fuzz.h"

#define MOST_PARAMETERS 20000

static bool is_refused(const uint8_t *bytes, size_t size)
{
    struct checkpoint *into;
    REQUIRE(checkpoint_new(&into) == ENGINE_OK);
    enum engine_status status = checkpoint_unpack(bytes, size, into);
    REQUIRE(status == ENGINE_OK || (status == ENGINE_FORMAT && into->last == NULL));
    checkpoint_free(into);
    return status != ENGINE_OK;
}

static void look_at_file(const uint8_t *bytes, size_t size)
{
    char metadata[200];
    float numbers[6];
    const struct tensor tensors[] = {
        {.name = "weight", .rows = 2, .columns = 2,  .values = numbers},
        {.name = "bias",                .rows = 2,            .values = numbers + 4},
    };
    is_refused(bytes, size);
    if (!safetensors_metadata(bytes, size, metadata, sizeof metadata))
        return;
    REQUIRE(strlen(metadata) < sizeof metadata && !strchr(metadata, '}'));
    if (safetensors_unpack(bytes, size, metadata, tensors, 2) != ENGINE_OK)
        return;
    uint8_t *again = NULL;
    size_t size_again = 0;
    REQUIRE(safetensors_pack(tensors, 2, metadata, &again, &size_again) == ENGINE_OK);
    REQUIRE(size_again == size && memcmp(again, bytes, size) == 0);
    free(again);
}

static struct checkpoint *make_checkpoint(const struct train_config *config,
                                          const struct train_state *state)
{
    struct mlp_shape shape = config_shape(config);
    struct checkpoint *made;
    struct mlp *mlp;
    shape.engine = ENGINE_KIND_TENSOR;
    REQUIRE(mlp_new(&shape, 1, &mlp) == ENGINE_OK);
    REQUIRE(checkpoint_new(&made) == ENGINE_OK);
    REQUIRE(checkpoint_reserve(made, mlp, 7) == ENGINE_OK);
    mlp_free(mlp);
    made->config = *config;
    made->state = *state;
    for (size_t i = 0; i < made->size; i++)
        made->last[i] = (float)i;
    return made;
}

static void check_damage(uint8_t *bytes, size_t size, const uint8_t *data, size_t seed)
{
    REQUIRE(size > 0);
    size_t at = (data[seed / 2] * 251u + seed * 7919u) % size;
    uint8_t was = bytes[at];
    bytes[at] ^= (uint8_t)(1u << seed % 8);
    REQUIRE(is_refused(bytes, size));
    bytes[at] = was;
    REQUIRE(is_refused(bytes, at));
}

static void look_at_state(const uint8_t *data, size_t size)
{
    struct train_config config;
    struct train_state state;
    char *text = fuzz_text(data, size), again[STATE_TEXT_SIZE];
    bool fits = state_parse(text, &config, &state) &&
                config_parameter_count(&config) <= MOST_PARAMETERS;
    if (fits) {
        struct checkpoint *made = make_checkpoint(&config, &state), *read;
        uint8_t *bytes;
        size_t length, length_again;
        REQUIRE(state_print(&config, &state, again, sizeof again));
        REQUIRE(checkpoint_pack(made, &bytes, &length) == ENGINE_OK);
        REQUIRE(checkpoint_new(&read) == ENGINE_OK);
        REQUIRE(checkpoint_unpack(bytes, length, read) == ENGINE_OK);
        uint8_t *packed_again;
        REQUIRE(checkpoint_pack(read, &packed_again, &length_again) == ENGINE_OK);
        REQUIRE(length_again == length && memcmp(bytes, packed_again, length) == 0);
        check_damage(bytes, length, data, size);
        free(packed_again);
        free(bytes);
        checkpoint_free(read);
        checkpoint_free(made);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    if (data[0] % 2 == 0)
        look_at_file(data + 1, size - 1);
    else
        look_at_state(data + 1, size - 1);
    return 0;
}
