"""Writes training.inc: weights of a small network after ten steps of PyTorch in float64,
each optimizer under each schedule, with and without warm-up.

The schedules are those of engine/nn/schedule.h, for step s (from 0) of n:
  constant   lr
  linear     lr falling in a line to lr/10 at the last step, n - 1
  cosine     lr falling to 0 at the last step along half a cosine
  step       lr, from n/3 on lr/10, from 2n/3 on lr/100
  one_cycle  from lr/25 up to lr for 30 % of the steps, then down to lr/250000, both along
             half a cosine
and the first `warmup` steps' rates are multiplied by (s + 1) / warmup."""
import itertools
import warnings

import torch

from common import cross_entropy, forward, network, numbers, pattern, write

SIZES, ROWS, STEPS = [5, 8, 3], 6, 10
EVERY = 4  # one weight in so many is kept, and the norm of all
WARMUPS = (0, 3)

optim, lr_scheduler = torch.optim, torch.optim.lr_scheduler
SCHEDULES = {
    "CONSTANT": lambda o, lr: lr_scheduler.ConstantLR(o, factor=1),
    "LINEAR": lambda o, lr: lr_scheduler.LinearLR(
        o, start_factor=1, end_factor=0.1, total_iters=STEPS - 1),
    "COSINE": lambda o, lr: lr_scheduler.CosineAnnealingLR(o, T_max=STEPS - 1),
    "STEP": lambda o, lr: lr_scheduler.MultiStepLR(
        o, milestones=[-(-STEPS // 3), -(-2 * STEPS // 3)], gamma=0.1),
    "ONE_CYCLE": lambda o, lr: lr_scheduler.OneCycleLR(
        o, max_lr=lr, total_steps=STEPS, cycle_momentum=False),
}
# Kind, rate, largest norm of the gradient (0: any), options as PyTorch calls them.
OPTIMIZERS = [
    ("SGD", 0.3, 0, {}),
    ("SGD", 0.3, 0, dict(weight_decay=0.05)),
    ("SGD", 0.1, 0, dict(momentum=0.9)),
    ("SGD", 0.1, 0.4, dict(momentum=0.9, weight_decay=0.05)),
    ("SGD", 0.1, 0, dict(momentum=0.9, nesterov=True)),
    ("SGD", 0.1, 0, dict(momentum=0.8, nesterov=True, weight_decay=0.05)),
    ("ADAM", 0.02, 0, dict(betas=(0.9, 0.999), eps=1e-8)),
    ("ADAM", 0.02, 0.4, dict(betas=(0.8, 0.99), eps=1e-6, weight_decay=0.05)),
    ("ADAMW", 0.02, 0, dict(betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1)),
    ("RMSPROP", 0.01, 0, dict(alpha=0.99, eps=1e-8)),
    ("RMSPROP", 0.005, 0.4, dict(alpha=0.9, eps=1e-6, momentum=0.9, weight_decay=0.05)),
]
CLASSES = {"SGD": optim.SGD, "ADAM": optim.Adam, "ADAMW": optim.AdamW,
           "RMSPROP": optim.RMSprop}


def rates(lr, make_scheduler):
    """What a scheduler sets the rate to, step by step."""
    optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    scheduler = make_scheduler(optimizer)
    result = []
    for step in range(STEPS):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step + 1 < STEPS:
            scheduler.step()
    return result


def scheduled(schedule, lr, warmup):
    """The schedule's rates times those of a warm-up that PyTorch has as a LambdaLR."""
    factors = rates(1, lambda o: lr_scheduler.LambdaLR(
        o, lambda step: (step + 1) / warmup if step < warmup else 1))
    plain = rates(lr, lambda o: SCHEDULES[schedule](o, lr))
    return [a * b for a, b in zip(plain, factors)]


def batch(step):
    x = pattern(ROWS * SIZES[0], 100 + step, 2).reshape(ROWS, SIZES[0])
    return x, (2 * torch.arange(ROWS) + step) % SIZES[-1]


def train(kind, clip, options, step_rates):
    """The parameters, the last loss, and on how many steps gradients were clipped."""
    parameters = network(SIZES)
    optimizer = CLASSES[kind](parameters, lr=1, **options)
    clipped = 0
    for step, rate in enumerate(step_rates):
        x, labels = batch(step)
        loss = cross_entropy(forward(parameters, x, torch.tanh), labels)
        optimizer.zero_grad()
        loss.backward()
        if clip:
            norm = torch.nn.utils.clip_grad_norm_(parameters, clip)
            clipped += int(norm > clip)
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
    return torch.cat([p.detach().flatten() for p in parameters]), loss.item(), clipped


def given(options):
    """PyTorch's options by the names of struct optimizer_options."""
    fields = dict(options)
    if "betas" in fields:
        fields["beta1"], fields["beta2"] = fields.pop("betas")
    if "alpha" in fields:
        fields["beta2"] = fields.pop("alpha")
    return "".join(f", .{name} = {float(value):g}" for name, value in fields.items())


def case(optimizer, schedule, warmup):
    kind, lr, clip, options = optimizer
    w, loss, clipped = train(kind, clip, options, scheduled(schedule, lr, warmup))
    assert clip == 0 or 0 < clipped < STEPS, clipped
    return (f"{{.options = {{.kind = OPTIMIZER_{kind}{given(options)}}}, .lr = {lr}, "
            f".clip = {clip}, .schedule = SCHEDULE_{schedule}, .warmup = {warmup},\n"
            f" .loss = {loss:.12g}, .largest = {w.abs().max():.12g}, "
            f".norm = {w.norm():.12g},\n"
            f" .picked = {{{numbers(w[::EVERY].tolist(), 12)}}}}},\n")


warnings.simplefilter("ignore")
write("training.inc", "".join(
    case(*of) for of in itertools.product(OPTIMIZERS, SCHEDULES, WARMUPS)))
