// What the runs of a sweep came to, and which setting is better: engine/search/trials.h
// once more, so that another target or budget is judged while a slider moves. Both are
// held to tests/golden/trial_cases.json.
import { isNumber } from "./format.js";

/** @typedef {{objective: Objective, target: number, budget: number | null}} Goal */
/** @typedef {Pick<Trial, "cell" | "state" | "final_loss" | "steps">} Judged */

/**
 * How well a run or a setting did. `counts` false: nothing can be said (yet). Without a
 * value it ranks behind all that have one, by accuracy.
 * @typedef {{counts: boolean, value: number | null, accuracy: number | null}} Score
 */

const SECONDS = 0;
const ACCURACY = 1;
const SAMPLES = 2;
const STEP = 3;

const live = new Set(["queued", "running", "paused"]);
const limited = new Set(["time_to_target", "accuracy_within"]);
const lowerIsBetter = new Set(["time_to_target", "final_loss"]);

/** As many steps as lie within the budget. @param {Judged} trial @param {Goal} goal */
function stepsWithin({ steps }, { objective, budget }) {
  if (budget === null || !limited.has(objective)) return steps.length;
  let count = 0;
  while (count < steps.length && steps[count][SECONDS] <= budget) count++;
  return count;
}

/**
 * The step at which a run did what the goal asks for: the first at the target, or its best
 * within the budget.
 * @param {Judged} trial @param {Goal} goal @returns {Trial["steps"][number] | null}
 */
export function countingStep(trial, goal) {
  const within = stepsWithin(trial, goal);
  if (goal.objective !== "time_to_target") return trial.steps[within - 1] ?? null;
  for (let i = 0; i < within; i++)
    if (trial.steps[i][ACCURACY] >= goal.target) return trial.steps[i];
  return null;
}

/** @param {Judged} trial @param {Goal} goal @returns {number | null} */
function valueOf(trial, goal) {
  if (goal.objective === "time_to_target")
    return countingStep(trial, goal)?.[SECONDS] ?? null;
  if (trial.state !== "finished") return null;
  if (goal.objective === "final_loss")
    return isNumber(trial.final_loss) ? trial.final_loss : null;
  return countingStep(trial, goal)?.[ACCURACY] ?? null;
}

/** @param {Judged} trial @param {Goal} goal @returns {Score} */
export function scoreOf(trial, goal) {
  const value = valueOf(trial, goal);
  const accuracy = trial.steps[stepsWithin(trial, goal) - 1]?.[ACCURACY] ?? null;
  const ended = !live.has(trial.state) && trial.state !== "stopped";
  return { counts: ended || value !== null, value, accuracy };
}

/** Below 0 if `a` is better. @param {Score} a @param {Score} b @param {Objective} objective */
export function compareScores(a, b, objective) {
  if (a.counts !== b.counts) return a.counts ? -1 : 1;
  if (!a.counts) return 0;
  if (a.value !== null && b.value !== null)
    return lowerIsBetter.has(objective) ? a.value - b.value : b.value - a.value;
  if (a.value !== null || b.value !== null) return a.value !== null ? -1 : 1;
  return (b.accuracy ?? -1) - (a.accuracy ?? -1);
}

/** The middle of the scores that count; of an even number the mean of the middle two where
 * both have a value, else the worse of them.
 * @param {Score[]} scores @param {Objective} objective @returns {Score} */
function medianOf(scores, objective) {
  const sorted = scores
    .filter(({ counts }) => counts)
    .sort((a, b) => compareScores(a, b, objective));
  if (sorted.length === 0) return { counts: false, value: null, accuracy: null };
  const better = sorted[(sorted.length - 1) >> 1];
  const worse = sorted[sorted.length >> 1];
  if (better.value === null || worse.value === null) return worse;
  const [one, other] = [better.accuracy, worse.accuracy];
  return {
    counts: true,
    value: (better.value + worse.value) / 2,
    accuracy: one === null || other === null ? null : (one + other) / 2,
  };
}

