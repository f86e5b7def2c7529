// The network that trains on the page: its settings, its layout, what it says, and the
// training itself against a made-up server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Training } from "../../web/src/data/training.js";
import { activate } from "../../web/src/logic/anatomy/activations.js";
import {
  accuracyOf,
  certainty,
  classesOf,
  forward,
  gridColumns,
  reachOf,
} from "../../web/src/logic/anatomy/forward.js";
import { LossLog, thin } from "../../web/src/logic/anatomy/loss-log.js";
import { edgesOf, HEAD, layoutTiles } from "../../web/src/logic/anatomy/mlp-layout.js";
import {
  batchNotch,
  batchSizes,
  layersFrom,
  readSettings,
  runConfig,
  settingsOfRun,
  sizesOf,
  startSettings,
  structureOf,
  whyNotOpen,
  withLayer,
  withNeurons,
  writeSettings,
} from "../../web/src/logic/anatomy/mlp-state.js";
import {
  readUnit,
  unitFormula,
  unitName,
  writeUnit,
} from "../../web/src/logic/anatomy/mlp-units.js";
import { formatHash, parseHash } from "../../web/src/logic/url.js";

const other = {
  dataset: "spirals",
  hidden: [16, 3, 8],
  activation: "gelu",
  lr: 0.037,
  batch_size: 1000,
  seed: 12345,
};

/** Through an address and back. */
const through = (changes) => parseHash(formatHash(["anatomy", "mlp"], changes)).query;

test("settings go into the address and come back, over whatever they start from", () => {
  for (const base of [startSettings, { ...other, hidden: [] }])
    for (const settings of [startSettings, other, { ...other, hidden: [] }])
      assert.deepEqual(
        readSettings(through(writeSettings(settings, base)), base),
        settings,
      );
  assert.deepEqual(through(writeSettings(startSettings, startSettings)), {});
});

test("an address that makes no sense leaves what it starts from", () => {
  for (const query of [
    { dataset: "mnist" },
    { hidden: "0" },
    { hidden: "4-x" },
    { hidden: "40-40-40" },
    { activation: "toString" },
    { lr: "0" },
    { lr: "-1" },
    { lr: "NaN" },
    { batch_size: "1.5" },
    { batch_size: "1001" },
    { seed: "-1" },
  ])
    assert.deepEqual(readSettings(query, startSettings), startSettings);
  assert.deepEqual(readSettings({ hidden: "none" }, startSettings).hidden, []);
});

test("only dataset, layers and seed make another structure", () => {
  const same = { ...startSettings, lr: 1, batch_size: 1, activation: "relu" };
  assert.equal(structureOf(same), structureOf(startSettings));
  for (const change of [{ dataset: "xor" }, { hidden: [6] }, { seed: 2 }])
    assert.notEqual(
      structureOf({ ...startSettings, ...change }),
      structureOf(startSettings),
    );
});

test("layers grow and shrink within their limits", () => {
  const of = (hidden, dataset = "moons") => ({ ...startSettings, dataset, hidden });
  assert.deepEqual(withLayer(of([])), [4]);
  assert.deepEqual(withLayer(of([6, 3])), [6, 3, 3]);
  assert.deepEqual(withLayer(of([64])), [64, 16], "an opened run may be wider");
  assert.equal(withLayer(of([1, 1, 1, 1])), null);
  assert.deepEqual(withNeurons(of([6, 3]), 1, 1), [6, 4]);
  assert.deepEqual(withNeurons(of([6, 3]), 0, -1), [5, 3]);
  assert.equal(withNeurons(of([6, 1]), 1, -1), null);
  assert.equal(withNeurons(of([16]), 0, 1), null);
  assert.deepEqual(withNeurons(of([64]), 0, -1), [63]);
  assert.equal(withNeurons(of([64, 14, 14, 14], "spirals"), 3, 1)?.[3], 15);
  assert.equal(withNeurons(of([100, 16]), 1, 1), null, "2,000 parameters at most");
  assert.deepEqual(sizesOf(of([5], "spirals")), [2, 5, 3]);
});

