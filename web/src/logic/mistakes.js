// Which class is taken for which, as a page shows it.
import { count, percent } from "./format.js";
import { sureText } from "./outputs.js";

/** Where the next shade begins, as a share of the row. What is rare must show: a tenth of
 * the digits cannot be told apart by a scale that is linear. */
export const SHADES = [0, 0.003, 0.01, 0.03, 0.1, 0.3];

/** 0: none, then 1 for the faintest shade to 6. @param {number} share of a row */
export const shadeOf = (share) => SHADES.filter((start) => share > start).length;

/**
 * @typedef {object} ConfusionCell
 * @property {number} actual
 * @property {number} predicted
 * @property {number} count
 * @property {number} shade
 * @property {boolean} right  on the diagonal
 * @property {string} words
 */

/** @param {Mistakes} mistakes @returns {ConfusionCell[][]} a list a row */
export function confusionOf({ confusion, classes }) {
  return confusion.map((row, actual) => {
    const support = row.reduce((a, b) => a + b, 0);
    return row.map((value, predicted) => {
      const share = support ? value / support : 0;
      const what = `is ${classes[actual]}, says ${classes[predicted]}`;
      return {
        actual,
        predicted,
        count: value,
        shade: shadeOf(share),
        right: actual === predicted,
        words: `${what}: ${value} of ${support} (${percent(share, 1)})`,
      };
    });
  });
}

/** "Says 9, is 4" and "(98.7 % sure)". @param {Mistake} mistake @param {string[]} classes
 * @param {boolean} probabilities @returns {[string, string]} */
export function verdict({ label, predicted, outputs }, classes, probabilities) {
  const truth = label === predicted ? "rightly" : `is ${classes[label]}`;
  const sure = sureText(outputs, predicted, probabilities);
  return [`Says ${classes[predicted]}, ${truth}`, `(${sure})`];
}

/**
 * @typedef {{actual: number | null, predicted: number | null}} Filter
 */

/** @param {string | undefined} text @returns {number | null} */
const classOf = (text) => (/^\d{1,3}$/.test(text ?? "") ? Number(text) : null);

/** @param {Record<string, string>} query @returns {Filter} */
export const filterOf = ({ actual, predicted }) => ({
  actual: classOf(actual),
  predicted: classOf(predicted),
});

/** What the list below the matrix holds. @param {Filter} filter @param {Mistakes} mistakes */
export function listTitle({ actual, predicted }, { classes, total }) {
  const parts = [
    actual !== null && `is ${classes[actual]}`,
    predicted !== null && `says ${classes[predicted]}`,
  ].filter(Boolean);
  const number = count(total);
  if (!parts.length) return `Worst mistakes (${number})`;
  const text = parts.join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} (${number})`;
}
