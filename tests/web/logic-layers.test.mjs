// What the Layers tab computes from the server's answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  binsOf,
  chooseProbe,
  LayerLog,
  layersOf,
  lostField,
  noiseOf,
  placer,
  ratioMark,
  savedByDoubling,
  seriesOf,
} from "../../web/src/logic/layers.js";

const histogram = (counts) => ({ low: -1, high: 1, counts });
const histograms = {
  weights: histogram([1, 2]),
  gradients: histogram([3, 4]),
  activations: histogram([5, 6]),
};

const row = (step, layer, more = {}) => ({
  step,
  layer,
  weight_norm: step + layer,
  grad_norm: 1,
  update_ratio: 0.001,
  activation_mean: null,
  activation_deviation: null,
  dead_fraction: null,
  saturated_fraction: null,
  histograms: null,
  ...more,
});
const probe = { activation_mean: 0.5, activation_deviation: 1, histograms };

test("answers add up: no row twice, the newest known value of every field", () => {
  const log = new LayerLog();
  assert.deepEqual([log.last, log.lastProbe], [-1, -1]);
  log.add({
    layers: [row(10, 0, { ...probe, dead_fraction: 0.25 }), row(10, 1, probe)],
    noise: [{ step: 10, noise_scale: 5 }],
  });
  log.add({
    layers: [row(10, 0), row(10, 1), row(20, 0), row(20, 1)],
    noise: [{ step: 10, noise_scale: 5 }],
  });
  assert.deepEqual(
    log.all.map(({ step, layer }) => [step, layer]),
    [
      [10, 0],
      [10, 1],
      [20, 0],
      [20, 1],
    ],
  );
  assert.equal(log.noise.length, 1);
  assert.deepEqual([log.last, log.lastProbe], [20, 10]);
  assert.equal(log.newest[0].weight_norm, 20);
  assert.equal(log.newest[0].dead_fraction, 0.25);
  assert.equal(log.newest[1].dead_fraction, undefined);
  assert.deepEqual(log.probes, [10]);
  assert.equal(log.histogramsAt(1, 10), histograms);
  assert.equal(log.histogramsAt(1, 20), null);
  assert.equal(log.histogramsAt(7, 10), null);
});

test("an answer without probes, as of a server that takes none, is enough", () => {
  const log = new LayerLog();
  log.add({
    layers: [{ step: 1, layer: 0, weight_norm: 2, grad_norm: 3, update_ratio: 0 }],
  });
  assert.deepEqual(log.newest, [{ weight_norm: 2, grad_norm: 3, update_ratio: 0 }]);
  assert.deepEqual(log.probes, []);
  assert.deepEqual(log.noise, []);
});

const run = (config, layers) => ({ id: 1, config: { hidden: [], ...config }, layers });

test("layers have names and shapes, also where only the config is known", () => {
  assert.deepEqual(layersOf(run({ hidden: [128, 64] }, "784-128-64-10")), [
    { index: 0, name: "Hidden 1", shape: "784 → 128" },
    { index: 1, name: "Hidden 2", shape: "128 → 64" },
    { index: 2, name: "Output", shape: "64 → 10" },
  ]);
  assert.deepEqual(layersOf(run({}, "784-10")), [
    { index: 0, name: "Output", shape: "784 → 10" },
  ]);
  assert.deepEqual(
    layersOf(run({ hidden: [8] })).map(({ shape }) => shape),
    ["? → 8", "8 → ?"],
  );
});

test("units die with relu, saturate with tanh and sigmoid, and need a hidden layer", () => {
  const field = (activation, hidden = [8]) => lostField(run({ activation, hidden }));
  assert.equal(field("relu"), "dead_fraction");
  assert.equal(field("tanh"), "saturated_fraction");
  assert.equal(field("sigmoid"), "saturated_fraction");
  assert.equal(field("gelu"), null);
  assert.equal(field("relu", []), null);
});

test("an update ratio is marked outside 0.0001 to 0.01", () => {
  const marks = [0, 9.9e-5, 1e-4, 1e-3, 1e-2, 0.011, null, NaN].map(ratioMark);
  assert.deepEqual(marks, ["low", "low", "", "", "", "high", "", ""]);
});

