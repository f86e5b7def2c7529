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

/** A table of more classes can neither be read nor drawn quickly. */
const MOST_CLASSES = 30;

/** The classes that a table shows: all, or those with the most mistakes.
 * @param {number[][]} confusion @param {Filter} [filter] what must be in sight
 * @returns {number[]} in their order */
export function shownClasses(confusion, filter) {
  const classes = confusion.map((_, i) => i);
  if (classes.length <= MOST_CLASSES) return classes;
  const wrong = classes.map(() => 0);
  confusion.forEach((row, actual) =>
    row.forEach((count, predicted) => {
      if (actual === predicted) return;
      wrong[actual] += count;
      wrong[predicted] += count;
    }),
  );
  const wanted = (/** @type {number} */ i) =>
    i === filter?.actual || i === filter?.predicted ? Infinity : wrong[i];
  classes.sort((a, b) => wanted(b) - wanted(a) || a - b);
  return classes.slice(0, MOST_CLASSES).sort((a, b) => a - b);
}

/** @param {Mistakes} mistakes @param {number[]} [shown] classes
 * @returns {ConfusionCell[][]} a list a row */
export function confusionOf({ confusion, classes }, shown = classes.map((_, i) => i)) {
  return shown.map((actual) => {
    const row = confusion[actual];
    const support = row.reduce((a, b) => a + b, 0);
    return shown.map((predicted) => {
      const value = row[predicted];
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
