// Between form, config and JSON; estimates; what a run's state allows.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import * as config from "../../web/src/logic/config.js";
import { expectedSpeed, parameterCount, plan } from "../../web/src/logic/estimate.js";
import { arrange, defaultsOf, fieldsOf, isRelevant } from "../../web/src/logic/fields.js";
import { actionsFor, withPoint, withUpdate } from "../../web/src/logic/runs.js";

const openapi = {
  components: {
    schemas: {
      RunConfig: {
        properties: {
          name: { type: "string", default: "" },
          tags: { type: "array", items: { type: "string" }, default: [] },
          dataset: { type: "string", enum: ["mnist", "moons"], default: "mnist" },
          hidden: { type: "array", items: { type: "integer" }, default: [128] },
          optimizer: { type: "string", enum: ["sgd"], default: "sgd" },
          lr: { type: "number", exclusiveMinimum: 0, maximum: 1000, default: 0.1 },
          epochs: { type: "integer", minimum: 1, default: 10 },
          beta1: { type: "number", default: 0.9 },
          patience: { type: ["integer", "null"], default: null },
          stop_at_target: { type: "boolean", default: false },
        },
      },
    },
  },
};
const fields = fieldsOf(openapi);
const field = (name) => fields.find((candidate) => candidate.name === name);

test("fields are read from the server's own description", () => {
  assert.equal(field("hidden").kind, "layers");
  assert.equal(field("tags").kind, "list");
  assert.equal(field("patience").nullable, true);
  assert.deepEqual(field("dataset").choices, ["mnist", "moons"]);
  assert.equal(field("lr").minimum, 0);
  assert.deepEqual(fieldsOf(undefined), []);
});

test("every field has a place in the form, once", () => {
  const { main, advanced } = arrange(fields);
  const placed = [...main.flatMap((section) => section.fields), ...advanced];
  const names = placed.map(({ name }) => name).concat("name", "tags");
  assert.deepEqual([...names].sort(), fields.map(({ name }) => name).sort());
});

test("a choice of one and another optimizer's fields are not asked for", () => {
  const values = defaultsOf(fields);
  assert.equal(isRelevant(field("optimizer"), values), false);
  assert.equal(isRelevant(field("beta1"), values), false);
  assert.equal(isRelevant(field("beta1"), { optimizer: "adam" }), true);
  assert.equal(isRelevant({ ...field("lr"), name: "beta2" }, { optimizer: "rmsprop" }), true);
});

test("only what differs from the defaults is sent", () => {
  const defaults = defaultsOf(fields);
  const given = { ...defaults, lr: 0.2, hidden: [128], patience: null };
  assert.deepEqual(config.difference(given, defaults), { lr: 0.2 });
  assert.deepEqual(config.difference({ hidden: [64] }, defaults), { hidden: [64] });
  assert.deepEqual(config.difference({ unknown: 1 }, defaults), { unknown: 1 });
});

test("texts become the JSON they look like; the server judges the rest", () => {
  assert.equal(config.parseText(field("lr"), " 1e-3 "), 0.001);
  assert.equal(config.parseText(field("lr"), "fast"), "fast");
  assert.equal(config.parseText(field("lr"), ""), "");
  assert.equal(config.parseText(field("epochs"), "2.5"), 2.5);
  assert.equal(config.parseText(field("patience"), ""), null);
  assert.equal(config.parseText(field("lr"), "Infinity"), "Infinity");
  assert.deepEqual(config.parseText(field("tags"), "a, b,,a"), ["a", "b"]);
});

test("configs in addresses are objects or nothing", () => {
  assert.deepEqual(config.readConfig('{"lr":1}'), { lr: 1 });
  for (const text of [undefined, "", "[1]", "null", "{", "3"])
    assert.deepEqual(config.readConfig(text), {});
});

test("the curl line survives a shell", () => {
  const body = { name: `it's "$HOME" \\ \`id\`` };
  const line = config.curl(body, "http://x/runs").replace(/^curl/, "printf '%s\\n'");
  const words = execFileSync("sh", ["-c", line], { encoding: "utf8" })
    .trimEnd()
    .split("\n");
  assert.deepEqual(JSON.parse(words.at(-1)), body);
});

test("parameters and steps are counted as the engine counts them", () => {
  assert.equal(parameterCount([784, 128, 10]), 101770);
  assert.equal(parameterCount([784, 10]), 7850);
  assert.deepEqual(plan({ batch_size: 32, epochs: 10 }, 60000), {
    stepsPerEpoch: 1875,
    steps: 18750,
    samples: 600000,
  });
  const small = { batch_size: 7, epochs: 1, train_samples: 20, validation_samples: 5 };
  assert.equal(plan(small, 60000).stepsPerEpoch, 3);
  const one = { batch_size: 16, epochs: 200, batching: "one_batch" };
  assert.deepEqual(plan(one, 60000), { stepsPerEpoch: 1, steps: 200, samples: 3200 });
  assert.equal(plan({ batch_size: "x", epochs: 1 }, 100), null);
});

test("the most similar run's speed counts, scaled by size", () => {
  const speeds = [
    { run: 1, parameters: 100, batch_size: 1, samples_per_second: 5 },
    { run: 2, parameters: 100000, batch_size: 32, samples_per_second: 200000 },
  ];
  assert.deepEqual(expectedSpeed(speeds, 200000, 32), { rate: 100000, run: 2 });
  assert.equal(expectedSpeed([], 10, 1), null);
});

const run = (state, more = {}) => ({
  id: 1,
  state,
  config: { epochs: 4 },
  summary: {},
  ...more,
});

test("a state allows what the server allows", () => {
  assert.deepEqual(actionsFor(run("running")), ["pause", "stop"]);
  assert.deepEqual(actionsFor(run("paused")), ["resume", "stop"]);
  assert.deepEqual(actionsFor(run("stopped")), ["resume"]);
  assert.deepEqual(actionsFor(run("finished")), []);
});

test("a point moves its run on, once", () => {
  const point = { step: 5, epoch: 1, samples: 5, train_seconds: 0.1, test_accuracy: 0.5 };
  const once = withPoint(run("running"), point);
  assert.equal(once.progress, 0.25);
  assert.equal(once.summary.best_test_accuracy, 0.5);
  assert.deepEqual(once.sparkline, [0.5]);
  assert.equal(withPoint(once, point), once);
  const worse = withPoint(once, { ...point, step: 6, test_accuracy: 0.4 });
  assert.equal(worse.summary.best_test_accuracy, 0.5);
  assert.equal(worse.summary.last_test_accuracy, 0.4);
});

test("a whole run without its sparkline keeps the row's", () => {
  const row = run("running", { sparkline: [0.1], summary: { last_step: 1 } });
  const same = run("running", { sparkline: [], summary: { last_step: 1 } });
  assert.deepEqual(withUpdate(row, same).sparkline, [0.1]);
  const later = run("running", { summary: { last_step: 2, last_test_accuracy: 0.2 } });
  assert.deepEqual(withUpdate(row, later).sparkline, [0.1, 0.2]);
});

test("cloning sends the same config, label and parent", () => {
  const source = run("finished", { name: "a", tags: ["t"] });
  assert.deepEqual(config.cloneBody(source), {
    epochs: 4,
    name: "a",
    tags: ["t"],
    parent: 1,
  });
});
