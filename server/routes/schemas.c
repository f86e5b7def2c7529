#include "server/routes/schemas.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "server/json/build.h"
#include "server/routes/config_schema.h"
#include "server/routes/schema_tables.h"

/* One line a member. */
// clang-format off
static const struct member run[] = {
    {"id", "integer", "Counts up from 1."},
    {"name", "string", "What its owner calls it."},
    {"state", "string", "queued, running, paused, finished, stopped, failed, diverged or pruned."},
    {"stop_reason", "string?", "Why it ended: epochs_done, target_reached, user, ..."},
    {"error", "string?", "What went wrong, in a sentence."},
    {"config", "RunConfig", "All of it, defaults filled in."},
    {"parameters", "integer", "Weights and biases of the network."},
    {"layers", "string", "Widths from inputs to outputs: 784-128-10."},
    {"total_steps", "integer", "Steps until all epochs are done."},
    {"summary", "Summary", "Where it stands."},
    {"sparkline", "[number?]", "A few accuracies for a small picture of the run."},
    {"environment", "Environment?", "Where it was trained; null before it starts."},
    {"created_at", "time", "When it was launched."},
    {"started_at", "time?", "When it first trained."},
    {"finished_at", "time?", "When it ended."},
    {"progress", "number", "0 to 1."},
    {"sweep", "integer?", "The sweep that it belongs to."},
    {"parent", "integer?", "The run that it was cloned from."},
    {"tags", "[string]", "Words to find it by."},
    {"notes", "string", "Anything worth remembering."},
    {"archived", "boolean", "Left out of lists unless asked for."},
    {0},
};

static const struct member summary[] = {
    {"points", "integer", "How many there are."},
    {"best_test_accuracy", "number?", "At best_step."},
    {"best_val_accuracy", "number?", "At best_step; null without validation samples."},
    {"best_step", "integer?", "The step of the best point."},
    {"last_step", "integer", "Of the newest point, as all last_..."},
    {"last_epoch", "number?", ""},
    {"last_samples", "integer", ""},
    {"last_lr", "number?", ""},
    {"last_train_loss", "number?", ""},
    {"last_train_accuracy", "number?", ""},
    {"last_test_loss", "number?", ""},
    {"last_test_accuracy", "number?", ""},
    {"last_val_loss", "number?", ""},
    {"last_val_accuracy", "number?", ""},
    {"last_grad_norm", "number?", ""},
    {"train_seconds", "number?", "Spent training: no evaluation, pause or checkpoint."},
    {"cpu_seconds", "number?", "The training thread's processor time."},
    {"samples_per_second", "number?", "Per second of training."},
    {"time_to_target", "number?", "Training seconds up to the point that met the target."},
    {"eta_seconds", "number?", "Training seconds left; null unless live."},
    {"stop_reason", "string?", "As in the run."},
    {0},
};

static const struct member point[] = {
    {"step", "integer", "Counts weight updates."},
    {"epoch", "number", "A fraction between epochs."},
    {"samples", "integer", "Trained on so far."},
    {"train_seconds", "number", "Spent training: no evaluation, pause or checkpoint."},
    {"cpu_seconds", "number", "The training thread's processor time."},
    {"wall_time", "time", "When it was measured."},
    {"lr", "number", "The learning rate of the step."},
    {"train_loss", "number?", "Mean since the point before."},
    {"train_accuracy", "number?", "Mean since the point before, 0 to 1."},
    {"test_loss", "number?", "Over the whole test set."},
    {"test_accuracy", "number?", "Over the whole test set, 0 to 1."},
    {"val_loss", "number?", "Null without validation samples."},
    {"val_accuracy", "number?", "Null without validation samples."},
    {"grad_norm", "number?", "Euclidean norm of the step's gradient."},
    {0},
};

static const struct member step[] = {
    {"first_step", "integer", "The bucket's first."},
    {"last_step", "integer", "The bucket's last."},
    {"loss_min", "number?", ""},
    {"loss_mean", "number?", ""},
    {"loss_max", "number?", ""},
    {0},
};

