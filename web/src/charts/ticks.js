// Where the axes end and which ticks they get.

/** An axis of shares lies between 0 and 100 %. @param {{min: number, max: number}} scale */
export function keepToShares(scale) {
  scale.min = Math.max(scale.min, 0);
  scale.max = Math.min(scale.max, 1);
}

const AIR = 0.04;

/** Some air around the data, but none below zero where there is nothing.
 * @param {number | undefined} top no value can be above
 * @returns {(scale: {min: number, max: number}) => void} */
export const airAround = (top) => (scale) => {
  const air = AIR * (scale.max - scale.min);
  scale.max = Math.min(scale.max + air, top ?? Infinity);
  scale.min = scale.min >= 0 ? Math.max(0, scale.min - air) : scale.min - air;
};

/** Ends that do not fall on the grid get no tick: it would crowd its neighbour.
 * @param {{ticks: {value: number}[]}} scale */
export function dropUnevenEnds(scale) {
  const { ticks } = scale;
  if (ticks.length < 4) return;
  const step = ticks[2].value - ticks[1].value;
  /** @param {number} i */
  const uneven = (i) =>
    Math.abs(ticks[i].value - ticks[i - 1].value - step) > step * 1e-6;
  const end = uneven(ticks.length - 1) ? -1 : undefined;
  scale.ticks = ticks.slice(uneven(1) ? 1 : 0, end);
}

/** A log axis gets powers of ten; where these are few, the simplest that are enough.
 * @param {{ticks: {value: number}[], min: number, max: number}} scale */
export function roundLogTicks(scale) {
  const { min, max } = scale;
  const inside = scale.ticks.filter(({ value }) => value >= min && value <= max);
  for (const digits of [[1], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
    const round = inside.filter(({ value }) =>
      digits.includes(Number(value.toExponential(6).split("e")[0])),
    );
    if (round.length < 3) continue;
    scale.ticks = round;
    return;
  }
}

const MARGIN = 1.25;

/** Points do not stand on the ends of a log axis. @param {{min: number, max: number}} scale */
export function widenLog(scale) {
  scale.min /= MARGIN;
  scale.max *= MARGIN;
}

const FOOT = 5;

/** Bars of a log axis stand on its end, below the least of them and of its marks.
 * @param {{y: number}[]} marks
 * @returns {(scale: {min: number, max: number}) => void} */
export const roomForMarks = (marks) => (scale) => {
  const levels = marks.map(({ y }) => y).filter((y) => y > 0);
  scale.min = Math.min(scale.min, ...levels) / FOOT;
  scale.max = Math.max(scale.max, ...levels) * MARGIN;
};
