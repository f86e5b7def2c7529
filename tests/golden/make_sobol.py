"""Points of PyTorch's unscrambled Sobol sequence, for tests/engine/test_sampler.c.

    python3 tests/golden/make_sobol.py > tests/golden/sobol.inc

PyTorch goes through the points in Gray-code order: its n-th is number n ^ (n >> 1)."""

import torch

POINTS, DIMENSIONS = 64, 12

points = torch.quasirandom.SobolEngine(DIMENSIONS).draw(POINTS, dtype=torch.float64)
print("/* Made by make_sobol.py: in units of 2^-6. */")
for point in points:
    print("{" + ", ".join(f"{int(round(x * 64))}" for x in point.tolist()) + "},")
