// Single units of a network: their names, their place in the address, and their sums.
import { short } from "../format.js";

/** @typedef {{layer: number, unit: number}} Unit both from 0; outputs are the last layer */

/** @param {Unit} unit @param {number} layers */
export const unitName = ({ layer, unit }, layers) =>
  layer === layers - 1 ? `Output ${unit + 1}` : `Hidden ${layer + 1}, neuron ${unit + 1}`;

/** "2.3": the third unit of the second layer, from 1. @param {string | undefined} text
 * @param {number[]} sizes units of each layer @returns {Unit | null} */
export function readUnit(text, sizes) {
  const [layer, unit] = (text ?? "").split(".").map((part) => Number(part) - 1);
  return unit >= 0 && unit < (sizes[layer] ?? 0) ? { layer, unit } : null;
}

/** @param {Unit | null} unit */
export const writeUnit = (unit) => unit && `${unit.layer + 1}.${unit.unit + 1}`;

/** What a unit of this layer looks at. @param {number} layer @param {number} from */
export const sourceName = (layer, from) =>
  layer === 0 ? `x${from + 1}` : `n${from + 1}`;

/** "tanh(0.5 x1 - 1.2 x2 + 0.1)". @param {number} layer @param {number[]} weights
 * @param {number} bias @param {string | null} activation null: none */
export function unitFormula(layer, weights, bias, activation) {
  const terms = weights.map((weight, i) => ({
    value: weight,
    name: ` ${sourceName(layer, i)}`,
  }));
  const sum = [...terms, { value: bias, name: "" }]
    .map(({ value, name }, i) => {
      const sign = value < 0 ? (i ? " - " : "-") : i ? " + " : "";
      return `${sign}${short(Math.abs(value), 3)}${name}`;
    })
    .join("");
  return activation && activation !== "linear" ? `${activation}(${sum})` : sum;
}
