// The colours of heat maps: viridis in steps. The colours themselves are CSS's
// (tokens.css: .v0 to .v19, dark to bright).

export const STEPS = 20;

/** @param {number} place 0 to 1 @returns {number} */
export const stepOf = (place) =>
  Math.min(STEPS - 1, Math.max(0, Math.floor(place * STEPS)));

/**
 * Where values stand between the worst (0) and the best (1).
 * @param {[number, number]} range lowest and highest
 * @param {{log: boolean, lower: boolean}} scale `lower`: the lower the better
 * @returns {(value: number) => number}
 */
export function placer([low, high], { log, lower }) {
  const at = log && low > 0 ? Math.log : (/** @type {number} */ value) => value;
  const width = at(high) - at(low);
  return (value) => {
    const place = width > 0 ? (at(value) - at(low)) / width : 1;
    return lower && width > 0 ? 1 - place : place;
  };
}
