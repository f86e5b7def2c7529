/* Words and pictures of a finding. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "engine/diagnosis/rules.h"

void finding_say(struct finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
}

void finding_fix(struct finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(finding->fix, sizeof finding->fix, format, arguments);
    va_end(arguments);
    finding->has_fix = true;
}

void chart_mark(struct finding *finding, double value, const char *format, ...)
{
    struct chart *chart = &finding->chart;
    struct chart_mark *mark = &chart->marks[chart->mark_count++];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(mark->label, sizeof mark->label, format, arguments);
    va_end(arguments);
    mark->value = value;
}

void chart_add(struct chart *chart, const char *label, const double *x, const double *y,
               size_t count)
{
    struct chart_series *series = &chart->series[chart->series_count++];
    size_t shown = count < CHART_POINTS ? count : CHART_POINTS;
    series->label = label;
    series->count = shown;
    for (size_t i = 0; i < shown; i++) {
        size_t from = shown > 1 ? i * (count - 1) / (shown - 1) : 0;
        series->x[i] = x[from];
        series->y[i] = y[from];
    }
}

void chart_loss(const struct evidence *evidence, struct finding *finding)
{
    struct chart_series *series = &finding->chart.series[0];
    size_t count = evidence->step_count;
    size_t shown = count < CHART_POINTS ? count : CHART_POINTS;
    finding->chart = (struct chart){.kind = CHART_LINE,
                                    .title = "Training loss",
                                    .x_title = "step",
                                    .y_title = "loss",
                                    .series_count = 1};
    series->label = "loss";
    for (size_t i = 0; i < shown; i++) {
        size_t from = shown > 1 ? i * (count - 1) / (shown - 1) : 0;
        series->x[i] = (double)evidence->steps[from].last_step;
        series->y[i] = evidence->steps[from].loss_mean;
    }
    series->count = shown;
    finding->has_chart = shown > 0;
    if (isfinite(evidence->first->loss))
        chart_mark(finding, evidence->first->loss, "before the first step: %.4g",
                   evidence->first->loss);
}

void chart_layers(struct finding *finding, const char *title, const char *y_title,
                  const double *values, size_t count)
{
    double numbers[MLP_MAX_LAYERS];
    for (size_t i = 0; i < count; i++)
        numbers[i] = (double)(i + 1);
    finding->chart = (struct chart){.kind = CHART_BARS,
                                    .title = title,
                                    .x_title = "layer",
                                    .y_title = y_title,
                                    .x_word = "layer"};
    chart_add(&finding->chart, y_title, numbers, values, count);
    finding->has_chart = true;
}
