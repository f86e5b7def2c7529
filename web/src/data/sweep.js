// One sweep and its analysis, kept up to date by the stream.
import { useEffect, useRef, useState } from "preact/hooks";
import { getAnalysis, getSweep } from "../api.js";
import { attached, listen } from "../live.js";
import { Asking } from "./asking.js";
import { useTicker } from "./ticker.js";

/** @typedef {import("../logic/trials.js").Goal} Goal */

const PAUSE_MS = 1000;
const GOAL_MS = 300;

/**
 * @param {number} id
 * @returns {{sweep: Sweep | null, error: Error | null, put: (sweep: Sweep) => void}}
 */
export function useSweep(id) {
  const [state, setState] = useState(
    /** @type {{sweep: Sweep | null, error: Error | null}} */ ({
      sweep: null,
      error: null,
    }),
  );
  const put = useRef((/** @type {Sweep} */ sweep) =>
    setState((old) => ({
      sweep: sweep.deleted && old.sweep ? { ...old.sweep, deleted: true } : sweep,
      error: null,
    })),
  ).current;

  useEffect(() => {
    let events = 0;
    const fetch = () => {
      const asked = events;
      getSweep(id).then(
        (sweep) => asked === events && put(sweep),
        (error) => setState((old) => ({ ...old, error })),
      );
    };
    attached.then(fetch);
    return listen((message) => {
      if (message.type === "resync") fetch();
      if (message.type !== "sweep" || message.sweep.id !== id) return;
      events++;
      put(message.sweep);
    });
  }, [id]);
  return { ...state, put };
}

/** @param {Goal} goal */
const queryOf = ({ objective, target, budget }) => ({
  objective,
  target,
  budget: budget ?? "none",
});

/** The analysis as last answered, and what asks for a fresh one. */
class AnalysisLoader {
  /** @param {number} id @param {() => void} changed */
  constructor(id, changed) {
    this.id = id;
    /** @type {Analysis | null} */
    this.analysis = null;
    /** @type {Goal | null} what to ask for */
    this.goal = null;
    /** @type {Goal | null} what `analysis` was asked for */
    this.answered = null;
    this.asking = new Asking(() => this.fetch(), changed, PAUSE_MS);
    this.timer = /** @type {any} */ (null);
  }

  async fetch() {
    const { goal } = this;
    if (!goal) return;
    this.analysis = await getAnalysis(this.id, queryOf(goal));
    this.answered = goal;
  }

  /** At once the first time, later when the goal has stood for a moment.
   * @param {Goal} goal */
  setGoal(goal) {
    const first = !this.goal;
    this.goal = goal;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.asking.ask(), first ? 0 : GOAL_MS);
  }

  close() {
    this.asking.close();
    clearTimeout(this.timer);
  }
}

/**
 * @param {number} id of a sweep
 * @param {Goal | null} goal null: not known yet
 * @returns {{analysis: Analysis | null, error: Error | null, fresh: boolean}} `fresh`: what
 *   the server alone computes is for this very goal
 */
export function useAnalysis(id, goal) {
  const [, tick] = useTicker();
  const current = useRef(/** @type {AnalysisLoader | null} */ (null));
  current.current ??= new AnalysisLoader(id, tick);
  const loader = current.current;
  const key = goal && JSON.stringify(goal);

  useEffect(() => {
    if (goal) attached.then(() => loader.setGoal(goal));
  }, [key]);
  useEffect(() => {
    const ignore = listen((message) => {
      const ours = message.type === "sweep" && message.sweep.id === id;
      if (ours && message.sweep.deleted) return;
      if (ours || message.type === "resync") loader.asking.ask();
    });
    return () => {
      loader.close();
      ignore();
    };
  }, [id]);
  const fresh = JSON.stringify(loader.answered) === key;
  return { analysis: loader.analysis, error: loader.asking.error, fresh };
}
