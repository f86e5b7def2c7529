"""What the scripts that write golden files share: the pattern of tests/engine/pattern.h
and how numbers are written. They are run by hand, from anywhere, with Debian's
python3-torch; `make test` only reads the results."""
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).parent


def pattern(count, salt, size=1):
    """Numbers in [-size, size) that are the same in every language."""
    i = torch.arange(count, dtype=torch.int64)
    unit = ((i * 7919 + salt * 104729) % 10007).to(torch.float64) / 10007
    return ((2 * unit - 1) * size).to(torch.float32).to(torch.float64)


def network(sizes, scale=1):
    """Weights as (inputs, outputs) and biases, each with a salt of its own."""
    parameters = []
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        size = scale * inputs**-0.5
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


def targets(y, labels, on, off):
    """What each output should be; a single one stands for class 1."""
    classes = torch.tensor([1]) if y.shape[1] == 1 else torch.arange(y.shape[1])
    return torch.where(labels[:, None] == classes, float(on), float(off)).to(y)


def mse(y, labels, reduction="mean"):
    return torch.nn.functional.mse_loss(y, targets(y, labels, 1, 0), reduction=reduction)


def hinge(y, labels, reduction="mean"):
    """relu, not clamp: where 1 - t y is just 0 the gradient is 0."""
    lack = torch.nn.functional.relu(1 - targets(y, labels, 1, -1) * y)
    return lack.mean() if reduction == "mean" else lack


def cross_entropy(y, labels, reduction="mean"):
    return torch.nn.functional.cross_entropy(y, labels, reduction=reduction)


LOSSES = {"CROSS_ENTROPY": cross_entropy, "MSE": mse, "HINGE": hinge}


def numbers(values, digits=17):
    return ", ".join(f"{v:.{digits}g}" for v in values)


def write(name, text):
    script = pathlib.Path(sys.argv[0]).name
    version = torch.__version__.split("a")[0]
    head = f"/* Written by {script} with PyTorch {version}. */\n"
    (HERE / name).write_text(head + text)