test("a step between two points stands between them on every axis", () => {
  const points = [
    { step: 10, epoch: 1, samples: 640, train_seconds: 2 },
    { step: 20, epoch: 2, samples: 1280, train_seconds: 6 },
  ];
  const at = (axis, ...steps) => steps.map(placer(points, axis));
  assert.deepEqual(at("step", 3, 99), [3, 99]);
  assert.deepEqual(at("samples", 0, 5, 10, 15, 20), [0, 320, 640, 960, 1280]);
  assert.deepEqual(at("train_seconds", 15, 21), [4, null]);
  assert.deepEqual(placer([], "epoch")(1), null);
});

test("unknown values leave a series; thinning keeps the extremes, at shared steps", () => {
  const rows = [[row(1, 0), row(2, 0, { grad_norm: null }), row(3, 0)]];
  const [known] = seriesOf(rows, "grad_norm", 10);
  assert.deepEqual(known, [
    { step: 1, value: 1 },
    { step: 3, value: 1 },
  ]);

  const long = [0, 1].map((layer) =>
    Array.from({ length: 5000 }, (_, step) =>
      row(step, layer, { grad_norm: step === 777 + layer ? 99 : 1 }),
    ),
  );
  const thin = seriesOf(long, "grad_norm", 200);
  for (const [layer, list] of thin.entries()) {
    assert.ok(list.length <= 300, `${list.length} points are left`);
    assert.equal(list[0].step, 0);
    assert.equal(list.at(-1).step, 4999);
    assert.equal(list.find(({ value }) => value === 99).step, 777 + layer);
  }
  assert.deepEqual(
    thin[0].map(({ step }) => step),
    thin[1].map(({ step }) => step),
  );
  assert.deepEqual(seriesOf([], "grad_norm", 10), []);
  assert.deepEqual(seriesOf([, [row(1, 1)]], "grad_norm", 10)[0], []);
});

test("the probe: the newest by default, the one asked for, or the last before it", () => {
  const steps = [10, 20, 30];
  assert.equal(chooseProbe([], undefined), null);
  assert.deepEqual(chooseProbe(steps, undefined), { index: 2, step: 30, newest: true });
  assert.deepEqual(chooseProbe(steps, "20"), { index: 1, step: 20, newest: false });
  assert.deepEqual(chooseProbe(steps, "29"), { index: 1, step: 20, newest: false });
  assert.deepEqual(chooseProbe(steps, "5"), { index: 0, step: 10, newest: false });
  assert.deepEqual(chooseProbe(steps, "x"), { index: 2, step: 30, newest: true });
});

test("a histogram's bins tile its range; one of equal values gets a width", () => {
  const bins = binsOf({ low: -2, high: 2, counts: [1, 0, 3, 4] });
  assert.deepEqual(bins[0], { low: -2, high: -1, middle: -1.5, count: 1 });
  assert.deepEqual(bins[3], { low: 1, high: 2, middle: 1.5, count: 4 });
  for (const value of [0, 5, -1e-9]) {
    const same = binsOf({ low: value, high: value, counts: [0, 9] });
    assert.ok(same[0].low < value && value < same[1].high);
    assert.ok(same[0].middle < same[1].middle);
  }
});

test("the noise scale over all probes is the ratio of means", () => {
  const noise = [
    { step: 1, gradient_squared: 1, gradient_variance: 100, noise_scale: 100 },
    { step: 2, gradient_squared: 3, gradient_variance: 300, noise_scale: 100 },
    { step: 3, gradient_squared: null, gradient_variance: 9, noise_scale: null },
    { step: 4, gradient_squared: 4, gradient_variance: 1200, noise_scale: 300 },
  ];
  assert.deepEqual(noiseOf(noise), { step: 4, newest: 300, mean: 200, probes: 3 });
  assert.deepEqual(noiseOf([]), { step: -1, newest: null, mean: null, probes: 0 });
  const negative = [
    { step: 1, gradient_squared: -1, gradient_variance: 2, noise_scale: null },
  ];
  assert.equal(noiseOf(negative).mean, null);
});

test("doubling a batch saves half of the steps far below the noise scale, none above", () => {
  assert.equal(savedByDoubling(64, 64), 0.25);
  assert.ok(savedByDoubling(1e9, 1) > 0.499);
  assert.ok(savedByDoubling(1, 1e6) < 1e-6);
});
