// What a sweep varies, between texts and JSON; what of a spec is sent; words; estimates.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sortErrors } from "../../web/src/logic/errors.js";
import * as space from "../../web/src/logic/space.js";
import * as estimate from "../../web/src/logic/sweep-estimate.js";
import { inBase, matters, ownFields, ownMatters } from "../../web/src/logic/sweep-fields.js";
import * as spec from "../../web/src/logic/sweep-spec.js";

const field = (name, kind, more = {}) => ({
  name,
  kind,
  nullable: false,
  choices: [],
  default: null,
  help: "",
  ...more,
});
const hidden = field("hidden", "layers", { default: [128] });
const lr = field("lr", "number", { default: 0.1 });
const batch = field("batch_size", "integer", { default: 32 });
const patience = field("patience", "integer", { nullable: true });
const optimizer = field("optimizer", "choice", { choices: ["sgd", "adam"], default: "sgd" });
const fields = [
  hidden,
  lr,
  batch,
  patience,
  optimizer,
  field("beta1", "number", { default: 0.9 }),
  field("seed", "integer", { default: 1 }),
];
const defaults = {
  dataset: "mnist",
  hidden: [128],
  lr: 0.1,
  batch_size: 32,
  optimizer: "sgd",
  train_samples: null,
  validation_samples: 0,
  target_accuracy: null,
  stop_at_target: false,
  time_budget_s: null,
  test_at: "points",
};
const datasets = [
  { name: "mnist", train_count: 60000, features: 784, classes: 10 },
  { name: "moons", train_count: 1000, features: 2, classes: 2 },
];
const complete = (given) => spec.completeSpec({ base: {}, ...given }, defaults, datasets);
const grid = { lr: { values: [0.1, 1] }, batch_size: { values: [4, 16, 64] } };

test("lists of values are read as typed and written back", () => {
  const cases = [
    [lr, "0.03, 0.1,1e-3", [0.03, 0.1, 0.001], "0.03, 0.1, 0.001"],
    [lr, " 1 ; 2 3,,", [1, 2, 3], "1, 2, 3"],
    [patience, "none, 3", [null, 3], "none, 3"],
    [hidden, "64; 128 64; 32-16;", [[64], [128, 64], [32, 16]], "64; 128 64; 32 16"],
    [hidden, "none; 8", [[], [8]], "none; 8"],
    [lr, "", [], ""],
  ];
  for (const [kind, text, values, written] of cases) {
    assert.deepEqual(space.parseValues(kind, text), values, text);
    assert.equal(space.valuesText(kind, values), written);
    assert.equal(
      space.rangeProblem(kind, { values }),
      values.length ? "" : "give at least one value",
    );
  }
});

test("what is no value stays text, and is named", () => {
  const problem = (kind, text) =>
    space.rangeProblem(kind, { values: space.parseValues(kind, text) });
  assert.deepEqual(space.parseValues(lr, "0.1, fast"), [0.1, "fast"]);
  assert.equal(problem(lr, "0.1, fast"), "“fast” is no number");
  assert.equal(problem(lr, "none"), "“none” is no number");
  assert.equal(problem(batch, "4, 2.5"), "2.5 is no whole number");
  assert.match(problem(hidden, "64, 128"), /^“64, 128” is no network: .*spaces.*“;”/);
  assert.equal(space.valuesText(lr, [0.1, "fast"]), "0.1, fast");
  assert.equal(space.rangeProblem(optimizer, { values: [] }), "choose at least one");
});

test("the ends of a range are checked in words", () => {
  const problem = (range) => space.rangeProblem(lr, range);
  assert.equal(problem({ uniform: [0, 1] }), "");
  assert.equal(problem({ uniform: ["", 1] }), "the lower end is empty");
  assert.equal(problem({ uniform: [0, "x"] }), "“x” is no number");
  assert.equal(problem({ uniform: [2, 1] }), "the lower end must be below the upper");
  assert.equal(problem({ log_uniform: [0, 1] }), "a logarithm starts above 0");
  const all = { lr: { uniform: [2, 1] }, batch_size: { values: [4] }, other: {} };
  assert.deepEqual(Object.keys(space.spaceProblems(all, fields)), ["space.lr"]);
});

