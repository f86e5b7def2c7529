// What a sweep varies: the ways to give a field's range, and ranges as texts.
import { isNumber } from "./format.js";

/** @typedef {keyof ParameterRange} Way */
/** @typedef {Record<string, ParameterRange>} Space */

export const MAX_PARAMETERS = 12;

/** What a sweep sets by itself, what it is judged by, and what only labels. */
const fixed = new Set(
  "name tags notes seed test_at target_accuracy stop_at_target time_budget_s".split(" "),
);

/** @param {Field} field */
export const canVary = ({ name }) => !fixed.has(name);

/** @param {Field} field @returns {Way[]} the first is the usual one */
export function waysOf({ kind }) {
  if (kind === "integer") return ["values", "int_log_uniform", "int_uniform"];
  return kind === "number" ? ["values", "log_uniform", "uniform"] : ["values"];
}

/** @type {Record<Way, string>} */
export const wayLabels = {
  values: "List of values",
  uniform: "Even range",
  int_uniform: "Even range",
  log_uniform: "Log range",
  int_log_uniform: "Log range",
};

/** @param {ParameterRange} range @returns {Way} */
export const wayOf = (range) => /** @type {Way} */ (Object.keys(range)[0] ?? "values");

/** A range's values, or its two ends. @param {ParameterRange} range @returns {unknown[]} */
export const entriesOf = (range) => range[wayOf(range)] ?? [];

/** Where to begin with a field; the order is that in which fields are suggested.
 * @type {Space} */
const suggestions = {
  batch_size: { values: [4, 16, 64, 256, 1024] },
  lr: { values: [0.03, 0.1, 0.3, 1] },
  hidden: { values: [[64], [128], [128, 64]] },
  epochs: { int_uniform: [1, 20] },
  momentum: { uniform: [0, 0.95] },
  weight_decay: { values: [0, 1e-5, 1e-4, 1e-3] },
  dropout: { values: [0, 0.2, 0.5] },
  warmup_steps: { values: [0, 100, 1000] },
  grad_clip: { values: [null, 1, 5] },
  beta1: { values: [0.8, 0.9, 0.95] },
  beta2: { values: [0.99, 0.999] },
  eps: { log_uniform: [1e-9, 1e-6] },
  train_samples: { values: [1000, 10000, null] },
  patience: { values: [3, 10, null] },
};

/** @param {Field} field @returns {ParameterRange} */
export function suggestedRange(field) {
  if (suggestions[field.name]) return suggestions[field.name];
  if (field.kind === "choice") return { values: field.choices };
  return { values: field.kind === "boolean" ? [false, true] : [field.default] };
}

/** The field to offer next: one that is often worth varying, else any.
 * @param {Field[]} free @returns {Field | undefined} */
export function nextField(free) {
  const usual = Object.keys(suggestions).flatMap(
    (name) => free.find((field) => field.name === name) ?? [],
  );
  return usual[0] ?? free[0];
}

/** The space with one entry another, in its place; null takes it out.
 * @param {Space} space @param {string} name @param {[string, ParameterRange] | null} entry */
export function withEntry(space, name, entry) {
  const entries = Object.entries(space);
  return Object.fromEntries(
    entries.flatMap((old) => (old[0] !== name ? [old] : entry ? [entry] : [])),
  );
}

const STEPS = 5;

/** Five values from the lower end to the upper, even as the range is.
 * @param {Field} field @param {Way} way @param {number} low @param {number} high */
function spread(field, way, low, high) {
  const log = way.includes("log") && low > 0;
  const values = Array.from({ length: STEPS }, (_, i) => {
    const u = i / (STEPS - 1);
    const value = log ? low * (high / low) ** u : low + (high - low) * u;
    return field.kind === "integer" ? Math.round(value) : Number(value.toPrecision(2));
  });
  return [...new Set(values)];
}

