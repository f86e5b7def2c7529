#include "engine/diagnosis/network_look.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/nn/optimizer.h"
#include "engine/train/activity.h"
#include "engine/train/trainer.h"
#include "engine/train/view.h"

#define MOST_ROWS  256
#define LEAST_ROWS 32
/* Multiplications that a look may cost, about. */
#define MOST_WORK 5e7

static size_t rows_for(const struct train_config *config)
{
    double rows = MOST_WORK / (double)config_parameter_count(config);
    int64_t count = config_train_count(config);
    size_t most = count < MOST_ROWS ? (size_t)count : MOST_ROWS;
    size_t wanted = rows < LEAST_ROWS ? LEAST_ROWS : (size_t)rows;
    return wanted < most ? wanted : most;
}

/* Spread evenly over the training rows; those held out are told apart by nobody here. */
static void load_rows(const struct train_config *config, const struct dataset_view *view,
                      struct mlp *mlp, size_t count, uint8_t *labels)
{
    uint32_t rows[MOST_ROWS];
    int64_t all = config_train_count(config) + config->validation_samples;
    for (size_t i = 0; i < count; i++)
        rows[i] = (uint32_t)(i * (size_t)all / count);
    dataset_gather(&view->train, view->info->features, rows, count, mlp_inputs(mlp),
                   labels);
}

static double finite_or_nan(double value)
{
    return isfinite(value) ? value : NAN;
}

/* Share of a layer's units that start from the very weights of its first one: units that
 * are alike get the same gradient and stay alike. */
static double share_alike(const struct mlp_layer *layer, const float *parameters)
{
    const float *weight = parameters + layer->weight_offset;
    const float *bias = parameters + layer->bias_offset;
    size_t alike = 0;
    for (size_t o = 0; o < layer->outputs; o++) {
        bool same = bias[o] == bias[0];
        for (size_t i = 0; i < layer->inputs && same; i++)
            same = weight[i * layer->outputs + o] == weight[i * layer->outputs];
        alike += same;
    }
    return layer->outputs > 1 ? (double)alike / (double)layer->outputs : NAN;
}

static enum engine_status look_at_layer(struct mlp *mlp, size_t index,
                                        enum activation activation, size_t rows,
                                        struct layer_look *look)
{
    const struct mlp_layer *layer = mlp_layer(mlp, index);
    size_t count = layer->inputs * layer->outputs;
    struct activity activity;
    *look = (struct layer_look){NAN, NAN, NAN, NAN};
    look->gradient =
        finite_or_nan(optimizer_norm(mlp_gradients(mlp) + layer->weight_offset, count) /
                      sqrt((double)count));
    if (index + 1 == mlp_layer_count(mlp))
        return ENGINE_OK;
    look->alike = share_alike(layer, mlp_parameters(mlp));
    if (!activity_init(&activity, activation, layer->outputs))
        return ENGINE_NO_MEMORY;
    activity_add(&activity, mlp_activations(mlp, index), rows);
    look->dead = activity_dead(&activity);
    look->saturated = activity_saturated(&activity);
    activity_clear(&activity);
    return ENGINE_OK;
}

static double leading_share(struct mlp *mlp, size_t rows)
{
    size_t counts[256] = {0}, most = 0;
    size_t last = mlp_layer_count(mlp) - 1, columns = mlp_layer(mlp, last)->outputs;
    const float *outputs = mlp_activations(mlp, last);
    for (size_t r = 0; r < rows; r++) {
        size_t count = ++counts[mlp_label(mlp, outputs + r * columns) % 256];
        most = count > most ? count : most;
    }
    return (double)most / (double)rows;
}

/* Both over all outputs: the variance between samples, and the mean square. */
static double output_spread(struct mlp *mlp, size_t rows)
{
    size_t last = mlp_layer_count(mlp) - 1, columns = mlp_layer(mlp, last)->outputs;
    const float *outputs = mlp_activations(mlp, last);
    double variance = 0, square = 0, n = (double)rows;
    for (size_t o = 0; o < columns; o++) {
        double sum = 0, squares = 0;
        for (size_t r = 0; r < rows; r++) {
            double y = outputs[r * columns + o];
            sum += y;
            squares += y * y;
        }
        variance += fmax(0, squares / n - sum / n * (sum / n));
        square += squares / n;
    }
    return square > 0 ? finite_or_nan(sqrt(variance / square)) : NAN;
}

static enum engine_status look_into(const struct train_config *config,
                                    const struct dataset_view *view, struct mlp *mlp,
                                    size_t rows, struct network_look *look)
{
    uint8_t labels[MOST_ROWS];
    enum engine_status status = ENGINE_OK;
    load_rows(config, view, mlp, rows, labels);
    struct mlp_result result = mlp_gradient(mlp, labels, rows);
    look->loss = finite_or_nan(result.loss_sum / (double)rows);
    look->leading_share = leading_share(mlp, rows);
    look->output_spread = output_spread(mlp, rows);
    look->layer_count = mlp_layer_count(mlp);
    for (size_t i = 0; i < look->layer_count && status == ENGINE_OK; i++)
        status = look_at_layer(mlp, i, (enum activation)config->activation, rows,
                               &look->layers[i]);
    return status;
}

enum engine_status network_look_first(const struct train_config *config,
                                      const struct dataset *dataset,
                                      struct network_look *look)
{
    struct mlp_shape shape = config_shape(config);
    struct dataset_view view;
    struct mlp *mlp = NULL;
    size_t rows = rows_for(config);
    shape.engine = ENGINE_KIND_TENSOR; /* both give the same */
    enum engine_status status = dataset_view_open(config, dataset, &view);
    if (status == ENGINE_OK)
        status = mlp_new(&shape, rows, &mlp);
    if (status == ENGINE_OK) {
        trainer_initialise(config, mlp);
        status = look_into(config, &view, mlp, rows, look);
    }
    mlp_free(mlp);
    dataset_view_close(&view);
    return status;
}

enum engine_status network_look_last(const struct train_config *config,
                                     const struct dataset *dataset,
                                     const struct checkpoint *checkpoint,
                                     struct network_look *look)
{
    struct dataset_view view;
    struct mlp *mlp = NULL;
    struct engine_error error;
    size_t rows = rows_for(config);
    enum engine_status status = dataset_view_open(config, dataset, &view);
    view.train.raw = false; /* what `checkpoint_build_model` gives takes scaled inputs */
    if (status == ENGINE_OK)
        status = checkpoint_build_model(checkpoint, CHECKPOINT_LAST, rows, &mlp, &error);
    if (status == ENGINE_OK)
        status = look_into(config, &view, mlp, rows, look);
    mlp_free(mlp);
    dataset_view_close(&view);
    return status;
}
