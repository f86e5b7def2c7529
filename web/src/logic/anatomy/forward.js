// What a network says, from its parameters: the page draws with it what the engine
// trained.
// Works through columns: one array for each input or unit, an entry for each point.
import { activate } from "./activations.js";

/** @typedef {ArrayLike<number>} Column */

/** @param {number[]} weights @param {number} bias @param {Column[]} inputs
 * @param {(x: number) => number} activation */
function unitColumn(weights, bias, inputs, activation) {
  const out = new Float64Array(inputs[0].length).fill(bias);
  weights.forEach((weight, k) => {
    const column = inputs[k];
    for (let i = 0; i < out.length; i++) out[i] += weight * column[i];
  });
  for (let i = 0; i < out.length; i++) out[i] = activation(out[i]);
  return out;
}

/**
 * The outputs of all units of all layers; the last layer has no activation.
 * @param {LayerValues[]} layers @param {string} activation @param {Column[]} inputs
 * @returns {Float64Array[][]} by layer, by unit
 */
export function forward(layers, activation, inputs) {
  /** @type {Float64Array[][]} */
  const all = [];
  layers.forEach(({ weights, biases }, depth) => {
    const f = activate[depth < layers.length - 1 ? activation : "linear"];
    const below = depth > 0 ? all[depth - 1] : inputs;
    all.push(weights.map((row, unit) => unitColumn(row, biases[unit], below, f)));
  });
  return all;
}

/** Which output is the largest, for each point. @param {Column[]} outputs */
export function classesOf(outputs) {
  return Uint8Array.from({ length: outputs[0].length }, (_, i) => {
    let best = 0;
    for (let k = 1; k < outputs.length; k++)
      if (outputs[k][i] > outputs[best][i]) best = k;
    return best;
  });
}

/** The largest output's share by softmax, for each point. @param {Column[]} outputs
 * @param {Uint8Array} classes */
export const certainty = (outputs, classes) =>
  Float64Array.from(classes, (best, i) => {
    const sum = outputs.reduce(
      (s, column) => s + Math.exp(column[i] - outputs[best][i]),
      0,
    );
    return 1 / sum;
  });

/**
 * The share of points that the network puts into their class.
 * @param {LayerValues[]} layers @param {string} activation
 * @param {{values: number[], label: number}[]} samples
 */
export function accuracyOf(layers, activation, samples) {
  const inputs = [0, 1].map((k) => Float64Array.from(samples, ({ values }) => values[k]));
  const outputs = forward(layers, activation, inputs)[layers.length - 1];
  const classes = classesOf(outputs);
  return samples.filter(({ label }, i) => classes[i] === label).length / samples.length;
}

/** The square around all points, with a margin. @param {{values: number[]}[]} samples */
export function reachOf(samples) {
  const sizes = samples.flatMap(({ values }) => values.map(Math.abs));
  return 1.08 * sizes.reduce((a, b) => Math.max(a, b), 0.01);
}

/**
 * The middles of the cells of a square grid, rows from the top, as two columns.
 * @param {number} reach of the square to all sides @param {number} size cells a side
 */
export function gridColumns(reach, size) {
  const place = (/** @type {number} */ i) => reach * ((2 * i + 1) / size - 1);
  const count = size * size;
  return [
    Float64Array.from({ length: count }, (_, i) => place(i % size)),
    Float64Array.from({ length: count }, (_, i) => -place(Math.floor(i / size))),
  ];
}
