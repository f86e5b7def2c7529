// Where a person stands in a walk and what was learnt so far: the part of the view state
// that all pages with a graph share.
import { clamp, readCount, readNumber, readNumbers, tidy } from "./query.js";
import { lastOf, placeIn, stateAt } from "./walk.js";

/** @typedef {import("./walk.js").Walk} Walk */

/**
 * @typedef {object} WalkState
 * @property {number | null} step  null: the end
 * @property {number | null} picked  the value that is looked at
 * @property {number} lr
 * @property {number[] | null} kept  gradients that still stand at the parameters from the
 *   pass before a gradient step
 * @property {number[]} past  what the output was before the newest gradient steps
 * @property {number} taken   gradient steps
 */

export const START_LR = 0.1;
const LONGEST_PAST = 60;

/** @param {Record<string, string>} query @returns {WalkState} */
export function readWalk({ step, value, lr, kept, past, taken }) {
  const rate = readNumber(lr);
  return {
    step: readCount(step, 0),
    picked: readCount(value, 0),
    lr: rate !== null && rate > 0 ? rate : START_LR,
    kept: readNumbers(kept),
    past: readNumbers(past) ?? [],
    taken: readCount(taken, 0) ?? 0,
  };
}

/** @param {WalkState} state @returns {Record<string, unknown>} */
export const writeWalk = ({ step, picked, lr, kept, past, taken }) => ({
  step,
  value: picked,
  lr: lr === START_LR ? null : lr,
  kept: kept && kept.join(","),
  past: past.join(","),
  taken: taken || null,
});

/** Other numbers: nothing learnt on the old ones counts any more. */
export const fresh = /** @type {const} */ ({ kept: null, past: [], taken: 0 });

const learnt = new Set(["weight", "bias", "variable"]);

/** What a gradient step changes, in the graph's order. @param {Trace} trace
 * @returns {TraceNode[]} */
export const parametersOf = ({ nodes }) => nodes.filter(({ role }) => learnt.has(role));

/** The gradients that stand at the parameters, by id.
 * @param {Trace} trace @param {number[] | null} kept */
export const keptMap = (trace, kept) =>
  new Map(parametersOf(trace).map(({ id }, i) => [id, kept?.[i] ?? 0]));

/** @param {Walk} walk @param {number} index @returns {number[]} */
function gradientsAt(walk, index) {
  const { gradients } = stateAt(walk, index);
  return parametersOf(walk.trace).map(({ id }) => tidy(gradients.get(id) ?? 0));
}

/** @param {Walk} walk */
export const outputOf = ({ nodes, trace }) => nodes.get(trace.output)?.data ?? null;

/** @param {Walk} walk @param {WalkState} state */
const pastWith = (walk, { past }) =>
  [...past, tidy(outputOf(walk) ?? NaN)].slice(-LONGEST_PAST);

/** Can a gradient step be taken: are all gradients known, and numbers? @param {Walk} walk
 * @param {number | null} step */
export const canLearn = (walk, step) =>
  placeIn(walk, step) === lastOf(walk) && gradientsAt(walk, lastOf(walk)).every(Number.isFinite);

/**
 * A gradient step: the parameters move, the gradients stay where they stand until they
 * are zeroed.
 * @param {Walk} walk @param {WalkState} state
 * @returns {{numbers: number[], state: WalkState}} the parameters' numbers, in order
 */
export function gradientStep(walk, state) {
  const kept = gradientsAt(walk, lastOf(walk));
  const numbers = parametersOf(walk.trace).map(({ data }, i) =>
    clamp((data ?? NaN) - state.lr * kept[i]),
  );
  const past = pastWith(walk, state);
  const taken = state.taken + 1;
  return { numbers, state: { ...state, kept, past, taken, step: walk.forwardEnd } };
}

/** A whole round: zeroed gradients, forward, backward, gradient step. `walk` has nothing
 * kept. @param {Walk} walk @param {WalkState} state */
export function round(walk, state) {
  const { numbers, state: next } = gradientStep(walk, state);
  return { numbers, state: { ...next, kept: null, step: null } };
}

/** No gradient is known any more. @param {Walk} walk @param {WalkState} state
 * @returns {WalkState} */
export const zeroed = (walk, state) => ({
  ...state,
  kept: null,
  step: Math.min(placeIn(walk, state.step), walk.forwardEnd),
});
