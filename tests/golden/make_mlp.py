"""Writes mlp.inc: losses and gradients of whole networks as PyTorch computes them in
float64."""
import torch

from common import LOSSES, forward, network, numbers, pattern, write

PICKED = 40  # gradients kept of each tensor, evenly spread
CLEAR = 1e-4  # no output so near a kink or a tie that float32 could fall on its other side
ACTIVATIONS = {
    "RELU": torch.nn.functional.relu,
    "TANH": torch.tanh,
    "SIGMOID": torch.sigmoid,
    "GELU": torch.nn.functional.gelu,
    "LINEAR": lambda x: x,
}


def answers(y, loss):
    """The class each row is for, which must not hang on rounding."""
    if y.shape[1] == 1:
        middle = {"MSE": 0.5, "HINGE": 0}[loss]
        assert (y - middle).abs().min() > CLEAR
        return (y[:, 0] > middle).long()
    best = y.topk(2).values
    assert (best[:, 0] - best[:, 1]).min() > CLEAR
    return y.argmax(1)


def check_hinge(y):
    """Outputs on both sides of the margin, none upon it."""
    far = y.abs() - 1
    assert far.abs().min() > CLEAR and far.min() < 0 < far.max()


def case(sizes, rows, name, loss="CROSS_ENTROPY", scale=1):
    parameters = network(sizes, scale)
    x = pattern(rows * sizes[0], 0).reshape(rows, sizes[0])
    labels = torch.arange(rows) * 3 % max(sizes[-1], 2)
    y = forward(parameters, x, ACTIVATIONS[name])
    if loss == "HINGE":
        check_hinge(y.detach())
    mean = LOSSES[loss](y, labels)
    mean.backward()
    correct = int((answers(y, loss) == labels).sum())
    hidden = sizes[1:-1]
    out = [f"{{.shape = {{.inputs = {sizes[0]}, .outputs = {sizes[-1]}, "
           f".hidden = {{{numbers(hidden or [0])}}}, .hidden_count = {len(hidden)}, "
           f".activation = ACTIVATION_{name}, .loss = LOSS_{loss}}},",
           f" .scale = {scale}, .rows = {rows}, .loss_sum = {mean.item() * rows:.17g}, "
           f".correct = {correct}, .tensors = {{"]
    for p in parameters:
        gradient = p.grad.flatten()
        step = max(1, len(gradient) // PICKED)
        picked = gradient[::step][:PICKED].tolist()
        out.append(f"  {{.norm = {gradient.norm():.17g}, .step = {step}, "
                   f".count = {len(picked)}, .picked = {{{numbers(picked)}}}}},")
    return "\n".join(out + [" }},\n"])


cases = [case([784, 32, 10], 64, "RELU")]
cases += [case([2, 16, 16, 2], 13, name) for name in ACTIVATIONS]
cases += [case([5, 3], 7, "RELU")]
cases += [case([784, 32, 10], 64, "RELU", loss, scale=3) for loss in ("MSE", "HINGE")]
cases += [case([2, 16, 16, 1], 13, "TANH", "MSE", scale=2)]
cases += [case([2, 16, 16, 1], 13, name, "HINGE", scale=4 if name == "SIGMOID" else 3)
          for name in ACTIVATIONS]
write("mlp.inc", "".join(cases))
