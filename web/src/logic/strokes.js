// A drawing as strokes: lists of places on a square pad.

/** @typedef {[number, number]} Place */
/** @typedef {Place[]} Stroke */

/** Sides of the pad, and the pen on it. */
export const PAD = 280;
export const PEN = 22;

/** MNIST's pen is about this wide beside the longer side of its digits. */
const PEN_SHARE = 0.125;
const THINNEST = 5;
const BROADEST = 34;

/** @param {Stroke[]} strokes */
function longerSide(strokes) {
  const places = strokes.flat();
  const spread = (/** @type {0 | 1} */ axis) => {
    const values = places.map((place) => place[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  return places.length ? Math.max(spread(0), spread(1)) : 0;
}

/**
 * How wide to draw the strokes for the model. It sees every drawing scaled to the same
 * size: a small one drawn with the pad's pen would come out far too bold.
 * @param {Stroke[]} strokes
 */
export function fittedPen(strokes) {
  const side = longerSide(strokes);
  const width = (PEN_SHARE * side) / (1 - PEN_SHARE);
  return Math.min(BROADEST, Math.max(THINNEST, width));
}

/** @param {Stroke[]} strokes @param {Place} place the last stroke goes on to
 * @returns {Stroke[]} */
export const lengthened = (strokes, place) => [
  ...strokes.slice(0, -1),
  [...(strokes.at(-1) ?? []), place],
];

/** @param {number} value */
export const onPad = (value) => Math.min(PAD, Math.max(0, value));
