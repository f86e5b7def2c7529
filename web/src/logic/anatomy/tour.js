// The guided tour of a neuron: where each step begins in the walk, and when its small task
// is done.
import { short } from "../format.js";
import { lossOf, startNeuron } from "./neuron.js";
import { lastOf } from "./walk.js";
import { outputOf, parametersOf } from "./walk-state.js";
import { nameOf, number, within } from "./words.js";

/** @typedef {import("./walk.js").Walk} Walk */
/** @typedef {import("./walk.js").Pass} Pass */
/** @typedef {import("./neuron.js").NeuronState} NeuronState */

export const TOUR_STEPS = 5;
export const NUDGE = 0.01;

/** The place in the walk that a tour's step shows until the person moves on.
 * @param {number | null} tour @param {Walk} walk */
export function tourStart(tour, walk) {
  if (tour === 2) return 0;
  if (tour === 3) return walk.forwardEnd;
  return tour === 4 ? walk.forwardEnd + 1 : lastOf(walk);
}

/** The first weight's id. @param {Walk} walk */
const firstWeight = ({ trace }) => parametersOf(trace)[0]?.id ?? -1;

/** The edges from the end to a value, if there is one way only.
 * @param {Walk} walk @param {number} id @returns {Pass[]} */
export function chainTo({ steps, trace }, id) {
  const passes = steps.filter((step) => step.kind === "pass");
  /** @type {Pass[]} */
  const chain = [];
  for (let at = id; at !== trace.output; ) {
    const pass = passes.find(({ input }) => input === at);
    if (!pass || chain.length > steps.length) return [];
    chain.unshift(pass);
    at = pass.node;
  }
  return chain;
}

/** "−1.076 × 0.7864 × 1 × 2 = −1.692" for the first weight, and through which values.
 * @param {Walk} walk */
export function chainText(walk) {
  const id = firstWeight(walk);
  const chain = chainTo(walk, id);
  const product = chain.reduce((value, { local }) => value * local, 1);
  const factors = chain.map(({ local }) => within(local)).join(" × ");
  return {
    name: nameOf(walk.nodes, id),
    count: chain.length,
    text: `${factors} = ${number(product)}`,
  };
}

/** Where in the walk the first weight gets its gradient. @param {Walk} walk */
const weightReached = (walk) =>
  walk.steps.findIndex(
    (step) => step.kind === "pass" && step.input === firstWeight(walk),
  );

/** What became of the loss since the tour began. @param {NeuronState} state */
export function nudged(state) {
  const [before, after] = [lossOf(startNeuron), lossOf(state)];
  const moved = state.weights[0] - startNeuron.weights[0];
  if (before === null || after === null || moved === 0) return null;
  return {
    before: short(before),
    after: short(after),
    rate: short((after - before) / moved, 3),
  };
}

/** @param {NeuronState} state */
const isChanged = ({ inputs, weights, bias }) =>
  [inputs, weights, bias].join() !==
  [startNeuron.inputs, startNeuron.weights, startNeuron.bias].join();

/**
 * Is a tour step's task done?
 * @param {NeuronState} state @param {Walk} walk @param {number} index of the walk
 */
export function isDone(state, walk, index) {
  if (state.tour === 1) return isChanged(state);
  if (state.tour === 2) return index >= walk.forwardEnd;
  if (state.tour === 3) return state.weights[0] !== startNeuron.weights[0];
  if (state.tour === 4) return index >= weightReached(walk);
  const before = state.past[0];
  return before !== undefined && Number(outputOf(walk)) < before;
}
