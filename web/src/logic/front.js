// The Pareto front of time against accuracy.

/** @typedef {{seconds: number, accuracy: number, run: number, cell: number}} FrontPoint */

/** Sooner, or as soon and at least as accurate. @param {FrontPoint} a @param {FrontPoint} [b] */
const precedes = (a, b) =>
  !b || a.seconds < b.seconds || (a.seconds === b.seconds && a.accuracy >= b.accuracy);

/** The front of two fronts, each by time. @param {FrontPoint[]} a @param {FrontPoint[]} b */
function mergeFronts(a, b) {
  /** @type {FrontPoint[]} */
  const front = [];
  let [i, j, best] = [0, 0, -Infinity];
  while (i < a.length || j < b.length) {
    const next = i < a.length && precedes(a[i], b[j]) ? a[i++] : b[j++];
    if (next.accuracy > best) front.push(next);
    best = Math.max(best, next.accuracy);
  }
  return front;
}

/** Of all runs the points that no other is at least as accurate and sooner than, by time.
 * A run's staircase is a front already: merging them is quicker than sorting all points,
 * and this is asked for whenever a slider moves.
 * @param {Trial[]} trials */
export function paretoFront(trials) {
  /** @type {FrontPoint[]} */
  let front = [];
  for (const { run, cell, steps } of trials) {
    const own = steps.map(([seconds, accuracy]) => ({ seconds, accuracy, run, cell }));
    front = mergeFronts(front, own);
  }
  return front;
}
