// The page judges trials as the engine does, and lays them out.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { paretoFront } from "../../web/src/logic/front.js";
import { pivot } from "../../web/src/logic/pivot.js";
import { answerOf, batchCosts, compareScores, countingStep, scoreOf, sumUp } from "../../web/src/logic/trials.js";

const cases = JSON.parse(fs.readFileSync(new URL("../golden/trial_cases.json", import.meta.url), "utf8"));
const close = (a, b) => (a === null || b === null ? a === b : Math.abs(a - b) < 1e-12);

test("the cases shared with the engine", () => {
  assert.ok(cases.length >= 40);
  for (const { name, goal, cells, trials, expected } of cases) {
    const found = sumUp(trials, goal, cells);
    assert.equal(found.length, cells);
    expected.forEach((wanted, i) => {
      for (const field of ["value", "accuracy", "low", "high"])
        assert.ok(close(found[i][field], wanted[field]), `${name}: ${field} is ${found[i][field]}, not ${wanted[field]}`);
      for (const field of ["counts", "rank", "trials", "counted", "reached_trials", "live", "pruned", "diverged", "failed"])
        assert.equal(found[i][field], wanted[field], `${name}: ${field}`);
      assert.equal(found[i].reached, wanted.counts ? wanted.reached : null, name);
    });
  }
});

const trial = (run, cell, steps, state = "finished") => ({ run, cell, state, seed: 1, seconds: 9, final_loss: 0.1, test_accuracy: 0.9, steps });
const goal = { objective: "time_to_target", target: 0.9, budget: null };
const analysis = {
  train_count: 1000,
  parameters: [
    { name: "batch_size", kind: "choice", log: false, values: [8, 32], low: null, high: null },
    { name: "lr", kind: "real", log: true, values: null, low: 0.01, high: 1 },
  ],
  cells: [{ values: [8, 0.05] }, { values: [8, 0.5] }, { values: [32, 0.05] }, { values: [32, 0.5] }],
  trials: [
    trial(1, 0, [[1, 0.5, 100, 10], [4, 0.9, 400, 40]]),
    trial(2, 1, [[1, 0.7, 100, 10], [3, 0.92, 300, 30]]),
    trial(3, 1, [[1, 0.6, 100, 10], [2, 0.91, 200, 20]]),
    trial(4, 2, [[2, 0.95, 640, 20]]),
    trial(5, 3, [[1, 0.3, 320, 10]], "diverged"),
  ],
};

test("the answer, what it needed and who comes next", () => {
  assert.deepEqual(answerOf(analysis, goal), {
    cell: 2, runs: [4], seeds: 1, value: 2, low: 2, high: 2, steps: 20, samples: 640, epochs: 0.64, never: 1, settings: 4,
    runner_up: { cell: 1, value: 2.5, ratio: 1.25 },
  });
  const sooner = answerOf(analysis, { ...goal, target: 0.6 });
  assert.equal(sooner.cell, 1);
  assert.deepEqual([sooner.value, sooner.seeds, sooner.steps], [1, 2, 10]);
  assert.equal(answerOf(analysis, { ...goal, target: 0.99 }), null);
  assert.equal(answerOf(analysis, { ...goal, budget: 0.5 }), null);
  assert.equal(answerOf({ ...analysis, trials: [] }, goal), null);
});

test("scores of single runs", () => {
  const [slow] = analysis.trials;
  assert.deepEqual(scoreOf(slow, goal), { counts: true, value: 4, accuracy: 0.9 });
  assert.deepEqual(scoreOf(slow, { ...goal, budget: 3 }), { counts: true, value: null, accuracy: 0.5 });
  assert.equal(countingStep(slow, { ...goal, objective: "best_accuracy" })[1], 0.9);
  assert.ok(compareScores({ counts: true, value: null, accuracy: null }, { counts: true, value: null, accuracy: 0 }, "best_accuracy") > 0);
});

test("the front is of points that none beats", () => {
  assert.deepEqual(paretoFront(analysis.trials).map(({ run, seconds, accuracy }) => [run, seconds, accuracy]), [[2, 1, 0.7], [4, 2, 0.95]]);
  assert.deepEqual(paretoFront([]), []);
});

