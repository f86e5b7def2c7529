// Between the form of a new sweep, its address, and the body of POST /sweeps: what is at
// its default is left out, as the server would fill it in.
import { difference, readConfig } from "./config.js";
import { isNumber, seconds, short } from "./format.js";
import { ownFields } from "./sweep-fields.js";
import { shortName } from "./settings.js";

/** @typedef {Record<string, unknown>} Values */
/** @typedef {Record<string, ParameterRange>} Space */
/** @typedef {Values & {base: Values, space: Space}} Given what a form or an address says */

const TARGET = 0.9;
const VALIDATION = 5000;
const ENOUGH_TO_VALIDATE = 10000;
const MAX_GRID = 5000;

/** Before anything is chosen: the question that sweeps exist for. @type {Values} */
const start = {
  space: {
    batch_size: { values: [4, 16, 64, 256, 1024] },
    lr: { values: [0.03, 0.1, 0.3, 1] },
  },
};

/** @param {unknown} value @returns {Values} */
const objectOr = (value) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? /** @type {Values} */ (value)
    : {};

/** A spec from the address. @param {string | undefined} text @returns {Given} */
export function readSpec(text) {
  const spec = text === undefined ? start : readConfig(text);
  /** @type {Space} */
  const space = {};
  for (const [name, given] of Object.entries(objectOr(spec.space))) {
    const range = objectOr(given);
    if (Object.values(range).every(Array.isArray)) space[name] = range;
  }
  return { ...spec, base: objectOr(spec.base), space };
}

/** Points of the whole grid; 0 where a range has no end of them.
 * @param {Space} space */
export function gridSize(space) {
  let size = 1;
  for (const { values, int_uniform: whole } of Object.values(space)) {
    const [low, high] = whole?.map(Number) ?? [1, 0];
    size *= values ? values.length : Math.max(0, high - low + 1);
  }
  return size;
}

/** Samples that training may choose from, in the smallest case.
 * @param {Values} base @param {Space} space @param {Dataset[]} datasets */
function leastTrainingSet(base, space, datasets) {
  const names = space.dataset?.values ?? [base.dataset];
  const caps = space.train_samples?.values ?? [base.train_samples];
  const counts = datasets
    .filter(({ name }) => names.includes(name))
    .map((dataset) => dataset.train_count);
  return Math.min(...counts, ...caps.filter(isNumber));
}

/**
 * What the server takes for what a sweep's base leaves out.
 * @param {Given} given @param {Values} defaults of a run's config @param {Dataset[]} datasets
 */
function baseDefaults({ base, space, objective }, defaults, datasets) {
  const forTime = (objective ?? "time_to_target") === "time_to_target";
  const filled = { ...defaults, ...base };
  const target = "target_accuracy" in base ? base.target_accuracy : TARGET;
  const enough = leastTrainingSet(filled, space, datasets) >= ENOUGH_TO_VALIDATE;
  const validation = enough ? VALIDATION : 0;
  const held = base.validation_samples ?? validation;
  return {
    ...defaults,
    validation_samples: validation,
    ...(forTime ? { target_accuracy: TARGET, stop_at_target: isNumber(target) } : {}),
    ...(Number(held) > 0 ? { test_at: "end" } : {}),
  };
}

/** @param {Space} space */
function ownDefaults(space) {
  const size = gridSize(space);
  const sampler = size > 0 && size <= MAX_GRID ? "grid" : "random";
  const named = ownFields({}).map(({ name, default: value }) => [name, value]);
  return { ...Object.fromEntries(named), sampler };
}

/**
 * @param {Given} given @param {Values} defaults of a run's config @param {Dataset[]} datasets
 * @returns {{spec: SweepSpec, body: Values}} the spec with its defaults, and without
 */
export function completeSpec(given, defaults, datasets) {
  const { base, space, ...rest } = given;
  const own = ownDefaults(space);
  const runs = baseDefaults(given, defaults, datasets);
  const varied = (/** @type {string} */ name) => name in space;
  const kept = Object.fromEntries(Object.entries(base).filter(([name]) => !varied(name)));
  const { name, notes, ...others } = difference(rest, own);
  const changed = difference(kept, runs);
  const body = {
    ...(name === undefined ? {} : { name }),
    ...(notes === undefined ? {} : { notes }),
    ...(Object.keys(changed).length ? { base: changed } : {}),
    space,
    ...others,
  };
  const spec = { ...own, ...rest, base: { ...runs, ...base }, space };
  return { spec: /** @type {any} */ (spec), body };
}

/** Every value by its field's name: "sampler", "base.lr".
 * @param {SweepSpec} spec @returns {Values} */
export function flatValues({ base, ...own }) {
  const fields = Object.entries(base).map(([name, value]) => [`base.${name}`, value]);
  return { ...own, ...Object.fromEntries(fields) };
}

/** @param {Given} given @param {string} path @param {unknown} value @returns {Given} */
export function withValue(given, path, value) {
  if (!path.startsWith("base.")) return { ...given, [path]: value };
  return { ...given, base: { ...given.base, [path.slice("base.".length)]: value } };
}

/** The control that a refused field stands at: "space.lr.values[1]" at "space.lr". What
 * is varied has no control in the base.
 * @param {Given} given @param {Field[]} fields of a run's config
 * @returns {(path: string) => string | null} */
export function placesOf({ space }, fields) {
  const stays = fields.filter(({ name }) => !(name in space));
  const known = new Set([
    "space",
    ...Object.keys(space).map((name) => `space.${name}`),
    ...stays.map(({ name }) => `base.${name}`),
    ...ownFields({}).map(({ name }) => name),
  ]);
  return (path) => {
    const [first, second] = path.split(/[.[]/);
    const place = first === "space" || first === "base" ? `${first}.${second}` : first;
    return [place, first].find((candidate) => known.has(candidate)) ?? null;
  };
}

/** "time to 90 %", "accuracy within 2 s". @param {SweepSpec} spec */
export function objectiveText({ objective, base }) {
  const target = Number(base.target_accuracy);
  if (objective === "time_to_target")
    return `time to ${short(Number((target * 100).toPrecision(6)))} %`;
  if (objective === "accuracy_within")
    return `accuracy within ${budgetText(base.time_budget_s)}`;
  return objective === "best_accuracy" ? "best accuracy" : "final loss";
}

/** @param {unknown} budget */
const budgetText = (budget) =>
  isNumber(budget) && budget < 60 ? `${short(budget)} s` : seconds(budget);

/** "batch × lr". @param {SweepSpec} spec */
export const parametersText = ({ space }) =>
  Object.keys(space).map(shortName).join(" × ");

/** @param {SweepSpec} spec */
export const datasetText = ({ base, space }) =>
  (space.dataset?.values ?? [base.dataset ?? "mnist"]).join(", ");
