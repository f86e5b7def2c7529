// The settings of a sweep laid out by two parameters: values in their order, ranges with
// many values in bins.
import { short } from "./format.js";
import { valueText } from "./settings.js";

const MOST_VALUES = 12;
const BINS = 10;

/** Even bins of a range, in its own scale. @param {SweepParameter} parameter */
function binsOf({ low, high, log }) {
  const scale = log ? Math.log : (/** @type {number} */ x) => x;
  const back = log ? Math.exp : (/** @type {number} */ x) => x;
  const from = scale(Number(low));
  const width = (scale(Number(high)) - from) / BINS;
  const edge = (/** @type {number} */ i) => short(back(from + i * width), 2);
  return {
    places: Array.from({ length: BINS }, (_, i) => ({
      text: `${edge(i)} to ${edge(i + 1)}`,
    })),
    placeOf: (/** @type {unknown} */ value) =>
      Math.min(BINS - 1, Math.max(0, Math.floor((scale(Number(value)) - from) / width))),
  };
}

/** @param {Analysis} analysis @param {string} name of a parameter */
function axisOf({ parameters, cells }, name) {
  const index = parameters.findIndex((parameter) => parameter.name === name);
  const parameter = parameters[index];
  const tried = cells.map(({ values }) => values[index]).filter((value) => value !== null);
  const numbers = [...new Set(tried)].sort((a, b) => Number(a) - Number(b));
  if (!parameter.values && numbers.length > MOST_VALUES)
    return { index, ...binsOf(parameter) };
  const values = parameter.values ?? numbers;
  const keys = values.map((value) => JSON.stringify(value));
  return {
    index,
    places: values.map((value) => ({ text: valueText(value) })),
    placeOf: (/** @type {unknown} */ value) => keys.indexOf(JSON.stringify(value)),
  };
}

/**
 * Which settings share which place: `grid[row][column]` lists indexes of `cells`.
 * @param {Analysis} analysis @param {{values: unknown[]}[]} cells
 * @param {string} x @param {string} y names of parameters
 */
export function pivot(analysis, cells, x, y) {
  const [across, down] = [axisOf(analysis, x), axisOf(analysis, y)];
  /** @type {number[][][]} */
  const grid = down.places.map(() => across.places.map(() => []));
  cells.forEach(({ values }, i) => {
    const row = grid[down.placeOf(values[down.index])];
    row?.[across.placeOf(values[across.index])]?.push(i);
  });
  return { columns: across.places, rows: down.places, grid };
}
