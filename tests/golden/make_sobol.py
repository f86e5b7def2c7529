"""Writes sobol.inc: the first points of PyTorch's unscrambled Sobol sequence in units of
2^-6, and sobol_directions.inc: its direction numbers in units of 2^-30, of which all
points are made.

PyTorch goes through the points in Gray-code order: its n-th is number n ^ (n >> 1)."""
import torch

from common import write

POINTS, DIMENSIONS = 64, 12

engine = torch.quasirandom.SobolEngine(DIMENSIONS)


def rows(numbers):
    return "".join("{" + ", ".join(str(int(x)) for x in row) + "},\n" for row in numbers)


write("sobol_directions.inc", rows(engine.sobolstate.tolist()))
points = engine.draw(POINTS, dtype=torch.float64)
write("sobol.inc", rows((points * POINTS).tolist()))
