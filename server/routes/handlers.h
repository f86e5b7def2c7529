/* The handlers behind the table of routes, and what they share. */
#ifndef SERVER_ROUTES_HANDLERS_H
#define SERVER_ROUTES_HANDLERS_H

#include "server/http/request.h"

enum MHD_Result runs_create(struct request *request);
enum MHD_Result runs_list(struct request *request);
enum MHD_Result runs_get(struct request *request);
enum MHD_Result runs_patch(struct request *request);
enum MHD_Result runs_delete(struct request *request);
enum MHD_Result runs_stop(struct request *request);
enum MHD_Result runs_pause(struct request *request);
enum MHD_Result runs_resume(struct request *request);
enum MHD_Result runs_projection(struct request *request);
enum MHD_Result anatomy_trace(struct request *request);
enum MHD_Result anatomy_train(struct request *request);
enum MHD_Result runs_diagnosis(struct request *request);
enum MHD_Result sweeps_create(struct request *request);
enum MHD_Result sweeps_estimate(struct request *request);
enum MHD_Result sweeps_list(struct request *request);
enum MHD_Result sweeps_get(struct request *request);
enum MHD_Result sweeps_patch(struct request *request);
enum MHD_Result sweeps_delete(struct request *request);
enum MHD_Result sweeps_stop(struct request *request);
enum MHD_Result sweeps_pause(struct request *request);
enum MHD_Result sweeps_resume(struct request *request);
enum MHD_Result sweeps_extend(struct request *request);
enum MHD_Result sweeps_clone(struct request *request);
enum MHD_Result sweeps_runs(struct request *request);
enum MHD_Result sweeps_csv(struct request *request);
enum MHD_Result sweeps_analysis(struct request *request);
enum MHD_Result points_list(struct request *request);
enum MHD_Result points_csv(struct request *request);
enum MHD_Result steps_list(struct request *request);
enum MHD_Result layers_list(struct request *request);
enum MHD_Result model_download(struct request *request);
enum MHD_Result model_predict(struct request *request);
enum MHD_Result runs_mistakes(struct request *request);
enum MHD_Result datasets_list(struct request *request);
enum MHD_Result datasets_get(struct request *request);
enum MHD_Result datasets_samples(struct request *request);
enum MHD_Result datasets_create(struct request *request);
enum MHD_Result datasets_delete(struct request *request);
enum MHD_Result presets_list(struct request *request);
enum MHD_Result events_stream(struct request *request);
enum MHD_Result openapi_get(struct request *request);
enum MHD_Result system_get(struct request *request);
enum MHD_Result system_health(struct request *request);
enum MHD_Result system_version(struct request *request);
enum MHD_Result session_create(struct request *request);

/* What a person may attach to a run: checked here, with problems noted per field. Strings
 * are borrowed from the request's JSON. */
struct run_words {
    const char *name, *notes; /* NULL: not given */
    char *tags;               /* a JSON text to free; NULL: not given */
};
void run_words_read(struct request *request, struct run_words *words);

/* The run's newest durable checkpoint, to be freed; false when an answer has been queued.
 */
bool model_read_checkpoint(struct request *request, struct checkpoint **out,
                           enum MHD_Result *result);

/* Answers with all that is known of a dataset. */
enum MHD_Result reply_dataset(struct request *request, unsigned status,
                              const struct dataset_info *info);

/* Answers with the run as it is now. */
enum MHD_Result reply_run(struct request *request, unsigned status, int64_t id);

/* Answers with the sweep as it is now. */
enum MHD_Result reply_sweep(struct request *request, unsigned status, int64_t id);

/* Creates the sweep of a description and answers with it; 400 where it is not valid. */
enum MHD_Result create_sweep(struct request *request, const cJSON *description);

#endif
