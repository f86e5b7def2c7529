"""One thread of PyTorch training perceptrons on MNIST: the peer of tests/bench/matrix.mjs.

Reads one measurement a line on standard input and answers each with its seconds:

    HIDDEN BATCH OPTIMIZER SAMPLES PASSES        such as: 128,128 64 adam 60000 2

A fresh network goes through the first SAMPLES pictures once to warm up, then PASSES times
on the clock, each time in a fresh order. The data is preloaded as floats and only the
training loop is timed. The first line printed names PyTorch and its matrix library.
"""

import sys
import time

import numpy
import torch

OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.01),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.001),
}


def read_idx(path, header):
    return numpy.fromfile(path, dtype=numpy.uint8)[header:]


def read_mnist(folder):
    images = read_idx(f"{folder}/train-images-idx3-ubyte", 16).reshape(-1, 784)
    labels = read_idx(f"{folder}/train-labels-idx1-ubyte", 8)
    x = torch.from_numpy(images.astype(numpy.float32) / 255)
    return x, torch.from_numpy(labels.astype(numpy.int64))


def build(hidden):
    widths = [784, *hidden, 10]
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def train(model, optimizer, x, y, batch):
    criterion = torch.nn.CrossEntropyLoss()
    order = torch.randperm(len(x))
    for first in range(0, len(x), batch):
        rows = order[first : first + batch]
        optimizer.zero_grad()
        criterion(model(x[rows]), y[rows]).backward()
        optimizer.step()


def measure(x, y, hidden, batch, optimizer, samples, passes):
    torch.manual_seed(1)
    model = build(hidden)
    updater = OPTIMIZERS[optimizer](model.parameters())
    train(model, updater, x[:samples], y[:samples], batch)
    start = time.perf_counter()
    for _ in range(passes):
        train(model, updater, x[:samples], y[:samples], batch)
    return time.perf_counter() - start


def matrix_library():
    with open("/proc/self/maps", encoding="utf-8") as maps:
        paths = {line.split()[-1] for line in maps}
    return next((path for path in sorted(paths) if "blas" in path), "a BLAS of its own")


def main():
    torch.set_num_threads(1)
    x, y = read_mnist(sys.argv[1])
    print(f"PyTorch {torch.__version__} with {matrix_library()}", flush=True)
    for line in sys.stdin:
        hidden, batch, optimizer, samples, passes = line.split()
        widths = [int(width) for width in hidden.split(",")]
        print(measure(x, y, widths, int(batch), optimizer, int(samples), int(passes)), flush=True)


main()
