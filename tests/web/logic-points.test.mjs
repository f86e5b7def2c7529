// Points over the life of a page: none twice, none missing after a break in the stream.
import assert from "node:assert/strict";
import { test } from "node:test";
import { merge, Series } from "../../web/src/logic/points.js";
import {
  extent,
  groupBySeed,
  meanAndRange,
  differingFields,
} from "../../web/src/logic/stats.js";

const point = (step, more = {}) => ({
  step,
  epoch: step,
  samples: step,
  train_seconds: step,
  ...more,
});
const steps = (points) => points.map(({ step }) => step);

test("merging keeps order, drops what is there twice, takes the newer", () => {
  const have = [point(1), point(2, { test_loss: 1 }), point(5)];
  const merged = merge(have, [point(2, { test_loss: 2 }), point(3), point(6)]);
  assert.deepEqual(steps(merged), [1, 2, 3, 5, 6]);
  assert.equal(merged[1].test_loss, 2);
  assert.equal(merge(have, []), have);
});

test("a gap is fetched from the last point before it", () => {
  const series = new Series();
  assert.equal(series.since, -1);
  series.fill([point(10), point(20)], series.breaks);
  series.interrupt();
  series.add(point(50));
  assert.equal(series.since, 20);
  series.fill([point(30), point(40), point(50)], series.breaks);
  assert.deepEqual(steps(series.points), [10, 20, 30, 40, 50]);
  assert.equal(series.hole, null);
  assert.equal(series.since, 50);
});

test("a second break while a fetch is under way keeps the hole open", () => {
  const series = new Series();
  series.fill([point(10)], 0);
  series.interrupt();
  const asked = series.breaks;
  series.add(point(40));
  series.interrupt();
  series.add(point(70));
  series.fill([point(20)], asked);
  assert.notEqual(series.hole, null);
  assert.ok(series.since <= 20);
  series.fill(
    [point(20), point(30), point(40), point(50), point(60), point(70)],
    series.breaks,
  );
  assert.deepEqual(steps(series.points), [10, 20, 30, 40, 50, 60, 70]);
});

test("points that arrive before the first answer are kept and counted once", () => {
  const series = new Series();
  series.add(point(30));
  assert.equal(series.since, -1);
  series.fill([point(10), point(20), point(30)], series.breaks);
  assert.deepEqual(steps(series.points), [10, 20, 30]);
});

test("random breaks, losses and orders always end with every point once", () => {
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 200; round++) {
    const series = new Series();
    const server = [];
    for (let step = 1; step <= 60; step++) {
      server.push(point(step));
      const chance = random();
      if (chance < 0.15) {
        series.interrupt();
        if (random() < 0.5) {
          const asked = series.breaks;
          const answer = server.filter((p) => p.step > series.since);
          if (random() < 0.3) series.interrupt();
          series.fill(answer, asked);
        }
      } else if (chance < 0.8 || series.hole === null) series.add(point(step));
      else series.interrupt();
    }
    series.fill(
      server.filter((p) => p.step > series.since),
      series.breaks,
    );
    assert.deepEqual(steps(series.points), steps(server), `round ${round}`);
  }
});

test("a thinner history keeps what came after it", () => {
  const series = new Series();
  series.fill([point(1), point(2), point(3), point(4)], 0);
  series.add(point(5));
  series.replace([point(1), point(4)]);
  assert.deepEqual(steps(series.points), [1, 4, 5]);
});

test("extremes ignore gaps", () => {
  assert.deepEqual(extent([3, null, -1, NaN, undefined, 2]), [-1, 3]);
  assert.equal(extent([null, NaN]), null);
});

const run = (id, config) => ({
  id,
  config: { lr: 0.1, seed: 1, name: `n${id}`, ...config },
});

test("runs that differ only in seed and labels form a group", () => {
  const groups = groupBySeed([run(1), run(2, { seed: 2 }), run(3, { lr: 0.2 })]);
  assert.deepEqual(
    groups.map((group) => group.map(({ id }) => id)),
    [[1, 2], [3]],
  );
});

test("mean and range stand only where every seed has a value", () => {
  const a = [
    point(1, { test_loss: 2 }),
    point(2, { test_loss: 4 }),
    point(3, { test_loss: null }),
  ];
  const b = [
    point(1, { test_loss: 4 }),
    point(2, { test_loss: 4 }),
    point(3, { test_loss: 1 }),
  ];
  assert.deepEqual(meanAndRange([a, b], "step", "test_loss"), [
    { x: 1, mean: 3, low: 2, high: 4 },
    { x: 2, mean: 4, low: 4, high: 4 },
  ]);
});

test("only config fields that differ are compared, labels never", () => {
  assert.deepEqual(differingFields([run(1), run(2, { lr: 0.3 })]), ["lr"]);
  assert.deepEqual(differingFields([run(1), run(2, { momentum: 0.9 })]), ["momentum"]);
});