/** The range given in another way, as alike as can be.
 * @param {Field} field @param {ParameterRange} range @param {Way} way @returns {ParameterRange} */
export function withWay(field, range, way) {
  const numbers = entriesOf(range).filter(isNumber);
  const [least, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (!numbers.length) return { [way]: way === "values" ? [field.default] : ["", ""] };
  if (way === "values") return { values: spread(field, wayOf(range), least, high) };
  const smallest = field.kind === "integer" ? 1 : high / 1000;
  return { [way]: [way.includes("log") && least <= 0 ? smallest : least, high] };
}

/** A few values that stand for the whole range. @param {Field} field @param {ParameterRange} range */
export function samplesOf(field, range) {
  const [low, high] = entriesOf(range);
  if (range.values || !isNumber(low) || !isNumber(high)) return range.values ?? [];
  return spread(field, wayOf(range), low, high);
}

/** "64", "128 64" or "128-64" are widths, "none" is no layer; anything else stays text.
 * @param {string} text */
function parseWidths(text) {
  if (text === "none") return [];
  return /^\d+([\s-]+\d+)*$/.test(text) ? text.split(/[\s-]+/).map(Number) : text;
}

/** @param {Field} field @param {string} text */
function parseOne(field, text) {
  if (text === "none" && field.nullable) return null;
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The values that a text lists. What is no value stays text, for `rangeProblem`.
 * @param {Field} field @param {string} text @returns {unknown[]} */
export function parseValues(field, text) {
  const layers = field.kind === "layers";
  const parts = text.split(layers ? ";" : /[,;\s]+/).map((part) => part.trim());
  return parts
    .filter(Boolean)
    .map((part) => (layers ? parseWidths(part) : parseOne(field, part)));
}

/** "0.1, 0.3", "64; 128 64". @param {Field} field @param {unknown[]} values */
export function valuesText(field, values) {
  if (field.kind !== "layers")
    return values.map((value) => (value === null ? "none" : String(value))).join(", ");
  return values
    .map((value) =>
      Array.isArray(value) ? value.join(" ") || "none" : String(value ?? ""),
    )
    .join("; ");
}

/** @param {Field} field @param {unknown} value @returns {string} "" if nothing is wrong */
function valueProblem({ kind, nullable }, value) {
  if (kind === "layers")
    return Array.isArray(value)
      ? ""
      : `“${value}” is no network: write widths with spaces, and “;” between networks`;
  if (kind !== "integer" && kind !== "number") return "";
  if (value === null && nullable) return "";
  if (!isNumber(value)) return value === "" ? "is empty" : `“${value}” is no number`;
  return kind === "integer" && value % 1 ? `${value} is no whole number` : "";
}

/** What is wrong with the texts of a range, in words of the page. The server judges the
 * rest. @param {Field} field @param {ParameterRange} range @returns {string} */
export function rangeProblem(field, range) {
  const way = wayOf(range);
  const entries = entriesOf(range);
  if (!entries.length)
    return field.kind === "choice" ? "choose at least one" : "give at least one value";
  const wrong = entries.map((value) => valueProblem(field, value));
  if (way === "values") return wrong.find(Boolean) ?? "";
  for (const [i, end] of ["the lower end", "the upper end"].entries())
    if (wrong[i]) return wrong[i] === "is empty" ? `${end} is empty` : wrong[i];
  const [low, high] = /** @type {number[]} */ (entries);
  if (low >= high) return "the lower end must be below the upper";
  return way.includes("log") && low <= 0 ? "a logarithm starts above 0" : "";
}

/** Every local problem, by "space.NAME". @param {Space} space @param {Field[]} fields */
export function spaceProblems(space, fields) {
  /** @type {Record<string, string>} */
  const problems = {};
  for (const [name, range] of Object.entries(space)) {
    const field = fields.find((candidate) => candidate.name === name);
    const problem = field && rangeProblem(field, range);
    if (problem) problems[`space.${name}`] = problem;
  }
  return problems;
}
