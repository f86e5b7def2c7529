// The goal that the page looks at its sweep with: at once on the page, a moment later in
// the address, which browsers let a page change only so often.
import { useEffect, useRef, useState } from "preact/hooks";
import { goalOf, goalQuery } from "../../logic/goal.js";
import { setQuery } from "../../router.js";

/** @typedef {import("../../data/sweep.js").Goal} Goal */

const WRITE_MS = 200;

/**
 * @param {Sweep | null} sweep @param {Record<string, string>} query
 * @returns {[Goal | null, (changes: Partial<Goal>) => void]}
 */
export function useGoal(sweep, query) {
  const [draft, setDraft] = useState(/** @type {Goal | null} */ (null));
  const timer = useRef(/** @type {any} */ (null));
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => setDraft(null), [query.target, query.budget, query.objective]);
  const goal = sweep && (draft ?? goalOf(sweep, query));

  /** @param {Partial<Goal>} changes */
  function change(changes) {
    if (!sweep || !goal) return;
    const next = { ...goal, ...changes };
    setDraft(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setQuery(goalQuery(sweep, next)), WRITE_MS);
  }
  return [goal, change];
}
