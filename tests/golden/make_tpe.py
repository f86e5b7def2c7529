"""Writes tpe.inc: histories of one dimension, and how likely the next suggestion is to be
at most some values, by the formulas of Optuna's univariate TPESampler with its defaults
(of its parzen_estimator.py and sampler.py, with running trials counted in)."""
import math

import torch

from common import numbers, write

torch.manual_seed(1)
SUGGESTIONS, CANDIDATES, PLACES = 40000, 24, 20
FAILED, RUNNING = math.inf, math.nan


def phi(z):
    return torch.special.erfc(-z / math.sqrt(2)) / 2


def by_age(n):
    """1 for the newest 25, a ramp from 1 / n to 1 before them."""
    return torch.cat([torch.linspace(1 / n, 1, max(0, n - 25)), torch.ones(min(n, 25))]
                     ) if n else torch.ones(0)


def weights(n):
    """Of the kernels and the prior."""
    w = torch.cat([by_age(n), torch.ones(1)]).double()
    return w / w.sum()


class Choices:
    def __init__(self, values, dimension):
        kernels, choices = len(values) + 1, dimension["count"]
        rows = torch.full((kernels, choices), 1 / kernels, dtype=torch.float64)
        rows[torch.arange(len(values)), values.long()] += 1
        self.table = weights(len(values)) @ (rows / rows.sum(1, keepdim=True))

    def draw(self, n):
        return torch.multinomial(self.table, n, replacement=True).double()

    def log_density(self, x):
        return self.table[x.long()].log()


class Numbers:
    def __init__(self, values, dimension):
        self.dimension = dimension
        self.half = 0.5 if dimension["kind"] == "INTEGER" else 0.0
        self.low = float(self.scale(torch.tensor(dimension["low"] - self.half)))
        self.high = float(self.scale(torch.tensor(dimension["high"] + self.half)))
        span = self.high - self.low
        self.mu = torch.cat([self.scale(values),
                             torch.tensor([(self.low + self.high) / 2])]).double()
        x, order = self.mu.sort(stable=True)
        gaps = x.diff()
        wide = torch.full_like(x, span)
        if len(values):
            wide[0], wide[-1] = gaps[0], gaps[-1]
            wide[1:-1] = torch.maximum(gaps[:-1], gaps[1:])
        wide = wide.clamp(span / min(100, 1 + len(x)), span)
        self.sigma = torch.empty_like(x)
        self.sigma[order] = wide
        self.sigma[-1] = span
        self.weights = weights(len(values))

    def scale(self, x):
        x = x.double()
        return x.log() if self.dimension.get("log") else x

    def share(self, low, high):
        return phi((high - self.mu) / self.sigma) - phi((low - self.mu) / self.sigma)

    def draw(self, n):
        kernel = torch.multinomial(self.weights, n, replacement=True)
        mu, sigma = self.mu[kernel], self.sigma[kernel]
        low, high = phi((self.low - mu) / sigma), phi((self.high - mu) / sigma)
        u = low + (high - low) * torch.rand(n, dtype=torch.float64)
        x = mu + sigma * torch.special.ndtri(u)
        x = x.exp() if self.dimension.get("log") else x
        x = x.round() if self.half else x
        return x.clamp(self.dimension["low"], self.dimension["high"])

    def log_density(self, x):
        x = x[:, None]
        if self.half:
            density = self.share(self.scale(x - 0.5), self.scale(x + 0.5))
        else:
            z = (self.scale(x) - self.mu) / self.sigma
            density = (-z * z / 2).exp() / self.sigma
        return (self.weights * density / self.share(self.low, self.high)).sum(1).log()


def suggest(dimension, values, losses):
    """The best tenth are good, in the order of their making; what failed never is."""
    ended = int((~losses.isnan()).sum())
    good = min(math.ceil(0.1 * ended), 25, int(losses.isfinite().sum()))
    order = losses.nan_to_num(nan=math.inf, posinf=math.inf).sort(stable=True).indices
    density = Choices if dimension["kind"] == "CHOICE" else Numbers
    best = density(values[order[:good].sort().values], dimension)
    rest = density(values[order[good:].sort().values], dimension)
    x = best.draw(SUGGESTIONS * CANDIDATES)
    gain = torch.cat([best.log_density(part) - rest.log_density(part)
                      for part in x.split(100000)])
    chosen = gain.reshape(SUGGESTIONS, CANDIDATES).argmax(1, keepdim=True)
    return x.reshape(SUGGESTIONS, CANDIDATES).gather(1, chosen)[:, 0]


def case(name, dimension, trials, failed=0, running=0, best=0.5):
    low, high = dimension.get("low", 0), dimension.get("high", dimension.get("count"))
    u = torch.rand(trials, dtype=torch.float64)
    values = low * (high / low) ** u if dimension.get("log") else low + (high - low) * u
    values = values if dimension["kind"] == "REAL" else values.floor()
    losses = (values - values.quantile(best)).abs() / (high - low)
    losses += 0.05 * torch.rand(trials)
    other = torch.randperm(trials)
    losses[other[:failed]] = FAILED
    losses[other[failed:failed + running]] = RUNNING
    chosen = suggest(dimension, values, losses)
    at = chosen.quantile(torch.arange(1, PLACES, dtype=torch.float64) / PLACES).unique()
    shares = [float((chosen <= x).double().mean()) for x in at]
    fields = {**dimension, "kind": "SEARCH_" + dimension["kind"]}
    fields = ", ".join(f".{k} = {str(v).lower() if v is True else v}"
                       for k, v in fields.items())
    text = lambda x: numbers(x).replace("inf", "INFINITY").replace("nan", "NAN")
    return (f"{{.name = \"{name}\",\n .dimension = {{{fields}}},\n .trials = {trials},\n"
            f" .values = {{{text(values.tolist())}}},\n"
            f" .losses = {{{text(losses.tolist())}}},\n"
            f" .places = {len(at)},\n .at = {{{text(at.tolist())}}},\n"
            f" .shares = {{{numbers(shares, 5)}}}}},\n")


REAL = {"kind": "REAL", "low": -2, "high": 3}
RATE = {"kind": "REAL", "low": 1e-4, "high": 1, "log": True}
LAYERS = {"kind": "INTEGER", "low": 0, "high": 60}
BATCH = {"kind": "INTEGER", "low": 1, "high": 1024, "log": True}
write("tpe.inc", case("real", REAL, 12)
      + case("log real, some failed, some running", RATE, 60, failed=4, running=5)
      + case("integer", LAYERS, 30, running=3)
      + case("log integer, old ones count less", BATCH, 120)
      + case("choice", {"kind": "CHOICE", "count": 40}, 120, running=4)
      + case("choice of many, tried few", {"kind": "CHOICE", "count": 40}, 12)
      + case("best at the low end", REAL, 30, best=0)
      + case("best at the high end", REAL, 30, best=1)
      + case("nearly all failed", REAL, 40, failed=34, running=4)
      + case("all failed", REAL, 20, failed=20))
