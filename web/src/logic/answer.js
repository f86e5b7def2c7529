// A sweep's answer as sentences.
import * as format from "./format.js";
import { clockText, metricText, missedText, objectives, targetText } from "./objectives.js";
import { settingText } from "./settings.js";

/** @typedef {import("./trials.js").Goal} Goal */

/** "(0.08 s to 0.11 s, 5 seeds)". @param {{low: unknown, high: unknown}} range
 * @param {number} seeds @param {Objective} objective */
export function rangeText({ low, high }, seeds, objective) {
  const { value } = objectives[objective];
  const [from, to] = [value(low), value(high)];
  const among = seeds === 1 ? "1 seed" : `${seeds} seeds`;
  return seeds === 1 || from === to ? `(${among})` : `(${from} to ${to}, ${among})`;
}

/** "9 of 30 never got there". @param {Pick<Answer, "never" | "settings">} answer
 * @param {Objective} objective */
export const neverText = ({ never, settings }, objective) =>
  never
    ? `${never} of ${format.plural(settings, "setting")} ${missedText(objective)}`
    : `all ${format.plural(settings, "setting")} ${
        objective === "time_to_target" ? "got there" : "have a value"
      }`;

/** How much worse the second is. @param {number} best @param {number} other
 * @param {Objective} objective */
export function worseText(best, other, objective) {
  if (!objectives[objective].lower) {
    const points = (best - other) * 100;
    return points < 0.005 ? "as good" : `${points.toFixed(2)} points less`;
  }
  const more = other / best - 1;
  if (!(more >= 0.005)) return "as good";
  const word = objective === "time_to_target" ? "slower" : "higher";
  return more < 1
    ? `${Math.round(more * 100)} % ${word}`
    : `${format.short(other / best, 2)} times as ${word === "slower" ? "slow" : "high"}`;
}

/** "Next: batch 64, lr 0.2 with 0.11 s, 22 % slower". @param {Analysis} analysis
 * @param {Pick<Answer, "value" | "runner_up">} answer @param {Objective} objective */
export function runnerUpText({ parameters, cells }, answer, objective) {
  const second = answer.runner_up;
  if (!second) return "";
  const name = settingText(parameters, cells[second.cell].values);
  const value = objectives[objective].value(second.value);
  return `Next: ${name} with ${value}, ${worseText(answer.value, second.value, objective)}.`;
}

/** What it took. @param {Pick<Answer, "steps" | "samples" | "epochs">} answer
 * @param {Objective} objective */
export const costText = ({ steps, samples, epochs }, objective) =>
  `${objective === "time_to_target" ? "It took" : "Got at"} ${format.short(epochs, 3)} ${
    epochs === 1 ? "epoch" : "epochs"
  }: ${format.count(steps)} steps, ${format.count(samples)} samples (medians).`;

/** Which numbers these are. @param {Analysis} analysis */
export function provenanceText({ metric, clock }) {
  const judged =
    metric === "val_accuracy"
      ? "Chosen by validation accuracy, on samples that no run trained on; the test set had no say."
      : "Chosen by test accuracy, as these runs hold no validation samples back.";
  return `${judged} Times are ${clockText(clock)}${
    clock === "cpu_seconds" ? ", which runs side by side hardly disturb" : ""
  }.`;
}

/** Said once, and only where it had no part in the choice.
 * @param {Pick<Answer, "test_accuracy">} answer @param {Analysis} analysis */
export function testText({ test_accuracy: accuracy }, { metric, state }) {
  if (metric === "test_accuracy") return "";
  if (format.isNumber(accuracy))
    return `Test accuracy of this setting, looked at once: ${format.percent(accuracy)}.`;
  return state === "running" || state === "paused"
    ? "Its test accuracy is reported once, when the sweep has ended."
    : "";
}

/**
 * Where nothing has a value: what came nearest.
 * @param {Analysis} analysis @param {Cell[]} cells @param {Goal} goal
 */
export function nearestText({ parameters, metric }, cells, goal) {
  const known = cells.filter(({ accuracy }) => format.isNumber(accuracy));
  if (known.length === 0) return "";
  const best = known.reduce((a, b) => (Number(b.accuracy) > Number(a.accuracy) ? b : a));
  const name = settingText(parameters, best.values);
  const kind = metricText(metric);
  const miss = goal.target - Number(best.accuracy);
  const short =
    goal.objective === "time_to_target" && miss > 0
      ? `, ${(miss * 100).toFixed(miss < 0.001 ? 2 : 1)} points short of ${targetText(goal.target)}`
      : "";
  return `The best was ${format.percent(best.accuracy)} ${kind}, by ${name}${short}.`;
}

/**
 * What to change where nothing has a value.
 * @param {Goal} goal
 * @param {number | null} unlimited the least seconds to the target without a budget
 * @param {boolean} live  more is to come
 */
export function hintText(goal, unlimited, live) {
  if (live && unlimited === null) return "More runs are under way.";
  if (goal.objective !== "time_to_target")
    return "All runs so far failed, diverged or were stopped: try lower learning rates.";
  if (goal.budget !== null && unlimited !== null)
    return `With more time it is reached: the first gets there after ${format.seconds(unlimited)}. Raise the time limit.`;
  return "Lower the target, or clone this sweep with more epochs, a larger network or other learning rates.";
}