static const struct member layer[] = {
    {"step", "integer", "The point's."},
    {"layer", "integer", "0: the first hidden layer."},
    {"weight_norm", "number?", ""},
    {"grad_norm", "number?", ""},
    {"update_ratio", "number?", "Norm of the last update to norm of the weights."},
    {"activation_mean", "number?", "As all below: null where no probe was taken."},
    {"activation_deviation", "number?", "Of what the layer hands on."},
    {"dead_fraction", "number?", "Hidden relu units that are 0 for every probe sample."},
    {"saturated_fraction", "number?", "Hidden tanh or sigmoid outputs near a limit."},
    {"histograms", "Histograms?", ""},
    {0},
};

static const struct member histograms[] = {
    {"weights", "Histogram", ""},
    {"gradients", "Histogram", "Of the weights."},
    {"activations", "Histogram", "Of what the layer hands on."},
    {0},
};

static const struct member histogram[] = {
    {"low", "number?", "The smallest value; null where none is finite."},
    {"high", "number?", "The largest value."},
    {"counts", "[integer]", "In 32 bins of equal width."},
    {0},
};

static const struct member noise[] = {
    {"step", "integer", "A point's that took a probe."},
    {"gradient_squared", "number?", "Of the true gradient's norm; an estimate."},
    {"gradient_variance", "number?", "Of one sample's gradient, over all parameters."},
    {"noise_scale", "number?", "Their ratio in samples; null where the first is not > 0."},
    {0},
};

static const struct member environment[] = {
    {"version", "string", ""},
    {"revision", "string", ""},
    {"compiler", "string", ""},
    {"backend", "string", "What multiplies matrices."},
    {"cpu", "string", ""},
    {"cpus", "integer", ""},
    {"os", "string", ""},
    {"threads", "integer", "A run trains on this many."},
    {0},
};

static const struct member preset[] = {
    {"name", "string", ""},
    {"title", "string", ""},
    {"description", "string", ""},
    {"kind", "string", "run or sweep."},
    {"config", "object", "To be launched as it is, by POST /runs or POST /sweeps."},
    {0},
};

static const struct member version[] = {
    {"name", "string", ""},
    {"version", "string", ""},
    {"revision", "string", ""},
    {"compiler", "string", ""},
    {0},
};

static const struct member health[] = {
    {"status", "string", "ok, or failing with 503."},
    {"database", "string", "ok, or why it cannot be written."},
    {"workers", "string", "alive or ended."},
    {0},
};

static const struct member lab[] = {
    {"workers", "[Worker]", ""},
    {"queue", "Queue", ""},
    {"speed", "[Speed]", "Of the newest runs that ended."},
    {"version", "Version", ""},
    {"engine", "Environment", ""},
    {"disk", "Disk", ""},
    {"sandbox", "Sandbox", "The fences around the daemon that this kernel has."},
    {"uptime_seconds", "number", ""},
    {"events", "EventStreams", ""},
    {0},
};

static const struct member worker[] = {
    {"run", "integer?", "Null while it waits."},
    {"samples_per_second", "number?", ""},
    {0},
};

static const struct member queue[] = {
    {"queued", "integer", ""},
    {"running", "integer", ""},
    {"paused", "integer", ""},
    {"limit", "integer", "As many may be queued."},
    {0},
};

static const struct member speed[] = {
    {"run", "integer", ""},
    {"dataset", "string", ""},
    {"layers", "string", ""},
    {"parameters", "integer", ""},
    {"batch_size", "integer", ""},
    {"samples_per_second", "number", ""},
    {0},
};

static const struct member disk[] = {
    {"data_dir", "string", ""},
    {"database_bytes", "integer", ""},
    {"free_bytes", "optional integer", ""},
    {"full", "boolean", "Runs wait for room."},
    {0},
};

static const struct member sandbox[] = {
    {"files", "boolean", "It writes its data folder only, reads only what it ships with."},
    {"calls", "boolean", "It opens no connections and starts no programs."},
    {0},
};

static const struct member event_streams[] = {
    {"subscribers", "integer", ""},
    {0},
};

