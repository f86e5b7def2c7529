#include "server/json/point_json.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "server/json/build.h"
#include "server/json/number.h"
#include "server/json/time_json.h"

void point_from_trainer(const struct train_point *point, struct db_point *out)
{
    *out = (struct db_point){
        .step = point->step,
        .epoch = point->epoch,
        .samples = point->samples,
        .train_seconds = point->train_seconds,
        .cpu_seconds = point->cpu_seconds,
        .wall_time = point->wall_time,
        .lr = point->lr,
        .train_loss = point->train_loss,
        .train_accuracy = point->train_accuracy,
        .test_loss = point->test_loss,
        .test_accuracy = point->test_accuracy,
        .val_loss = point->val_loss,
        .val_accuracy = point->val_accuracy,
        .grad_norm = point->grad_norm,
        .is_best = point->is_best,
    };
}

/* The numbers of a point in the order in which they are shown. */
struct member {
    const char *name;
    enum { MEMBER_COUNT, MEMBER_NUMBER, MEMBER_TIME } type;
    size_t offset;
};

#define AT(field) offsetof(struct db_point, field)
static const struct member members[] = {
    {"step",           MEMBER_COUNT,  AT(step)          },
    {"epoch",          MEMBER_NUMBER, AT(epoch)         },
    {"samples",        MEMBER_COUNT,  AT(samples)       },
    {"train_seconds",  MEMBER_NUMBER, AT(train_seconds) },
    {"cpu_seconds",    MEMBER_NUMBER, AT(cpu_seconds)   },
    {"wall_time",      MEMBER_TIME,   AT(wall_time)     },
    {"lr",             MEMBER_NUMBER, AT(lr)            },
    {"train_loss",     MEMBER_NUMBER, AT(train_loss)    },
    {"train_accuracy", MEMBER_NUMBER, AT(train_accuracy)},
    {"test_loss",      MEMBER_NUMBER, AT(test_loss)     },
    {"test_accuracy",  MEMBER_NUMBER, AT(test_accuracy) },
    {"val_loss",       MEMBER_NUMBER, AT(val_loss)      },
    {"val_accuracy",   MEMBER_NUMBER, AT(val_accuracy)  },
    {"grad_norm",      MEMBER_NUMBER, AT(grad_norm)     },
};
#define MEMBERS (sizeof members / sizeof *members)

static double number_of(const struct db_point *point, const struct member *member)
{
    const char *slot = (const char *)point + member->offset;
    int64_t count;
    double number;
    if (member->type == MEMBER_COUNT) {
        memcpy(&count, slot, sizeof count);
        return (double)count;
    }
    memcpy(&number, slot, sizeof number);
    return number;
}

/* ,"name":value -- or with the brace that opens the object. Returns its length. */
static size_t print_member(const struct member *member, double number, char before,
                           char *text)
{
    char time[TIME_TEXT_MAX] = "";
    if (member->type == MEMBER_TIME)
        time_format(number, time);
    if (*time)
        return (size_t)snprintf(text, NUMBER_MEMBER_MAX, "%c\"%s\":\"%s\"", before,
                                member->name, time);
    double shown = member->type == MEMBER_TIME ? NAN : number;
    return number_print_member(&(struct number_member){member->name, shown}, before,
                               text);
}

/* Without a tree, which would take several times as long: runs have many points. */
char *point_to_text(const struct db_point *point)
{
    char text[MEMBERS * NUMBER_MEMBER_MAX];
    size_t length = 0;
    for (size_t i = 0; i < MEMBERS; i++)
        length += print_member(&members[i], number_of(point, &members[i]), i ? ',' : '{',
                               text + length);
    char *copy = cJSON_malloc(length + 2);
    if (copy) {
        memcpy(copy, text, length);
        memcpy(copy + length, "}", 2);
    }
    return copy;
}

cJSON *point_to_json(const struct db_point *point)
{
    char *text = point_to_text(point);
    cJSON *raw = text ? cJSON_CreateRaw(text) : NULL;
    cJSON_free(text);
    return raw;
}

const char *point_csv_header(void)
{
    return "step,epoch,samples,train_seconds,cpu_seconds,wall_time,lr,train_loss,"
           "train_accuracy,test_loss,test_accuracy,val_loss,val_accuracy,grad_norm\r\n";
}

void point_to_csv(const struct db_point *point, char *row)
{
    size_t length = 0;
    for (size_t i = 0; i < MEMBERS; i++) {
        char text[TIME_TEXT_MAX + NUMBER_TEXT_MAX] = "";
        double number = number_of(point, &members[i]);
        if (members[i].type == MEMBER_TIME)
            time_format(number, text);
        else if (isfinite(number))
            number_format(number, text);
        length += (size_t)snprintf(row + length, POINT_CSV_MAX - length, "%s%s",
                                   i ? "," : "", text);
    }
    snprintf(row + length, POINT_CSV_MAX - length, "\r\n");
}
