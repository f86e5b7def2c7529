// What the tabs Mistakes, Weights and Try it work out before they draw.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Latest } from "../../web/src/logic/latest.js";
import * as mistakes from "../../web/src/logic/mistakes.js";
import * as outputs from "../../web/src/logic/outputs.js";
import * as plane from "../../web/src/logic/plane.js";
import { signedColour, signedPixels } from "../../web/src/logic/signed.js";
import * as strokes from "../../web/src/logic/strokes.js";
import * as weights from "../../web/src/logic/weights.js";

test("a mistake in words, with and without probabilities", () => {
  const mistake = { index: 1, label: 4, predicted: 9, loss: 4, outputs: [0, 0, 0, 0, 0.01, 0, 0, 0, 0, 0.987] };
  const digits = [..."0123456789"];
  assert.equal(mistakes.verdict(mistake, digits, true).join(" "), "Says 9, is 4 (98.7 % sure)");
  assert.equal(mistakes.verdict(mistake, digits, false).join(" "), "Says 9, is 4 (output 0.987)");
  const right = { ...mistake, label: 9 };
  assert.equal(mistakes.verdict(right, digits, true).join(" "), "Says 9, rightly (98.7 % sure)");
  const single = { ...mistake, label: 0, predicted: 1, outputs: [1.25] };
  assert.equal(mistakes.verdict(single, ["upper", "lower"], false).join(" "), "Says lower, is upper (output 1.25)");
});

test("nothing is said to be certain that is not", () => {
  assert.equal(outputs.sureText([0.99997, 0.00003], 0, true), "over 99.9 % sure");
  assert.equal(outputs.sureText([1, 0], 0, true), "100.0 % sure");
  assert.equal(outputs.looksLike("7", [0.9712], 0, true), "Looks like 7, 97 %");
  assert.equal(outputs.looksLike("7", [0.9991], 0, true), "Looks like 7, over 99 %");
  assert.equal(outputs.looksLike("7", [-0.25], 0, false), "Looks like 7, output -0.25");
  assert.equal(outputs.sureText([null, null], 0, true), "not a number");
  assert.equal(outputs.looksLike("7", [null, null], 0, false), "No answer: its outputs are not numbers");
});

test("bars reach as far as the outputs do", () => {
  assert.deepEqual(outputs.barRange([0.2, 0.8], true), [0, 1]);
  assert.deepEqual(outputs.barRange([-0.5, 0.8], false), [-0.5, 1]);
  assert.deepEqual(outputs.barRange([-2], false), [-2, 2]);
  assert.deepEqual(outputs.barRange([null, null], false), [0, 1]);
  assert.equal(outputs.outputsText([0.1, 0.7, 0.2], ["a", "b", "c"], true, 2), "b 70.0 %, c 20.0 %");
  assert.deepEqual(outputs.outputNames(["upper", "lower"], 1), ["lower"]);
});

const answer = {
  classes: ["a", "b", "c"],
  confusion: [[97, 2, 1], [0, 50, 50], [0, 0, 0]],
  total: 12,
};

test("cells of the confusion matrix: shares of their row, in shades and words", () => {
  const [first, second, third] = mistakes.confusionOf(answer);
  assert.deepEqual(first.map(({ shade }) => shade), [6, 3, 2]);
  assert.deepEqual(second.map(({ shade }) => shade), [0, 6, 6]);
  assert.deepEqual(third.map(({ shade }) => shade), [0, 0, 0]);
  assert.equal(first[1].words, "is a, says b: 2 of 100 (2.0 %)");
  assert.deepEqual(first.map(({ right }) => right), [true, false, false]);
});

test("the address names a cell, a row, or nothing", () => {
  assert.deepEqual(mistakes.filterOf({ actual: "4", predicted: "9" }), { actual: 4, predicted: 9 });
  assert.deepEqual(mistakes.filterOf({ actual: "x", predicted: "-1" }), { actual: null, predicted: null });
  assert.equal(mistakes.listTitle({ actual: null, predicted: null }, answer), "Worst mistakes (12)");
  assert.equal(mistakes.listTitle({ actual: 0, predicted: 1 }, answer), "Is a, says b (12)");
  assert.equal(mistakes.listTitle({ actual: null, predicted: 2 }, answer), "Says c (12)");
});

test("signed colours: the ground at 0, blue above, orange below, the same to both ends", () => {
  for (const theme of ["light", "dark"]) {
    const [red, , blue] = signedColour(1, theme);
    assert.ok(blue > red);
    const below = signedColour(-1, theme);
    assert.ok(below[0] > below[2]);
    assert.deepEqual(signedColour(0, theme), signedColour(Number.NaN, theme));
    assert.deepEqual(signedColour(3, theme), signedColour(1, theme));
  }
  const pixels = signedPixels([0, 2, -2, 9], 2, "light");
  assert.deepEqual([...pixels.slice(0, 3)], signedColour(0, "light"));
  assert.deepEqual([...pixels.slice(4, 7)], signedColour(1, "light"));
  assert.deepEqual([...pixels.slice(12, 15)], signedColour(1, "light"));
  assert.equal(pixels[3], 255);
});

