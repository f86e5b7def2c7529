"""Writes mlp.inc: losses and gradients of two networks as PyTorch computes them in
float64. Run by hand, from anywhere, with Debian's python3-torch; `make test` only reads
the result. Inputs come from `pattern`, as in tests/engine/pattern.h."""
import pathlib

import torch

PICKED = 40  # gradients kept of each tensor, evenly spread
ACTIVATIONS = {
    "RELU": torch.nn.functional.relu,
    "TANH": torch.tanh,
    "SIGMOID": torch.sigmoid,
    "GELU": torch.nn.functional.gelu,
    "LINEAR": lambda x: x,
}


def pattern(count, salt, size):
    """Numbers in [-size, size) that are the same in every language."""
    i = torch.arange(count, dtype=torch.int64)
    unit = ((i * 7919 + salt * 104729) % 10007).to(torch.float64) / 10007
    return ((2 * unit - 1) * size).to(torch.float32).to(torch.float64)


def network(sizes):
    """Weights as (inputs, outputs) and biases, each with a salt of its own."""
    parameters = []
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        size = inputs**-0.5
        weight = pattern(inputs * outputs, 2 * i + 1, size).reshape(inputs, outputs)
        bias = pattern(outputs, 2 * i + 2, size)
        parameters += [weight.requires_grad_(), bias.requires_grad_()]
    return parameters


def forward(parameters, x, activation):
    for i in range(0, len(parameters), 2):
        x = torch.addmm(parameters[i + 1], x, parameters[i])
        if i + 2 < len(parameters):
            x = activation(x)
    return x


def numbers(values):
    return ", ".join(f"{v:.17g}" for v in values)


def case(sizes, rows, name):
    parameters = network(sizes)
    x = pattern(rows * sizes[0], 0, 1).reshape(rows, sizes[0])
    labels = torch.arange(rows) * 3 % sizes[-1]
    logits = forward(parameters, x, ACTIVATIONS[name])
    loss = torch.nn.functional.cross_entropy(logits, labels)
    loss.backward()
    correct = int((logits.argmax(1) == labels).sum())
    hidden = sizes[1:-1]
    out = [f"{{.shape = {{.inputs = {sizes[0]}, .outputs = {sizes[-1]}, "
           f".hidden = {{{numbers(hidden or [0])}}}, .hidden_count = {len(hidden)}, "
           f".activation = ACTIVATION_{name}}},",
           f" .rows = {rows}, .loss_sum = {loss.item() * rows:.17g}, "
           f".correct = {correct}, .tensors = {{"]
    for p in parameters:
        gradient = p.grad.flatten()
        step = max(1, len(gradient) // PICKED)
        picked = gradient[::step][:PICKED].tolist()
        out.append(f"  {{.norm = {gradient.norm():.17g}, .step = {step}, "
                   f".count = {len(picked)}, .picked = {{{numbers(picked)}}}}},")
    return "\n".join(out + [" }},"])


cases = [case([784, 32, 10], 64, "RELU")]
cases += [case([2, 16, 16, 2], 13, name) for name in ACTIVATIONS]
cases += [case([5, 3], 7, "RELU")]
path = pathlib.Path(__file__).with_name("mlp.inc")
path.write_text("/* Written by make_mlp.py with PyTorch "
                f"{torch.__version__.split('a')[0]}. */\n" + "\n".join(cases) + "\n")
