// What the page of a sweep computes from the server's analysis.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as words from "../../web/src/logic/answer.js";
import { cellHref, cellMarks, lookOf } from "../../web/src/logic/cells.js";
import {
  BUDGET_PLACES,
  budgetAt,
  budgetRange,
  goalOf,
  goalQuery,
  placeOfBudget,
  targetRange,
} from "../../web/src/logic/goal.js";
import { chosenAxes, heatMapOf } from "../../web/src/logic/heat-map.js";
import { headOf } from "../../web/src/logic/objectives.js";
import { axesOf, litOf, readRanges, writeRanges } from "../../web/src/logic/parallel.js";
import { absentReason, criticalText, noiseText } from "../../web/src/logic/sweet-spot.js";
import { unlimitedSeconds, viewOf } from "../../web/src/logic/sweep-view.js";
import { endsOf, frontOf, staircasesOf } from "../../web/src/logic/trade-off.js";
import { placer, STEPS, stepOf } from "../../web/src/logic/viridis.js";
import { analysisOf, randomSweep } from "./sweep-fixture.mjs";

const time = (more = {}) => ({
  objective: "time_to_target",
  target: 0.9,
  budget: null,
  ...more,
});

/** A trial that passes through `steps`: seconds and accuracies. */
const trial = (run, cell, state, ...steps) => ({
  run,
  cell,
  state,
  seed: 1,
  seconds: steps.at(-1)?.[0] ?? null,
  final_loss: 0.5,
  test_accuracy: null,
  steps: steps.map(([seconds, accuracy]) => [seconds, accuracy, seconds * 1000, seconds]),
});

const choice = (name, values) => ({
  name,
  kind: "choice",
  log: false,
  values,
  low: null,
  high: null,
});

/** Two batch sizes by two rates: (8, 0.1) is soonest, (8, 1) diverges, (16, 1) is not
 * there yet, and of (16, 0.1) one seed does not get there. */
function small() {
  const settings = [
    [8, 0.1],
    [8, 1],
    [16, 0.1],
    [16, 1],
  ];
  const trials = [
    trial(1, 0, "finished", [1, 0.5], [2, 0.92]),
    trial(2, 0, "finished", [1, 0.6], [4, 0.95]),
    trial(3, 1, "diverged", [1, 0.2]),
    trial(4, 2, "finished", [3, 0.91]),
    trial(5, 2, "finished", [3, 0.7], [8, 0.93]),
    trial(6, 3, "running", [1, 0.4]),
  ];
  return {
    sweep: 1,
    state: "running",
    ...time(),
    clock: "cpu_seconds",
    metric: "val_accuracy",
    train_count: 1000,
    parameters: [choice("batch_size", [8, 16]), choice("lr", [0.1, 1])],
    trials,
    cells: settings.map((values) => ({ values })),
    answer: null,
    sweet_spot: null,
    importance: null,
    importance_trials: 5,
  };
}

test("another goal changes the answer without the server", () => {
  const at = (goal) => viewOf(small(), time(goal), false);
  const view = at({});
  assert.equal(view.answer.cell, 0);
  assert.equal(view.answer.value, 3);
  assert.deepEqual(view.ranked, [0, 2, 1]);
  assert.deepEqual(view.runs, [[1, 2], [3], [4, 5], [6]]);
  assert.equal(view.answer.config, undefined);
  assert.equal(at({ budget: 3.5 }).cells[2].reached_trials, 1);
  assert.equal(at({ target: 0.99 }).answer, null);
  assert.equal(unlimitedSeconds(at({ budget: 0.5 })), 3);
  assert.equal(unlimitedSeconds(at({ target: 0.99 })), null);
});

test("the config comes from the server's answer to the same goal only", () => {
  const analysis = { ...small(), answer: { cell: 0, config: { lr: 0.1 } } };
  assert.deepEqual(viewOf(analysis, time(), true).answer.config, { lr: 0.1 });
  assert.equal(viewOf(analysis, time(), false).answer.config, undefined);
  const other = { ...analysis, answer: { cell: 2, config: {} } };
  assert.equal(viewOf(other, time(), true).answer.config, undefined);
});

test("the answer in words", () => {
  const view = viewOf(small(), time(), true);
  const { answer, analysis, cells } = view;
  assert.equal(headOf(time({ budget: 60 })), "Fastest to 90 % within 1 min 00 s");
  assert.equal(headOf(time({ target: 0.925, budget: 5 })), "Fastest to 92.5 % within 5 s");
  assert.equal(
    words.rangeText(answer, answer.seeds, "time_to_target"),
    "(2.00 s to 4.00 s, 2 seeds)",
  );
  assert.equal(
    words.neverText(answer, "time_to_target"),
    "1 of 3 settings never got there",
  );
  assert.match(
    words.runnerUpText(analysis, answer, "time_to_target"),
    /^Next: batch 16, lr 0.1 with 5.50 s, 83 % slower\.$/,
  );
  const missed = time({ target: 0.99 });
  assert.equal(
    words.nearestText(analysis, viewOf(small(), missed, true).cells, missed),
    "The best was 92.00 % validation accuracy, by batch 8, lr 0.1, 7.0 points short of 99 %.",
  );
  assert.match(words.hintText(time({ budget: 1 }), 3), /^With more time/);
  assert.match(words.hintText(missed, null), /^Lower the target/);
  assert.equal(cells.length, 4);
});

