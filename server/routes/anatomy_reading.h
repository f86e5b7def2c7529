/* Reading numbers, choices and layers from a request about anatomy. Each notes a problem
 * that names the field and what is allowed. */
#ifndef SERVER_ROUTES_ANATOMY_READING_H
#define SERVER_ROUTES_ANATOMY_READING_H

#include "engine/anatomy/anatomy.h"
#include "server/http/request.h"

/* Layers with room for all their numbers. */
struct layers_read {
    struct anatomy_layer layers[MLP_MAX_LAYERS];
    size_t count;
    float numbers[ANATOMY_MAX_VALUES + 1]; /* weights and biases, layer by layer */
    size_t used;
};

/* A member of the body, or NULL. */
const cJSON *json_member_of(const struct request *request, const char *name);

/* A number that a float can hold; `otherwise` where it is not there or is none. */
float read_number(struct request *request, const char *field, const cJSON *value,
                  float otherwise);

/* A whole number in [minimum, maximum]; `otherwise` where it is not there. */
double read_whole(struct request *request, const char *field, double minimum,
                  double maximum, double otherwise);

/* A list of `count` numbers (0: any from 1 to ANATOMY_MAX_VALUES) to `out`; how many. */
size_t read_numbers(struct request *request, const char *field, const cJSON *list,
                    size_t count, float *out);

/* One of the choices of the config's field of that name; its first where it is not there.
 */
int read_choice(struct request *request, const char *field);
enum activation read_activation(struct request *request, const char *field);

/* {"weights": [[...] one neuron's ...], "biases": [...]}, appended to `into`. `field`
 * names it in problems. False where it noted one. */
bool read_one_layer(struct request *request, const char *field, const cJSON *layer,
                    size_t inputs, struct layers_read *into);

/* A list of such layers, each looking at the outputs of the one before. */
bool read_layers(struct request *request, const cJSON *list, size_t inputs,
                 struct layers_read *into);

#endif
