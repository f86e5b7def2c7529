// The target and the time budget that a sweep is looked at with, and their sliders.
import { isNumber } from "./format.js";
import { objectives } from "./objectives.js";
import { extent } from "./stats.js";

/** @typedef {import("./trials.js").Goal} Goal */

const DEFAULT_TARGET = 0.9;
/** The budget slider's places; the last one means no limit. */
export const BUDGET_PLACES = 100;

/** The sweep's own. @param {Sweep} sweep @returns {Goal} */
export function ownGoal({ spec }) {
  const { target_accuracy: target, time_budget_s: budget } = spec.base;
  return {
    objective: spec.objective,
    target: isNumber(target) ? target : DEFAULT_TARGET,
    budget: isNumber(budget) ? budget : null,
  };
}

/** The sweep's own goal with what the address says instead.
 * @param {Sweep} sweep @param {Record<string, string>} query @returns {Goal} */
export function goalOf(sweep, query) {
  const own = ownGoal(sweep);
  const target = query.target ? Number(query.target) : NaN;
  const budget = query.budget ? Number(query.budget) : NaN;
  const known = Object.hasOwn(objectives, query.objective ?? "");
  return {
    objective: known ? /** @type {Objective} */ (query.objective) : own.objective,
    target: target > 0 && target <= 1 ? target : own.target,
    budget: query.budget === "none" ? null : budget > 0 ? budget : own.budget,
  };
}

/** What the address has to say. @param {Sweep} sweep @param {Goal} goal */
export function goalQuery(sweep, goal) {
  const own = ownGoal(sweep);
  return {
    objective: goal.objective === own.objective ? null : goal.objective,
    target: goal.target === own.target ? null : goal.target,
    budget: goal.budget === own.budget ? null : (goal.budget ?? "none"),
  };
}

/** Accuracies worth asking for: those that runs have passed through lately, and more.
 * @param {Trial[]} trials @param {number} target @returns {[number, number]} */
export function targetRange(trials, target) {
  const best = extent(trials.map(({ steps }) => steps.at(-1)?.[1]));
  const low = Math.min(best?.[0] ?? 0.5, target) - 0.02;
  return [Math.max(0.01, Math.floor(low * 50) / 50), 1];
}

/** The seconds that the runs took. @param {Trial[]} trials @param {number | null} budget
 * @returns {[number, number]} */
export function budgetRange(trials, budget) {
  const first = extent(trials.map(({ steps }) => steps[0]?.[0] || null));
  const last = extent(trials.map(({ seconds }) => seconds));
  const low = Math.min(first?.[0] ?? 0.01, budget ?? Infinity);
  const high = Math.max(last?.[1] ?? 100, budget ?? 0, 2 * low);
  return [low, high];
}

/** @param {[number, number]} range @param {number} place @returns {number | null} */
export function budgetAt([low, high], place) {
  if (place >= BUDGET_PLACES) return null;
  const seconds = low * (high / low) ** (place / (BUDGET_PLACES - 1));
  return Number(seconds.toPrecision(2));
}

/** @param {[number, number]} range @param {number | null} budget */
export function placeOfBudget([low, high], budget) {
  if (budget === null) return BUDGET_PLACES;
  const place = (Math.log(budget / low) / Math.log(high / low)) * (BUDGET_PLACES - 1);
  return Math.round(Math.min(BUDGET_PLACES - 1, Math.max(0, place)));
}
