/* What the rules and their table share. Nobody outside this folder includes it. */
#ifndef ENGINE_DIAGNOSIS_RULES_H
#define ENGINE_DIAGNOSIS_RULES_H

#include "engine/diagnosis/diagnosis.h"

/* Measures, judges, and describes what it found: `measured` in any case but unknown, the
 * rest only where it found something. `info`, `fixed` (the run's config) and severity
 * (critical) are filled in before. */
typedef enum verdict (*rule_check)(const struct evidence *evidence,
                                   struct finding *finding);

/* About the data: rules_data.c */
enum verdict check_labels_constant(const struct evidence *, struct finding *);
enum verdict check_labels_permuted(const struct evidence *, struct finding *);
enum verdict check_inputs_unscaled(const struct evidence *, struct finding *);
enum verdict check_unshuffled(const struct evidence *, struct finding *);
enum verdict check_too_few_samples(const struct evidence *, struct finding *);

/* About layers and units: rules_layers.c */
enum verdict check_units_alike(const struct evidence *, struct finding *);
enum verdict check_dead_relu(const struct evidence *, struct finding *);
enum verdict check_saturated(const struct evidence *, struct finding *);
enum verdict check_vanishing(const struct evidence *, struct finding *);
enum verdict check_exploding(const struct evidence *, struct finding *);
enum verdict check_fading_signal(const struct evidence *, struct finding *);
enum verdict check_outputs_equal(const struct evidence *, struct finding *);

/* About the size of steps: rules_rate.c */
enum verdict check_lr_too_high(const struct evidence *, struct finding *);
enum verdict check_lr_too_low(const struct evidence *, struct finding *);
enum verdict check_update_ratio(const struct evidence *, struct finding *);

/* About loss and accuracy: rules_loss.c */
enum verdict check_initial_loss(const struct evidence *, struct finding *);
enum verdict check_loss_flat(const struct evidence *, struct finding *);
enum verdict check_overfitting(const struct evidence *, struct finding *);
enum verdict check_target_out_of_reach(const struct evidence *, struct finding *);

/* --- what they ask: facts.c -----------------------------------------------------------
 */

/* Loss at the end (the mean over the last samples) as a share of that at the start. NaN:
 * not known; infinity: it is not finite any more. */
double facts_loss_left(const struct evidence *evidence);
/* Whether the run gets somewhere: it reached its target, or its loss has halved. */
bool facts_learns(const struct evidence *evidence);
/* A live run with so little behind it that nothing need have moved yet. */
bool facts_is_early(const struct evidence *evidence);
/* What the run is judged by, at its last point; NaN: nothing. */
double facts_accuracy(const struct train_point *point);
/* Median of a layer's update ratios over its points; NaN: none. */
double facts_update_ratio(const struct evidence *evidence, size_t layer);
size_t facts_layer_count(const struct evidence *evidence);
/* The nearest of 1, 2, 5, 10, ... below. */
double facts_round_rate(double rate);
/* A tenth of the config's rate, or where one would begin with its optimizer knowing
 * nothing, whichever is less. */
double facts_slower_rate(const struct train_config *config);

/* --- how they tell it: charts.c -------------------------------------------------------
 */

__attribute__((format(printf, 2, 3))) void finding_say(struct finding *finding,
                                                       const char *format, ...);
__attribute__((format(printf, 2, 3))) void finding_fix(struct finding *finding,
                                                       const char *format, ...);

/* Training loss over the steps, with the first loss marked. */
void chart_loss(const struct evidence *evidence, struct finding *finding);
/* A bar for each layer. */
void chart_layers(struct finding *finding, const char *title, const char *y_title,
                  const double *values, size_t count);
__attribute__((format(printf, 3, 4))) void
chart_mark(struct finding *finding, double value, const char *format, ...);
/* Thins to CHART_POINTS by taking every so many-th and the last. */
void chart_add(struct chart *chart, const char *label, const double *x, const double *y,
               size_t count);

#endif
