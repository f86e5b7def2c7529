// What a sweep looks for, and how its values are written.
import { fixed, isNumber, percent, seconds, short } from "./format.js";

/** @typedef {import("./trials.js").Goal} Goal */

/**
 * @typedef {object} ObjectiveInfo
 * @property {string} label
 * @property {boolean} lower    the lower the better
 * @property {boolean} log      values spread over powers of ten
 * @property {(value: unknown) => string} value
 * @property {boolean} target   does the target accuracy matter?
 * @property {boolean} budget   does the time budget?
 */

/** @type {Record<Objective, ObjectiveInfo>} */
export const objectives = {
  time_to_target: {
    label: "Time to target",
    lower: true,
    log: true,
    value: seconds,
    target: true,
    budget: true,
  },
  accuracy_within: {
    label: "Accuracy within time",
    lower: false,
    log: false,
    value: (value) => percent(value),
    target: false,
    budget: true,
  },
  best_accuracy: {
    label: "Best accuracy",
    lower: false,
    log: false,
    value: (value) => percent(value),
    target: false,
    budget: false,
  },
  final_loss: {
    label: "Final loss",
    lower: true,
    log: true,
    value: (value) => fixed(value),
    target: false,
    budget: false,
  },
};

/** 90 % or 92.5 %: as many digits as it has. @param {number} target */
export const targetText = (target) => `${short(Math.round(target * 1e5) / 1e3, 5)} %`;

/** "60 s": a limit that a person set, so no digits are made up. @param {number} budget */
export const budgetText = (budget) =>
  budget < 60 ? `${short(budget, 3)} s` : seconds(budget);

/** @param {Goal} goal */
const within = ({ budget }) => (isNumber(budget) ? ` within ${budgetText(budget)}` : "");

/** "Fastest to 90 % within 60 s". @param {Goal} goal */
export function headOf(goal) {
  if (goal.objective === "time_to_target")
    return `Fastest to ${targetText(goal.target)}${within(goal)}`;
  if (goal.objective === "accuracy_within") return `Most accurate${within(goal)}`;
  return goal.objective === "best_accuracy" ? "Most accurate" : "Lowest final loss";
}

/** What those did not do that have no value. @param {Objective} objective */
export const missedText = (objective) =>
  objective === "time_to_target" ? "never got there" : "came to nothing";

/** @param {Analysis["metric"]} metric */
export const metricText = (metric) =>
  metric === "val_accuracy" ? "validation accuracy" : "test accuracy";

/** @param {Analysis["clock"]} clock */
export const clockText = (clock) =>
  clock === "cpu_seconds" ? "CPU seconds of training" : "wall-clock seconds of training";
