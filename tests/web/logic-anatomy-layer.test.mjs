// The layer that is taken apart: its address, its size, its sums.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  layoutLayer,
  lineWidth,
  WIDTH,
} from "../../web/src/logic/anatomy/layer-layout.js";
import {
  layerBody,
  readLayer,
  redraw,
  replaced,
  resize,
  resultsOf,
  startLayer,
  sumText,
  writeLayer,
} from "../../web/src/logic/anatomy/layer-state.js";

/** As the address gives it back: texts, and nothing that was left out. */
const through = (changes) =>
  Object.fromEntries(
    Object.entries(changes)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, String(value)]),
  );

const layer = {
  inputs: [1, -0.5],
  weights: [
    [0.25, 3],
    [-1e-3, 7],
    [0, 0],
  ],
  biases: [0, 1, -2],
  activation: "tanh",
  neuron: 2,
};

test("a layer goes into the address and comes back", () => {
  assert.deepEqual(readLayer(through(writeLayer(layer))), layer);
  const start = startLayer();
  assert.deepEqual(through(writeLayer(start)), {}, "the start needs no address");
  assert.deepEqual(readLayer({}), start);
  const tanh = { ...start, activation: "tanh" };
  assert.deepEqual(through(writeLayer(tanh)), { f: "tanh" });
  assert.deepEqual(readLayer({ f: "tanh" }), tanh);
});

test("an address that says nothing whole gives the start", () => {
  const good = through(writeLayer(layer));
  for (const bad of [
    { x: "1,2,3" },
    { x: "1,two" },
    { x: "" },
    { w: "1,2" },
    { w: "1,2_3_4,5" },
    { b: "1" },
    { b: "1,2,1e9" },
    { x: "1,2,3,4,5", w: "1,2,3,4,5", b: "1" },
    { x: "1", w: "1_1_1_1_1_1", b: "1,1,1,1,1,1" },
  ])
    assert.deepEqual(readLayer({ ...good, ...bad }).weights, startLayer().weights);
  for (const neuron of ["0", "4", "x", "1.5"])
    assert.equal(readLayer({ ...good, neuron }).neuron, null);
  assert.equal(readLayer({ f: "constructor" }).activation, "relu");
});

test("a layer grows by drawn numbers and shrinks to what was there", () => {
  const wider = resize(layer, 3, 4, () => 1);
  assert.deepEqual(wider.inputs, [1, -0.5, 2]);
  assert.deepEqual(wider.weights[0], [0.25, 3, 2]);
  assert.deepEqual(wider.weights[3], [2, 2, 2]);
  assert.deepEqual(wider.biases, [0, 1, -2, 2]);
  assert.deepEqual(resize(wider, 2, 3), layer);
  assert.equal(resize(layer, 2, 2).neuron, null, "the lit neuron is gone");
  const drawn = redraw(layer, () => 0);
  assert.deepEqual(drawn.inputs, layer.inputs);
  assert.deepEqual(drawn.weights.flat(), [-2, -2, -2, -2, -2, -2]);
  assert.deepEqual(replaced([1, 2, 3], 1, 9), [1, 9, 3]);
});

test("a sum is written out, numbers below zero in brackets", () => {
  assert.equal(sumText([0.5, -1], [2, 0.3], 0.1), "0.5 × 2 + (-1) × 0.3 + 0.1");
  assert.equal(sumText([1], [-2], -3), "1 × (-2) + (-3)");
});

/** What the engine answers: the sum, then the activation over it. */
const trace = (op) => ({
  nodes: [
    { id: 0, op: "", inputs: [], data: 2, group: null },
    { id: 1, op: "*", inputs: [0, 0], data: 4, group: "layer 1 neuron 1" },
    { id: 2, op: "+", inputs: [1, 0], data: -6, group: "layer 1 neuron 1" },
    { id: 3, op, inputs: [2], data: 0, group: "layer 1 neuron 1" },
    { id: 4, op: "+", inputs: [1, 0], data: null, group: "layer 1 neuron 2" },
    { id: 5, op, inputs: [4], data: null, group: "layer 1 neuron 2" },
  ],
  forward: [0, 1, 2, 3, 4, 5],
});

test("sums and outputs are found in the engine's answer", () => {
  const state = { biases: [0, 0], activation: "relu" };
  assert.deepEqual(resultsOf(trace("relu"), state), {
    sums: [-6, null],
    outputs: [0, null],
  });
  const plain = trace("relu");
  plain.forward = [0, 1, 2, 4];
  const linear = resultsOf(plain, { biases: [0, 0, 0], activation: "linear" });
  assert.deepEqual(linear, { sums: [-6, null, null], outputs: [-6, null, null] });
});

test("every input has a line to every neuron, thicker for larger weights", () => {
  const { height, inputs, neurons, edges } = layoutLayer(layer.weights);
  assert.equal(edges.length, 6);
  assert.deepEqual([inputs.length, neurons.length], [2, 3]);
  const middle = (places) => places.reduce((sum, { y }) => sum + y, 0) / places.length;
  assert.equal(middle(inputs), height / 2);
  assert.equal(middle(neurons), height / 2);
  for (const { x, y } of [...inputs, ...neurons])
    assert.ok(x > 0 && x < WIDTH && y > 0 && y < height);
  assert.ok(lineWidth(2) > lineWidth(-1));
  assert.equal(lineWidth(100), lineWidth(-1000));
  assert.ok(lineWidth(0) > 0);
});
