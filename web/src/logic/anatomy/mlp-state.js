// The settings of the network that trains on the page: their limits, their place in the
// address, and the run they make.
import { parameterCount } from "../estimate.js";
import { isLive } from "../runs.js";
import { replaced } from "./layer-state.js";

export const datasets = ["moons", "circles", "xor", "spirals"];
export const activations = ["tanh", "relu", "sigmoid", "gelu", "linear"];
export const speeds = [1, 10, 100];
export const MAX_LAYERS = 4;
export const MAX_WIDTH = 16;
export const MAX_PARAMETERS = 2000;
const NEW_WIDTH = 4;
const LARGEST_BATCH = 1000;

/**
 * @typedef {object} Settings
 * @property {string} dataset
 * @property {number[]} hidden
 * @property {string} activation
 * @property {number} lr
 * @property {number} batch_size
 * @property {number} seed
 */

/** @type {Settings} */
export const startSettings = {
  dataset: "moons",
  hidden: [6, 4],
  activation: "tanh",
  lr: 0.3,
  batch_size: 16,
  seed: 1,
};

/** Two classes, or the three arms. @param {string} dataset */
export const classCount = (dataset) => (dataset === "spirals" ? 3 : 2);

/** @param {Pick<Settings, "dataset" | "hidden">} settings */
export const sizesOf = ({ dataset, hidden }) => [2, ...hidden, classCount(dataset)];

/** @param {number} value @param {number} low @param {number} high */
const whole = (value, low, high) =>
  Number.isInteger(value) && value >= low && value <= high;

/** @param {string} text "6-4", "none" */
function readHidden(text) {
  const hidden = text === "none" ? [] : text.split("-").map(Number);
  const small = parameterCount([2, ...hidden, 3]) <= MAX_PARAMETERS;
  return hidden.every((width) => whole(width, 1, MAX_PARAMETERS)) && small
    ? hidden
    : undefined;
}

/** What each setting accepts from the address; undefined: nothing usable.
 * @type {{[name in keyof Settings]: (text: string) => any}} */
const readers = {
  dataset: (text) => (datasets.includes(text) ? text : undefined),
  hidden: readHidden,
  activation: (text) => (activations.includes(text) ? text : undefined),
  lr: (text) => (Number(text) > 0 && Number(text) <= 10 ? Number(text) : undefined),
  batch_size: (text) =>
    whole(Number(text), 1, LARGEST_BATCH) ? Number(text) : undefined,
  seed: (text) =>
    whole(Number(text), 0, Number.MAX_SAFE_INTEGER) ? Number(text) : undefined,
};

const names = /** @type {(keyof Settings)[]} */ (Object.keys(readers));

/** @param {Record<string, string>} query
 * @param {Settings} base what the address leaves out @returns {Settings} */
export function readSettings(query, base) {
  const given = names.map((name) => [
    name,
    (query[name] === undefined ? undefined : readers[name](query[name])) ?? base[name],
  ]);
  return Object.fromEntries(given);
}

/** @param {unknown} value */
const text = (value) =>
  Array.isArray(value) ? (value.length ? value.join("-") : "none") : String(value);

/** Only what differs from `base`; the rest goes from the address.
 * @param {Settings} settings @param {Settings} base */
export const writeSettings = (settings, base) =>
  Object.fromEntries(
    names.map((name) => [
      name,
      text(settings[name]) === text(base[name]) ? null : text(settings[name]),
    ]),
  );

/** Settings of one key can share parameters. @param {Settings} settings */
export const structureOf = ({ dataset, hidden, seed }) =>
  `${dataset} ${hidden.join("-")} ${seed}`;

/** The batch sizes of the slider: powers of two, then all points at once. */
export const batchSizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, LARGEST_BATCH];

/** The nearest notch of the slider. @param {number} batch */
export function batchNotch(batch) {
  const far = batchSizes.map((size) => Math.abs(Math.log(size / batch)));
  return far.indexOf(Math.min(...far));
}

/** @param {number[]} hidden @param {string} dataset */
const fits = (hidden, dataset) =>
  hidden.length <= MAX_LAYERS &&
  parameterCount(sizesOf({ dataset, hidden })) <= MAX_PARAMETERS;

/** With one hidden layer more, as wide as the last; null: no room.
 * @param {Settings} settings @returns {number[] | null} */
export function withLayer({ hidden, dataset }) {
  const more = [...hidden, Math.min(MAX_WIDTH, hidden.at(-1) ?? NEW_WIDTH)];
  return fits(more, dataset) ? more : null;
}

/** With `change` more neurons in one layer; null: not possible.
 * @param {Settings} settings @param {number} layer @param {number} change
 * @returns {number[] | null} */
export function withNeurons({ hidden, dataset }, layer, change) {
  const width = hidden[layer] + change;
  const next = replaced(hidden, layer, width);
  const grows = change > 0 && (width > MAX_WIDTH || !fits(next, dataset));
  return width < 1 || grows ? null : next;
}

/** The same as a run, at least as long as it has trained here.
 * @param {Settings} settings @param {number} epoch */
export const runConfig = (settings, epoch) => ({
  ...settings,
  epochs: Math.max(10, Math.ceil(epoch)),
});

/** The settings that a run's config stands for here. @param {RunConfig} config
 * @returns {Settings} */
export const settingsOfRun = (config) =>
  /** @type {Settings} */ (Object.fromEntries(names.map((name) => [name, config[name]])));

/** Why a run's network cannot be opened; "": it can. @param {Run} run */
export function whyNotOpen(run) {
  const { dataset, hidden } = run.config;
  if (!datasets.includes(dataset))
    return "Only networks that see points in the plane can be drawn here.";
  if (parameterCount(sizesOf({ dataset, hidden })) > MAX_PARAMETERS)
    return `Only networks of at most ${MAX_PARAMETERS} parameters can be drawn here.`;
  if (isLive(run)) return "It is still training.";
  return Number(run.summary.last_step) > 0 ? "" : "It has no weights.";
}

/** Layers as the engine takes them, from the tensors of a model's file.
 * @param {Map<string, {shape: number[], data: Float32Array}>} tensors
 * @returns {LayerValues[]} */
export function layersFrom(tensors) {
  const layers = [];
  for (let i = 0; tensors.has(`layers.${i}.weight`); i++) {
    const { shape, data } = /** @type {any} */ (tensors.get(`layers.${i}.weight`));
    const [outputs, inputs] = shape;
    layers.push({
      weights: Array.from({ length: outputs }, (_, o) => [
        ...data.subarray(o * inputs, (o + 1) * inputs),
      ]),
      biases: [.../** @type {any} */ (tensors.get(`layers.${i}.bias`)).data],
    });
  }
  if (layers.length === 0) throw new Error("the file holds no layers");
  return layers;
}
