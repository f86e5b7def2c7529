// One neuron by hand: its numbers, the address that keeps them, its question to the engine.
import { number, within } from "./words.js";
import { activate } from "./activations.js";
import { readNumber, readNumbers } from "./query.js";
import { fresh, readWalk, writeWalk } from "./walk-state.js";

/**
 * @typedef {object} Neuron
 * @property {number[]} inputs   1 to 4
 * @property {number[]} weights  one for each
 * @property {number} bias
 * @property {string} activation
 * @property {number | null} target  what the output should be; null: nobody says
 *
 * @typedef {Neuron & import("./walk-state.js").WalkState & {tour: number | null}} NeuronState
 */

export const MAX_INPUTS = 4;
const DEFAULT_TARGET = 1;

/** For an input that is added. */
const spare = { inputs: [2, -1, 1, -2], weights: [0.5, 0.8, -0.6, 0.4] };

/** What the page starts from, and what the tour talks about. @type {Neuron} */
export const startNeuron = {
  inputs: spare.inputs.slice(0, 2),
  weights: spare.weights.slice(0, 2),
  bias: 0.3,
  activation: "tanh",
  target: DEFAULT_TARGET,
};

/** @param {Record<string, string>} query */
function readShape({ x, w }) {
  const [inputs, weights] = [readNumbers(x), readNumbers(w)];
  const count = (inputs ?? weights ?? startNeuron.inputs).length;
  /** @param {number[] | null} list @param {number[]} base */
  const filled = (list, base) => (list?.length === count ? list : base.slice(0, count));
  if (count > MAX_INPUTS)
    return { inputs: startNeuron.inputs, weights: startNeuron.weights };
  return {
    inputs: filled(inputs, spare.inputs),
    weights: filled(weights, spare.weights),
  };
}

/** @param {Record<string, string>} query @returns {NeuronState} */
export function readNeuron(query) {
  const tour = readNumber(query.tour);
  return {
    ...readShape(query),
    bias: readNumber(query.b) ?? startNeuron.bias,
    activation:
      query.act && Object.hasOwn(activate, query.act) ? query.act : startNeuron.activation,
    target: query.target === "none" ? null : (readNumber(query.target) ?? DEFAULT_TARGET),
    ...readWalk(query),
    tour: tour !== null && [1, 2, 3, 4, 5].includes(tour) ? tour : null,
  };
}

/** @param {number[]} list @param {number[]} base */
const listText = (list, base) => (list.join() === base.join() ? null : list.join());

/** The changes to the query: what is as it starts is left out. @param {NeuronState} state */
export const writeNeuron = (state) => ({
  x: listText(state.inputs, startNeuron.inputs),
  w: listText(state.weights, startNeuron.weights),
  b: state.bias === startNeuron.bias ? null : state.bias,
  act: state.activation === startNeuron.activation ? null : state.activation,
  target:
    state.target === null ? "none" : state.target === DEFAULT_TARGET ? null : state.target,
  tour: state.tour,
  ...writeWalk(state),
});

/** @param {Neuron} neuron */
export const neuronBody = ({ inputs, weights, bias, activation, target }) => ({
  kind: "neuron",
  inputs,
  weights,
  bias,
  activation,
  target,
});

/** A neuron with other numbers: what was learnt is gone. @template {NeuronState} T
 * @param {T} state @param {Partial<Neuron>} changes @returns {T} */
export const changed = (state, changes) => ({ ...state, ...changes, ...fresh });

/** @param {NeuronState} state @param {number} count of inputs */
export const resized = (state, count) =>
  changed(state, {
    inputs: [...state.inputs, ...spare.inputs.slice(state.inputs.length)].slice(0, count),
    weights: [...state.weights, ...spare.weights.slice(state.weights.length)].slice(0, count),
  });

/** @param {number[]} list @param {number} at @param {number} value */
export const replaced = (list, at, value) =>
  list.map((old, i) => (i === at ? value : old));

/** The neuron with other weights and bias. @param {number[]} parameters weights, then bias
 * @returns {Pick<Neuron, "weights" | "bias">} */
export const withParameters = (parameters) => ({
  weights: parameters.slice(0, -1),
  bias: /** @type {number} */ (parameters.at(-1)),
});

/** @param {Neuron} neuron */
export const sumOf = ({ inputs, weights, bias }) =>
  inputs.reduce((sum, input, i) => sum + weights[i] * input, bias);

/** @param {Neuron} neuron */
export const outOf = (neuron) => activate[neuron.activation](sumOf(neuron));

/** @param {Neuron} neuron @returns {number | null} */
export const lossOf = (neuron) =>
  neuron.target === null ? null : (outOf(neuron) - neuron.target) ** 2;

/** @typedef {{name: string, text: string, kind: string}} Term of the equation */

/** The weighted sum, term by term. @param {Neuron} neuron @returns {Term[]} */
export function termsOf({ inputs, weights, bias }) {
  const products = inputs.flatMap((input, i) => [
    { name: `w${i + 1}`, text: number(weights[i]), kind: "weight" },
    { name: "×", text: "×", kind: "sign" },
    { name: `x${i + 1}`, text: within(input), kind: "input" },
    { name: "+", text: "+", kind: "sign" },
  ]);
  return [...products, { name: "b", text: within(bias), kind: "bias" }];
}

/** The whole equation as one line. @param {Neuron} neuron */
export function equationText(neuron) {
  const { activation } = neuron;
  const sum = number(sumOf(neuron));
  const terms = termsOf(neuron).map(({ text }) => text);
  const bent = activation === "linear" ? "" : ` → ${activation} → ${number(outOf(neuron))}`;
  return `${terms.join(" ")} = ${sum}${bent}`;
}
