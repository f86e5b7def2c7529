#include "server/http/routes.h"
#include "server/routes/handlers.h"

const struct route routes[] = {
    {"POST",   "/runs",                       runs_create,      ROUTE_WRITE | ROUTE_BODY,                "Launch a run"                     },
    {"GET",    "/runs",                       runs_list,        ROUTE_READ,                              "List runs"                        },
    {"GET",    "/runs/:id",                   runs_get,         ROUTE_READ,                              "One run"                          },
    {"PATCH",  "/runs/:id",                   runs_patch,       ROUTE_WRITE | ROUTE_BODY,                "Change a run"                     },
    {"DELETE", "/runs/:id",                   runs_delete,      ROUTE_READ,                              "Delete a run that is not live"    },
    {"POST",   "/runs/:id/stop",              runs_stop,        ROUTE_WRITE | ROUTE_BODY,                "Stop a run"                       },
    {"POST",   "/runs/:id/pause",             runs_pause,       ROUTE_WRITE | ROUTE_BODY,                "Pause a run"                      },
    {"POST",   "/runs/:id/resume",            runs_resume,      ROUTE_WRITE | ROUTE_BODY,
     "Take a paused, stopped or failed run up again"                                                                                        },
    {"GET",    "/runs/:id/points",            points_list,      ROUTE_READ,                              "What a run measured"              },
    {"GET",    "/runs/:id/points.csv",        points_csv,       ROUTE_READ,                              "All points as CSV"                },
    {"GET",    "/runs/:id/steps",             steps_list,       ROUTE_READ,                              "Training loss per step"           },
    {"GET",    "/runs/:id/layers",            layers_list,      ROUTE_READ,                              "Statistics per layer"             },
    {"GET",    "/runs/:id/model.safetensors", model_download,   ROUTE_READ,
     "Trained weights, as PyTorch loads them"                                                                                               },
    {"POST",   "/runs/:id/predict",           model_predict,    ROUTE_WRITE | ROUTE_BODY,
     "Probabilities and labels for inputs"                                                                                                  },
    {"GET",    "/datasets",                   datasets_list,    ROUTE_READ,                              "Known datasets"                   },
    {"GET",    "/datasets/:name",             datasets_get,     ROUTE_READ,                              "One dataset with its counts"      },
    {"GET",    "/datasets/:name/samples",     datasets_samples, ROUTE_READ,                              "Some samples"                     },
    {"GET",    "/presets",                    presets_list,     ROUTE_READ,                              "Ready configs"                    },
    {"GET",    "/events",                     events_stream,    ROUTE_READ,                              "Live changes (Server-Sent Events)"},
    {"GET",    "/openapi.json",               openapi_get,      ROUTE_READ,                              "This description"                 },
    {"GET",    "/system",                     system_get,       ROUTE_READ,                              "Workers, queue, speed, disk"      },
    {"GET",    "/healthz",                    system_health,    ROUTE_READ | ROUTE_PUBLIC,               "Liveness"                         },
    {"GET",    "/version",                    system_version,   ROUTE_READ,                              "Version and build"                },
    {"POST",   "/session",                    session_create,   ROUTE_WRITE | ROUTE_BODY | ROUTE_PUBLIC,
     "Exchange the token for a cookie"                                                                                                      },
};

const size_t route_count = sizeof routes / sizeof *routes;
