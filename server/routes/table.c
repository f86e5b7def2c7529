#include "server/http/routes.h"
#include "server/routes/handlers.h"

static const char *const list_query[] = {"state", "dataset",  "sweep", "tag",
                                         "q",     "archived", "sort",  "fields",
                                         "limit", "cursor",   NULL};
static const char *const sweep_runs_query[] = {"state",    "dataset", "tag",    "q",
                                               "archived", "sort",    "fields", "limit",
                                               "cursor",   NULL};
static const char *const page_query[] = {"limit", "cursor", NULL};
static const char *const goal_query[] = {"target", "budget", "objective", NULL};
static const char *const horizon_query[] = {"target", "budget", NULL};
static const char *const window_query[] = {"since_step", "max", NULL};
static const char *const which_query[] = {"which", NULL};
static const char *const mistakes_query[] = {"limit", "offset", "actual", "predicted",
                                             NULL};
static const char *const samples_query[] = {"split", "limit", "offset", NULL};

#define READ   ROUTE_READ
#define WRITE  (ROUTE_WRITE | ROUTE_BODY)
#define SLOW   ROUTE_SLOW
#define PUBLIC ROUTE_PUBLIC
#define UPLOAD (ROUTE_WRITE | ROUTE_UPLOAD | ROUTE_SLOW)

