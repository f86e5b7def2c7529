// A formula of a person's own: its text, the values of its variables, its mistakes.
import { readNumber } from "./query.js";
import { fresh, readWalk, writeWalk } from "./walk-state.js";

/**
 * @typedef {{text: string, values: Record<string, number>}} Formula
 * @typedef {Formula & import("./walk-state.js").WalkState} FormulaState
 * @typedef {{name: string, about: string} & Formula} Example
 */

/** @type {Example[]} */
export const examples = [
  {
    name: "Product and sum",
    about: "Every value has one use: the chain rule is plain multiplication.",
    text: "d = a*b + c\nL = d * f",
    values: { a: 2, b: -3, c: 10, f: -2 },
  },
  {
    name: "Used twice",
    about: "a is used three times: its gradient is the sum of three shares.",
    text: "y = a*a + a",
    values: { a: 3 },
  },
  {
    name: "Squashed",
    about: "tanh lets little through where it is flat: make c large and see.",
    text: "d = a*b + c.tanh()\nL = d**2",
    values: { a: 2, b: -0.5, c: 0.8 },
  },
  {
    name: "A neuron",
    about: "The weighted sum plus a bias, bent, and compared with a target.",
    text: "n = w1*x1 + w2*x2 + b   # the weighted sum\nout = tanh(n)\nloss = (out - t)**2",
    values: { w1: 0.5, x1: 2, w2: 0.8, x2: -1, b: 0.3, t: 1 },
  },
  {
    name: "micrograd's README",
    about: "The expression from micrograd's README: g = 24.70, dg/da = 138.8, dg/db = 645.6.",
    text: [
      "c = a + b",
      "d = a*b + b**3",
      "c2 = c + c + 1",
      "c3 = c2 + 1 + c2 + (-a)",
      "d2 = d + d*2 + (b + a).relu()",
      "d3 = d2 + 3*d2 + (b - a).relu()",
      "e = c3 - d3",
      "f = e**2",
      "g = f/2 + 10/f",
    ].join("\n"),
    values: { a: -4, b: 2 },
  },
];

const start = examples[2];
const LONGEST = 4000;
/** In the address, where nothing would stand for what the page starts with. */
const EMPTY = "\n";

/** "a:2,b:-3". @param {string | undefined} text */
function readValues(text) {
  const pairs = (text ?? "").split(",").map((part) => part.split(":"));
  const values = pairs.flatMap(([name, value]) => {
    const number = readNumber(value);
    const known = /^[A-Za-z_]\w*$/.test(name) && name !== "__proto__";
    return known && number !== null ? [[name, number]] : [];
  });
  return Object.fromEntries(values);
}

/** @param {Record<string, number>} values */
const valuesText = (values) =>
  Object.entries(values)
    .map(([name, value]) => `${name}:${value}`)
    .join();

/** @param {Record<string, string>} query @returns {FormulaState} */
export function readFormula(query) {
  const given = query.text === undefined ? start : query;
  const text = given.text === EMPTY ? "" : String(given.text);
  return {
    text: text.slice(0, LONGEST),
    values:
      query.values === undefined && given === start
        ? start.values
        : readValues(query.values),
    ...readWalk(query),
  };
}

/** The changes to the query: nothing of what the page starts with.
 * @param {FormulaState} state */
export function writeFormula(state) {
  const same = state.text === start.text && valuesText(state.values) === valuesText(start.values);
  return {
    text: same ? null : state.text || EMPTY,
    values: same ? null : valuesText(state.values),
    ...writeWalk(state),
  };
}

/** Values of names that the text mentions: others are kept for when it does again.
 * @param {Formula} formula */
export function formulaBody({ text, values }) {
  const code = text.replace(/#.*/g, "");
  const names = new Set(code.match(/[A-Za-z_]\w*/g));
  for (const [, name] of code.matchAll(/(?:^|[\n;])\s*([A-Za-z_]\w*)\s*=/g))
    names.delete(name);
  const used = Object.entries(values).filter(([name]) => names.has(name));
  return { kind: "expression", text, values: Object.fromEntries(used) };
}

/** Another formula: nothing of the walk so far is about it.
 * @template {FormulaState} T @param {T} state @param {Partial<Formula>} changes @returns {T} */
export const rewritten = (state, changes) => ({
  ...state,
  ...changes,
  ...fresh,
  step: null,
  picked: null,
});

/** @template {FormulaState} T @param {T} state @param {Record<string, number>} values
 * @returns {T} */
export const revalued = (state, values) => ({
  ...state,
  values: { ...state.values, ...values },
  ...fresh,
});

/** The value that is set for a name, if any: "constructor" is a name like others.
 * @param {Formula} formula @param {string} name */
export const valueOf = ({ values }, name) =>
  Object.hasOwn(values, name) ? values[name] : null;

/** @param {Trace} trace @returns {{name: string, value: number | null}[]} */
export const variablesOf = ({ nodes }) =>
  nodes
    .filter(({ role }) => role === "variable")
    .map(({ label, data }) => ({ name: label, value: data }));

/**
 * Where a mistake is: its line, and a caret under the character.
 * @param {string} text @param {number} position in the whole text
 */
export function mistakeAt(text, position) {
  const at = Math.min(Math.max(0, position), text.length);
  const begin = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  const line = text.slice(begin, end < 0 ? undefined : end);
  const row = text.slice(0, begin).split("\n").length;
  return { at, row, column: at - begin + 1, line, caret: `${" ".repeat(at - begin)}^` };
}
