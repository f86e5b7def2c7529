// Settings of a sweep, in words: "batch 32, lr 0.4".
import { isNumber, label, short } from "./format.js";

/** @type {Record<string, string>} */
const shortNames = {
  batch_size: "batch",
  lr: "lr",
  hidden: "layers",
  validation_samples: "validation",
};

/** A parameter's name within a sentence. @param {string} name */
export const shortName = (name) => shortNames[name] ?? name.replace(/_/g, " ");

/** A parameter's name with a word on its scale. @param {SweepParameter} parameter */
export const axisTitle = ({ name, log }) => `${label(name)}${log ? " (log scale)" : ""}`;

/** @param {unknown} value */
export function valueText(value) {
  if (value === null || value === undefined) return "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return value.length ? value.join("-") : "linear";
  return isNumber(value)
    ? Number.isInteger(value)
      ? String(value)
      : short(value, 3)
    : String(value);
}

/** @param {SweepParameter[]} parameters @param {unknown[]} values */
export const settingText = (parameters, values) =>
  parameters
    .map(({ name }, i) => `${shortName(name)} ${valueText(values[i])}`)
    .join(", ") || "the base config";
