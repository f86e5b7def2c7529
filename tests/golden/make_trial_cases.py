"""Cases for engine/search/trials.h and web/src/logic/trials.js, with what must come out.

    python3 tests/golden/make_trial_cases.py > tests/golden/trial_cases.json

Written from the header's words, as plainly as can be. Needs nothing but Python."""

import json
import math
import random

LIVE = ("queued", "running", "paused")
LOWER_IS_BETTER = ("time_to_target", "final_loss")


def score_of(trial, goal):
    objective, budget = goal["objective"], goal["budget"]
    limited = objective in ("time_to_target", "accuracy_within")
    steps = [s for s in trial["steps"] if not limited or budget is None or s[0] <= budget]
    accuracy = steps[-1][1] if steps else None
    value = None
    if objective == "time_to_target":
        hits = [s[0] for s in steps if s[1] >= goal["target"]]
        value = hits[0] if hits else None
    elif trial["state"] == "finished":
        value = trial["final_loss"] if objective == "final_loss" else accuracy
    ended = trial["state"] not in LIVE and trial["state"] != "stopped"
    return {"counts": ended or value is not None, "value": value, "accuracy": accuracy}


def rank_key(score, objective):
    """Sorts the better first."""
    sign = 1 if objective in LOWER_IS_BETTER else -1
    if not score["counts"]:
        return (2, 0)
    if score["value"] is not None:
        return (0, sign * score["value"])
    return (1, math.inf if score["accuracy"] is None else -score["accuracy"])


def median_of(scores, objective):
    counted = sorted((s for s in scores if s["counts"]), key=lambda s: rank_key(s, objective))
    if not counted:
        return {"counts": False, "value": None, "accuracy": None}
    better, worse = counted[(len(counted) - 1) // 2], counted[len(counted) // 2]
    if better["value"] is None or worse["value"] is None:
        return worse
    known = None not in (better["accuracy"], worse["accuracy"])
    return {"counts": True, "value": (better["value"] + worse["value"]) / 2,
            "accuracy": (better["accuracy"] + worse["accuracy"]) / 2 if known else None}


def expected(case):
    goal, cells = case["goal"], []
    for index in range(case["cells"]):
        mine = [t for t in case["trials"] if t["cell"] == index]
        scores = [score_of(t, goal) for t in mine]
        values = [s["value"] for s in scores if s["value"] is not None]
        count = lambda *states: sum(t["state"] in states for t in mine)
        cells.append({**median_of(scores, goal["objective"]),
                      "low": min(values, default=None), "high": max(values, default=None),
                      "rank": None, "trials": len(mine), "counted": sum(s["counts"] for s in scores),
                      "reached_trials": len(values), "live": count(*LIVE), "pruned": count("pruned"),
                      "diverged": count("diverged"), "failed": count("failed")})
    order = sorted((i for i in range(len(cells)) if cells[i]["counts"]),
                   key=lambda i: rank_key(cells[i], goal["objective"]))
    for place, index in enumerate(order):
        cells[index]["rank"] = place + 1
    for cell in cells:
        cell["reached"] = cell["value"] is not None
    return cells


def trial(cell, state, steps, loss=None):
    return {"cell": cell, "state": state, "final_loss": loss,
            "steps": [[s, a, 100 * (i + 1), 10 * (i + 1)] for i, (s, a) in enumerate(steps)]}


def goal(objective, target=0.9, budget=None):
    return {"objective": objective, "target": target, "budget": budget}


RISING = [(1, 0.5), (2, 0.9), (4, 0.95)]
NEAR = [(1, 0.6), (3, 0.89)]

by_hand = [
    ("a hit exactly at the target and exactly at the budget", goal("time_to_target", 0.9, 2), 2,
     [trial(0, "finished", RISING), trial(1, "finished", NEAR)]),
    ("a hit just beyond the budget is a miss", goal("time_to_target", 0.9, 1.999), 2,
     [trial(0, "finished", RISING), trial(1, "finished", [(1, 0.4)])]),
    ("live ones count once they are there, stopped ones too", goal("time_to_target"), 4,
     [trial(0, "running", RISING), trial(1, "running", NEAR), trial(2, "stopped", NEAR),
      trial(3, "stopped", RISING)]),
    ("pruned, diverged and failed ones are misses", goal("time_to_target"), 4,
     [trial(0, "pruned", NEAR), trial(1, "diverged", [(1, 0.7)]), trial(2, "failed", []),
      trial(3, "diverged", RISING)]),
    ("an even number of seeds, both middle ones there", goal("time_to_target"), 1,
     [trial(0, "finished", [(s, 0.9)]) for s in (4, 1, 3, 2)]),
    ("an even number of seeds, one middle one there", goal("time_to_target"), 1,
     [trial(0, "finished", [(1, 0.9)]), trial(0, "finished", NEAR)]),
    ("an odd number of seeds, most of them misses", goal("time_to_target"), 1,
     [trial(0, "finished", [(1, 0.9)]), trial(0, "finished", NEAR), trial(0, "pruned", [(1, 0.3)])]),
    ("equal cells stand in their order, cells without trials nowhere", goal("time_to_target"), 4,
     [trial(3, "finished", RISING), trial(1, "finished", RISING)]),
    ("the best accuracy within a budget", goal("accuracy_within", 0.9, 3), 3,
     [trial(0, "finished", RISING), trial(1, "finished", NEAR), trial(2, "finished", [(4, 0.99)])]),
    ("the best accuracy heeds no budget", goal("best_accuracy", 0.9, 1), 3,
     [trial(0, "finished", RISING), trial(1, "pruned", [(1, 0.99)]), trial(2, "running", RISING)]),
    ("the final loss", goal("final_loss"), 4,
     [trial(0, "finished", RISING, 0.3), trial(1, "finished", NEAR, 0.2), trial(2, "finished", NEAR),
      trial(3, "diverged", NEAR, 0.1)]),
    ("a final loss without any accuracy", goal("final_loss"), 2,
     [trial(0, "finished", NEAR, 0.2), trial(0, "finished", [], 0.1), trial(1, "finished", [], 0.3)]),
    ("nothing at all", goal("time_to_target"), 0, []),
]


def random_case(number):
    draw = random.Random(number)
    objective = draw.choice(["time_to_target", "accuracy_within", "best_accuracy", "final_loss"])
    states = ["finished"] * 6 + ["queued", "running", "paused", "stopped", "pruned", "diverged", "failed"]
    cells, trials = draw.randint(1, 8), []
    for _ in range(draw.randint(0, 30)):
        seconds, accuracy, steps = 0.0, 0.0, []
        for _ in range(draw.randint(0, 6)):
            seconds = round(seconds + draw.random(), 6)
            accuracy += draw.random() * (1 - accuracy) * 0.6
            steps.append((seconds, round(accuracy, draw.choice([1, 6]))))
        rising = [s for i, s in enumerate(steps) if all(s[1] > t[1] for t in steps[:i])]
        loss = draw.choice([None, round(draw.random(), 6)])
        trials.append(trial(draw.randrange(cells), draw.choice(states), rising, loss))
    limits = goal(objective, draw.choice([0.5, 0.8, 0.95]), draw.choice([None, 0.5, 2]))
    return (f"random {number}", limits, cells, trials)


cases = []
for name, limits, cells, trials in by_hand + [random_case(n) for n in range(30)]:
    case = {"name": name, "goal": limits, "cells": cells, "trials": trials}
    cases.append({**case, "expected": expected(case)})
print("[" + ",\n".join(json.dumps(case) for case in cases) + "]")
