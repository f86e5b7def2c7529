// Numbers in an address.

const LARGEST = 1e9;
const DIGITS = 7;

/** As many digits as the engine's numbers have. @param {number} value */
export const tidy = (value) => Number(value.toPrecision(DIGITS));

/** What may grow without bounds, kept askable. @param {number} value */
export const clamp = (value) => tidy(Math.min(LARGEST, Math.max(-LARGEST, value)));

/** Is it a number that the engine may be asked about? @param {unknown} value */
export const isUsable = (value) =>
  typeof value === "number" && Math.abs(value) <= LARGEST;

/** @param {string | undefined} text @returns {number | null} null: nothing usable */
export function readNumber(text) {
  const value = text?.trim() ? Number(text) : NaN;
  return isUsable(value) ? value : null;
}

/** "1,2.5" -> [1, 2.5]. @param {string | undefined} text
 * @returns {number[] | null} null where any is not usable */
export function readNumbers(text) {
  const values = (text ?? "").split(",").map(readNumber);
  return values.every((value) => value !== null)
    ? /** @type {number[]} */ (values)
    : null;
}

/** A whole number from `low`. @param {string | undefined} text @param {number} low */
export function readCount(text, low) {
  const value = readNumber(text);
  return value !== null && Number.isInteger(value) && value >= low ? value : null;
}
