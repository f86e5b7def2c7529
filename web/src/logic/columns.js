// The columns of a table of numbers. The model sees standardised values; a person sees and
// types what stood in the file: value * deviation + mean.
import { isNumber, short } from "./format.js";

/** Columns that are as good as the numbers themselves. @param {number} count */
const plain = (count) =>
  Array.from({ length: count }, (_, i) => ({
    name: count === 2 ? "xy"[i] : `input ${i + 1}`,
    mean: 0,
    deviation: 1,
  }));

/** One column an input, named by the file where it says so.
 * @param {Dataset} dataset @returns {Column[]} */
export const columnsOf = ({ columns, features }) =>
  columns?.length === features ? columns : plain(features);

/** @param {Column} column @param {number} value */
export const toModel = ({ mean, deviation }, value) =>
  deviation > 0 ? (value - mean) / deviation : 0;

const DIGITS = 5;
const FEW_DIGITS = 3;

/**
 * In the file's units, without the last digits, which are noise: the server keeps values
 * in single precision.
 * @param {Column} column @param {number} value as the model sees it
 * @param {number} [digits] of a deviation
 */
export function toUser({ mean, deviation }, value, digits = DIGITS) {
  const exact = value * deviation + mean;
  const size = deviation > 0 ? deviation : Math.abs(mean) || 1;
  const unit = 10 ** (Math.ceil(Math.log10(size)) - digits);
  return Number((Math.round(exact / unit) * unit).toPrecision(12));
}

/** To be read. @param {Column} column @param {number | null | undefined} value */
export const userText = (column, value) =>
  isNumber(value) ? short(toUser(column, value), 7) : short(value);

/** The same as far as an eye can tell places apart. @param {Column} column
 * @param {number} value */
export const roughText = (column, value) => short(toUser(column, value, FEW_DIGITS), 7);

/** The place nearby that has few digits in the file's units. @param {Column} column
 * @param {number} value */
export const snapped = (column, value) =>
  toModel(column, toUser(column, value, FEW_DIGITS));

/** Many of one column, with as many digits behind the point, so that they line up.
 * @param {Column} column @param {number[]} values */
export function alignedTexts(column, values) {
  const texts = values.map((value) => userText(column, value));
  const decimals = texts.map((text) => /^-?[\d,]+(?:\.(\d+))?$/.exec(text)?.[1]?.length ?? 0);
  if (texts.some((text) => text.includes("e"))) return texts;
  const most = Math.max(0, ...decimals);
  return texts.map((text, i) => {
    const zeros = "0".repeat(most - decimals[i]);
    return zeros && !text.includes(".") ? `${text}.${zeros}` : text + zeros;
  });
}

/** To be typed over. @param {Column} column @param {number} value */
export const fieldText = (column, value) => String(toUser(column, value));

/** What was typed; null: no number. @param {string} text @returns {number | null} */
export function readNumber(text) {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) ? value : null;
}

/** "5.1,3.5" for the address. @param {Column[]} columns @param {number[]} values */
export const valuesText = (columns, values) =>
  values.map((value, i) => fieldText(columns[i], value)).join(",");

/** The values that an address names, as the model sees them; null: none, or not as many as
 * there are columns. @param {Column[]} columns @param {string | undefined} text */
export function readValues(columns, text) {
  const numbers = (text ?? "").split(",").map(readNumber);
  if (numbers.length !== columns.length || numbers.includes(null)) return null;
  return numbers.map((value, i) => toModel(columns[i], Number(value)));
}

/** A question to a model may have 64 KiB. */
const MOST_TEXT = 60000;

/** As few digits as it takes: four behind the point, fewer where there are so many values
 * that a question would grow too long. @param {number[]} values */
export function shortened(values) {
  for (let digits = 4; ; digits--) {
    const list = values.map((value) => Number(value.toFixed(digits)));
    if (digits === 1 || JSON.stringify(list).length <= MOST_TEXT) return list;
  }
}
