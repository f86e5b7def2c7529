// The plane that points are classified in: its window, and a grid over it.
import { extent } from "./stats.js";

/** @typedef {{x: [number, number], y: [number, number]}} Window */
/** @typedef {[number, number]} Place */

const MARGIN = 0.15;

/** @param {number[]} values @returns {[number, number]} */
function widened(values) {
  const [low, high] = extent(values) ?? [-1, 1];
  const margin = MARGIN * (high - low || 1);
  return [low - margin, high + margin];
}

/** What shows all samples, with some room around. @param {{values: number[]}[]} samples
 * @returns {Window} */
export const windowOf = (samples) => ({
  x: widened(samples.map(({ values }) => values[0])),
  y: widened(samples.map(({ values }) => values[1])),
});

/** @param {[number, number]} range @param {number} share */
const between = ([low, high], share) => low + (high - low) * share;

/** Shares of the window, from its left top. @param {Window} window @param {Place} place
 * @returns {Place} */
export const toShares = ({ x, y }, place) => [
  (place[0] - x[0]) / (x[1] - x[0]),
  1 - (place[1] - y[0]) / (y[1] - y[0]),
];

/** @param {Window} window @param {Place} shares @returns {Place} */
export const fromShares = ({ x, y }, [across, down]) => [
  between(x, Math.min(1, Math.max(0, across))),
  between(y, 1 - Math.min(1, Math.max(0, down))),
];

/** The middles of size x size cells, row by row from the left top, short enough to send.
 * @param {Window} window @param {number} size @returns {Place[]} */
export const gridOf = (window, size) =>
  Array.from({ length: size * size }, (_, i) => {
    const shares = [((i % size) + 0.5) / size, (Math.floor(i / size) + 0.5) / size];
    const [x, y] = fromShares(window, /** @type {Place} */ (shares));
    return [Number(x.toFixed(4)), Number(y.toFixed(4))];
  });

/** @template T @param {T[]} list @param {number} size @returns {T[][]} */
export const batches = (list, size) =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );

/** "0.5,-0.25" of the address. @param {string | undefined} text @returns {Place | null} */
export function placeOf(text) {
  const numbers = (text ?? "").split(",").map(Number);
  const valid = text && numbers.length === 2 && numbers.every(Number.isFinite);
  return valid ? [numbers[0], numbers[1]] : null;
}
