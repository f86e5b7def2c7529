// The goal that the page looks at its sweep with.
import { goalOf, goalQuery } from "../../logic/goal.js";
import { setQuery } from "../../router.js";
import { useDelayed } from "./analysis/use-delayed.js";

/** @typedef {import("../../logic/trials.js").Goal} Goal */

/**
 * @param {Sweep | null} sweep @param {Record<string, string>} query
 * @returns {[Goal | null, (changes: Partial<Goal>) => void]}
 */
export function useGoal(sweep, { target, budget, objective }) {
  const text = JSON.stringify({ target, budget, objective });
  const [draft, setDraft] = useDelayed(
    text,
    () => /** @type {Goal | null} */ (null),
    (goal) => sweep && goal && setQuery(goalQuery(sweep, goal)),
  );
  const goal = sweep && (draft ?? goalOf(sweep, { target, budget, objective }));
  return [goal, (changes) => goal && setDraft({ ...goal, ...changes })];
}
