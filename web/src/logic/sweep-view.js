// A sweep's analysis looked at with another goal: everything that follows from the
// staircases is computed anew, the rest stays as the server said.
import { isNumber } from "./format.js";
import { answerOf, sumUp } from "./trials.js";

/** @typedef {import("./trials.js").Goal} Goal */

/**
 * @typedef {object} View
 * @property {Analysis} analysis  its cells and answer are for `goal`
 * @property {Goal} goal
 * @property {Cell[]} cells
 * @property {Answer | null} answer  `config` only where the server gave it for this goal
 * @property {number[]} ranked       places in `cells`, the best first
 * @property {number[][]} runs       the runs of each cell
 * @property {boolean} live          more is to come
 * @property {boolean} measured      is there any accuracy yet?
 * @property {boolean} fresh         what only the server computes is for `goal`, too
 */

/** @param {Answer | null} answer @param {Answer | null} known */
function withKnown(answer, known) {
  if (!answer || known?.cell !== answer.cell) return answer;
  return { ...answer, config: known.config, test_accuracy: known.test_accuracy };
}

/** @param {Analysis} analysis @param {Goal} goal @param {boolean} fresh @returns {View} */
export function viewOf(analysis, goal, fresh) {
  const { trials } = analysis;
  const sums = sumUp(trials, goal, analysis.cells.length);
  const cells = analysis.cells.map((cell, i) => ({ ...cell, ...sums[i] }));
  const looked = { ...analysis, ...goal, cells };
  const own = /** @type {Answer | null} */ (answerOf(looked, goal, sums));
  const answer = withKnown(own, fresh ? analysis.answer : null);
  const ranked = cells
    .flatMap(({ rank }, i) => (isNumber(rank) && rank > 0 ? i : []))
    .sort((a, b) => Number(cells[a].rank) - Number(cells[b].rank));
  /** @type {number[][]} */
  const runs = cells.map(() => []);
  for (const { cell, run } of trials) runs[cell].push(run);
  return {
    analysis: looked,
    goal,
    cells,
    answer,
    ranked,
    runs,
    measured: trials.some(({ steps }) => steps.length > 0),
    fresh,
    live: analysis.state === "running" || analysis.state === "paused",
  };
}

/** The least seconds to the target without a budget. @param {View} view */
export function unlimitedSeconds({ analysis, goal }) {
  const { trials, cells } = analysis;
  const sums = sumUp(trials, { ...goal, budget: null }, cells.length);
  const values = sums.flatMap(({ value }) => (isNumber(value) ? value : []));
  return values.length ? Math.min(...values) : null;
}
