// The list of sweeps, newest first, as many pages as were asked for, kept up to date by
// the stream.
import { useEffect, useRef } from "preact/hooks";
import { listSweeps } from "../api.js";
import { attached, listen } from "../live.js";
import { useTicker } from "./ticker.js";

const PAGE = 50;
const REFETCH_MS = 500;

class SweepList {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    /** @type {Sweep[] | null} */
    this.sweeps = null;
    /** @type {string | null} */
    this.next = null;
    this.total = 0;
    /** @type {Error | null} */
    this.error = null;
    this.pages = 1;
    this.round = 0;
    this.timer = /** @type {any} */ (null);
  }

  /** All pages again: what came or went moves the borders between them. */
  async fetch() {
    clearTimeout(this.timer);
    this.timer = null;
    const round = ++this.round;
    try {
      const { sweeps, next, total } = await this.fetchPages();
      if (round !== this.round) return;
      Object.assign(this, { sweeps, next, total, error: null });
    } catch (error) {
      if (round === this.round) this.error = /** @type {Error} */ (error);
    }
    this.changed();
  }

  async fetchPages() {
    /** @type {Sweep[]} */
    const sweeps = [];
    let next = null;
    let total = 0;
    for (let i = 0; i < this.pages && (i === 0 || next); i++) {
      const page = await listSweeps({ limit: PAGE, cursor: next });
      sweeps.push(...page.sweeps);
      next = page.next_cursor;
      total = page.total;
    }
    return { sweeps, next, total };
  }

  more() {
    this.pages++;
    this.fetch();
  }

  /** @param {Sweep} sweep */
  put(sweep) {
    const known = this.sweeps?.some(({ id }) => id === sweep.id);
    if (sweep.deleted || !known) this.timer ??= setTimeout(() => this.fetch(), REFETCH_MS);
    else
      this.sweeps = this.sweeps?.map((old) => (old.id === sweep.id ? sweep : old)) ?? null;
    this.changed();
  }
}

export function useSweepList() {
  const [, tick] = useTicker();
  const list = useRef(/** @type {SweepList | null} */ (null));
  list.current ??= new SweepList(tick);
  const current = list.current;

  useEffect(() => {
    attached.then(() => current.fetch());
    const ignore = listen((message) => {
      if (message.type === "resync") current.fetch();
      if (message.type === "sweep") current.put(message.sweep);
    });
    return () => {
      ignore();
      clearTimeout(current.timer);
    };
  }, []);
  return current;
}
