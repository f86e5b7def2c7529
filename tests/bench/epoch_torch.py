"""One thread of PyTorch training 784-128-10 on MNIST with SGD: seconds per epoch.

The peer that `make bench` compares with: the data is preloaded as floats, each epoch
goes through a fresh permutation, and only the training loop is timed.

    python3 epoch_torch.py DATASET_DIR BATCH EPOCHS     one number a line
"""

import sys
import time

import numpy
import torch


def read_idx(path, header):
    return numpy.fromfile(path, dtype=numpy.uint8)[header:]


def main():
    folder, batch, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    images = read_idx(f"{folder}/train-images-idx3-ubyte", 16).reshape(-1, 784)
    x = torch.from_numpy(images.astype(numpy.float32) / 255)
    y = torch.from_numpy(read_idx(f"{folder}/train-labels-idx1-ubyte", 8).astype(numpy.int64))
    model = torch.nn.Sequential(
        torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)
    )
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(epochs):
        start = time.perf_counter()
        order = torch.randperm(len(x))
        for first in range(0, len(x), batch):
            rows = order[first : first + batch]
            optimizer.zero_grad()
            criterion(model(x[rows]), y[rows]).backward()
            optimizer.step()
        print(time.perf_counter() - start, flush=True)


main()
