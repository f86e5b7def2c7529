// All settings as lines across parallel axes: one axis a parameter, then what came of it.
import { isNumber, percent } from "./format.js";
import { label } from "./format.js";
import { metricText, objectives } from "./objectives.js";
import { valueText } from "./settings.js";
import { extent } from "./stats.js";

/** @typedef {import("./sweep-view.js").View} View */

/**
 * @typedef {object} ParallelAxis
 * @property {string} key
 * @property {string} title
 * @property {number | null} count  how many values it has, null: a range
 * @property {(number | null)[]} places  of each setting: 0 (bottom) to 1
 * @property {{place: number, text: string}[]} ticks
 * @property {(place: number) => string} text  the value at a place
 *
 * @typedef {Record<string, [number, number]>} Ranges  places, by key of the axis
 */

const TICKS = 5;

/** A few values that do not all need a tick. @param {string[]} texts */
function choiceTicks(texts) {
  const every = Math.ceil(texts.length / 8);
  const last = Math.max(1, texts.length - 1);
  return texts.flatMap((text, i) => (i % every === 0 ? { place: i / last, text } : []));
}

/** @param {string} key @param {string} title @param {unknown[]} values of the axis
 * @param {unknown[]} all of the settings @returns {ParallelAxis} */
function choiceAxis(key, title, values, all) {
  const keys = values.map((value) => JSON.stringify(value));
  const texts = values.map(valueText);
  const last = Math.max(1, keys.length - 1);
  return {
    key,
    title,
    count: keys.length,
    places: all.map((value) => {
      const i = keys.indexOf(JSON.stringify(value));
      return i < 0 ? null : i / last;
    }),
    ticks: choiceTicks(texts),
    text: (place) => texts[Math.round(place * last)] ?? "",
  };
}

/** @param {string} key @param {string} title @param {unknown[]} all of the settings
 * @param {{range: [number, number], log: boolean, show: (value: number) => string}} scale
 * @returns {ParallelAxis} */
function rangeAxis(key, title, all, { range: [low, high], log, show }) {
  const powers = log && low > 0;
  const to = powers ? Math.log : (/** @type {number} */ value) => value;
  const back = powers ? Math.exp : (/** @type {number} */ value) => value;
  const width = to(high) - to(low) || 1;
  const at = (/** @type {number} */ place) => back(to(low) + place * width);
  return {
    key,
    title,
    count: null,
    places: all.map((value) => (isNumber(value) ? (to(value) - to(low)) / width : null)),
    ticks: Array.from({ length: TICKS }, (_, i) => {
      const place = i / (TICKS - 1);
      return { place, text: show(at(place)) };
    }),
    text: (place) => show(at(place)),
  };
}

/** @param {SweepParameter} parameter @param {unknown[]} all @returns {ParallelAxis} */
function parameterAxis({ name, values, low, high, log }, all) {
  const title = label(name);
  if (values) return choiceAxis(name, title, values, all);
  const found = extent(/** @type {number[]} */ (all)) ?? [0, 1];
  /** @type {[number, number]} */
  const range = [low ?? found[0], high ?? found[1]];
  return rangeAxis(name, title, all, { range, log, show: valueText });
}

/** @param {View} view @returns {ParallelAxis[]} */
export function axesOf({ analysis, cells, goal }) {
  const parameters = analysis.parameters.map((parameter, i) =>
    parameterAxis(
      parameter,
      cells.map(({ values }) => values[i]),
    ),
  );
  const { label: title, value, log } = objectives[goal.objective];
  const accuracies = cells.map(({ accuracy }) => accuracy);
  const values = cells.map((cell) => cell.value);
  const metric = metricText(analysis.metric);
  const accuracy = rangeAxis("accuracy", `Best ${metric}`, accuracies, {
    range: extent(accuracies) ?? [0, 1],
    log: false,
    show: (fraction) => percent(fraction, 1),
  });
  if (goal.objective === "best_accuracy") return [...parameters, accuracy];
  const outcome = rangeAxis("value", title, values, {
    range: extent(values) ?? [0, 1],
    log,
    show: value,
  });
  return [...parameters, accuracy, outcome];
}

/** Rounding must not throw out what stands at the end of a range. */
const SLACK = 1e-9;

/**
 * The settings within all ranges, the best first, at most `most`.
 * @param {number[]} ranked @param {ParallelAxis[]} axes @param {Ranges} ranges
 * @param {number} most
 */
export function litOf(ranked, axes, ranges, most) {
  const limited = axes.filter(({ key }) => ranges[key]);
  const within = ranked.filter((index) =>
    limited.every(({ key, places }) => {
      const place = places[index];
      const [low, high] = ranges[key];
      return place !== null && place >= low - SLACK && place <= high + SLACK;
    }),
  );
  return within.slice(0, most);
}

/** "lr:0.2-0.8,batch_size:0-0.5" @param {string | undefined} text @returns {Ranges} */
export function readRanges(text) {
  /** @type {Ranges} */
  const ranges = {};
  for (const part of (text ?? "").split(",")) {
    const [, key, low, high] = part.match(/^(\w+):([\d.]+)-([\d.]+)$/) ?? [];
    if (key && Number(low) <= Number(high)) ranges[key] = [Number(low), Number(high)];
  }
  return ranges;
}

/** @param {Ranges} ranges */
export const writeRanges = (ranges) =>
  Object.entries(ranges)
    .filter(([, [low, high]]) => low > 0 || high < 1)
    .map(([key, [low, high]]) => `${key}:${low}-${high}`)
    .join();
