// What a model answers to one sample, in words and as lengths of bars.
import { fixed, isNumber, percent, short } from "./format.js";

/** @typedef {ArrayLike<number | null>} Outputs */

/** Only cross-entropy knows probabilities; other losses give plain outputs.
 * @param {Run} run */
export const givesProbabilities = (run) =>
  (run.config.loss ?? "cross_entropy") === "cross_entropy";

/** Never rounded up to certainty. @param {number | null | undefined} value
 * @param {number} digits */
function likelihood(value, digits) {
  const most = 1 - 0.5 * 10 ** -(digits + 2);
  if (isNumber(value) && value >= most && value < 1)
    return `over ${percent(1 - 10 ** -(digits + 2), digits)}`;
  return percent(value, digits);
}

/** @param {number | null | undefined} value @param {boolean} probabilities */
export const outputText = (value, probabilities) =>
  probabilities ? percent(value, 1) : fixed(value, 3);

/** What stands behind an answer. With a single output, that output is all there is.
 * @param {Outputs} outputs @param {number} label */
export const outputOf = (outputs, label) => outputs[outputs.length === 1 ? 0 : label];

/** "98.7 % sure", or "output 1.2"; a model whose weights ran away gives neither. @param {Outputs} outputs @param {number} label
 * @param {boolean} probabilities */
export function sureText(outputs, label, probabilities) {
  const value = outputOf(outputs, label);
  if (!isNumber(value)) return "not a number";
  return probabilities ? `${likelihood(value, 1)} sure` : `output ${short(value, 3)}`;
}

/** "Looks like 7, 97 %". @param {string} name @param {Outputs} outputs @param {number} label
 * @param {boolean} probabilities */
export function looksLike(name, outputs, label, probabilities) {
  const value = outputOf(outputs, label);
  if (!isNumber(value)) return "No answer: its outputs are not numbers";
  const how = probabilities ? likelihood(value, 0) : `output ${short(value, 3)}`;
  return `Looks like ${name}, ${how}`;
}

/**
 * The values that bars run from and to: 0 to 1, or around 0 as far as they reach; to both
 * sides alike where a single output tells two classes apart.
 * @param {Outputs} outputs @param {boolean} probabilities @returns {[number, number]}
 */
export function barRange(outputs, probabilities) {
  if (probabilities) return [0, 1];
  const known = Array.from(outputs).filter(isNumber);
  const reach = Math.max(1, ...known.map(Math.abs));
  if (outputs.length === 1) return [-reach, reach];
  return [Math.min(0, ...known), Math.max(1, ...known)];
}

/** The names of a model's outputs. A single one stands for class 1.
 * @param {string[]} classes @param {number} count of outputs */
export const outputNames = (classes, count) => (count === 1 ? [classes[1]] : classes);

/** The outputs in words, the highest first: "9 98.7 %, 4 1.2 %".
 * @param {Outputs} outputs @param {string[]} names @param {boolean} probabilities */
export function outputsText(outputs, names, probabilities, most = 3) {
  const order = names.map((_, i) => i);
  order.sort((a, b) => Number(outputs[b]) - Number(outputs[a]));
  const listed = order.slice(0, most).map((i) => {
    return `${names[i]} ${outputText(outputs[i], probabilities)}`;
  });
  return listed.join(", ");
}

/** More bars are not drawn at once. */
const MOST_BARS = 20;

/** The outputs that are shown as bars: all, or the highest, and what is right in any case.
 * @param {Outputs} outputs @param {number} right -1: not known @returns {number[]} in their
 *   order */
export function shownOutputs(outputs, right) {
  const order = Array.from(outputs, (_, i) => i);
  if (order.length <= MOST_BARS) return order;
  const rank = (/** @type {number} */ i) => (i === right ? Infinity : Number(outputs[i]));
  order.sort((a, b) => rank(b) - rank(a) || a - b);
  return order.slice(0, MOST_BARS).sort((a, b) => a - b);
}
