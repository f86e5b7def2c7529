// The losses of training on the page, thinned out where they are many.

const KEPT = 4000;
const DRAWN = 500;

/** @typedef {{x: number, y: number | null}} Place */

/** The lowest and highest of each stretch.
 * @param {Place[]} places @param {number} most */
export function thin(places, most) {
  if (places.length <= most) return places;
  const size = Math.ceil((2 * places.length) / most);
  /** @type {Place[]} */
  const kept = [];
  for (let start = 0; start < places.length; start += size) {
    const known = places.slice(start, start + size).filter(({ y }) => y !== null);
    if (known.length === 0) continue;
    const low = known.reduce((a, b) => (Number(b.y) < Number(a.y) ? b : a));
    const high = known.reduce((a, b) => (Number(b.y) > Number(a.y) ? b : a));
    kept.push(...(low.x < high.x ? [low, high] : low === high ? [low] : [high, low]));
  }
  return kept;
}

export class LossLog {
  constructor() {
    /** @type {Place[]} each step's, over its batch */
    this.batches = [];
    /** @type {Place[]} over all training points */
    this.all = [];
  }

  /** @param {number} before steps taken before @param {(number | null)[]} losses */
  addBatches(before, losses) {
    for (const [i, y] of losses.entries()) this.batches.push({ x: before + i + 1, y });
    if (this.batches.length > KEPT) this.batches = thin(this.batches, KEPT / 2);
  }

  /** @param {number} step @param {number | null} loss */
  addWhole(step, loss) {
    if (this.all.at(-1)?.x === step) this.all.pop();
    this.all.push({ x: step, y: loss });
    if (this.all.length > KEPT) this.all = thin(this.all, KEPT / 2);
  }

  /** Both as a chart can draw them. */
  drawn() {
    return { batches: thin(this.batches, DRAWN), all: thin(this.all, DRAWN) };
  }
}