test("the front is that of all points sorted, equals from the first run", () => {
  let state = 1;
  const draw = (n) => (state = (state * 48271) % 2147483647) % n;
  const rising = (n) => [...new Set(Array.from({ length: n }, () => draw(20)))].sort((a, b) => a - b);
  for (let round = 0; round < 50; round++) {
    const trials = Array.from({ length: draw(8) }, (_, run) => {
      const [times, levels] = [rising(6), rising(6)];
      return trial(run, run, times.slice(0, levels.length).map((time, i) => [time, levels[i] / 20, 1, 1]));
    });
    let best = -1;
    const sorted = trials.flatMap(({ run, cell, steps }) => steps.map(([seconds, accuracy]) => ({ seconds, accuracy, run, cell })));
    sorted.sort((a, b) => a.seconds - b.seconds || b.accuracy - a.accuracy);
    const front = sorted.filter(({ accuracy }) => accuracy > best && ((best = accuracy), true));
    assert.deepEqual(paretoFront(trials), front);
  }
});

test("each batch size with its best setting", () => {
  assert.deepEqual(batchCosts(analysis, goal), [
    { batch_size: 8, cell: 1, seconds: 2.5, samples: 250, steps: 25 },
    { batch_size: 32, cell: 2, seconds: 2, samples: 640, steps: 20 },
  ]);
  assert.deepEqual(batchCosts({ ...analysis, parameters: [analysis.parameters[1]] }, goal), []);
});

test("seeds that failed count in what a setting needed, live ones do not", () => {
  const hit = (run, at, state) => trial(run, 0, [[at, 0.9, 100 * at, 10 * at]], state);
  const missed = (run, state) => trial(run, 0, [[1, 0.5, 100, 10]], state);
  const costs = (trials) => batchCosts({ ...analysis, cells: [{ values: [8, 0.05] }], trials }, goal)[0];
  const three = { batch_size: 8, cell: 0, seconds: 3, samples: 300, steps: 30 };
  assert.deepEqual(costs([hit(1, 2), hit(2, 3), missed(3, "diverged")]), three);
  assert.deepEqual(costs([hit(1, 3), missed(2, "running"), missed(3, "stopped")]), three);
  const many = [trial(1, 0, [[1, 0.5, 100, 10]], "running"), trial(2, 0, [[1, 0.6, 200, 20]]), trial(3, 0, [[1, 0.9, 900, 90]], "stopped")];
  const best = answerOf({ ...analysis, cells: [{}], trials: many }, { ...goal, objective: "best_accuracy" });
  assert.deepEqual([best.value, best.steps, best.samples], [0.6, 20, 200]);
  const blind = { ...trial(1, 0, []), final_loss: 0.2 };
  const loss = answerOf({ ...analysis, cells: [{}], trials: [blind] }, { ...goal, objective: "final_loss" });
  assert.deepEqual([loss.value, loss.steps, loss.epochs], [0.2, null, null]);
});

test("settings laid out by two parameters", () => {
  const { columns, rows, grid } = pivot(analysis, analysis.cells, "batch_size", "lr");
  assert.deepEqual(columns.map(({ text }) => text), ["8", "32"]);
  assert.deepEqual(rows.map(({ text }) => text), ["0.05", "0.5"]);
  assert.deepEqual(grid, [[[0], [2]], [[1], [3]]]);
});

test("ranges with many values are binned in their own scale", () => {
  const cells = Array.from({ length: 40 }, (_, i) => ({ values: [i % 2 ? 8 : 32, 10 ** (-2 + (2 * i) / 39)] }));
  const { rows, grid } = pivot({ ...analysis, cells }, cells, "batch_size", "lr");
  assert.equal(rows.length, 10);
  assert.equal(rows[0].text, "0.01 to 0.016");
  assert.ok(grid.every((row) => row.flat().length === 4));
  assert.deepEqual(grid[9].flat().sort((a, b) => a - b), [36, 37, 38, 39]);
  const lists = pivot({ ...analysis, cells: [{ values: [null, null] }, { values: [8, 0.1] }] }, [{ values: [null, null] }, { values: [8, 0.1] }], "lr", "batch_size");
  assert.deepEqual(lists.grid.flat(2), [1]);
});

test("a thousand runs are judged while a slider moves", () => {
  const many = Array.from({ length: 1000 }, (_, i) => trial(i, i >> 1, Array.from({ length: 30 }, (_, k) => [k, k / 30, k, k])));
  const found = sumUp(many, goal, 500);
  assert.equal(found.length, 500);
  assert.ok(found.every(({ value }) => value === 27));
});
