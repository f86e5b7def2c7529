// A diagnosis in words and pictures: web/src/logic/diagnosis.js.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changesOf,
  headline,
  isDisappointing,
  measuredText,
  oneBatchBody,
  patchedBody,
  rowsOf,
  specOf,
  verdictOf,
} from "../../web/src/logic/diagnosis.js";

const run = {
  id: 7,
  name: "Mine",
  state: "finished",
  tags: ["a"],
  summary: { time_to_target: null },
  config: { dataset: "mnist", lr: 10, hidden: [64, 32], target_accuracy: 0.9, train_samples: null },
};
const checks = [{ status: "ok" }, { status: "unknown" }];

test("the headline counts what was found, and what was looked at", () => {
  const finding = /** @type {any} */ ({});
  assert.equal(headline({ findings: [], checks }, run), "Nothing wrong found (1 of 2 checks made)");
  assert.equal(headline({ findings: [finding], checks }, run), "One thing found");
  assert.match(headline({ findings: [finding, finding], checks }, { ...run, state: "running" }), /^2 things found so far/);
});

test("a measured number has its unit, and says when it is none", () => {
  assert.equal(measuredText({ name: "dead units", value: 98.4375, unit: "%" }), "dead units 98.4 %");
  assert.equal(measuredText({ name: "ratio", value: 1.7e-6, unit: "" }), "ratio 1.7e-6");
  assert.equal(measuredText({ name: "loss", value: null, unit: "x" }), "loss not a finite number x");
});

test("a fix is shown as what changes, and launched with its parent", () => {
  assert.deepEqual(
    changesOf({ lr: 0.1, hidden: [], patience: 3 }, run).map(({ name, from, to }) => [name, from, to]),
    [["lr", "10", "0.1"], ["hidden", "64-32", "none"], ["patience", "none", "3"]],
  );
  const body = patchedBody(run, { lr: 0.1 });
  assert.deepEqual([body.lr, body.parent, body.name, body.tags], [0.1, 7, "Mine (mended)", ["a"]]);
});

test("the one-batch run is told apart by name and tag, however long the name", () => {
  const body = oneBatchBody({ ...run, name: "x".repeat(200) }, { one_batch: { patch: { train_samples: 32 }, goal_accuracy: 0.99 } });
  assert.deepEqual([body.train_samples, body.tags, body.parent], [32, ["overfit-one-batch"], 7]);
  assert.ok(body.name.length <= 200);
});

test("the verdict waits, and says yes as soon as it can", () => {
  assert.equal(verdictOf({ ...run, state: "running" }, 0.5, 0.99), "waiting");
  assert.equal(verdictOf({ ...run, state: "running" }, 0.99, 0.99), "yes");
  assert.equal(verdictOf(run, 0.98, 0.99), "no");
});

const evidence = {
  kind: "bars",
  title: "Dead units",
  x_title: "layer",
  y_title: "% of units",
  log: false,
  series: [{ label: "dead", x: ["layer 1", "layer 2"], y: [98, null] }],
  marks: [{ label: "half", value: 50 }, { label: "nothing", value: null }],
};

test("bars stand at whole places; what is not finite is a gap", () => {
  const spec = specOf(/** @type {any} */ (evidence));
  assert.deepEqual(spec.bars, { low: 0.5, high: 2.5 });
  assert.deepEqual(spec.lines[0].data, [{ x: 1, y: 98 }, { x: 2, y: null }]);
  assert.deepEqual(spec.marks, [{ y: 50, label: "half" }]);
  assert.deepEqual(rowsOf(/** @type {any} */ (evidence)), [{ layer: "layer 1", dead: 98 }, { layer: "layer 2", dead: null }]);
});

test("only runs that ended short of their target are asked about", () => {
  assert.equal(isDisappointing(run), true);
  assert.equal(isDisappointing({ ...run, summary: { time_to_target: 1 } }), false);
  assert.equal(isDisappointing({ ...run, state: "running" }), false);
  assert.equal(isDisappointing({ ...run, state: "diverged", config: { ...run.config, target_accuracy: null } }), true);
  assert.equal(isDisappointing({ ...run, config: { ...run.config, target_accuracy: null } }), false);
});
