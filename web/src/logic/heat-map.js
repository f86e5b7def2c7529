// The settings of a sweep laid out by two of its parameters.
import { cellHref, cellMarks, lookOf } from "./cells.js";
import * as format from "./format.js";
import { metricText, objectives } from "./objectives.js";
import { pivot } from "./pivot.js";
import { settingText, shortName } from "./settings.js";
import { extent } from "./stats.js";
import { placer, stepOf } from "./viridis.js";

/** @typedef {import("./sweep-view.js").View} View */
/** @typedef {import("./cells.js").CellLook} CellLook */

/**
 * @typedef {object} HeatCell
 * @property {CellLook} look
 * @property {number} step     of viridis, where `look` is "value"
 * @property {string} text     what stands in it
 * @property {string} words    all that is known, in words
 * @property {string | null} href  its runs
 * @property {boolean} answer
 *
 * @typedef {object} HeatMap
 * @property {string[]} columns
 * @property {string[]} rows
 * @property {HeatCell[][]} cells  a list a row
 * @property {[number, number] | null} range  of the values
 */

/** The two parameters to begin with: those that matter most, else the first.
 * @param {Analysis} analysis @param {Record<string, string>} query
 * @returns {[string, string] | null} x and y; null: fewer than two */
export function chosenAxes({ parameters, importance }, { mapx, mapy }) {
  const names = parameters.map(({ name }) => name);
  if (names.length < 2) return null;
  const share = (/** @type {string} */ name) =>
    importance?.find((item) => item.name === name)?.share ?? 0;
  const first = [...names].sort((a, b) => share(b) - share(a)).slice(0, 2);
  const [a, b] = names.filter((name) => first.includes(name));
  const x = names.includes(mapx) ? mapx : mapy === a ? b : a;
  const y = names.includes(mapy) && mapy !== x ? mapy : x === b ? a : b;
  return [x, y];
}

/** What the best of some settings came to. @param {View} view @param {number} index */
function outcomeText({ cells, goal, analysis }, index) {
  const cell = cells[index];
  const show = objectives[goal.objective].value;
  const marks = cellMarks(cell).join(", ");
  if (cell.reached) {
    const spread = cell.low !== cell.high;
    const range = spread ? ` (${show(cell.low)} to ${show(cell.high)})` : "";
    return `${show(cell.value)}${range}${marks ? `, ${marks}` : ""}`;
  }
  if (!cell.trials) return "not run yet";
  const best = format.isNumber(cell.accuracy)
    ? `, best ${metricText(analysis.metric)} ${format.percent(cell.accuracy)}`
    : "";
  return `${marks || "nothing known"}${best}`;
}

/** What stands in a cell without a value. @type {Record<string, string>} */
export const signs = {
  value: "",
  missed: "",
  diverged: "×",
  failed: "!",
  live: "…",
  none: "",
};

/** @param {View} view @param {number[]} indexes settings that share this place */
function bestOf({ cells }, indexes) {
  return [...indexes].sort(
    (a, b) =>
      (cells[a].rank || Infinity) - (cells[b].rank || Infinity) ||
      cells[b].trials - cells[a].trials,
  )[0];
}

/** @param {string} place @param {number} [settings] @returns {HeatCell} */
const blank = (place, settings = 0) => ({
  look: "none",
  step: 0,
  text: "",
  words: `${place}: ${settings ? "not run yet" : "not tried"}`,
  href: null,
  answer: false,
});

/**
 * @param {View} view @param {string} x @param {string} y names of parameters
 * @returns {HeatMap}
 */
export function heatMapOf(view, x, y) {
  const { analysis, cells, goal, runs, answer } = view;
  const { columns, rows, grid } = pivot(analysis, cells, x, y);
  const objective = objectives[goal.objective];
  const shown = grid.flat().flatMap((list) => (list.length ? bestOf(view, list) : []));
  const range = extent(shown.map((i) => cells[i].value));
  const at = placer(range ?? [0, 1], objective);

  /** @param {number[]} list @param {string} place @returns {HeatCell} */
  function heatCell(list, place) {
    if (list.length === 0) return blank(place);
    const index = bestOf(view, list);
    const cell = cells[index];
    const look = lookOf(cell);
    const of = list.length > 1 ? `the best of ${list.length} settings, ` : "";
    const name = of ? `${of}${settingText(analysis.parameters, cell.values)}` : place;
    return {
      look,
      step: look === "value" ? stepOf(at(Number(cell.value))) : 0,
      text: look === "value" ? objective.value(cell.value) : signs[look],
      words: `${of ? `${place}: ` : ""}${name}: ${outcomeText(view, index)}`,
      href: cellHref(runs[index]),
      answer: answer !== null && list.includes(answer.cell),
    };
  }
  return {
    columns: columns.map(({ text }) => text),
    rows: rows.map(({ text }) => text),
    range,
    cells: grid.map((list, i) =>
      list.map((indexes, j) =>
        heatCell(
          indexes,
          `${shortName(x)} ${columns[j].text}, ${shortName(y)} ${rows[i].text}`,
        ),
      ),
    ),
  };
}
