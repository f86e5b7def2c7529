// A graph of values in words: their names, what a step does, what a value says.
import { isNumber, short } from "../format.js";
import { accumulates, isSettled, stateAt } from "./walk.js";

/** @typedef {import("./walk.js").Walk} Walk */
/** @typedef {import("./walk.js").Pass} Pass */

const LONGEST_NAME = 18;

/** @param {unknown} value */
export const number = (value) => (isNumber(value) ? short(value) : "not a number");

/** As it stands within a sum. @param {unknown} value */
export const within = (value) => {
  const text = number(value);
  return text.startsWith("-") ? `(${text})` : text;
};

/** @type {Record<string, string>} */
const signs = { "+": "+", "-": "−", "*": "×", "/": "÷", neg: "−" };

/** As the graph draws it: ×, **2, tanh. @param {TraceNode} node */
export const opSign = ({ op, constant }) =>
  op === "**" ? `**${number(constant)}` : (signs[op] ?? op);

/** An op written out over its operands' texts. @param {TraceNode} node
 * @param {string[]} operands */
function written(node, operands) {
  const [a, b] = operands;
  if (node.op === "**") return `${a}${opSign(node)}`;
  if (node.op === "neg") return `−${a}`;
  return b === undefined ? `${node.op}(${a})` : `${a} ${opSign(node)} ${b}`;
}

/** A value's label; without one, how it is made, if that is short.
 * @param {Walk["nodes"]} nodes @param {number} id @returns {string} */
export function nameOf(nodes, id) {
  const node = nodes.get(id);
  if (!node) return `value ${id}`;
  if (node.label) return node.label;
  if (!node.inputs.length) return number(node.data);
  const operands = node.inputs.map((input) => operandName(nodes, input));
  const text = written(node, operands);
  return text.length <= LONGEST_NAME ? text : `value ${id}`;
}

/** What the gradients ask about. @param {Walk} walk */
export const goalOf = ({ nodes, trace }) =>
  `${nodes.get(trace.output)?.role === "loss" ? "the " : ""}${nameOf(nodes, trace.output)}`;

/** The same at the beginning of a sentence: names stay as they are written.
 * @param {Walk} walk */
export const goalFirst = (walk) => goalOf(walk).replace(/^the /, "The ");

/** @param {Walk["nodes"]} nodes @param {number} id */
function operandName(nodes, id) {
  const name = nameOf(nodes, id);
  return /[ −]/.test(name) && !name.startsWith("value ") ? `(${name})` : name;
}

/** "out = tanh(0.5) = 0.4621". @param {Walk["nodes"]} nodes @param {TraceNode} node */
function computed(nodes, node) {
  const numbers = node.inputs.map((input) => nodes.get(input)?.data);
  const alone = numbers.length === 1 && !["neg", "**"].includes(node.op);
  const right = written(node, numbers.map(alone ? number : within));
  const name = nameOf(nodes, node.id);
  return `${name} = ${right} = ${number(node.data)}`;
}

/** @param {Walk} walk @param {Pass} pass */
function passText({ nodes }, pass) {
  const node = /** @type {TraceNode} */ (nodes.get(pass.node));
  const [from, to] = [nameOf(nodes, pass.node), nameOf(nodes, pass.input)];
  const product = `${within(pass.local)} × ${within(pass.upstream)} = ${number(pass.share)}`;
  const text =
    `Backward through ${opSign(node)}, from ${from} to ${to}: ` +
    `local derivative × upstream = ${product}.`;
  if (!accumulates(pass)) return text;
  const sum = `${number(pass.before)} + ${within(pass.share)} = ${number(pass.after)}`;
  return `${text} ${to} had a gradient before, so the two add up: ${sum}.`;
}

/**
 * What happens at a step, in one sentence or two.
 * @param {Walk} walk @param {number} index
 */
export function stepText(walk, index) {
  const { nodes, steps, forwardEnd } = walk;
  const step = steps[index];
  const goal = goalOf(walk);
  if (step.kind === "given")
    return "Only the numbers that no operation makes are given. Nothing is computed yet.";
  if (step.kind === "seed")
    return (
      `Backward starts at the end: ${goal} changes exactly as much as itself, ` +
      "so its gradient is 1."
    );
  if (step.kind === "pass") return passText(walk, step);
  if (step.kind === "end") return endText(walk, goal);
  const text = `Forward: ${computed(nodes, /** @type {TraceNode} */ (nodes.get(step.node)))}.`;
  if (index < forwardEnd) return text;
  return `${text} The forward pass is complete${keptText(walk)}`;
}

/** Do old gradients stand anywhere? @param {Walk} walk */
const isMixed = ({ kept }) => [...kept.values()].some((value) => value !== 0);

/** @param {Walk} walk @param {string} goal */
const endText = (walk, goal) =>
  isMixed(walk)
    ? "Done, but the parameters' new gradients were added to old ones: zero them, and " +
      "walk backward again."
    : `Done. Each gradient says how much ${goal} changes when that value grows by a little.`;

/** @param {Walk} walk */
const keptText = (walk) =>
  isMixed(walk)
    ? ", but old gradients still stand at the parameters: zero them, or the next " +
      "backward pass adds to them."
    : "; no gradient is known yet.";

/** A value as it is read out. @param {Walk} walk @param {number} id
 * @param {{known: Set<number>, gradients: Map<number, number>}} state */
export function valueText({ nodes }, id, { known, gradients }) {
  const data = known.has(id) ? number(nodes.get(id)?.data) : "not computed yet";
  return `${nameOf(nodes, id)}, data ${data}, gradient ${number(gradients.get(id) ?? 0)}`;
}

const NUDGE = 0.01;

/** What a value's gradient means at a step, with its own numbers.
 * @param {Walk} walk @param {number} id @param {number} index */
export function gradientText(walk, id, index) {
  const [name, goal] = [nameOf(walk.nodes, id), goalOf(walk)];
  if (id === walk.trace.output) return `${goalFirst(walk)} is what the gradients ask about.`;
  if (!isSettled(walk, id, index)) return "The backward walk has yet to give it its gradient.";
  if (walk.kept.get(id)) return "Part of its gradient is left from the pass before.";
  const gradient = stateAt(walk, index).gradients.get(id) ?? 0;
  if (!isNumber(gradient)) return "";
  if (gradient === 0) return `A little more or less of ${name} changes nothing in ${goal}.`;
  const way = gradient > 0 ? "rises" : "falls";
  const change = short(Math.abs(gradient) * NUDGE, 3);
  return `If ${name} grew by ${NUDGE}, ${goal} ${way} by about ${change}.`;
}
