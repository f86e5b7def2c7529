// Time against accuracy: what is drawn of a sweep's runs, and the front that no run beats.
import { paretoFront } from "./front.js";
import { settingText } from "./settings.js";

/** @typedef {import("./sweep-view.js").View} View */
/** @typedef {{x: number, y: number, name: string}} Named */

/** More staircases than these are a blur. */
const STAIRCASES = 90;
/** The best runs of a large sweep: enough to see its shape. */
const ENDS = 300;

/** @param {View} view @param {number} cell @param {number} run */
const nameOf = ({ analysis, cells }, cell, run) =>
  `#${run} ${settingText(analysis.parameters, cells[cell].values)}`;

/** No run is at least as accurate and sooner. @param {View} view @returns {Named[]} */
export const frontOf = (view) =>
  paretoFront(view.analysis.trials).map(({ seconds, accuracy, run, cell }) => ({
    x: seconds,
    y: accuracy,
    name: nameOf(view, cell, run),
  }));

/** Where runs stand at their best, the best settings' first. @param {View} view
 * @returns {{ends: Named[], all: boolean}} */
export function endsOf(view) {
  const { analysis, cells } = view;
  const known = analysis.trials.filter(({ steps }) => steps.length > 0);
  const rank = (/** @type {Trial} */ { cell }) => cells[cell].rank || Infinity;
  const chosen =
    known.length > ENDS
      ? [...known].sort((a, b) => rank(a) - rank(b)).slice(0, ENDS)
      : known;
  const ends = chosen.map(({ steps, cell, run }) => {
    const [x, y] = steps[steps.length - 1];
    return { x, y, name: nameOf(view, cell, run) };
  });
  return {
    ends: ends.filter(({ x }) => x > 0).sort((a, b) => a.x - b.x),
    all: chosen.length === known.length,
  };
}

/** The staircases themselves, while they can be told apart. @param {View} view */
export function staircasesOf({ analysis }) {
  const known = analysis.trials.filter(({ steps }) => steps.length > 1);
  if (known.length > STAIRCASES) return [];
  return known.map(({ steps }) =>
    steps.filter(([x]) => x > 0).map(([x, y]) => ({ x, y })),
  );
}