test("a range given in another way keeps its ends", () => {
  const values = { values: [0.03, 0.1, 1] };
  assert.deepEqual(space.withWay(lr, values, "log_uniform"), { log_uniform: [0.03, 1] });
  assert.deepEqual(space.withWay(lr, { uniform: [0, 1] }, "log_uniform"), {
    log_uniform: [0.001, 1],
  });
  assert.deepEqual(space.withWay(batch, { int_log_uniform: [4, 1024] }, "values"), {
    values: [4, 16, 64, 256, 1024],
  });
  assert.deepEqual(space.withWay(batch, { int_uniform: [1, 3] }, "values"), {
    values: [1, 2, 3],
  });
  assert.deepEqual(space.withWay(lr, { values: ["x"] }, "uniform"), { uniform: ["", ""] });
  assert.deepEqual(space.waysOf(hidden), ["values"]);
});

test("every field has a range to begin with, and the usual ones come first", () => {
  for (const one of fields)
    assert.equal(space.rangeProblem(one, space.suggestedRange(one)), "", one.name);
  assert.deepEqual(space.suggestedRange(optimizer), { values: ["sgd", "adam"] });
  assert.deepEqual(space.suggestedRange(field("x", "boolean")), { values: [false, true] });
  assert.deepEqual(space.suggestedRange(field("x", "number", { default: 3 })), { values: [3] });
  assert.equal(space.nextField(fields).name, "batch_size");
  assert.equal(space.nextField([optimizer]).name, "optimizer");
  assert.equal(space.nextField([]), undefined);
  assert.equal(space.canVary(field("seed", "integer")), false);
});

test("an entry is replaced in its place", () => {
  const changed = space.withEntry(grid, "lr", ["beta1", { uniform: [0, 1] }]);
  assert.deepEqual(Object.keys(changed), ["beta1", "batch_size"]);
  assert.deepEqual(space.withEntry(grid, "lr", null), { batch_size: grid.batch_size });
});

test("only what the server would not fill in is sent", () => {
  assert.deepEqual(complete({ space: grid }).body, { space: grid });
  const filled = complete({ space: grid }).spec;
  assert.equal(filled.sampler, "grid");
  assert.equal(filled.base.target_accuracy, 0.9);
  assert.equal(filled.base.stop_at_target, true);
  assert.equal(filled.base.validation_samples, 5000);
  assert.equal(filled.base.test_at, "end");
  assert.deepEqual(complete(filled).body, { space: grid }, "a whole spec shrinks again");

  const given = {
    name: "n",
    repeats: 3,
    base: { lr: 5, target_accuracy: null, hidden: [8] },
    space: { lr: { log_uniform: [0.1, 1] } },
  };
  assert.deepEqual(complete(given).body, {
    name: "n",
    base: { hidden: [8], target_accuracy: null },
    space: given.space,
    repeats: 3,
  });
  assert.equal(complete(given).spec.sampler, "random");
  assert.equal(complete(given).spec.base.stop_at_target, false);
});

test("small training sets are not split, and other goals have no target", () => {
  const base = (given) => complete({ space: grid, ...given }).spec.base;
  assert.equal(base({ base: { dataset: "moons" } }).validation_samples, 0);
  assert.equal(base({ base: { dataset: "moons" } }).test_at, "points");
  assert.equal(base({ base: { train_samples: 9999 } }).validation_samples, 0);
  assert.equal(
    base({ space: { dataset: { values: ["mnist", "moons"] } } }).validation_samples,
    0,
  );
  assert.equal(base({ objective: "final_loss" }).target_accuracy, null);
  assert.equal(base({ objective: "final_loss" }).stop_at_target, false);
});

test("grids are counted; ranges have no grid", () => {
  assert.equal(spec.gridSize(grid), 6);
  assert.equal(spec.gridSize({ ...grid, epochs: { int_uniform: [1, 20] } }), 120);
  assert.equal(spec.gridSize({ lr: { uniform: [0, 1] } }), 0);
});

test("specs in addresses are specs or nothing", () => {
  assert.deepEqual(Object.keys(spec.readSpec(undefined).space), ["batch_size", "lr"]);
  assert.deepEqual(spec.readSpec("{}"), { base: {}, space: {} });
  assert.deepEqual(spec.readSpec('{"base":3,"space":{"lr":1,"x":{"values":2}}}').space, {
    lr: {},
  });
  assert.deepEqual(spec.readSpec("no JSON"), { base: {}, space: {} });
});

