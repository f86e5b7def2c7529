#include "server/json/diagnosis_json.h"

#include <stdio.h>

#include "server/json/build.h"
#include "server/json/config_json.h"
#include "server/json/number.h"

static cJSON *measured_to_json(const struct rule_info *rule, double value)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "name", rule->measures);
    number_add(object, "value", value);
    cJSON_AddStringToObject(object, "unit", rule->unit);
    return object;
}

/* What of a config is not as in another. */
static cJSON *patch_to_json(const struct train_config *from,
                            const struct train_config *to)
{
    size_t count;
    const struct config_field *fields = config_fields(&count);
    cJSON *object = cJSON_CreateObject();
    for (size_t i = 0; i < count; i++)
        if (!config_same(from, to, &fields[i]))
            json_add(object, fields[i].name, config_field_to_json(to, &fields[i]));
    return object;
}

static void add_place(cJSON *list, const char *word, double x)
{
    char text[48];
    if (word)
        snprintf(text, sizeof text, "%s %.0f", word, x);
    json_append(list, word ? cJSON_CreateString(text) : number_to_json(x));
}

static cJSON *series_to_json(const struct chart_series *series, const char *x_word)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "label", series->label);
    cJSON *xs = cJSON_AddArrayToObject(object, "x");
    cJSON *ys = cJSON_AddArrayToObject(object, "y");
    for (size_t i = 0; i < series->count; i++) {
        add_place(xs, x_word, series->x[i]);
        json_append(ys, number_to_json(series->y[i]));
    }
    return object;
}

static cJSON *chart_to_json(const struct chart *chart)
{
    static const char *const kinds[] = {[CHART_LINE] = "line", [CHART_BARS] = "bars"};
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "kind", kinds[chart->kind]);
    cJSON_AddStringToObject(object, "title", chart->title);
    cJSON_AddStringToObject(object, "x_title", chart->x_title);
    cJSON_AddStringToObject(object, "y_title", chart->y_title);
    cJSON_AddBoolToObject(object, "log", chart->log);
    cJSON *list = cJSON_AddArrayToObject(object, "series");
    for (size_t i = 0; i < chart->series_count; i++)
        json_append(list, series_to_json(&chart->series[i], chart->x_word));
    list = cJSON_AddArrayToObject(object, "marks");
    for (size_t i = 0; i < chart->mark_count; i++) {
        cJSON *mark = cJSON_CreateObject();
        cJSON_AddStringToObject(mark, "label", chart->marks[i].label);
        number_add(mark, "value", chart->marks[i].value);
        json_append(list, mark);
    }
    return object;
}

static cJSON *fix_to_json(const struct finding *finding,
                          const struct train_config *config)
{
    if (!finding->has_fix)
        return cJSON_CreateNull();
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "text", finding->fix);
    json_add(object, "patch", patch_to_json(config, &finding->fixed));
    return object;
}

static cJSON *finding_to_json(const struct finding *finding,
                              const struct train_config *config)
{
    const struct rule_info *rule = finding->rule;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "code", rule->code);
    cJSON_AddStringToObject(object, "severity", severity_name(finding->severity));
    cJSON_AddStringToObject(object, "title", rule->title);
    cJSON_AddStringToObject(object, "text", finding->text);
    json_add(object, "measured", measured_to_json(rule, finding->measured));
    cJSON_AddStringToObject(object, "rule", rule->rule);
    number_add(object, "threshold", rule->threshold);
    json_add(object, "evidence",
             finding->has_chart ? chart_to_json(&finding->chart) : cJSON_CreateNull());
    json_add(object, "fix", fix_to_json(finding, config));
    return object;
}

static cJSON *check_to_json(const struct check *check)
{
    const struct rule_info *rule = check->rule;
    bool known = check->verdict != VERDICT_UNKNOWN;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "code", rule->code);
    cJSON_AddStringToObject(object, "title",
                            check->verdict == VERDICT_FOUND ? rule->title : rule->fine);
    cJSON_AddStringToObject(object, "status", verdict_name(check->verdict));
    json_add(object, "measured",
             known ? measured_to_json(rule, check->measured) : cJSON_CreateNull());
    cJSON_AddStringToObject(object, "rule", rule->rule);
    return object;
}

void diagnosis_add(cJSON *object, const struct diagnosis *diagnosis,
                   const struct train_config *config)
{
    struct train_config batch = diagnosis_one_batch(config);
    cJSON *list = cJSON_AddArrayToObject(object, "findings");
    for (size_t i = 0; i < diagnosis->finding_count; i++)
        json_append(list, finding_to_json(&diagnosis->findings[i], config));
    list = cJSON_AddArrayToObject(object, "checks");
    for (size_t i = 0; i < diagnosis->check_count; i++)
        json_append(list, check_to_json(&diagnosis->checks[i]));
    cJSON *one_batch = cJSON_AddObjectToObject(object, "one_batch");
    json_add(one_batch, "patch", patch_to_json(config, &batch));
    number_add(one_batch, "goal_accuracy", ONE_BATCH_GOAL);
}
