// Extremes, and means with ranges over runs that differ only in their seed.

/** @param {Iterable<number | null | undefined>} values @returns {[number, number] | null} */
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (typeof value !== "number" || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

const notCompared = ["seed", "name", "tags", "notes", "parent"];

/** Runs that differ only in their seed, together; in order of first appearance.
 * @param {Run[]} runs @returns {Run[][]} */
export function groupBySeed(runs) {
  /** @type {Map<string, Run[]>} */
  const groups = new Map();
  for (const run of runs) {
    const entries = Object.entries(run.config).filter(
      ([name]) => !notCompared.includes(name),
    );
    const key = JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

/**
 * Mean, minimum and maximum of `metric` at the steps that all of `series` have.
 * @param {Point[][]} series @param {Axis} axis @param {Metric} metric
 * @returns {{x: number, mean: number, low: number, high: number}[]}
 */
export function meanAndRange(series, axis, metric) {
  /** @type {Map<number, {x: number, values: number[]}>} */
  const steps = new Map();
  for (const points of series)
    for (const point of points) {
      const value = point[metric];
      if (typeof value !== "number") continue;
      const at = steps.get(point.step) ?? { x: 0, values: [] };
      at.x += point[axis] / series.length;
      at.values.push(value);
      steps.set(point.step, at);
    }
  return [...steps.entries()]
    .filter(([, at]) => at.values.length === series.length)
    .sort(([a], [b]) => a - b)
    .map(([, { x, values }]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return { x, mean, low: Math.min(...values), high: Math.max(...values) };
    });
}

/** Config fields whose values are not the same in all runs. @param {Run[]} runs */
export function differingFields(runs) {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.config)))];
  const skip = new Set(["name", "tags", "notes", "parent"]);
  return names.filter((name) => {
    const values = new Set(runs.map((run) => JSON.stringify(run.config[name] ?? null)));
    return !skip.has(name) && values.size > 1;
  });
}