/** @param {Judged[]} trials of one setting @param {Goal} goal */
function sumUpCell(trials, goal) {
  const scores = trials.map((trial) => scoreOf(trial, goal));
  const values = scores.flatMap(({ value }) => (value === null ? [] : value));
  const { counts, value, accuracy } = medianOf(scores, goal.objective);
  const count = (/** @type {string} */ wanted) =>
    trials.filter(({ state }) => state === wanted).length;
  return {
    counts,
    value,
    accuracy,
    reached: counts ? value !== null : null,
    rank: /** @type {number | null} */ (null),
    low: values.length ? Math.min(...values) : null,
    high: values.length ? Math.max(...values) : null,
    trials: trials.length,
    counted: scores.filter((score) => score.counts).length,
    reached_trials: values.length,
    live: trials.filter(({ state }) => live.has(state)).length,
    pruned: count("pruned"),
    diverged: count("diverged"),
    failed: count("failed"),
  };
}

/** Each setting's median over its seeds, ranked; equals stand in their order.
 * @param {Judged[]} trials @param {Goal} goal @param {number} cellCount */
export function sumUp(trials, goal, cellCount) {
  /** @type {Judged[][]} */
  const byCell = Array.from({ length: cellCount }, () => []);
  for (const trial of trials) byCell[trial.cell].push(trial);
  const cells = byCell.map((own) => sumUpCell(own, goal));
  cells
    .filter(({ counts }) => counts)
    .sort((a, b) => compareScores(a, b, goal.objective))
    .forEach((cell, place) => (cell.rank = place + 1));
  return cells;
}

/** @param {number[]} values infinite where there is none @returns {number | null} */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  return Number.isFinite(middle) ? middle : null;
}

/** What the runs of a setting needed: medians at the step that counts. A run that counts
 * and has none took for ever, so that seeds which failed do not flatter the rest.
 * @param {Trial[]} trials @param {number} cell @param {Goal} goal */
function costOf(trials, cell, goal) {
  const at = trials
    .filter((trial) => trial.cell === cell && scoreOf(trial, goal).counts)
    .map((trial) => (valueOf(trial, goal) === null ? null : countingStep(trial, goal)));
  const of = (/** @type {number} */ place) =>
    median(at.map((step) => (step ? step[place] : Infinity)));
  return { seconds: of(SECONDS), samples: of(SAMPLES), steps: of(STEP) };
}

/** @typedef {{counted: number, value: number | null, rank: number | null,
 *   low: number | null, high: number | null}} Summed  as much of a sum as is used here */

/** What the server's `answer` says that follows from the runs; null: no setting is there.
 * @param {Analysis} analysis @param {Goal} goal
 * @param {Summed[]} [sums] where they are known already */
export function answerOf(
  { trials, cells, train_count: epoch },
  goal,
  sums = sumUp(trials, goal, cells.length),
) {
  const best = sums.findIndex(({ rank }) => rank === 1);
  const second = sums.findIndex(({ rank }) => rank === 2);
  const { value, low, high, counted } = sums[best] ?? { value: null };
  if (!isNumber(value)) return null;
  const { steps, samples } = costOf(trials, best, goal);
  const rival = sums[second]?.value ?? null;
  const counting = sums.filter(({ rank }) => rank !== null);
  return {
    cell: best,
    runs: trials.filter(({ cell }) => cell === best).map(({ run }) => run),
    seeds: counted,
    value,
    low,
    high,
    steps,
    samples,
    epochs: samples === null ? null : samples / epoch,
    never: counting.filter((cell) => cell.value === null).length,
    settings: counting.length,
    runner_up:
      rival === null ? null : { cell: second, value: rival, ratio: rival / value },
  };
}

/** For each batch size that reached the target its best setting, and what that needed.
 * @param {Analysis} analysis @param {Goal} goal */
export function batchCosts({ trials, cells, parameters }, goal) {
  const place = parameters.findIndex(({ name }) => name === "batch_size");
  /** @type {Map<number, number>} */
  const best = new Map();
  const sums = place < 0 ? [] : sumUp(trials, goal, cells.length);
  sums.forEach(({ value, rank }, i) => {
    const size = Number(cells[i].values[place]);
    const known = best.get(size);
    if (value === null) return;
    if (known === undefined || Number(rank) < Number(sums[known].rank)) best.set(size, i);
  });
  return [...best.entries()]
    .sort(([a], [b]) => a - b)
    .map(([size, cell]) => ({ batch_size: size, cell, ...costOf(trials, cell, goal) }));
}
