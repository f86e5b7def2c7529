// Where a chart's axes end: web/src/charts/ticks.js.
import assert from "node:assert/strict";
import { test } from "node:test";
import { airAround, keepToShares, roomForMarks } from "../../web/src/charts/ticks.js";

/** The ends of an axis over `min` to `max` once `change` was made. */
function ends(change, min, max) {
  const scale = { min, max };
  change(scale);
  return [scale.min, scale.max];
}

test("data gets some air, but an axis of what is never negative stays so", () => {
  assert.deepEqual(ends(airAround(), 100, 200), [96, 204]);
  assert.deepEqual(ends(airAround(), 1, 1001), [0, 1041]);
  assert.deepEqual(ends(airAround(), 0, 100), [0, 104]);
  assert.deepEqual(ends(airAround(), -50, 50), [-54, 54]);
});

test("shares end at the whole, and do not go below nothing", () => {
  assert.deepEqual(ends(keepToShares, -1, 1), [0, 1]);
  assert.deepEqual(ends(keepToShares, 0.5, 1.2), [0.5, 1]);
  assert.deepEqual(ends(airAround(100), 0, 98), [0, 100]);
  assert.deepEqual(ends(airAround(100), 0, 50), [0, 52]);
});

test("bars on a log axis have a foot, and their marks are in sight", () => {
  const change = roomForMarks([{ y: 1e-4 }, { y: 1 }, { y: 0 }]);
  const [low, high] = ends(change, 1e-3, 0.1);
  assert.ok(low > 0 && low < 1e-4);
  assert.ok(high > 1);
});
