// A diagnosis in words and pictures: web/src/logic/diagnosis.js.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  amountText,
  asOf,
  changesOf,
  headline,
  isDisappointing,
  oneBatchBody,
  patchedBody,
  rowsOf,
  specOf,
  tally,
  verdictOf,
} from "../../web/src/logic/diagnosis.js";

const run = {
  id: 7,
  name: "Mine",
  state: "finished",
  tags: ["a"],
  summary: { time_to_target: null },
  config: {
    dataset: "mnist",
    lr: 10,
    hidden: [64, 32],
    target_accuracy: 0.9,
    train_samples: null,
  },
};
const running = { ...run, state: "running" };
const checks = [{ status: "ok" }, { status: "unknown" }];

test("the headline counts what was found, and what was looked at", () => {
  const finding = /** @type {any} */ ({});
  const found = (...findings) => ({ findings, checks });
  assert.equal(headline(found(), run), "Nothing wrong found (1 of 2 checks made)");
  assert.equal(headline(found(finding), run), "One thing found");
  assert.match(headline(found(finding, finding), running), /^2 things found so far/);
});

test("it says what it is about, and that there is nothing yet", () => {
  const at = (step) => ({ step, samples: 32 * step });
  assert.equal(asOf(at(1500), run), "After step 1,500 (48,000 samples)");
  assert.match(asOf(at(0), { ...run, state: "queued" }), /^Nothing measured yet: /);
  assert.match(asOf(at(0), run), /^This run ended before anything was measured: /);
});

test("the tally puts what is fine before what is found", () => {
  const all = [{ status: "found" }, ...checks, { status: "ok" }];
  assert.equal(tally(all, false), "2 fine, 1 found, 1 not measured");
  assert.equal(tally(all, true), "2 fine, 1 found, 1 not known yet");
  assert.equal(tally([{ status: "ok" }], true), "1 fine");
});

test("a measured number has its unit, and says when it is none", () => {
  const amount = (value, unit) => amountText({ name: "loss", value, unit });
  assert.equal(amount(98.4375, "%"), "98.4 %");
  assert.equal(amount(1.7e-6, ""), "1.7e-6");
  assert.equal(amount(463, "x"), "463 ×");
  assert.equal(amount(0.5, "x their size"), "0.5 × their size");
  assert.equal(amount(null, "x"), "not a finite number");
});

test("a fix is shown as what changes, and launched with its parent", () => {
  const patch = { lr: 0.1, hidden: [], patience: 3 };
  assert.deepEqual(
    changesOf(patch, run).map(({ name, from, to }) => [name, from, to]),
    [
      ["lr", "10", "0.1"],
      ["hidden", "64-32", "none"],
      ["patience", "none", "3"],
    ],
  );
  const body = patchedBody(run, { lr: 0.1 });
  assert.deepEqual([body.lr, body.parent, body.tags], [0.1, 7, ["a"]]);
});

test("a mended run's name says so once, and never grows too long", () => {
  const nameOf = (name) => patchedBody({ ...run, name }, {}).name;
  assert.equal(nameOf("Mine"), "Mine (mended)");
  assert.equal(nameOf("Mine (mended)"), "Mine (mended)");
  assert.equal(nameOf(""), undefined);
  const faces = nameOf("😀".repeat(200));
  assert.ok([...faces].length <= 200);
  assert.ok(!/[\ud800-\udbff](?![\udc00-\udfff])/.test(faces), "characters stay whole");
});

test("the one-batch run is told apart by name and tag, however long the name", () => {
  const one_batch = { patch: { train_samples: 32 }, goal_accuracy: 0.99 };
  const body = oneBatchBody({ ...run, name: "x".repeat(200) }, { one_batch });
  assert.deepEqual([body.train_samples, body.parent], [32, 7]);
  assert.deepEqual(body.tags, ["overfit-one-batch"]);
  assert.ok(body.name.length <= 200);
});

test("the verdict says yes as soon as it can, and no only when all is seen", () => {
  const points = (...accuracies) =>
    accuracies.map((train_accuracy, i) => ({ step: i + 1, train_accuracy }));
  const verdict = (batch, seen) => verdictOf(batch, seen, 0.99).verdict;
  const at = (state) => ({ ...run, state, summary: { last_step: 2 } });
  assert.equal(verdict(at("running"), points(0.2, 0.5)), "waiting");
  assert.equal(verdict(at("running"), points(0.99)), "yes");
  assert.equal(verdict(at("finished"), points(1, 0.9)), "yes", "its best point counts");
  assert.equal(verdict(at("finished"), points(0.2)), "waiting", "a point is missing");
  assert.equal(verdict(at("finished"), points(0.2, 0.98)), "no");
  assert.equal(verdict(at("diverged"), points(0.2, null)), "no");
  assert.equal(verdict(at("stopped"), points(0.2, 0.3)), "cut");
  assert.equal(verdict({ ...run, state: "diverged", summary: {} }, []), "no");
});

const evidence = {
  kind: "bars",
  title: "Dead units",
  x_title: "layer",
  y_title: "% of units",
  log: false,
  series: [{ label: "dead", x: ["layer 1", "layer 2"], y: [98, null] }],
  marks: [
    { label: "half", value: 50 },
    { label: "nothing", value: null },
  ],
};

test("bars stand at whole places; what is not finite is a gap", () => {
  const spec = specOf(/** @type {any} */ (evidence));
  assert.deepEqual(spec.bars, { low: 0.5, high: 2.5 });
  assert.equal(spec.top, 100);
  assert.equal(spec.place(2), "2");
  assert.deepEqual(spec.lines[0].data, [
    { x: 1, y: 98 },
    { x: 2, y: null },
  ]);
  assert.deepEqual(spec.marks, [{ y: 50, label: "half" }]);
  assert.equal(
    spec.label,
    "Dead units by layer: dead 98 at first, 98 at the end; half; nothing",
  );
  assert.deepEqual(rowsOf(/** @type {any} */ (evidence)), [
    { layer: "layer 1", dead: 98 },
    { layer: "layer 2", dead: null },
  ]);
});

test("each line has its own places, and none at all is no failure", () => {
  const line = { ...evidence, kind: "line", y_title: "loss", marks: [] };
  const series = [
    { label: "a", x: [1, 2], y: [3, 4] },
    { label: "b", x: [5], y: [6] },
  ];
  const spec = specOf(/** @type {any} */ ({ ...line, series }));
  assert.deepEqual(spec.lines[1].data, [{ x: 5, y: 6 }]);
  assert.equal(spec.bars, undefined);
  const nothing = /** @type {any} */ ({ ...line, series: [] });
  assert.deepEqual([specOf(nothing).lines, rowsOf(nothing)], [[], []]);
});

test("only runs that ended short of their target are asked about", () => {
  const config = { ...run.config, target_accuracy: null };
  assert.equal(isDisappointing(run), true);
  assert.equal(isDisappointing({ ...run, summary: { time_to_target: 1 } }), false);
  assert.equal(isDisappointing(running), false);
  assert.equal(isDisappointing({ ...run, state: "diverged", config }), true);
  assert.equal(isDisappointing({ ...run, config }), true);
});