static const struct member patch[] = {
    {"name", "optional string", "At most 200 characters."},
    {"notes", "optional string", "At most 10,000 characters."},
    {"tags", "optional [string]", "At most 20 of 1 to 50 characters."},
    {"archived", "optional boolean", ""},
    {"epochs", "optional integer", "While the run is live."},
    {"target_accuracy", "optional number?", "While the run is live."},
    {"time_budget_s", "optional number?", "While the run is live."},
    {0},
};

static const struct member nothing[] = {{0}};

static const struct member inputs[] = {
    {"inputs", "[[number]]", "At most 256 rows, as in training: pixels from 0 to 1."},
    {0},
};

static const struct member prediction[] = {
    {"outputs", "[[number?]]", "Probabilities with cross_entropy; with mse and hinge the outputs as they are."},
    {"labels", "[integer]", "The class that each row of outputs names."},
    {0},
};

static const struct member mistakes[] = {
    {"which", "string", "best: the weights of the run's best point so far."},
    {"count", "integer", "Test samples that were judged: the first ones."},
    {"of", "integer", "Test samples of the run; more than count where the model is large."},
    {"accuracy", "number?", "Of those that were judged."},
    {"classes", "[string]", "Their names."},
    {"confusion", "[[integer]]", "A row a class, a column a prediction."},
    {"per_class", "[ClassScore]", ""},
    {"width", "integer", "Of its pictures; 0: it has none."},
    {"height", "integer", ""},
    {"total", "integer", "Samples that fit actual and predicted; without either, all mistakes."},
    {"worst", "[Mistake]", "Those with the highest loss, worst first."},
    {"next_cursor", "string?", "Null: pages go by offset."},
    {0},
};

static const struct member class_score[] = {
    {"label", "integer", ""},
    {"name", "string", ""},
    {"support", "integer", "Samples of the class."},
    {"precision", "number?", "Share of those it says to be of the class that are; null: none."},
    {"recall", "number?", "Share of those of the class that it says to be; null: none."},
    {"f1", "number?", "Their harmonic mean."},
    {0},
};

static const struct member mistake[] = {
    {"index", "integer", "In the test split."},
    {"label", "integer", "What it is."},
    {"predicted", "integer", "What the model says."},
    {"loss", "number?", ""},
    {"outputs", "[number?]", "As a prediction's."},
    {"pixels", "optional [integer]", "From 0 to 255, where it is a picture."},
    {"values", "optional [number]", "Coordinates, where it is a point."},
    {0},
};

static const struct member token[] = {
    {"token", "optional string", "The server's, where it has one."},
    {0},
};

static const struct member problem[] = {
    {"type", "string", ""},
    {"title", "string", "The status in words."},
    {"status", "integer", ""},
    {"detail", "string", "What went wrong, in a sentence."},
    {"errors", "[FieldError]", "Every field that is wrong."},
    {0},
};

static const struct member field_error[] = {
    {"field", "string", ""},
    {"message", "string", "What is allowed."},
    {0},
};

static const struct member runs[] = {
    {"runs", "[Run]", "With `fields`, only those members and the id."}, NEXT,
    {"total", "integer", "On all pages."}, {0}};
static const struct member points[] = {{"points", "[Point]", ""}, NEXT, {0}};
static const struct member steps[] = {{"steps", "[Step]", ""}, NEXT, {0}};
static const struct member layers[] = {
    {"layers", "[Layer]", "With `max`, of about as many points; probed ones first."},
    {"noise", "[Noise]", "Of every point that took a probe."}, NEXT, {0}};
static const struct member presets[] = {{"presets", "[Preset]", ""}, NEXT, {0}};

