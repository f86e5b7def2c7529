// One layer by hand: its numbers, the address that keeps them, and its sums in words.
import { short } from "../format.js";

export const MAX_INPUTS = 4;
export const MAX_NEURONS = 5;
export const activations = ["relu", "tanh", "sigmoid", "gelu", "linear"];

/**
 * @typedef {object} LayerState
 * @property {number[]} inputs
 * @property {number[][]} weights  a row for each neuron, an entry for each input
 * @property {number[]} biases
 * @property {string} activation
 * @property {number | null} neuron  the one that is lit up, from 0
 */

/** @returns {LayerState} */
export const startLayer = () => ({
  inputs: [2, 0.3, -1],
  weights: [
    [0.5, -1, 0.2],
    [-0.4, 0.9, 1.5],
    [1.2, 0.5, -0.7],
  ],
  biases: [0.1, 0.8, -1],
  activation: "relu",
  neuron: null,
});

const LARGEST = 1e6;

/** Up to six digits, as an address and a box show them. @param {number} value */
export const tidy = (value) => Number(value.toPrecision(6));

/** Is it a number that the boxes take? @param {number} value */
export const isUsable = (value) => Math.abs(value) <= LARGEST;

/** @param {string | undefined} text @returns {number[]} none where one is not usable */
function readNumbers(text) {
  const values = (text ?? "").split(",").map((part) => (part ? Number(part) : NaN));
  return values.every(isUsable) ? values : [];
}

/** What the address says where it says something whole, else a layer to start from.
 * @param {Record<string, string>} query @returns {LayerState} */
export function readLayer({ x, w, b, f, neuron }) {
  const start = startLayer();
  const inputs = readNumbers(x);
  const weights = (w ?? "").split("_").map(readNumbers);
  const biases = readNumbers(b);
  const fits =
    inputs.length > 0 &&
    inputs.length <= MAX_INPUTS &&
    biases.length <= MAX_NEURONS &&
    weights.length === biases.length &&
    weights.every((row) => row.length === inputs.length);
  const state = { ...start, ...(fits ? { inputs, weights, biases } : {}) };
  const lit = Number(neuron) - 1;
  return {
    ...state,
    activation: activations.includes(f) ? f : start.activation,
    neuron: lit >= 0 && Number.isInteger(lit) && lit < state.biases.length ? lit : null,
  };
}

/** @param {LayerState} state */
const writeNumbers = ({ inputs, weights, biases }) => ({
  x: inputs.map(tidy).join(),
  w: weights.map((row) => row.map(tidy).join()).join("_"),
  b: biases.map(tidy).join(),
});

/** The same as view state for the address. @param {LayerState} state */
export function writeLayer(state) {
  const start = startLayer();
  const numbers = writeNumbers(state);
  const unchanged = JSON.stringify(numbers) === JSON.stringify(writeNumbers(start));
  return {
    ...(unchanged ? { x: null, w: null, b: null } : numbers),
    f: state.activation === start.activation ? null : state.activation,
    neuron: state.neuron === null ? null : state.neuron + 1,
  };
}

/** A list with another value at one place. @template T
 * @param {T[]} list @param {number} at @param {T} value */
export const replaced = (list, at, value) =>
  list.map((old, i) => (i === at ? value : old));

/** @param {number[]} list @param {number} length @param {() => number} fresh */
const fit = (list, length, fresh) => Array.from({ length }, (_, i) => list[i] ?? fresh());

/** @param {() => number} random from 0 to 1 */
const drawn = (random) => Math.round((random() * 4 - 2) * 10) / 10;

/**
 * With more or fewer inputs or neurons; what is new is drawn.
 * @param {LayerState} state @param {number} inputs @param {number} neurons
 * @param {() => number} [random] @returns {LayerState}
 */
export function resize(state, inputs, neurons, random = Math.random) {
  const fresh = () => drawn(random);
  return {
    ...state,
    inputs: fit(state.inputs, inputs, fresh),
    weights: Array.from({ length: neurons }, (_, i) =>
      fit(state.weights[i] ?? [], inputs, fresh),
    ),
    biases: fit(state.biases, neurons, fresh),
    neuron: state.neuron !== null && state.neuron < neurons ? state.neuron : null,
  };
}

/** New weights and biases for the same inputs. @param {LayerState} state
 * @param {() => number} [random] @returns {LayerState} */
export const redraw = (state, random = Math.random) =>
  resize(
    { ...state, weights: [], biases: [] },
    state.inputs.length,
    state.biases.length,
    random,
  );

/** What POST /anatomy is asked. @param {LayerState} state */
export const layerBody = ({ inputs, weights, biases, activation }) => ({
  kind: "layer",
  inputs,
  weights,
  biases,
  activation,
  of: 0,
});

/** @param {number} value */
const inSum = (value) => (value < 0 ? `(${short(value)})` : short(value));

/** "0.5 × 2 + (-1) × 0.3 + 0.1", a weighted sum written out.
 * @param {number[]} weights @param {number[]} inputs @param {number} bias */
export const sumText = (weights, inputs, bias) =>
  [
    ...weights.map((weight, i) => `${inSum(weight)} × ${inSum(inputs[i])}`),
    inSum(bias),
  ].join(" + ");

/**
 * What the engine made of a layer: each neuron's last node is its output, and what the
 * activation there looks at is the sum.
 * @param {Pick<Trace, "nodes" | "forward">} trace @param {LayerState} state
 * @returns {{sums: (number | null)[], outputs: (number | null)[]}}
 */
export function resultsOf({ nodes, forward }, { biases, activation }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ends = biases.map((_, i) => {
    const own = forward.filter((id) => byId.get(id)?.group?.endsWith(`neuron ${i + 1}`));
    return byId.get(own.at(-1) ?? -1);
  });
  /** @param {TraceNode | undefined} end */
  const sumBelow = (end) => (end?.op === activation ? byId.get(end.inputs[0]) : end);
  return {
    sums: ends.map((end) => sumBelow(end)?.data ?? null),
    outputs: ends.map((end) => end?.data ?? null),
  };
}
