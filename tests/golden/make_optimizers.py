"""Writes optimizers.inc: parameters after steps of PyTorch's optimizers in float64, and
schedules.inc: the rates of its schedulers."""
import warnings

import torch

from common import numbers, pattern, write

SIZE, STEPS = 11, 10


def steps(make):
    w = pattern(SIZE, 0).requires_grad_()
    optimizer = make([w])
    after_first = None
    for step in range(1, STEPS + 1):
        w.grad = pattern(SIZE, step)
        optimizer.step()
        if step == 1:
            after_first = w.tolist()
    return after_first, w.tolist()


def optimizer_case(kind, lr, fields, make):
    first, last = steps(make)
    given = "".join(f", .{name} = {value}" for name, value in fields.items())
    return (f"{{.options = {{.kind = OPTIMIZER_{kind}{given}}}, .lr = {lr},\n"
            f" .first = {{{numbers(first)}}},\n .last = {{{numbers(last)}}}}},\n")


def sgd(lr, **fields):
    options = {k: bool(v) if k == "nesterov" else v for k, v in fields.items()}
    return optimizer_case("SGD", lr, fields,
                          lambda w: torch.optim.SGD(w, lr, **options))


def adam(kind, lr, beta1, beta2, eps, weight_decay):
    fields = dict(beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)
    cls = torch.optim.Adam if kind == "ADAM" else torch.optim.AdamW
    return optimizer_case(kind, lr, fields, lambda w: cls(
        w, lr, betas=(beta1, beta2), eps=eps, weight_decay=weight_decay))


def rmsprop(lr, alpha, eps, weight_decay, momentum):
    fields = dict(beta2=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum)
    return optimizer_case("RMSPROP", lr, fields, lambda w: torch.optim.RMSprop(
        w, lr, alpha=alpha, eps=eps, weight_decay=weight_decay, momentum=momentum))


def rates(make, total):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    scheduler = make(optimizer)
    result = []
    for _ in range(total):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if len(result) < total:
            scheduler.step()
    return result


def schedule_case(kind, total, make):
    return (f"{{.kind = SCHEDULE_{kind}, .total = {total},\n"
            f" .rates = {{{numbers(rates(make, total))}}}}},\n")


def schedules():
    kinds = torch.optim.lr_scheduler
    for total in (10, 47):
        yield schedule_case("ONE_CYCLE", total, lambda o: kinds.OneCycleLR(
            o, max_lr=0.3, total_steps=total))
        yield schedule_case("COSINE", total, lambda o: kinds.CosineAnnealingLR(
            o, T_max=total - 1))


warnings.simplefilter("ignore")
write("optimizers.inc", "".join([
    sgd(0.1),
    sgd(0.1, weight_decay=0.01),
    sgd(0.05, momentum=0.9),
    sgd(0.05, momentum=0.9, weight_decay=0.01),
    sgd(0.05, momentum=0.9, nesterov=1),
    sgd(0.05, momentum=0.8, nesterov=1, weight_decay=0.01),
    adam("ADAM", 0.01, 0.9, 0.999, 1e-8, 0),
    adam("ADAM", 0.02, 0.8, 0.99, 1e-6, 0.05),
    adam("ADAMW", 0.01, 0.9, 0.999, 1e-8, 0.01),
    adam("ADAMW", 0.02, 0.85, 0.98, 1e-6, 0.1),
    rmsprop(0.01, 0.99, 1e-8, 0, 0),
    rmsprop(0.01, 0.9, 1e-6, 0.05, 0.9),
]))
write("schedules.inc", "".join(schedules()))
