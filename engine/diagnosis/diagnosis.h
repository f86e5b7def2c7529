/* Why isn't it learning? Rules that look at what a run measured, at the network it began
 * with and at its data, and name what is wrong, most telling first.
 *
 * Each rule measures one number and holds it to one threshold. Rules stand in the order
 * of cause before symptom: labels, inputs, the order of samples, the first weights, the
 * learning rate, what became of the units, and only then that nothing moves. So the first
 * of several findings is the one to mend first. How often it is right:
 * engine/diagnosis/README.md. */
#ifndef ENGINE_DIAGNOSIS_DIAGNOSIS_H
#define ENGINE_DIAGNOSIS_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/diagnosis/data_look.h"
#include "engine/diagnosis/network_look.h"
#include "engine/search/projection.h"
#include "engine/train/config.h"
#include "engine/train/trainer.h"

/* What one layer did at one point of the run. */
struct layer_record {
    int64_t step;
    size_t layer;        /* 0: the first */
    double update_ratio; /* NaN: not known */
};

/* All that is known of a run. The arrays are borrowed, oldest first, and may be empty. */
struct evidence {
    const struct train_config *config;
    bool live;     /* more is to come */
    bool diverged; /* ended by a loss that was not finite */
    int64_t step, samples;
    const struct train_point *points;
    size_t point_count;
    const struct step_bucket *steps;
    size_t step_count;
    const struct layer_record *layers;
    size_t layer_count;
    const struct data_look *data;
    const struct network_look *first; /* with the weights that it began with */
    const struct network_look *last;  /* with the last ones kept; NULL: none are */
};

#define CHART_POINTS 128
#define CHART_SERIES 2
#define CHART_MARKS  2

enum chart_kind { CHART_LINE, CHART_BARS };

struct chart_series {
    const char *label;
    double x[CHART_POINTS], y[CHART_POINTS];
    size_t count;
};

struct chart_mark {
    char label[48];
    double value; /* on the y axis */
};

/* What to look at. `x_word` goes before each x where bars have names: "layer 1". */
struct chart {
    enum chart_kind kind;
    const char *title, *x_title, *y_title, *x_word;
    bool log; /* y */
    struct chart_series series[CHART_SERIES];
    size_t series_count;
    struct chart_mark marks[CHART_MARKS];
    size_t mark_count;
};

enum severity {
    SEVERITY_CRITICAL, /* nothing can be learned like this */
    SEVERITY_WARNING,  /* it is slower or worse than need be */
};

enum verdict {
    VERDICT_OK,
    VERDICT_FOUND,
    VERDICT_UNKNOWN, /* not measured yet, or does not apply */
};

/* What a rule is about; static storage. */
struct rule_info {
    const char *code;
    const char *title; /* of a finding: "The learning rate is too high" */
    const char *fine;  /* where it finds nothing: "The learning rate is not too high" */
    const char *measures, *unit; /* of the number: "largest loss", "x the first" */
    const char *rule;            /* "above 3 times the first loss" */
    double threshold;
};

struct finding {
    const struct rule_info *rule;
    enum severity severity;
    double measured;
    char text[512]; /* what happens, and why */
    bool has_chart;
    struct chart chart;
    bool has_fix;
    char fix[128];             /* what to do */
    struct train_config fixed; /* the run's config with that done */
};

struct check {
    const struct rule_info *rule;
    enum verdict verdict;
    double measured; /* NaN: nothing */
};

#define DIAGNOSIS_MAX_RULES 24

struct diagnosis {
    struct finding findings[DIAGNOSIS_MAX_RULES]; /* most telling first */
    size_t finding_count;
    struct check checks[DIAGNOSIS_MAX_RULES]; /* every rule, in their order */
    size_t check_count;
};

/* Judges the evidence. The diagnosis is large; free it with `free`. NULL: no memory. */
struct diagnosis *diagnosis_make(const struct evidence *evidence);

const char *severity_name(enum severity severity); /* "critical", ... of the API */
const char *verdict_name(enum verdict verdict);    /* "ok", "found", "unknown" */

/* The least that any network must manage: the same network and optimizer on one batch,
 * again and again, without whatever keeps it from over-fitting. */
struct train_config diagnosis_one_batch(const struct train_config *config);
#define ONE_BATCH_GOAL 0.99 /* training accuracy that it should reach */

#endif
