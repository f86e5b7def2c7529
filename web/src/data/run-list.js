// One page of the list of runs: sorted and filtered by the server, rows kept up to date
// by the stream.
import { useEffect, useRef } from "preact/hooks";
import { listRuns } from "../api.js";
import { attached, listen } from "../live.js";
import { withPoint, withUpdate } from "../logic/runs.js";
import { useTicker } from "./ticker.js";

const REFETCH_MS = 1000;

/** The list as last fetched, and what asks for a fresh one at most once a second. */
class RunList {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    /** @type {Run[] | null} */
    this.runs = null;
    /** @type {string | null} */
    this.next = null;
    /** @type {number | null} */
    this.total = null;
    /** @type {Error | null} */
    this.error = null;
    /** @type {Record<string, unknown>} */
    this.query = {};
    this.round = 0;
    this.timer = /** @type {any} */ (null);
  }

  async fetch() {
    clearTimeout(this.timer);
    this.timer = null;
    const round = ++this.round;
    try {
      const page = await listRuns(this.query);
      if (round !== this.round) return;
      this.runs = page.runs;
      this.next = page.next_cursor;
      this.total = page.total ?? null;
      this.error = null;
    } catch (error) {
      if (round === this.round) this.error = /** @type {Error} */ (error);
    }
    this.changed();
  }

  fetchSoon() {
    this.timer ??= setTimeout(() => this.fetch(), REFETCH_MS);
  }

  /** @param {Run} run */
  put(run) {
    const row = this.runs?.find(({ id }) => id === run.id);
    const moved = run.state !== row?.state || run.archived !== row?.archived;
    if (!row || run.deleted || moved) this.fetchSoon();
    if (!row || !this.runs || run.deleted) return;
    const updated = withUpdate(row, run);
    this.runs = this.runs.map((old) => (old === row ? updated : old));
  }

  /** @param {number} id @param {Point} point */
  addPoint(id, point) {
    this.runs =
      this.runs?.map((run) => (run.id === id ? withPoint(run, point) : run)) ?? null;
  }
}

/** @param {Record<string, unknown>} query of GET /runs */
export function useRunList(query) {
  const [, tick] = useTicker();
  const list = useRef(/** @type {RunList | null} */ (null));
  list.current ??= new RunList(tick);
  const current = list.current;

  useEffect(() => {
    current.query = query;
    attached.then(() => current.fetch());
  }, [JSON.stringify(query)]);

  useEffect(() => {
    const stop = listen((message) => {
      if (message.type === "resync") current.fetch();
      if (message.type === "run") current.put(message.run);
      if (message.type === "point") current.addPoint(message.run, message.point);
      tick();
    });
    return () => {
      stop();
      clearTimeout(current.timer);
    };
  }, []);
  return current;
}
