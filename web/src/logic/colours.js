// A run keeps one colour on every page: it follows from the run's number alone. Past
// eight, dashes tell apart what shares a colour. The colours themselves are CSS's
// (tokens.css: .c0 to .c7).

export const COLOURS = 8;

/** Line dashes, on and off in pixels. @type {number[][]} */
export const dashes = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

/** @param {number} id @returns {{index: number, dash: number[]}} */
export function colourOf(id) {
  const place = Math.max(0, id - 1);
  return {
    index: place % COLOURS,
    dash: dashes[Math.floor(place / COLOURS) % dashes.length],
  };
}
