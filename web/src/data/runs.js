// Single runs by id, kept up to date by the stream.
import { useEffect, useRef } from "preact/hooks";
import { getRun } from "../api.js";
import { attached, listen } from "../live.js";
import { withPoint } from "../logic/runs.js";
import { useTicker } from "./ticker.js";

/**
 * What is known of some runs. Events are newer than answers to fetches that were under
 * way when they came, so those answers are dropped.
 */
class RunCache {
  constructor() {
    /** @type {Map<number, Run>} */
    this.runs = new Map();
    /** @type {Map<number, Error>} */
    this.errors = new Map();
    /** @type {Map<number, number>} */
    this.changed = new Map();
    this.clock = 0;
  }

  /** @param {Run} run */
  put(run) {
    this.errors.delete(run.id);
    this.runs.set(run.id, run);
    this.changed.set(run.id, ++this.clock);
  }

  /** @param {number} id @param {Point} point */
  addPoint(id, point) {
    const run = this.runs.get(id);
    if (run) this.put(withPoint(run, point));
  }

  /** @param {number} id */
  async fetch(id) {
    const asked = this.clock;
    try {
      const run = await getRun(id);
      if ((this.changed.get(id) ?? 0) <= asked) this.put(run);
    } catch (error) {
      this.errors.set(id, /** @type {Error} */ (error));
    }
  }
}

/**
 * @param {number[]} ids
 * @returns {{runs: Map<number, Run>, errors: Map<number, Error>, put: (run: Run) => void}}
 */
export function useRuns(ids) {
  const cache = useRef(new RunCache()).current;
  const [, tick] = useTicker();
  const key = ids.join();

  useEffect(() => {
    const wanted = new Set(ids);
    const fetchAll = () => ids.forEach((id) => cache.fetch(id).then(tick));
    attached.then(fetchAll);
    return listen((message) => {
      if (message.type === "resync") return fetchAll();
      if (message.type === "run" && wanted.has(message.run.id)) cache.put(message.run);
      else if (message.type === "point" && wanted.has(message.run))
        cache.addPoint(message.run, message.point);
      else return;
      tick();
    });
  }, [key]);

  const put = useRef((/** @type {Run} */ run) => {
    cache.put(run);
    tick();
  }).current;
  return { runs: cache.runs, errors: cache.errors, put };
}