const tensor = (shape, data) => ({ shape, data: Float32Array.from(data) });
const model = new Map([
  ["layers.0.weight", tensor([2, 3], [1, 2, 2, -4, 0, 3])],
  ["layers.0.bias", tensor([2], [0.5, -1])],
  ["layers.1.weight", tensor([1, 2], [1, 1])],
  ["layers.1.bias", tensor([1], [0])],
]);

test("layers and units of a model file", () => {
  const layers = weights.layersOfModel(model);
  assert.deepEqual(layers.map(({ inputs, outputs: count }) => [inputs, count]), [[3, 2], [2, 1]]);
  const units = weights.unitsOf(layers[0], "index");
  assert.deepEqual(units.map(({ norm, bias }) => [norm, bias]), [[3, 0.5], [5, -1]]);
  assert.deepEqual([...units[1].weights], [-4, 0, 3]);
  assert.deepEqual(weights.unitsOf(layers[0], "norm").map(({ index }) => index), [1, 0]);
  assert.deepEqual(weights.rangeOf(layers[0].weight), [-4, 3]);
});

test("a scale is not blown up by an outlier, and never 0", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => (i % 2 ? 1 : -1) * 0.1);
  values[7] = 50;
  assert.ok(Math.abs(weights.scaleOf(values) - 0.1) < 1e-6);
  assert.equal(weights.scaleOf(new Float32Array(5)), 1);
  assert.equal(weights.scaleOf(Float32Array.from([Number.NaN])), 1);
});

test("a matrix too large for a picture is cut at its corner", () => {
  const data = Float32Array.from({ length: 2000 * 3 }, (_, i) => i);
  const layer = { index: 0, inputs: 2000, outputs: 3, weight: data, bias: new Float32Array(3) };
  const { values, width, height } = weights.matrixOf(layer);
  assert.deepEqual([width, height], [1024, 3]);
  assert.equal(values[1024], 2000);
});

test("the pen is fitted to the drawing", () => {
  const large = strokes.fittedPen([[[40, 40], [240, 200]]]);
  const small = strokes.fittedPen([[[40, 40], [90, 80]]]);
  assert.ok(Math.abs(large / (200 + large) - small / (50 + small)) < 1e-9);
  assert.ok(strokes.fittedPen([[[5, 5]]]) > 0);
  assert.deepEqual(strokes.lengthened([[[1, 1]], [[2, 2]]], [3, 3]), [[[1, 1]], [[2, 2], [3, 3]]]);
  assert.deepEqual([strokes.onPad(-5), strokes.onPad(300)], [0, strokes.PAD]);
});

test("places of the plane and back, and a grid from the left top", () => {
  const window = plane.windowOf([{ values: [-1, 0] }, { values: [1, 2] }]);
  assert.deepEqual(window.x.map((value) => Number(value.toFixed(6))), [-1.3, 1.3]);
  const [x, y] = plane.fromShares(window, plane.toShares(window, [0.25, 1.5]));
  assert.ok(Math.abs(x - 0.25) < 1e-12 && Math.abs(y - 1.5) < 1e-12);
  const grid = plane.gridOf(window, 2);
  assert.deepEqual(grid, [[-0.65, 1.65], [0.65, 1.65], [-0.65, 0.35], [0.65, 0.35]]);
  assert.deepEqual(plane.batches([1, 2, 3], 2), [[1, 2], [3]]);
  assert.deepEqual(plane.placeOf("0.5,-1"), [0.5, -1]);
  for (const text of [undefined, "", "1", "a,b", "1,2,3"]) assert.equal(plane.placeOf(text), null);
});

test("one question at a time, and of those that wait only the newest", async () => {
  const asked = [];
  const told = [];
  const waiting = [];
  const latest = new Latest(
    (input) => {
      asked.push(input);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    (value, error) => told.push(error?.message ?? value),
  );
  latest.ask(1);
  latest.ask(2);
  latest.ask(3);
  assert.deepEqual(asked, [1]);
  waiting[0].resolve("one");
  await new Promise(setImmediate);
  assert.deepEqual([asked, told], [[1, 3], ["one"]]);
  waiting[1].reject(new Error("no"));
  await new Promise(setImmediate);
  latest.ask(4);
  latest.ask(5);
  latest.close();
  waiting[2].resolve("four");
  await new Promise(setImmediate);
  assert.deepEqual([asked, told], [[1, 3, 4], ["one", "no"]]);
});
