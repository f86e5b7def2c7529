/* What the API says of datasets. */
#include "server/routes/schema_tables.h"

/* One line a member. */
// clang-format off
static const struct member dataset[] = {
    {"name", "string", "As in a config."},
    {"title", "string", ""},
    {"description", "string", ""},
    {"synthetic", "boolean", "Computed: needs no file."},
    {"uploaded", "boolean", "A user's own: can be deleted."},
    {"present", "boolean", "Whether runs can use it."},
    {"hint", "optional string", "How to get it; only where it is not present."},
    {"width", "integer", "Of its pictures; 0: it has none."},
    {"height", "integer", ""},
    {"features", "integer", "Numbers a sample."},
    {"classes", "integer", ""},
    {"train_count", "integer", ""},
    {"test_count", "integer", ""},
    {"class_names", "[string]", ""},
    {"columns", "optional [Column]?", "Of one dataset; null unless it is an uploaded table."},
    {"class_counts", "optional ClassCounts", "Of one dataset that is present."},
    {"value_range", "optional [number]", "Smallest and largest, as class_counts."},
    {0},
};

static const struct member column[] = {
    {"name", "string", "As in the file's first row."},
    {"mean", "number", "Of the training rows, as the file has it."},
    {"deviation", "number", "A number of the file is value * deviation + mean."},
    {0},
};

static const struct member class_counts[] = {
    {"train", "[integer]", ""},
    {"test", "[integer]", ""},
    {0},
};

static const struct member sample[] = {
    {"index", "integer", "In its split."},
    {"label", "integer", "Its class."},
    {"values", "[number]", "Pixels from 0 to 255, coordinates as they are."},
    {0},
};

static const struct member datasets[] = {{"datasets", "[Dataset]", ""}, NEXT, {0}};
static const struct member samples[] = {
    {"width", "integer", "Of its pictures; 0: it has none."},
    {"height", "integer", ""},
    {"count", "integer", "In the split."},
    {"samples", "[Sample]", ""}, NEXT, {0}};

static const struct member upload[] = {
    {"name", "string", "Lower-case letters, digits, - and _, at most 31; as in a config."},
    {"title", "optional string", "For people; otherwise the name."},
    {"label", "optional string", "Of a CSV file: the column of the class, by name or number from 1. Otherwise the one called label, class or target, or the last."},
    {"test_share", "optional number", "0.05 to 0.5 of each class are held out, 0.2 unless said otherwise, where there is no test file."},
    {"train", "file", "CSV, a row a sample; or IDX, plain or gzip: bytes in 3 dimensions (pictures) or floats in 2."},
    {"train_labels", "optional file", "IDX, bytes in 1 dimension; needed where train is IDX."},
    {"test", "optional file", "As train."},
    {"test_labels", "optional file", "As train_labels."},
    {0},
};

const struct schema dataset_schemas[] = {
    {"Dataset", dataset},
    {"Column", column},
    {"ClassCounts", class_counts},
    {"Sample", sample},
    {"Datasets", datasets},
    {"Samples", samples},
    {"DatasetUpload", upload},
};
// clang-format on

const size_t dataset_schema_count = sizeof dataset_schemas / sizeof *dataset_schemas;
