// The anatomy pages' own state: a neuron, a formula, the tour.
import assert from "node:assert/strict";
import { test } from "node:test";
import { activate } from "../../web/src/logic/anatomy/activations.js";
import { boundary } from "../../web/src/logic/anatomy/boundary.js";
import {
  examples,
  formulaBody,
  mistakeAt,
  readFormula,
  revalued,
  valueOf,
  variablesOf,
  writeFormula,
} from "../../web/src/logic/anatomy/formula.js";
import {
  changed,
  equationText,
  lossOf,
  neuronBody,
  outOf,
  readNeuron,
  resized,
  startNeuron,
  sumOf,
  withParameters,
  writeNeuron,
} from "../../web/src/logic/anatomy/neuron.js";
import { chainText, isDone, nudged, tourStart } from "../../web/src/logic/anatomy/tour.js";
import { lastOf, walkOf } from "../../web/src/logic/anatomy/walk.js";
import { neuron, usedThrice } from "./traces.mjs";

/** What an address gives back of a state's changes. */
const throughAddress = (changes) =>
  Object.fromEntries(
    Object.entries(changes)
      .filter(([, value]) => value !== null && value !== "")
      .map(([name, value]) => [name, String(value)]),
  );
const start = readNeuron({});
const near = (a, b, message) => assert.ok(Math.abs(a - b) < 1e-6, `${message}: ${a}`);

test("a neuron comes back from the address, what is as at the start is left out", () => {
  assert.deepEqual(throughAddress(writeNeuron(start)), {});
  const state = {
    ...start,
    inputs: [1, -2.5, 3],
    weights: [0.1, 0.2, 0.3],
    bias: -1,
    activation: "relu",
    target: null,
    step: 3,
    tour: 2,
  };
  assert.deepEqual(readNeuron(throughAddress(writeNeuron(state))), state);
});

test("an address that makes no sense gives the neuron to start from", () => {
  for (const query of [
    { x: "1,b" },
    { x: "1,2,3,4,5" },
    { w: "" },
    { act: "toString" },
    { target: "much" },
    { tour: "6" },
    { b: "1e99" },
  ])
    assert.deepEqual(readNeuron(query), start, JSON.stringify(query));
  assert.deepEqual(readNeuron({ x: "1", w: "1,2" }).weights, [0.5], "lists of one length");
});

test("inputs are added with numbers of their own, and taken away", () => {
  const four = resized(start, 4);
  assert.deepEqual(four.inputs, [2, -1, 1, -2]);
  assert.equal(four.weights.length, 4);
  assert.deepEqual(resized(four, 1).inputs, [2]);
  assert.deepEqual(resized({ ...start, past: [1], kept: [1] }, 2).past, [], "learnt no more");
});

test("the equation is the neuron's arithmetic", () => {
  near(sumOf(start), 0.5, "sum");
  near(outOf(start), Math.tanh(0.5), "out");
  near(lossOf(start), (Math.tanh(0.5) - 1) ** 2, "loss");
  assert.equal(
    equationText(start),
    "0.5 × 2 + 0.8 × (-1) + 0.3 = 0.5 → tanh → 0.4621",
  );
  assert.equal(
    equationText({ ...start, activation: "linear", inputs: [1], weights: [2] }),
    "2 × 1 + 0.3 = 2.3",
  );
  assert.deepEqual(withParameters([1, 2, 3]), { weights: [1, 2], bias: 3 });
  assert.deepEqual(neuronBody(start), { kind: "neuron", ...startNeuron });
});

test("activations are what the engine has", () => {
  near(activate.gelu(1), 0.8413447, "gelu");
  near(activate.gelu(-2), -0.0455003, "gelu");
  near(activate.sigmoid(0), 0.5, "sigmoid");
  assert.equal(activate.relu(-1), 0);
});

test("the line where the sum is 0 ends at the sides of the square", () => {
  assert.deepEqual(boundary(1, 0, -2, 5), [
    { x: 2, y: -5 },
    { x: 2, y: 5 },
  ]);
  const [a, b] = boundary(0.5, 0.8, 0.3, 5);
  for (const { x, y } of [a, b]) near(0.5 * x + 0.8 * y + 0.3, 0, "on the line");
  assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 5);
  assert.equal(boundary(0, 0, 1, 5), null);
  assert.equal(boundary(0.1, 0.1, 50, 5), null, "outside");
});

