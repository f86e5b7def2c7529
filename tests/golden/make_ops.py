"""Writes ops.inc: each op at forty points, large, small, of both signs and on its kinks,
and the gradients of sum(dy * y), as PyTorch computes them in float64. dy comes from
`pattern`; the points are written as float32 has them."""
import torch

from common import cross_entropy, hinge, mse, numbers, pattern, write

SIZES = [20, 10, 7.5, 5, 4, 3, 2.5, 2, 1.5, 1, 0.75, 0.5, 0.42, 0.4, 0.25, 0.1, 1e-2, 1e-3,
         1e-6]
POINTS = [0, 100] + [sign * size for size in SIZES for sign in (1, -1)]
DY_SALT = 50


def points(rows, columns, stride=1):
    """The points, every stride-th first (stride: prime to their number)."""
    x = torch.tensor([POINTS[stride * i % len(POINTS)] for i in range(rows * columns)])
    return x.to(torch.float32).to(torch.float64).reshape(rows, columns).requires_grad_()


def case(op, compute, *operands, labels=()):
    y = compute(*operands)
    dy = pattern(y.numel(), DY_SALT).reshape(y.shape)
    (dy * y).sum().backward()
    out = [f"{{.op = OP_{op}, .rows = {len(operands[0])}, .operands = {{"]
    for x in operands:
        out.append(f" {{.rows = {x.shape[0]}, .columns = {x.shape[1]},\n"
                   f"  .values = {{{numbers(x.flatten().tolist(), 9)}}},\n"
                   f"  .gradients = {{{numbers(x.grad.flatten().tolist())}}}}},")
    out.append(f" }}, .y = {{{numbers(y.flatten().tolist())}}},")
    out.append(f" .labels = {{{numbers(labels or [0])}}}}},\n")
    return "\n".join(out)


def loss_case(op, loss, columns):
    rows = len(POINTS) // columns
    labels = [i // 2 % max(columns, 2) for i in range(rows)]
    return case(op, lambda x: loss(x, torch.tensor(labels), "none").reshape(rows, -1)
                .mean(1, keepdim=True), points(rows, columns, 7 if columns > 1 else 1),
                labels=labels)


functional = torch.nn.functional
write("ops.inc", "".join([
    case("LINEAR", lambda x, w, b: torch.addmm(b, x, w),
         points(5, 8, 3), points(8, 5, 7), points(1, 5, 11)),
    case("ADD", torch.add, points(8, 5), points(8, 5, 7)),
    case("MUL", torch.mul, points(8, 5), points(8, 5, 7)),
    case("RELU", functional.relu, points(8, 5)),
    case("TANH", torch.tanh, points(8, 5)),
    case("SIGMOID", torch.sigmoid, points(8, 5)),
    case("GELU", functional.gelu, points(8, 5)),
    loss_case("CROSS_ENTROPY", cross_entropy, 4),
    loss_case("MSE", mse, 4),
    loss_case("MSE", mse, 1),
    loss_case("HINGE", hinge, 4),
    loss_case("HINGE", hinge, 1),
]))
