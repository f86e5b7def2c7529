// The points of some runs, kept complete by the stream.
import { useEffect, useRef } from "preact/hooks";
import { getPoints } from "../api.js";
import { attached, listen } from "../live.js";
import { Series } from "../logic/points.js";
import { useTicker } from "./ticker.js";

const RETRY_MS = 2000;

/** Fetches what is missing, one fetch at a time. */
class SeriesLoader {
  /** @param {number} id @param {number} max @param {() => void} changed */
  constructor(id, max, changed) {
    this.id = id;
    this.max = max;
    this.changed = changed;
    this.series = new Series();
    this.busy = false;
    this.closed = false;
  }

  async load() {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.series.hole !== null && !this.closed) await this.fetchMissing();
    } catch {
      setTimeout(() => this.closed || this.load(), RETRY_MS);
    }
    this.busy = false;
    this.changed();
  }

  async fetchMissing() {
    const { since, breaks } = this.series;
    this.series.fill(await getPoints(this.id, since, this.max), breaks);
  }

  /** @param {Point} point */
  add(point) {
    this.series.add(point);
    if (this.series.points.length > 3 * this.max) this.thin();
  }

  async thin() {
    if (this.busy) return;
    this.busy = true;
    await getPoints(this.id, -1, this.max).then(
      (points) => this.series.replace(points),
      () => {},
    );
    this.busy = false;
  }

  resync() {
    this.series.interrupt();
    this.load();
  }
}

/**
 * @param {number[]} ids
 * @param {number} max fetch thinned to about so many points a run
 * @returns {Map<number, Series>}
 */
export function usePoints(ids, max) {
  const loaders = useRef(/** @type {Map<number, SeriesLoader>} */ (new Map())).current;
  const [, tick] = useTicker();

  useEffect(() => {
    for (const [id, loader] of loaders)
      if (!ids.includes(id)) {
        loader.closed = true;
        loaders.delete(id);
      }
    for (const id of ids)
      if (!loaders.has(id)) loaders.set(id, new SeriesLoader(id, max, tick));
    attached.then(() => loaders.forEach((loader) => loader.load()));
    return listen((message) => {
      if (message.type === "resync") loaders.forEach((loader) => loader.resync());
      if (message.type !== "point" || !loaders.has(message.run)) return;
      loaders.get(message.run)?.add(message.point);
      tick();
    });
  }, [ids.join()]);

  useEffect(() => () => loaders.forEach((loader) => (loader.closed = true)), []);
  return new Map([...loaders].map(([id, loader]) => [id, loader.series]));
}
