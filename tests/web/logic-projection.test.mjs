// A run's projection in words, and what it says of the time that is left.
import assert from "node:assert/strict";
import { test } from "node:test";
import { projectionText, secondsLeft } from "../../web/src/logic/projection.js";

const answer = (projection, points = 9) => ({ points, projection });
const sure = {
  reached: false,
  chance: 0.97,
  seconds: 0.4,
  seconds_low: 0.3,
  seconds_high: 0.6,
  level: 0.95,
  level_low: 0.94,
  level_high: 0.96,
};

test("a likely target has a time, an interval and a chance", () => {
  assert.equal(
    projectionText(answer(sure), 0.9),
    "90 % in 0.40 s (0.30–0.60 s), chance 97 %",
  );
  const certain = { ...sure, chance: 1, seconds: 70, seconds_low: 50, seconds_high: 90 };
  assert.equal(
    projectionText(answer(certain), 0.925),
    "92.5 % in 1 min 10 s (50.0 s–1 min 30 s), chance over 99 %",
  );
});

test("what will not be reached is said, with the level", () => {
  const low = { ...sure, chance: 0.03, seconds: null, level: 0.21 };
  assert.equal(
    projectionText(answer(low), 0.9),
    "levels off near 21.0 %: will not reach 90 %",
  );
});

test("a chance without a time, a target that was met, and no target", () => {
  const open = { ...sure, chance: 0.12, seconds: null };
  assert.equal(
    projectionText(answer(open), 0.9),
    "90 %: chance 12 %, levels off near 95.0 % (94.0 % to 96.0 %)",
  );
  const met = { ...sure, reached: true, seconds: 0.25 };
  assert.equal(projectionText(answer(met), 0.9), "90 % reached after 0.25 s");
  assert.equal(
    projectionText(answer(sure), null),
    "levels off near 95.0 % (94.0 % to 96.0 %)",
  );
});

test("no accuracy is said to be over 100 %", () => {
  const over = { ...sure, level: 0.999, level_high: 1.02 };
  assert.equal(
    projectionText(answer(over), null),
    "levels off near 99.9 % (94.0 % to 100.0 %)",
  );
});

test("too few points are counted; nothing known is nothing said", () => {
  assert.equal(
    projectionText(answer(null, 2), 0.9),
    "too early to say (2 of 4 points)",
  );
  assert.equal(projectionText(answer(null, 5), 0.9), "");
  assert.equal(projectionText(null, 0.9), "");
});

test("the time left is that to the target, where the run stops there and it is sooner", () => {
  const run = (config, summary) => ({
    config: { target_accuracy: 0.9, stop_at_target: true, ...config },
    summary: { eta_seconds: 5, train_seconds: 0.1, ...summary },
  });
  const left = (...args) => Number(secondsLeft(...args)?.toFixed(6));
  assert.equal(left(run(), answer(sure)), 0.3);
  assert.equal(left(run({}, { eta_seconds: 0.2 }), answer(sure)), 0.2);
  assert.equal(left(run({}, { eta_seconds: null }), answer(sure)), 0.3);
  assert.equal(left(run({}, { train_seconds: 2 }), answer(sure)), 0);
  assert.equal(left(run({ stop_at_target: false }), answer(sure)), 5);
  assert.equal(left(run({ target_accuracy: null }), answer(sure)), 5);
  assert.equal(left(run(), answer({ ...sure, chance: 0.4 })), 5);
  assert.equal(left(run(), null), 5);
  assert.equal(secondsLeft(run({}, { eta_seconds: null }), null), null);
});
