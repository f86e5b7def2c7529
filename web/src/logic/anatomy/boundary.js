// Where a neuron's weighted sum over two inputs is 0.

/** @typedef {{x: number, y: number}} Place */

/**
 * The line w1 x + w2 y + b = 0 within a square.
 * @param {number} w1 @param {number} w2 @param {number} b
 * @param {number} reach of the square to all sides
 * @returns {[Place, Place] | null} its ends; null where it does not cross the square
 */
export function boundary(w1, w2, b, reach) {
  /** @type {Place[]} */
  const ends = [];
  for (const side of [-reach, reach]) {
    if (w2 !== 0) ends.push({ x: side, y: -(w1 * side + b) / w2 });
    if (w1 !== 0) ends.push({ x: -(w2 * side + b) / w1, y: side });
  }
  const edge = reach * (1 + 1e-9);
  const inside = ends.filter(({ x, y }) => Math.abs(x) <= edge && Math.abs(y) <= edge);
  /** @param {Place} end */
  const far = ({ x, y }) => Math.hypot(x - inside[0].x, y - inside[0].y);
  if (inside.length < 2) return null;
  const other = inside.reduce((a, b) => (far(b) > far(a) ? b : a));
  return far(other) > 0 ? [inside[0], other] : null;
}
