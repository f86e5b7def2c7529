// Where the circles and lines of a layer stand: inputs left, neurons right.

export const WIDTH = 380;
export const INPUT_RADIUS = 25;
export const NEURON_RADIUS = 30;
const ROW = 82;
const INPUT_X = 40;
const NEURON_X = 290;

/** @typedef {{x: number, y: number}} Place */
/** @typedef {{input: number, neuron: number, weight: number, width: number,
 *   from: Place, to: Place, middle: Place}} Edge */

/** Evenly down the middle. @param {number} count @param {number} height */
const down = (count, height) =>
  Array.from({ length: count }, (_, i) => height / 2 + (i - (count - 1) / 2) * ROW);

/** A weight's line grows with its size, to a limit. @param {number} weight */
export const lineWidth = (weight) => Math.min(9, 0.75 + 2.5 * Math.abs(weight));

/** A part of the way from one place to another. @param {Place} a @param {Place} b
 * @param {number} part */
const between = (a, b, part) => ({
  x: a.x + part * (b.x - a.x),
  y: a.y + part * (b.y - a.y),
});

/**
 * @param {number[][]} weights a row for each neuron
 * @returns {{height: number, inputs: Place[], neurons: Place[], edges: Edge[]}}
 */
export function layoutLayer(weights) {
  const count = weights[0].length;
  const height = ROW * Math.max(count, weights.length);
  const inputs = down(count, height).map((y) => ({ x: INPUT_X, y }));
  const neurons = down(weights.length, height).map((y) => ({ x: NEURON_X, y }));
  const edges = weights.flatMap((row, neuron) =>
    row.map((weight, input) => {
      const from = { x: INPUT_X + INPUT_RADIUS, y: inputs[input].y };
      const to = { x: NEURON_X - NEURON_RADIUS, y: neurons[neuron].y };
      const middle = between(from, to, 0.42);
      return { input, neuron, weight, width: lineWidth(weight), from, to, middle };
    }),
  );
  return { height, inputs, neurons, edges };
}