test("the test accuracy is told once, where it had no part in the choice", () => {
  const analysis = { ...small(), state: "finished" };
  assert.match(words.testText({ test_accuracy: 0.9 }, analysis), /looked at once: 90.00 %/);
  assert.equal(words.testText({ test_accuracy: null }, analysis), "");
  assert.match(words.testText({ test_accuracy: null }, small()), /when the sweep has ended/);
  const chosen = { ...analysis, metric: "test_accuracy" };
  assert.equal(words.testText({ test_accuracy: 0.9 }, chosen), "");
});

test("how much worse the second is", () => {
  const worse = words.worseText;
  assert.equal(worse(1, 1.22, "time_to_target"), "22 % slower");
  assert.equal(worse(1, 2.5, "time_to_target"), "2.5 times as slow");
  assert.equal(worse(1, 1.001, "time_to_target"), "as good");
  assert.equal(worse(0.95, 0.94, "best_accuracy"), "1.00 points less");
  assert.equal(worse(0.1, 0.15, "final_loss"), "50 % higher");
});

test("the address says only what differs from the sweep's own goal", () => {
  const sweep = {
    spec: { objective: "time_to_target", base: { target_accuracy: 0.8, time_budget_s: 60 } },
  };
  assert.deepEqual(goalOf(sweep, {}), time({ target: 0.8, budget: 60 }));
  const goal = goalOf(sweep, { target: "0.95", budget: "none", objective: "final_loss" });
  assert.deepEqual(goal, { objective: "final_loss", target: 0.95, budget: null });
  const query = { objective: "final_loss", target: 0.95, budget: "none" };
  assert.deepEqual(goalQuery(sweep, goal), query);
  assert.deepEqual(
    goalOf(sweep, { target: "7", budget: "x", objective: "toString" }),
    time({ target: 0.8, budget: 60 }),
  );
});

test("the budget's slider is logarithmic and ends without a limit", () => {
  const range = [0.01, 100];
  assert.equal(budgetAt(range, BUDGET_PLACES), null);
  assert.equal(budgetAt(range, 0), 0.01);
  assert.equal(budgetAt(range, BUDGET_PLACES - 1), 100);
  assert.equal(placeOfBudget(range, null), BUDGET_PLACES);
  for (const place of [0, 30, 77, 99])
    assert.equal(placeOfBudget(range, budgetAt(range, place)), place);
  const { trials } = small();
  assert.deepEqual(budgetRange(trials, null), [1, 8]);
  assert.deepEqual(budgetRange(trials, 50), [1, 50]);
  assert.deepEqual(targetRange(trials, 0.9), [0.18, 1]);
});

test("a cell's look and marks", () => {
  const cell = (more) => ({
    reached: null,
    trials: 3,
    counted: 3,
    reached_trials: 0,
    live: 0,
    pruned: 0,
    diverged: 0,
    failed: 0,
    ...more,
  });
  assert.equal(lookOf(cell({ reached: true })), "value");
  assert.equal(lookOf(cell({ reached: false, diverged: 2 })), "diverged");
  assert.equal(lookOf(cell({ reached: false, failed: 3 })), "failed");
  assert.equal(lookOf(cell({ reached: false })), "missed");
  assert.equal(lookOf(cell({ counted: 0, live: 1 })), "live");
  assert.equal(lookOf(cell({ counted: 0, trials: 0 })), "none");
  assert.deepEqual(cellMarks(cell({ reached_trials: 1, diverged: 1, live: 2 })), [
    "1 not reached",
    "1 diverged",
    "2 live",
  ]);
  assert.deepEqual(cellMarks(cell({ trials: 1, counted: 1, failed: 1 })), ["failed"]);
  assert.equal(cellHref([]), null);
  assert.equal(cellHref([7]), "#/runs/7");
  assert.equal(cellHref([7, 8]), "#/compare?ids=7,8");
  assert.equal(cellHref(Array.from({ length: 30 }, (_, i) => i + 1)).split(",").length, 20);
});

test("the heat map: looks, words, links and the answer", () => {
  const view = viewOf(small(), time(), true);
  const map = heatMapOf(view, "batch_size", "lr");
  assert.deepEqual(map.columns, ["8", "16"]);
  assert.deepEqual(map.rows, ["0.1", "1"]);
  assert.deepEqual(map.range, [3, 5.5]);
  const [[best, second], [diverged, live]] = map.cells;
  assert.equal(best.step, STEPS - 1);
  assert.equal(best.answer, true);
  assert.equal(best.words, "batch 8, lr 0.1: 3.00 s (2.00 s to 4.00 s)");
  assert.equal(best.href, "#/compare?ids=1,2");
  assert.equal(second.step, 0);
  assert.equal(diverged.look, "diverged");
  assert.match(
    diverged.words,
    /^batch 8, lr 1: diverged, best validation accuracy 20.00 %$/,
  );
  assert.equal(live.look, "live");
  assert.equal(live.href, "#/runs/6");
});