static const struct schema schemas[] = {
    {"Run", run},
    {"Summary", summary},
    {"Point", point},
    {"Step", step},
    {"Layer", layer},
    {"Histograms", histograms},
    {"Histogram", histogram},
    {"Noise", noise},
    {"Environment", environment},
    {"Preset", preset},
    {"Version", version},
    {"Health", health},
    {"System", lab},
    {"Worker", worker},
    {"Queue", queue},
    {"Speed", speed},
    {"Disk", disk},
    {"Sandbox", sandbox},
    {"EventStreams", event_streams},
    {"RunPatch", patch},
    {"Nothing", nothing},
    {"Inputs", inputs},
    {"Prediction", prediction},
    {"Mistakes", mistakes},
    {"ClassScore", class_score},
    {"Mistake", mistake},
    {"Token", token},
    {"Problem", problem},
    {"FieldError", field_error},
    {"Runs", runs},
    {"Points", points},
    {"Steps", steps},
    {"Layers", layers},
    {"Presets", presets},
};
// clang-format on

cJSON *schema_reference(const char *name)
{
    char path[64];
    cJSON *object = cJSON_CreateObject();
    snprintf(path, sizeof path, "#/components/schemas/%s", name);
    cJSON_AddStringToObject(object, "$ref", path);
    return object;
}

static cJSON *null_or(cJSON *schema)
{
    cJSON *object = cJSON_CreateObject(), *null = cJSON_CreateObject();
    cJSON *choices = cJSON_AddArrayToObject(object, "anyOf");
    cJSON_AddStringToObject(null, "type", "null");
    json_append(choices, schema);
    json_append(choices, null);
    return object;
}

static cJSON *type_schema(const char *type, size_t length)
{
    char name[32];
    cJSON *object;
    if (type[length - 1] == '?')
        return null_or(type_schema(type, length - 1));
    if (type[0] == '[') {
        object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "type", "array");
        json_add(object, "items", type_schema(type + 1, length - 2));
        return object;
    }
    snprintf(name, sizeof name, "%.*s", (int)length, type);
    if (isupper((unsigned char)*name))
        return schema_reference(name);
    bool time = strcmp(name, "time") == 0, file = strcmp(name, "file") == 0;
    object = cJSON_CreateObject();
    if (strcmp(name, "any") == 0)
        return object;
    cJSON_AddStringToObject(object, "type", time || file ? "string" : name);
    if (file)
        cJSON_AddStringToObject(object, "contentMediaType", "application/octet-stream");
    if (time)
        cJSON_AddStringToObject(object, "format", "date-time");
    return object;
}

static cJSON *object_schema(const struct member *members)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "type", "object");
    cJSON_AddFalseToObject(object, "additionalProperties");
    cJSON *required = cJSON_AddArrayToObject(object, "required");
    cJSON *properties = cJSON_AddObjectToObject(object, "properties");
    for (const struct member *m = members; m->name; m++) {
        bool optional = strncmp(m->type, OPTIONAL, strlen(OPTIONAL)) == 0;
        const char *type = m->type + (optional ? strlen(OPTIONAL) : 0);
        cJSON *schema = type_schema(type, strlen(type));
        if (*m->help)
            cJSON_AddStringToObject(schema, "description", m->help);
        json_add(properties, m->name, schema);
        if (!optional)
            json_append(required, cJSON_CreateString(m->name));
    }
    return object;
}

/* A config, and the run that it was cloned from. */
static cJSON *launch_schema(void)
{
    cJSON *object = config_schema();
    cJSON *parent = type_schema("integer?", strlen("integer?"));
    cJSON_AddStringToObject(parent, "description",
                            "The run that this one is cloned from.");
    json_add(cJSON_GetObjectItemCaseSensitive(object, "properties"), "parent", parent);
    return object;
}

static void add_table(cJSON *object, const struct schema *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        json_add(object, table[i].name, object_schema(table[i].members));
}

cJSON *schemas_to_json(void)
{
    cJSON *object = cJSON_CreateObject();
    json_add(object, "RunConfig", config_schema());
    json_add(object, "Launch", launch_schema());
    add_table(object, schemas, sizeof schemas / sizeof *schemas);
    add_table(object, dataset_schemas, dataset_schema_count);
    add_table(object, sweep_schemas, sweep_schema_count);
    add_table(object, diagnosis_schemas, diagnosis_schema_count);
    add_table(object, anatomy_schemas, anatomy_schema_count);
    return object;
}
