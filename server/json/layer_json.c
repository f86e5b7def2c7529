#include "server/json/layer_json.h"

#include <stdio.h>
#include <string.h>

#include "server/json/build.h"
#include "server/json/number.h"

_Static_assert(HISTOGRAM_BINS == DB_HISTOGRAM_BINS, "histograms are stored as measured");

static void histogram_from_trainer(const struct histogram *histogram,
                                   struct db_histogram *out)
{
    out->low = histogram->low;
    out->high = histogram->high;
    memcpy(out->counts, histogram->counts, sizeof out->counts);
}

void layer_from_trainer(const struct layer_stats *stats, int64_t step, int layer,
                        struct db_histograms *histograms, struct db_layer *out)
{
    *out = (struct db_layer){
        .step = step,
        .layer = layer,
        .weight_norm = stats->weight_norm,
        .grad_norm = stats->grad_norm,
        .update_ratio = stats->update_ratio,
        .activation_mean = stats->activation_mean,
        .activation_deviation = stats->activation_deviation,
        .dead_fraction = stats->dead_fraction,
        .saturated_fraction = stats->saturated_fraction,
        .histograms = stats->probed ? histograms : NULL,
    };
    if (!stats->probed)
        return;
    histogram_from_trainer(&stats->weights, &histograms->weights);
    histogram_from_trainer(&stats->gradients, &histograms->gradients);
    histogram_from_trainer(&stats->activations, &histograms->activations);
}

struct db_noise noise_from_trainer(const struct noise_scale *noise, int64_t step)
{
    return (struct db_noise){.step = step,
                             .gradient_squared = noise->gradient_squared,
                             .gradient_variance = noise->gradient_variance,
                             .scale = noise->scale};
}

static bool add_number(cJSON *object, const char *name, double value)
{
    return json_add(object, name, number_to_json(value));
}

/* "[1,2,...]": as one node, where one a number would be many. */
static bool add_counts(cJSON *object, const uint32_t *counts)
{
    char text[DB_HISTOGRAM_BINS * 11 + 2];
    int length = 0;
    for (size_t i = 0; i < DB_HISTOGRAM_BINS; i++)
        length += snprintf(text + length, sizeof text - (size_t)length, "%c%lu",
                           i ? ',' : '[', (unsigned long)counts[i]);
    snprintf(text + length, sizeof text - (size_t)length, "]");
    return cJSON_AddRawToObject(object, "counts", text) != NULL;
}

static bool add_histogram(cJSON *object, const char *name,
                          const struct db_histogram *histogram)
{
    cJSON *made = cJSON_AddObjectToObject(object, name);
    return add_number(made, "low", histogram->low) &&
           add_number(made, "high", histogram->high) &&
           add_counts(made, histogram->counts);
}

static bool add_histograms(cJSON *object, const struct db_histograms *histograms)
{
    if (!histograms)
        return cJSON_AddNullToObject(object, "histograms") != NULL;
    cJSON *made = cJSON_AddObjectToObject(object, "histograms");
    return add_histogram(made, "weights", &histograms->weights) &&
           add_histogram(made, "gradients", &histograms->gradients) &&
           add_histogram(made, "activations", &histograms->activations);
}

char *layer_to_text(const struct db_layer *layer)
{
    cJSON *object = cJSON_CreateObject();
    bool whole =
        add_number(object, "step", (double)layer->step) &&
        add_number(object, "layer", layer->layer) &&
        add_number(object, "weight_norm", layer->weight_norm) &&
        add_number(object, "grad_norm", layer->grad_norm) &&
        add_number(object, "update_ratio", layer->update_ratio) &&
        add_number(object, "activation_mean", layer->activation_mean) &&
        add_number(object, "activation_deviation", layer->activation_deviation) &&
        add_number(object, "dead_fraction", layer->dead_fraction) &&
        add_number(object, "saturated_fraction", layer->saturated_fraction) &&
        add_histograms(object, layer->histograms);
    char *text = whole ? json_text(object) : NULL;
    cJSON_Delete(object);
    return text;
}

cJSON *noise_to_json(const struct db_noise *noise)
{
    cJSON *object = cJSON_CreateObject();
    if (add_number(object, "step", (double)noise->step) &&
        add_number(object, "gradient_squared", noise->gradient_squared) &&
        add_number(object, "gradient_variance", noise->gradient_variance) &&
        add_number(object, "noise_scale", noise->scale))
        return object;
    cJSON_Delete(object);
    return NULL;
}
