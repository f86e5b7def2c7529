// The weights of a trained model, layer by layer and unit by unit.
import { isNumber } from "./format.js";

/** @typedef {import("./safetensors.js").Tensor} Tensor */
/**
 * @typedef {object} Layer
 * @property {number} index
 * @property {number} inputs
 * @property {number} outputs
 * @property {Float32Array} weight  a row of `inputs` numbers an output
 * @property {Float32Array} bias
 *
 * @typedef {{index: number, weights: Float32Array, bias: number, norm: number}} Unit
 */

/** @param {Map<string, Tensor>} tensors @returns {Layer[]} */
export function layersOfModel(tensors) {
  const layers = [];
  for (let index = 0; ; index++) {
    const weight = tensors.get(`layers.${index}.weight`);
    const bias = tensors.get(`layers.${index}.bias`);
    if (!weight || !bias) return layers;
    const [outputs, inputs] = weight.shape;
    layers.push({ index, inputs, outputs, weight: weight.data, bias: bias.data });
  }
}

/** @param {Float32Array} values */
const normOf = (values) => Math.sqrt(values.reduce((sum, w) => sum + w * w, 0));

/** @param {Layer} layer @param {"index" | "norm"} order @returns {Unit[]} */
export function unitsOf({ inputs, outputs, weight, bias }, order) {
  const units = Array.from({ length: outputs }, (_, index) => {
    const weights = weight.subarray(index * inputs, (index + 1) * inputs);
    return { index, weights, bias: bias[index], norm: normOf(weights) };
  });
  return order === "norm" ? units.sort((a, b) => b.norm - a.norm) : units;
}

/** The same by inputs: the weights of one input to every unit.
 * @param {Layer} layer @param {"index" | "norm"} order */
export function inputsOf({ inputs, outputs, weight }, order) {
  const list = Array.from({ length: inputs }, (_, index) => {
    const weights = Float32Array.from({ length: outputs }, (_, i) => weight[i * inputs + index]);
    return { index, weights, norm: normOf(weights) };
  });
  return order === "norm" ? list.sort((a, b) => b.norm - a.norm) : list;
}

const CLIPPED = 0.005;
const MOST_LOOKED_AT = 100000;

/**
 * How far a scale around 0 must reach: a few outliers may lie beyond, so that the rest
 * does not turn pale beside them.
 * @param {ArrayLike<number>} values @returns {number} above 0
 */
export function scaleOf(values) {
  const step = Math.max(1, Math.floor(values.length / MOST_LOOKED_AT));
  const sizes = [];
  for (let i = 0; i < values.length; i += step)
    if (isNumber(values[i])) sizes.push(Math.abs(values[i]));
  sizes.sort((a, b) => a - b);
  const place = Math.ceil((1 - CLIPPED) * sizes.length) - 1;
  return sizes[Math.max(0, place)] || sizes.at(-1) || 1;
}

/** @param {Float32Array} values @returns {[number, number]} */
export function rangeOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

const MOST_SHOWN = 1024;

/** The corner of a weight matrix that a picture can show.
 * @param {Layer} layer @returns {{values: Float32Array, width: number, height: number}} */
export function matrixOf({ inputs, outputs, weight }) {
  const width = Math.min(inputs, MOST_SHOWN);
  const height = Math.min(outputs, MOST_SHOWN);
  if (width === inputs) return { values: weight.subarray(0, width * height), width, height };
  const values = new Float32Array(width * height);
  for (let row = 0; row < height; row++)
    values.set(weight.subarray(row * inputs, row * inputs + width), row * width);
  return { values, width, height };
}
