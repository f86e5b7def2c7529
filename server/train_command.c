/* `sweetspot train`: one run with the same trainer and no server, no database. Points go
 * to standard output as JSON lines, progress for a person to standard error. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/train/trainer.h"
#include "server/commands.h"
#include "server/file.h"
#include "server/json/config_json.h"
#include "server/json/point_json.h"
#include "server/own_datasets.h"
#include "server/paths.h"

struct options {
    const char *data_dir, *resume, *out, *config;
};

/* Everything one run needs; released in one place. */
struct session {
    struct options options;
    struct train_config config;
    struct dataset *dataset;
    struct checkpoint *checkpoint;
    struct trainer *trainer;
    char checkpoint_path[PATH_MAX];
    char own_datasets[PATH_MAX]; /* "": none */
    struct engine_error error;
    bool failed; /* a checkpoint could not be written */
};

static volatile sig_atomic_t interrupted;

static void note_signal(int signal)
{
    (void)signal;
    interrupted = 1;
}

static bool parse_options(int count, char **words, struct options *options)
{
    *options = (struct options){0};
    for (int i = 0; i < count; i++) {
        const char **value = strcmp(words[i], "--data-dir") == 0 ? &options->data_dir
                             : strcmp(words[i], "--resume") == 0 ? &options->resume
                             : strcmp(words[i], "--out") == 0    ? &options->out
                                                                 : NULL;
        if (value && i + 1 < count)
            *value = words[++i];
        else if (!value && !options->config && (words[i][0] != '-' || !words[i][1]))
            options->config = words[i];
        else
            return false;
    }
    return options->config != NULL;
}

/* Those of a daemon's data folder can be trained on, too. */
static bool load_own_datasets(struct session *session, char *reason, size_t size)
{
    if (!session->options.data_dir)
        return true;
    own_datasets_path(session->options.data_dir, session->own_datasets);
    return own_datasets_load(session->options.data_dir, reason, size);
}

static bool read_config(struct session *session)
{
    char reason[256];
    char *text = file_read_text(session->options.config, reason, sizeof reason);
    if (!text || !load_own_datasets(session, reason, sizeof reason)) {
        fprintf(stderr, "sweetspot: %s\n", reason);
        free(text);
        return false;
    }
    struct config_problems problems = {.count = 0};
    bool valid = config_from_text(text, &session->config, &problems);
    free(text);
    for (size_t i = 0; i < problems.count; i++)
        fprintf(stderr, "sweetspot: %s: %s %s\n", session->options.config,
                problems.list[i].field, problems.list[i].message);
    return valid;
}

static bool choose_checkpoint_path(struct session *session)
{
    if (!session->options.data_dir)
        return true;
    int length = snprintf(session->checkpoint_path, sizeof session->checkpoint_path,
                          "%s/checkpoint.safetensors", session->options.data_dir);
    return length > 0 && (size_t)length < sizeof session->checkpoint_path;
}

static enum engine_status open_dataset(struct session *session)
{
    struct paths paths;
    paths_init(&paths);
    const struct dataset_info *info = config_dataset(&session->config);
    const char *own[] = {session->own_datasets};
    return dataset_open(info->name, info->uploaded ? own : paths.dataset_dirs,
                        info->uploaded ? 1 : paths.dataset_dir_count, &session->dataset,
                        &session->error);
}

static enum engine_status open_session(struct session *session)
{
    enum engine_status status = open_dataset(session);
    if (status != ENGINE_OK)
        return status;
    status = checkpoint_new(&session->checkpoint);
    if (status != ENGINE_OK)
        return status;
    const char *resume = session->options.resume;
    if (resume)
        status = checkpoint_read(resume, session->checkpoint, &session->error);
    if (status != ENGINE_OK)
        return status;
    return trainer_new(&session->config, session->dataset,
                       resume ? session->checkpoint : NULL, &session->trainer,
                       &session->error);
}

static void close_session(struct session *session)
{
    trainer_free(session->trainer);
    checkpoint_free(session->checkpoint);
    dataset_close(session->dataset);
}

static void save_checkpoint(struct session *session)
{
    enum engine_status status = trainer_snapshot(session->trainer, session->checkpoint);
    if (status == ENGINE_OK && session->checkpoint_path[0])
        status = checkpoint_write(session->checkpoint, session->checkpoint_path,
                                  &session->error);
    if (status != ENGINE_OK)
        session->failed = true;
}

static void print_point(void *context, struct trainer *trainer,
                        const struct train_point *point)
{
    struct session *session = context;
    struct db_point row;
    point_from_trainer(point, &row);
    char *line = point_to_text(&row);
    if (!line || puts(line) == EOF || fflush(stdout) == EOF)
        session->failed = true;
    free(line);
    fprintf(stderr, "\rstep %lld of %lld  loss %.4f  test accuracy %.2f %%  %.2f s ",
            (long long)point->step, (long long)trainer_total_steps(trainer),
            point->train_loss, point->test_accuracy * 100, point->train_seconds);
    if (session->checkpoint_path[0])
        save_checkpoint(session);
}

static enum trainer_signal poll_signal(void *context, struct trainer_limits *limits)
{
    (void)limits;
    const struct session *session = context;
    return interrupted || session->failed ? TRAINER_INTERRUPT : TRAINER_CONTINUE;
}

static bool write_model(struct session *session)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    if (checkpoint_export_model(session->checkpoint, CHECKPOINT_BEST, &bytes, &size,
                                &session->error) != ENGINE_OK)
        return false;
    bool written = file_write_bytes(session->options.out, bytes, size,
                                    session->error.text, sizeof session->error.text);
    free(bytes);
    return written;
}

static int train(struct session *session)
{
    struct trainer_callbacks callbacks = {
        .context = session, .on_point = print_point, .poll = poll_signal};
    enum trainer_end end = trainer_run(session->trainer, &callbacks);
    save_checkpoint(session);
    if (!session->failed && session->options.out && !write_model(session))
        session->failed = true;
    fprintf(stderr, "\n%s at step %lld\n", trainer_end_name(end),
            (long long)trainer_step(session->trainer));
    if (session->failed)
        fprintf(stderr, "sweetspot: %s\n",
                session->error.text[0] ? session->error.text : "could not write a point");
    if (end == TRAINER_INTERRUPTED && session->checkpoint_path[0])
        fprintf(stderr, "go on with --resume %s\n", session->checkpoint_path);
    bool done = end != TRAINER_INTERRUPTED && end != TRAINER_NOT_FINITE;
    return done && !session->failed ? COMMAND_DONE : COMMAND_FAILED;
}

int train_command(int count, char **words)
{
    struct session session = {0};
    if (!parse_options(count, words, &session.options)) {
        fprintf(stderr, "usage: sweetspot train [--data-dir DIR] [--resume FILE] "
                        "[--out FILE.safetensors] CONFIG.json\n");
        return COMMAND_USAGE;
    }
    if (!read_config(&session))
        return COMMAND_USAGE;
    if (!choose_checkpoint_path(&session)) {
        fprintf(stderr, "sweetspot: --data-dir is too long\n");
        return COMMAND_USAGE;
    }
    struct sigaction action = {.sa_handler = note_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    int result = COMMAND_FAILED;
    if (open_session(&session) == ENGINE_OK)
        result = train(&session);
    else
        fprintf(stderr, "sweetspot: %s\n",
                session.error.text[0] ? session.error.text : "not enough memory");
    close_session(&session);
    return result;
}
