// The goal that the page looks at its sweep with.
import { useViewState } from "../../data/view-state.js";
import { goalOf, goalQuery } from "../../logic/goal.js";

/** @typedef {import("../../logic/trials.js").Goal} Goal */

/**
 * @param {Sweep | null} sweep @param {Record<string, string>} query
 * @returns {[Goal | null, (changes: Partial<Goal>) => void]}
 */
export function useGoal(sweep, { target, budget, objective }) {
  // Until it changes, and once the address says it, the goal is what sweep and address say.
  const [draft, setDraft] = useViewState(
    { target, budget, objective },
    () => /** @type {Goal | null} */ (null),
    (goal) => (sweep && goal ? goalQuery(sweep, goal) : {}),
  );
  const goal = sweep && (draft ?? goalOf(sweep, { target, budget, objective }));
  return [goal, (changes) => goal && setDraft({ ...goal, ...changes })];
}
