/* The kernels behind the op table, one file a family. All take the op's own node. */
#ifndef ENGINE_AUTOGRAD_OPS_H
#define ENGINE_AUTOGRAD_OPS_H

#include "engine/autograd/graph.h"

/* The gradient of y's input to add to: cleared if this op is the first to reach it; NULL
 * if none is wanted. */
float *input_gradient(struct node *y, size_t input);

/* Room for the products of a linear node; false: no memory. */
bool linear_lay_out(struct node *y);
void linear_forward(struct node *y);
void linear_backward(struct node *y);

void add_forward(struct node *y);
void add_backward(struct node *y);
void mul_forward(struct node *y);
void mul_backward(struct node *y);

void relu_forward(struct node *y);
void relu_backward(struct node *y);
void tanh_forward(struct node *y);
void tanh_backward(struct node *y);
void sigmoid_forward(struct node *y);
void sigmoid_backward(struct node *y);
void gelu_forward(struct node *y);
void gelu_backward(struct node *y);

void dropout_forward(struct node *y);
void dropout_backward(struct node *y);

void cross_entropy_forward(struct node *y);
void cross_entropy_backward(struct node *y);
void mse_forward(struct node *y);
void mse_backward(struct node *y);
void hinge_forward(struct node *y);
void hinge_backward(struct node *y);

#endif