test("a formula comes back from the address", () => {
  assert.deepEqual(throughAddress(writeFormula(readFormula({}))), {});
  const state = revalued({ ...readFormula({}), text: "y = p*q\n# é" }, { p: 2, q: -0.5 });
  assert.deepEqual(readFormula(throughAddress(writeFormula(state))).values, {
    a: 2,
    b: -0.5,
    c: 0.8,
    p: 2,
    q: -0.5,
  });
  assert.deepEqual(readFormula({ text: "y = p", values: "p:1,2:3,q:x,__proto__:1" }).values, {
    p: 1,
  });
});

test("an emptied formula stays empty", () => {
  const state = { ...readFormula({}), text: "", values: {} };
  assert.equal(readFormula(throughAddress(writeFormula(state))).text, "");
});

test("names that every object has are names like others", () => {
  const state = readFormula({ text: "y = constructor", values: "x:2" });
  assert.equal(valueOf(state, "constructor"), null);
  assert.equal(valueOf(revalued(state, { constructor: 3 }), "constructor"), 3);
});

test("values are sent for names that the text reads only", () => {
  const values = { a: 1, b: 2, c: 3, y: 4 };
  assert.deepEqual(formulaBody({ text: "y = a*b # c\n", values }).values, { a: 1, b: 2 });
  assert.deepEqual(formulaBody({ text: "b=a;y=b", values }).values, { a: 1 });
});

test("variables are the trace's", () => {
  assert.deepEqual(variablesOf(usedThrice()), [{ name: "a", value: 3 }]);
  for (const { text, values } of examples)
    assert.deepEqual(formulaBody({ text, values }).values, values, text);
});

test("a mistake stands at its line, the caret under its character", () => {
  assert.deepEqual(mistakeAt("a = 1\nb = a $ 2\n", 12), {
    at: 12,
    row: 2,
    column: 7,
    line: "b = a $ 2",
    caret: "      ^",
  });
  assert.deepEqual(mistakeAt("y = ", 4), {
    at: 4,
    row: 1,
    column: 5,
    line: "y = ",
    caret: "    ^",
  });
  assert.equal(mistakeAt("", 99).caret, "^");
  assert.equal(mistakeAt("a\n", 1).row, 1, "the end of a line belongs to it");
});

test("each step of the tour begins where it is about", () => {
  const walk = walkOf(neuron());
  assert.deepEqual(
    [1, 2, 3, 4, 5, null].map((tour) => tourStart(tour, walk)),
    [lastOf(walk), 0, 3, 4, lastOf(walk), lastOf(walk)],
  );
});

test("the chain rule is told with the graph's own numbers", () => {
  const { name, count, text } = chainText(walkOf(neuron()));
  assert.deepEqual([name, count], ["w1", 3]);
  assert.equal(text, "0.7864 × 1 × 2 = 1.573");
});

test("a tour's task is done when it is done", () => {
  const walk = walkOf(neuron());
  const at = (tour, changes = {}) => ({ ...start, ...changes, tour });
  const moved = changed(start, { weights: [0.51, 0.8] });
  assert.equal(isDone(at(1), walk, 0), false);
  assert.equal(isDone(at(1, moved), walk, 0), true);
  assert.equal(isDone(at(2), walk, 2), false);
  assert.equal(isDone(at(2), walk, 3), true);
  assert.equal(isDone(at(3), walk, 3), false);
  assert.equal(isDone(at(3, moved), walk, 3), true);
  assert.equal(isDone(at(4), walk, 7), false);
  assert.equal(isDone(at(4), walk, 8), true, "w1 has its gradient");
  assert.equal(isDone(at(5), walk, 9), false);
  assert.equal(isDone(at(5, { past: [0.4] }), walk, 9), false, "it rose");
  assert.equal(isDone(at(5, { past: [0.5] }), walk, 9), true);
});

test("a nudge tells the slope, close to the gradient", () => {
  assert.equal(nudged(start), null);
  const { before, after, rate } = nudged(changed(start, { weights: [0.51, 0.8] }));
  assert.deepEqual([before, after, rate], ["0.2893", "0.2728", "-1.65"]);
});
