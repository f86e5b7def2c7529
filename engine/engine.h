/* The engine: from one number with its gradient to a network in training.
 *
 * Read the headers below in this order; each builds on those before it.
 *
 * 1. A number that knows its gradient: `struct value_node`. Every value remembers the op
 *    and the values it was made from. Walking from the end back to the start, each op
 *    hands its inputs their share: (its own gradient) x (its local derivative). That is
 *    all of back-propagation; what a value gets along several ways adds up.
 * 2. A neuron: w_1 x_1 + ... + w_n x_n + b, through an activation that bends it.
 *    A layer: neurons that look at the same inputs. An MLP: layers in a row.
 *    Here they are made of values, one node for each product and each sum, as in
 *    micrograd: the "scalar" engine.
 * 3. The same with a matrix in each node: a layer of neurons over a batch of samples is
 *    one product x W + b. Same gradients, more than ten times as fast: the "tensor"
 * engine.
 * 4. `struct mlp` is either of the two behind one face: parameters and gradients in flat
 *    arrays, a loss to judge the outputs by, and a way to start (`init`).
 * 5. A step of training: take a batch (loader), let the loss's gradient say which way is
 *    down (mlp_gradient), and go a little that way (optimizer), as far as the schedule
 *    says. An epoch is as many steps as it takes to see every sample once.
 * 6. The trainer does that until the run ends, and measures at points on the way; the
 *    probe looks inside the layers. A checkpoint is all it must remember to go on.
 *
 * 7. A search runs the trainer under many configs: a space to choose from, a sampler that
 *    chooses, trials to tell which did better, a pruner that ends the hopeless (by
 *    projecting where they are going), and from what they needed the sweet spot of batch
 *    size.
 *
 * 8. A diagnosis tells why a run does not learn: rules over what it measured, what it
 *    began with and its data, cause before symptom.
 *
 * 9. Anatomy takes small graphs apart, to be looked at: each value's number, gradient and
 *    local derivatives; and trains a small network a few steps at a time.
 *
 * The engine is a library: it owns no thread, prints nothing, never exits, and knows
 * neither HTTP nor SQL. What can fail returns `enum engine_status`. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "engine/status.h"

/* 1 */
#include "engine/autograd/value.h"
/* 2 */
#include "engine/nn/neuron.h"
/* 3 */
#include "engine/autograd/gemm.h"
#include "engine/autograd/graph.h"
#include "engine/autograd/sparse.h"
/* 4 */
#include "engine/nn/init.h"
#include "engine/nn/mlp.h"
#include "engine/nn/network.h"
/* 5 */
#include "engine/data/dataset.h"
#include "engine/data/loader.h"
#include "engine/nn/optimizer.h"
#include "engine/nn/schedule.h"
/* 6 */
#include "engine/train/checkpoint.h"
#include "engine/train/config.h"
#include "engine/train/histogram.h"
#include "engine/train/mistakes.h"
#include "engine/train/trainer.h"
/* 7 */
#include "engine/search/importance.h"
#include "engine/search/projection.h"
#include "engine/search/pruner.h"
#include "engine/search/sampler.h"
#include "engine/search/space.h"
#include "engine/search/sweetspot.h"
#include "engine/search/trials.h"
/* 8 */
#include "engine/diagnosis/data_look.h"
#include "engine/diagnosis/diagnosis.h"
#include "engine/diagnosis/network_look.h"
/* 9 */
#include "engine/anatomy/anatomy.h"
#include "engine/anatomy/lesson.h"

#endif
