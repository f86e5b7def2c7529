// A run's points as the page has them: sorted by step, none twice, none missing after a
// break in the stream.

/**
 * Both sorted by step. Where both have a step, `incoming` wins.
 * @template {{step: number}} P
 * @param {P[]} have
 * @param {P[]} incoming
 * @returns {P[]}
 */
export function merge(have, incoming) {
  if (incoming.length === 0) return have;
  if (have.length === 0 || have[have.length - 1].step < incoming[0].step)
    return have.concat(incoming);
  const merged = [];
  let i = 0;
  for (const point of incoming) {
    while (i < have.length && have[i].step < point.step) merged.push(have[i++]);
    if (i < have.length && have[i].step === point.step) i++;
    merged.push(point);
  }
  return merged.concat(have.slice(i));
}

/**
 * Points of one run over the life of a page. After a break, points go on arriving, but
 * what was missed lies before them: `since` remembers up to where nothing is missing.
 */
export class Series {
  constructor() {
    /** @type {Point[]} */
    this.points = [];
    /** @type {number | null} nothing up to this step is missing; null: nothing at all */
    this.hole = -1;
    /** Breaks so far, so that an answer asked for before a break does not close it. */
    this.breaks = 0;
    /** Changes so far. */
    this.version = 0;
  }

  /** The step to fetch from: -1 is the beginning. */
  get since() {
    return this.hole ?? this.last;
  }

  get last() {
    return this.points.length ? this.points[this.points.length - 1].step : -1;
  }

  /** One point of the stream. @param {Point} point */
  add(point) {
    this.version++;
    if (point.step > this.last) this.points.push(point);
    else this.points = merge(this.points, [point]);
  }

  /** The stream was interrupted: what comes next may lie behind a hole. */
  interrupt() {
    this.hole = Math.min(this.since, this.last);
    this.breaks++;
  }

  /**
   * The answer to a fetch from `since`, asked for when `breaks` was what is given here.
   * @param {Point[]} points @param {number} breaks
   */
  fill(points, breaks) {
    this.version++;
    this.points = merge(this.points, points);
    if (breaks === this.breaks) this.hole = null;
  }

  /** A thinner version of everything up to its last step. @param {Point[]} points */
  replace(points) {
    this.version++;
    const last = points.length ? points[points.length - 1].step : -1;
    this.points = points.concat(this.points.filter((point) => point.step > last));
  }
}
