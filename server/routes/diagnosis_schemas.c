/* What the API gives about why a run does not learn. */
#include "server/routes/schema_tables.h"

/* One line a member. */
// clang-format off
static const struct member diagnosis[] = {
    {"run", "integer", ""},
    {"state", "string", "Of the run."},
    {"step", "integer", "At the last point."},
    {"samples", "integer", "Trained on by then."},
    {"findings", "[Finding]", "What is wrong, most telling first."},
    {"checks", "[Check]", "Every rule, cause before symptom."},
    {"one_batch", "OneBatch", "A test that any network must pass."},
    {0},
};

static const struct member finding[] = {
    {"code", "string", "Of the rule: lr_too_high and so on."},
    {"severity", "string", "critical or warning."},
    {"title", "string", "In a few words."},
    {"text", "string", "What happens, and why."},
    {"measured", "Measured", ""},
    {"rule", "string", "What must not be."},
    {"threshold", "number", "In the unit of what was measured."},
    {"evidence", "Evidence?", "What to look at."},
    {"fix", "Fix?", "What to change."},
    {0},
};

static const struct member check[] = {
    {"code", "string", ""},
    {"title", "string", "What it found, or what is fine."},
    {"status", "string", "ok, found or unknown: not measured yet, or it does not apply."},
    {"measured", "Measured?", ""},
    {"rule", "string", "What must not be."},
    {0},
};

static const struct member measured[] = {
    {"name", "string", "Of the number."},
    {"value", "number?", "Null where it is not finite."},
    {"unit", "string", "May be empty."},
    {0},
};

static const struct member evidence[] = {
    {"kind", "string", "line or bars."},
    {"title", "string", ""},
    {"x_title", "string", ""},
    {"y_title", "string", ""},
    {"log", "boolean", "Whether y is best drawn on a log scale."},
    {"series", "[Series]", ""},
    {"marks", "[Mark]", "Levels of y to compare with."},
    {0},
};

static const struct member series[] = {
    {"label", "string", ""},
    {"x", "[any]", "Numbers, or names of bars."},
    {"y", "[any]", "Numbers; null where not finite."},
    {0},
};

static const struct member mark[] = {
    {"label", "string", ""},
    {"value", "number?", "On the y axis."},
    {0},
};

static const struct member fix[] = {
    {"text", "string", "In a few words."},
    {"patch", "object", "Fields of the config that should differ."},
    {0},
};

static const struct member one_batch[] = {
    {"patch", "object", "Fields that make the run's config train on one batch only."},
    {"goal_accuracy", "number", "Training accuracy that it should reach."},
    {0},
};

const struct schema diagnosis_schemas[] = {
    {"Diagnosis", diagnosis},
    {"Finding", finding},
    {"Check", check},
    {"Measured", measured},
    {"Evidence", evidence},
    {"Series", series},
    {"Mark", mark},
    {"Fix", fix},
    {"OneBatch", one_batch},
};
// clang-format on

const size_t diagnosis_schema_count =
    sizeof diagnosis_schemas / sizeof *diagnosis_schemas;