test("a refused field stands at its control", () => {
  const place = spec.placesOf(spec.readSpec(JSON.stringify({ space: grid })), fields);
  assert.equal(place("space.lr.values[1]"), "space.lr");
  assert.equal(place("base.hidden[0]"), "base.hidden");
  assert.equal(place("repeats"), "repeats");
  assert.equal(place("space.momentum"), "space");
  assert.equal(place("base.lr"), null, "varied: it has no control in the base");
  assert.equal(place("nonsense"), null);
  const problem = Object.assign(new Error("refused"), {
    errors: [
      { field: "space.lr", message: "is bad" },
      { field: "nonsense", message: "is unknown" },
    ],
  });
  assert.deepEqual(sortErrors(problem, place), {
    errors: { "space.lr": "is bad" },
    general: "nonsense is unknown",
  });
  assert.deepEqual(sortErrors(new Error("gone"), place), { errors: {}, general: "gone" });
});

test("form and spec name values alike", () => {
  const { spec: whole } = complete({ space: grid });
  const values = spec.flatValues(whole);
  assert.equal(values["base.lr"], 0.1);
  assert.equal(values.repeats, 1);
  const given = { base: { lr: 1 }, space: grid };
  assert.deepEqual(spec.withValue(given, "base.hidden", [4]).base, { lr: 1, hidden: [4] });
  assert.equal(spec.withValue(given, "repeats", 2).repeats, 2);
  assert.equal(inBase(lr).name, "base.lr");
  assert.equal(inBase(lr).label, "Learning rate");
});

test("fields are asked for where they mean something", () => {
  const { spec: whole } = complete({ space: grid });
  assert.equal(matters(fields[5], whole), false);
  const both = { ...whole, space: { optimizer: { values: ["sgd", "adam"] } } };
  assert.equal(matters(fields[5], both), true);
  const own = (name) => ownFields({ sampler: "tpe" }).find((one) => one.name === name);
  assert.match(own("sampler").help, /^After 10 settings/);
  assert.equal(ownMatters(own("parallel"), { ...whole, timed: true }), false);
  assert.equal(ownMatters(own("seed"), whole), false);
  assert.equal(ownMatters(own("seed"), { ...whole, sampler: "tpe" }), true);
});

test("sweeps in words", () => {
  const words = (given) => spec.objectiveText(complete({ space: grid, ...given }).spec);
  assert.equal(words({}), "time to 90 %");
  assert.equal(words({ base: { target_accuracy: 0.975 } }), "time to 97.5 %");
  assert.equal(words({ base: { target_accuracy: 0.57 } }), "time to 57 %");
  const within = { objective: "accuracy_within", base: { time_budget_s: 2 } };
  assert.equal(words(within), "accuracy within 2 s");
  assert.equal(words({ objective: "final_loss" }), "final loss");
  assert.equal(spec.parametersText(complete({ space: grid }).spec), "lr × batch");
  assert.equal(spec.datasetText(complete({ space: grid }).spec), "mnist");
});

test("runs are counted in words", () => {
  const texts = (settings, runs, repeats) =>
    estimate.countTexts({ settings, total_runs: runs }, repeats);
  assert.deepEqual(texts(25, 75, 3), ["25 settings × 3 seeds", "75 runs"]);
  assert.deepEqual(texts(1, 1, 1), ["1 setting", "1 run"]);
  assert.deepEqual(texts(4, 10, 3), [
    "4 settings × 3 seeds, the last not under all",
    "10 runs",
  ]);
});

test("the time at most is made of measured speeds, budgets and workers", () => {
  const speeds = [
    { run: 1, parameters: 101770, batch_size: 32, samples_per_second: 100000 },
  ];
  const data = { fields, datasets, speeds };
  const seconds = (given, samples) =>
    estimate.runSeconds(complete({ space: grid, ...given }).spec, samples, data);
  assert.equal(seconds({}, 200000), 2);
  assert.equal(seconds({ base: { time_budget_s: 0.5 } }, 200000), 0.5);
  const two = { space: { hidden: { values: [[128], []] } } };
  assert.ok(Math.abs(seconds(two, 200000) - (2 + (2 * 7850) / 101770) / 2) < 1e-12);
  const none = { ...data, speeds: [] };
  assert.equal(estimate.runSeconds(complete({ space: grid }).spec, 1, none), null);

  const whole = complete({ space: grid }).spec;
  const all = (changes) =>
    estimate.sweepSeconds({ ...whole, ...changes }, { total_runs: 6 }, 2, 2);
  assert.equal(all({}), 6);
  assert.equal(all({ timed: true }), 12);
  assert.equal(all({ parallel: 1 }), 12);
  assert.equal(all({ parallel: 8 }), 6);
  assert.equal(all({ time_budget_s: 5 }), 5);
  assert.equal(estimate.sweepSeconds(whole, { total_runs: 6 }, null, 2), null);
});