/* Two lines a route, in columns. */
// clang-format off
const struct route routes[] = {
    {"POST",   "/runs",                       runs_create,      WRITE,  NULL,
     "Launch a run", "Launch", "Run", "Idempotency-Key"},
    {"GET",    "/runs",                       runs_list,        READ,   list_query,
     "List runs", NULL, "Runs", NULL},
    {"GET",    "/runs/:id",                   runs_get,         READ,   NULL,
     "One run", NULL, "Run", NULL},
    {"PATCH",  "/runs/:id",                   runs_patch,       WRITE,  NULL,
     "Change a run", "RunPatch", "Run", NULL},
    {"DELETE", "/runs/:id",                   runs_delete,      READ,   NULL,
     "Delete a run that is not live", NULL, "", NULL},
    {"POST",   "/runs/:id/stop",              runs_stop,        WRITE,  NULL,
     "Stop a run", "Nothing", "Run", NULL},
    {"POST",   "/runs/:id/pause",             runs_pause,       WRITE,  NULL,
     "Pause a run", "Nothing", "Run", NULL},
    {"POST",   "/runs/:id/resume",            runs_resume,      WRITE,  NULL,
     "Take a paused, stopped or failed run up again", "Nothing", "Run", NULL},
    {"GET",    "/runs/:id/points",            points_list,      READ,   window_query,
     "What a run measured", NULL, "Points", NULL},
    {"GET",    "/runs/:id/points.csv",        points_csv,       SLOW,   window_query,
     "All points as CSV", NULL, "text/csv", NULL},
    {"GET",    "/runs/:id/steps",             steps_list,       READ,   window_query,
     "Training loss per step", NULL, "Steps", NULL},
    {"GET",    "/runs/:id/layers",            layers_list,      READ,   window_query,
     "Statistics per layer", NULL, "Layers", NULL},
    {"GET",    "/runs/:id/model.safetensors", model_download,   SLOW,   which_query,
     "Trained weights, as PyTorch loads them", NULL, "application/octet-stream", NULL},
    {"POST",   "/runs/:id/predict",           model_predict,    WRITE,  NULL,
     "Probabilities and labels for inputs", "Inputs", "Prediction", NULL},
    {"GET",    "/runs/:id/mistakes",          runs_mistakes,    SLOW,   mistakes_query,
     "What its best model gets wrong on the test set", NULL, "Mistakes", NULL},
    {"GET",    "/runs/:id/projection",        runs_projection,  READ,   horizon_query,
     "Where a run's accuracy is going", NULL, "ProjectionAnswer", NULL},
    {"GET",    "/runs/:id/diagnosis",         runs_diagnosis,   SLOW,   NULL,
     "Why it isn't learning", NULL, "Diagnosis", NULL},
    {"POST",   "/sweeps",                     sweeps_create,    WRITE | SLOW, NULL,
     "Launch a sweep", "SweepSpec", "Sweep", NULL},
    {"POST",   "/sweeps/estimate",            sweeps_estimate,  WRITE,  NULL,
     "What a sweep would come to", "SweepSpec", "SweepEstimate", NULL},
    {"GET",    "/sweeps",                     sweeps_list,      READ,   page_query,
     "List sweeps", NULL, "Sweeps", NULL},
    {"GET",    "/sweeps/:id",                 sweeps_get,       READ,   NULL,
     "One sweep", NULL, "Sweep", NULL},
    {"PATCH",  "/sweeps/:id",                 sweeps_patch,     WRITE,  NULL,
     "Rename a sweep", "SweepPatch", "Sweep", NULL},
    {"DELETE", "/sweeps/:id",                 sweeps_delete,    SLOW,   NULL,
     "Delete a sweep with its runs", NULL, "", NULL},
    {"POST",   "/sweeps/:id/stop",            sweeps_stop,      WRITE,  NULL,
     "Stop a sweep and its runs", "Nothing", "Sweep", NULL},
    {"POST",   "/sweeps/:id/pause",           sweeps_pause,     WRITE,  NULL,
     "Pause a sweep and its runs", "Nothing", "Sweep", NULL},
    {"POST",   "/sweeps/:id/resume",          sweeps_resume,    WRITE,  NULL,
     "Go on with a paused or stopped sweep", "Nothing", "Sweep", NULL},
    {"POST",   "/sweeps/:id/extend",          sweeps_extend,    WRITE,  NULL,
     "Give a sweep more runs or time", "SweepExtension", "Sweep", NULL},
    {"POST",   "/sweeps/:id/clone",           sweeps_clone,     WRITE | SLOW, NULL,
     "Launch a sweep like this one", "SweepChanges", "Sweep", NULL},
    {"GET",    "/sweeps/:id/runs",            sweeps_runs,      READ,   sweep_runs_query,
     "Its runs", NULL, "Runs", NULL},
    {"GET",    "/sweeps/:id/runs.csv",        sweeps_csv,       SLOW,   goal_query,
     "Its runs as CSV", NULL, "text/csv", NULL},
    {"GET",    "/sweeps/:id/analysis",        sweeps_analysis,  SLOW,   goal_query,
     "What it has found out", NULL, "Analysis", NULL},
    {"POST",   "/anatomy",                    anatomy_trace,    WRITE,  NULL,
     "Take a formula, a neuron, a layer or an MLP apart", "AnatomyQuestion", "Anatomy",
     NULL},
    {"POST",   "/anatomy/train",              anatomy_train,    WRITE | SLOW, NULL,
     "Some steps of a small MLP on points in the plane", "Lesson", "LessonAnswer", NULL},
    {"GET",    "/datasets",                   datasets_list,    READ,   NULL,
     "Known datasets", NULL, "Datasets", NULL},
    {"POST",   "/datasets",                   datasets_create,  UPLOAD, NULL,
     "Bring in data of one's own", "DatasetUpload", "Dataset", NULL},
    {"GET",    "/datasets/:name",             datasets_get,     SLOW,   NULL,
     "One dataset with its counts", NULL, "Dataset", NULL},
    {"DELETE", "/datasets/:name",             datasets_delete,  SLOW,   NULL,
     "Delete one that was brought in and that no run uses", NULL, "", NULL},
    {"GET",    "/datasets/:name/samples",     datasets_samples, SLOW,   samples_query,
     "Some samples", NULL, "Samples", NULL},
    {"GET",    "/presets",                    presets_list,     READ,   NULL,
     "Ready configs", NULL, "Presets", NULL},
    {"GET",    "/events",                     events_stream,    READ,   NULL,
     "Live changes (Server-Sent Events)", NULL, "text/event-stream", "Last-Event-ID"},
    {"GET",    "/openapi.json",               openapi_get,      READ,   NULL,
     "This description", NULL, "application/json", NULL},
    {"GET",    "/system",                     system_get,       READ,   NULL,
     "Workers, queue, speed, disk", NULL, "System", NULL},
    {"GET",    "/healthz",                    system_health,    PUBLIC, NULL,
     "Liveness", NULL, "Health", NULL},
    {"GET",    "/version",                    system_version,   READ,   NULL,
     "Version and build", NULL, "Version", NULL},
    {"POST",   "/session",                    session_create,   WRITE | PUBLIC, NULL,
     "Exchange the token for a cookie", "Token", "", NULL},
};
// clang-format on

const size_t route_count = sizeof routes / sizeof *routes;
