"""Makes tests/golden/mlp.h: gradients and ten optimizer steps of small networks as
PyTorch computes them in float64, for tests/engine/test_mlp.c.

    python3 tests/golden/make_mlp.py > tests/golden/mlp.h

Inputs, weights and labels follow formulas that the test repeats, so only results are kept.
"""

import math

import torch

torch.set_default_dtype(torch.float64)


def value(i, scale):
    """A fixed, irregular sequence in (-scale, scale)."""
    return scale * math.sin(1 + 1.7 * i + 0.3 * (i % 7) ** 2)


def network(widths, activation):
    layers = []
    for n, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        layer = torch.nn.Linear(inputs, outputs)
        with torch.no_grad():
            for i in range(inputs):
                for o in range(outputs):
                    layer.weight[o, i] = value(n * 1000 + i * outputs + o, 0.5)
            for o in range(outputs):
                layer.bias[o] = value(n * 1000 + 500 + o, 0.1)
        layers += [layer, activation()]
    return torch.nn.Sequential(*layers[:-1])


def batch(rows, inputs, classes):
    x = torch.tensor([[value(r * inputs + i, 1.0) for i in range(inputs)] for r in range(rows)])
    return x, torch.tensor([(3 * r + 1) % classes for r in range(rows)])


def flat(model, gradient=False):
    numbers = []
    for layer in model:
        if isinstance(layer, torch.nn.Linear):
            weight = layer.weight.grad if gradient else layer.weight.detach()
            bias = layer.bias.grad if gradient else layer.bias.detach()
            numbers += weight.t().reshape(-1).tolist() + bias.tolist()
    return numbers


def emit(name, numbers):
    print(f"static const double {name}[] = {{")
    for i in range(0, len(numbers), 4):
        print("    " + " ".join(f"{n:.17g}," for n in numbers[i : i + 4]))
    print("};")


def gradients(name, activation):
    model = network([5, 6, 4, 3], activation)
    x, y = batch(7, 5, 3)
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    emit(f"golden_{name}_loss", [loss.item()])
    emit(f"golden_{name}_gradient", flat(model, True))


def steps(name, make):
    model = network([5, 6, 4, 3], torch.nn.Tanh)
    optimizer = make(model.parameters())
    x, y = batch(7, 5, 3)
    for _ in range(10):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    emit(f"golden_{name}_weights", flat(model))


print("/* Made by tests/golden/make_mlp.py with PyTorch", torch.__version__ + ". */")
print("/* clang-format off */")
for label, kind in [
    ("relu", torch.nn.ReLU),
    ("tanh", torch.nn.Tanh),
    ("sigmoid", torch.nn.Sigmoid),
    ("gelu", torch.nn.GELU),
    ("linear", torch.nn.Identity),
]:
    gradients(label, kind)
steps("sgd", lambda p: torch.optim.SGD(p, lr=0.1))
steps("decay", lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.01))
steps("momentum", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9))
steps("nesterov", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01))
steps("adam", lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.01))
steps("adamw", lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1))
steps("rmsprop", lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.999, momentum=0.5))