test("the heat map's axes: what matters most, or what the address says", () => {
  const { parameters } = randomSweep(5);
  const share = { lr: 0.5, momentum: 0.3, batch_size: 0.1, hidden: 0.1 };
  const importance = Object.entries(share).map(([name, part]) => ({ name, share: part }));
  assert.deepEqual(chosenAxes({ parameters, importance: null }, {}), ["batch_size", "lr"]);
  assert.deepEqual(chosenAxes({ parameters, importance }, {}), ["lr", "momentum"]);
  assert.deepEqual(chosenAxes({ parameters, importance }, { mapx: "momentum" }), [
    "momentum",
    "lr",
  ]);
  assert.deepEqual(
    chosenAxes({ parameters, importance }, { mapx: "hidden", mapy: "hidden" }),
    ["hidden", "momentum"],
  );
  assert.equal(chosenAxes({ parameters: parameters.slice(1, 2), importance }, {}), null);
});

test("settings that share a place of the heat map show the best of them", () => {
  const made = randomSweep(200);
  const view = viewOf(analysisOf(made, time()), time(), true);
  const map = heatMapOf(view, "batch_size", "lr");
  assert.equal(map.columns.length, 6);
  const answers = map.cells.flat().filter(({ answer }) => answer);
  assert.equal(answers.length, 1);
  assert.match(answers[0].words, /the best of \d+ settings, batch/);
});

test("colours run from the worst value to the best", () => {
  const at = placer([0.1, 10], { log: true, lower: true });
  assert.equal(at(0.1), 1);
  assert.equal(at(10), 0);
  assert.ok(Math.abs(at(1) - 0.5) < 1e-12);
  assert.equal(placer([2, 2], { log: true, lower: true })(2), 1);
  assert.equal(placer([0, 10], { log: false, lower: false })(5), 0.5);
  assert.equal(stepOf(1), STEPS - 1);
  assert.equal(stepOf(0), 0);
});

test("time against accuracy: few runs whole, of many the best ends", () => {
  const view = viewOf(small(), time(), true);
  assert.deepEqual(
    frontOf(view).map(({ x, y }) => [x, y]),
    [
      [1, 0.6],
      [2, 0.92],
      [4, 0.95],
    ],
  );
  assert.equal(endsOf(view).ends.length, 6);
  assert.equal(endsOf(view).all, true);
  assert.equal(staircasesOf(view).length, 3);
  const many = viewOf(analysisOf(randomSweep(1000), time()), time(), true);
  assert.equal(endsOf(many).ends.length, 300);
  assert.equal(endsOf(many).all, false);
  assert.equal(staircasesOf(many).length, 0);
});

test("parallel axes: places of values, gaps, ranges and the best", () => {
  const view = viewOf(small(), time(), true);
  const axes = axesOf(view);
  assert.deepEqual(
    axes.map(({ key }) => key),
    ["batch_size", "lr", "accuracy", "value"],
  );
  assert.deepEqual(axes[0].places, [0, 0, 1, 1]);
  assert.equal(axes[0].text(1), "16");
  assert.deepEqual(axes[3].places, [0, null, 1, null]);
  assert.deepEqual(litOf(view.ranked, axes, {}, 2), [0, 2]);
  assert.deepEqual(litOf(view.ranked, axes, { batch_size: [1, 1] }, 9), [2]);
  assert.deepEqual(litOf(view.ranked, axes, { value: [0, 1] }, 9), [0, 2]);
  const ranges = { lr: [0.2, 0.8], momentum: [0, 0.5] };
  assert.equal(writeRanges(ranges), "lr:0.2-0.8,momentum:0-0.5");
  assert.deepEqual(readRanges(writeRanges(ranges)), ranges);
  assert.equal(writeRanges({ lr: [0, 1] }), "");
  assert.deepEqual(readRanges("nonsense,lr:0.9-0.1"), {});
});

test("the sweet spot in words, or why there is none", () => {
  const spot = {
    critical_batch: { value: 120, low: 90.4, high: 160.2 },
    noise_scale: 180,
  };
  assert.equal(
    criticalText(spot.critical_batch),
    "about 120 samples (95 % interval 90 to 160)",
  );
  assert.match(noiseText(spot), /180 samples, agrees with it within a factor of 1.5\.$/);
  assert.match(noiseText({ ...spot, noise_scale: 12 }), /differs from it by a factor of 10/);
  assert.match(noiseText({ ...spot, noise_scale: null }), /was not recorded/);
  assert.match(absentReason(viewOf(small(), time(), true)), /at least 3 batch sizes/);
  const loss = { ...time(), objective: "final_loss" };
  assert.match(absentReason(viewOf(small(), loss, true)), /needs a target/);
});