test("the slider of batch sizes finds the nearest notch", () => {
  assert.equal(batchSizes[batchNotch(16)], 16);
  assert.equal(batchSizes[batchNotch(50)], 64);
  assert.equal(batchSizes[batchNotch(1000)], 1000);
});

test("a run is made of the settings, and opened as them", () => {
  assert.deepEqual(runConfig(startSettings, 3.2), { ...startSettings, epochs: 10 });
  assert.equal(runConfig(startSettings, 31.4).epochs, 32);
  const run = {
    state: "finished",
    config: { ...other, optimizer: "adam", epochs: 10 },
    summary: { last_step: 10 },
  };
  assert.deepEqual(settingsOfRun(run.config), other);
  assert.equal(whyNotOpen(run), "");
  const no = (config, more = {}) =>
    whyNotOpen({ ...run, ...more, config: { ...other, ...config } });
  assert.match(no({ dataset: "mnist" }), /points in the plane/);
  assert.match(no({ hidden: [64, 64] }), /2000 parameters/);
  assert.match(no({}, { state: "running" }), /still training/);
  assert.match(no({}, { summary: {} }), /no weights/);
});

test("layers come out of a model's tensors", () => {
  const tensors = new Map([
    ["layers.0.weight", { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ["layers.0.bias", { shape: [3], data: Float32Array.of(7, 8, 9) }],
    ["layers.1.weight", { shape: [1, 3], data: Float32Array.of(1, 0, -1) }],
    ["layers.1.bias", { shape: [1], data: Float32Array.of(0.5) }],
  ]);
  assert.deepEqual(layersFrom(tensors), [
    {
      weights: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      biases: [7, 8, 9],
    },
    { weights: [[1, 0, -1]], biases: [0.5] },
  ]);
  assert.throws(() => layersFrom(new Map()), /no layers/);
});

test("a network says what its weights say", () => {
  const layers = [
    {
      weights: [
        [1, 0],
        [0, -1],
      ],
      biases: [0, 1],
    },
    {
      weights: [
        [1, 2],
        [-1, 0],
      ],
      biases: [0.5, 0],
    },
  ];
  const [hidden, outputs] = forward(layers, "relu", [
    [2, -1],
    [3, 0],
  ]);
  assert.deepEqual(
    hidden.map((unit) => [...unit]),
    [
      [2, 0],
      [0, 1],
    ],
  );
  assert.deepEqual(
    outputs.map((unit) => [...unit]),
    [
      [2.5, 2.5],
      [-2, 0],
    ],
  );
  const classes = classesOf(outputs);
  assert.deepEqual([...classes], [0, 0]);
  const [sure] = certainty(outputs, classes);
  assert.ok(Math.abs(sure - 1 / (1 + Math.exp(-4.5))) < 1e-12);
  const samples = [
    { values: [2, 3], label: 0 },
    { values: [-1, 0], label: 1 },
  ];
  assert.equal(accuracyOf(layers, "relu", samples), 0.5);
  assert.equal(reachOf(samples), 1.08 * 3);
});

test("activations are those of the engine", () => {
  const at = (name, x) => activate[name](x);
  assert.equal(at("relu", -2), 0);
  assert.equal(at("sigmoid", 0), 0.5);
  assert.equal(at("linear", -3), -3);
  for (const [x, y] of [
    [1, 0.8413447461],
    [-1, -0.1586552539],
    [0, 0],
    [3, 2.9959503],
  ])
    assert.ok(Math.abs(at("gelu", x) - y) < 1e-6, `gelu(${x})`);
});

test("a grid's rows go from the top down, its columns from the left", () => {
  const [xs, ys] = gridColumns(2, 2);
  assert.deepEqual([...xs], [-1, 1, -1, 1]);
  assert.deepEqual([...ys], [1, 1, -1, -1]);
});

test("tiles stand in columns within the width, and every weight has a line", () => {
  for (const width of [300, 336, 700])
    for (const sizes of [
      [2, 2],
      [2, 6, 4, 2],
      [2, 16, 16, 16, 16, 3],
      [2, 128, 2],
    ]) {
      const layout = layoutTiles(sizes, width);
      assert.deepEqual(
        layout.columns.map(({ seats }) => seats.length),
        sizes,
      );
      for (const { seats } of layout.columns)
        for (const { left, top } of seats) {
          assert.ok(left >= 0 && left + layout.tile <= layout.width);
          assert.ok(top >= HEAD && top + layout.tile <= layout.height);
        }
      const corners = layout.columns.flatMap(({ seats }) =>
        seats.map(({ left, top }) => `${left} ${top}`),
      );
      assert.equal(new Set(corners).size, corners.length, "no two tiles in one place");
      if (sizes.length < 6 || width > 300) assert.ok(layout.tile >= 10);
    }
  assert.equal(
    layoutTiles([2, 16, 16, 16, 16, 3], 336).width,
    336,
    "no scrolling on a phone",
  );
  assert.equal(edgesOf(layoutTiles([2, 6, 4, 2], 700)).length, 12 + 24 + 8);
  assert.equal(
    edgesOf(layoutTiles([2, 16, 16, 16, 16, 3], 700)).length,
    32 + 3 * 256 + 48,
  );
  assert.equal(
    edgesOf(layoutTiles([2, 400, 2], 700)).length,
    0,
    "too many to tell apart",
  );
});

test("units have names, places in the address and formulas", () => {
  assert.equal(unitName({ layer: 0, unit: 2 }, 3), "Hidden 1, neuron 3");
  assert.equal(unitName({ layer: 2, unit: 0 }, 3), "Output 1");
  assert.equal(writeUnit({ layer: 1, unit: 2 }), "2.3");
  assert.equal(writeUnit(null), null);
  assert.deepEqual(readUnit("2.3", [6, 4, 2]), { layer: 1, unit: 2 });
  for (const text of [undefined, "", "4.1", "2.5", "0.1", "1", "x.y"])
    assert.equal(readUnit(text, [6, 4, 2]), null);
  assert.equal(unitFormula(0, [0.5, -1.25], -2, "tanh"), "tanh(0.5 x1 - 1.25 x2 - 2)");
  assert.equal(unitFormula(1, [-1], 0, null), "-1 n1 + 0");
});

test("losses are thinned to the lowest and highest of each stretch", () => {
  const places = Array.from({ length: 10000 }, (_, x) => ({
    x,
    y: x === 777 ? 99 : x % 7,
  }));
  const kept = thin(places, 500);
  assert.ok(kept.length <= 500);
  assert.equal(kept.find(({ y }) => y === 99)?.x, 777);
  assert.ok(
    kept.every(({ x }, i) => i === 0 || x > kept[i - 1].x),
    "in order",
  );
  const log = new LossLog();
  for (let step = 0; step < 9000; step += 10) {
    log.addBatches(
      step,
      Array.from({ length: 10 }, () => 0.5),
    );
    log.addWhole(step + 10, null);
  }
  assert.ok(log.batches.length <= 4000);
  const drawn = log.drawn();
  assert.ok(drawn.batches.length <= 500 && drawn.all.length <= 500);
});

/** A server whose parameters count the steps; `most`: steps that one answer comes to. */
function counting(most = Infinity) {
  const asked = [];
  const state = { asked, under: 0, most: 0 };
  state.ask = async (body) => {
    state.most = Math.max(state.most, ++state.under);
    asked.push(body);
    await new Promise((resolve) => setTimeout(resolve, 1));
    state.under--;
    const steps = Math.min(body.steps, most);
    const weight = (body.layers?.[0].weights[0][0] ?? 0) + steps;
    return {
      step: body.step + steps,
      epoch: (body.step + steps) / 63,
      steps_per_epoch: 63,
      layers: [{ weights: [[weight, 0]], biases: [0] }],
      losses: Array.from({ length: steps }, () => 0.5),
      train_loss: 0.4,
      train_accuracy: 0.9,
    };
  };
  return state;
}

const nothing = () => {};

test("a question sends the parameters back; the first is about them as they are", async () => {
  const server = counting();
  const training = new Training(server.ask, nothing, startSettings);
  await training.restore(0);
  await training.advance(3);
  await training.advance(63);
  assert.deepEqual(
    server.asked.map(({ step, steps }) => [step, steps]),
    [
      [0, 0],
      [0, 3],
      [3, 63],
    ],
  );
  assert.equal(server.asked[0].layers, null);
  assert.equal(server.asked[2].layers[0].weights[0][0], 3);
  assert.equal(server.asked[0].dataset, "moons");
  assert.deepEqual([training.step, training.loss, training.accuracy], [66, 0.4, 0.9]);
  assert.deepEqual(
    training.losses.all.map(({ x }) => x),
    [0, 3, 66],
  );
});

test("short answers are asked on until the step is reached", async () => {
  const server = counting(10);
  const training = new Training(server.ask, nothing, startSettings);
  await training.restore(35);
  assert.equal(training.step, 35);
  assert.deepEqual(
    server.asked.map(({ steps }) => steps),
    [35, 25, 15, 5],
  );
  assert.equal(training.missed, 0);
});

test("playing never has two questions under way, and pauses", async () => {
  const server = counting();
  const training = new Training(server.ask, nothing, startSettings);
  const done = training.play();
  training.play();
  training.advance(1);
  while (server.asked.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  training.pause();
  await done;
  assert.equal(server.most, 1);
  assert.equal(training.busy, false);
  const { length } = server.asked;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(server.asked.length, length, "nothing is asked in a pause");
});

test("another rate keeps the parameters; another structure starts anew", async () => {
  const server = counting();
  const training = new Training(server.ask, nothing, startSettings);
  await training.advance(5);
  training.configure({ ...startSettings, lr: 1 });
  await training.advance(5);
  assert.equal(training.layers[0].weights[0][0], 10);
  assert.equal(server.asked.at(-1).lr, 1);
  assert.ok(training.mixed);
  training.configure({ ...startSettings, seed: 2 });
  assert.deepEqual([training.step, training.layers, training.mixed], [0, null, false]);
  await training.advance(1);
  assert.equal(training.layers[0].weights[0][0], 1);
});

test("an answer to an earlier round is dropped", async () => {
  const server = counting();
  const training = new Training(server.ask, nothing, startSettings);
  const first = training.advance(5);
  training.reset();
  await first;
  await training.advance(0);
  assert.equal(training.step, 0);
  assert.equal(training.losses.batches.length, 0);
});

test("a run's weights are where training begins, and where Reset goes back to", async () => {
  const server = counting();
  const layers = [{ weights: [[100, 0]], biases: [0] }];
  const origin = { step: 40, layers };
  const training = new Training(server.ask, nothing, startSettings, origin);
  await training.restore(42);
  assert.deepEqual([server.asked[0].step, server.asked[0].steps], [40, 2]);
  assert.equal(training.layers[0].weights[0][0], 102);
  await training.reset();
  assert.deepEqual([training.step, training.layers[0].weights[0][0]], [40, 100]);
});

test("numbers that ran away and failures end the training and are told", async () => {
  const server = counting();
  for (const spoil of [
    (answer) => (answer.layers[0].weights[0][0] = null),
    (answer) => (answer.losses[9] = null),
    (answer) => (answer.train_loss = null),
  ]) {
    const bad = async (body) => {
      const answer = await server.ask(body);
      if (answer.step >= 20) spoil(answer);
      return answer;
    };
    const training = new Training(bad, nothing, startSettings);
    await training.play();
    assert.deepEqual([training.broken, training.playing], [true, false]);
    assert.equal(training.layers[0].weights[0][0], 10, "the last good ones are kept");
    await training.reset();
    assert.deepEqual([training.broken, training.step], [false, 0]);
  }

  const failing = new Training(
    () => Promise.reject(new Error("no answer")),
    nothing,
    startSettings,
  );
  await failing.play();
  assert.equal(failing.error.message, "no answer");
  assert.equal(failing.playing, false);
  const still = new Training(counting(0).ask, nothing, startSettings);
  await still.advance(1);
  assert.match(still.error.message, /stands still/);
});
