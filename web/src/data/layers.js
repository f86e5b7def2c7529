// What is known of the layers of one run, kept complete while it trains. Rows are stored
// before the stream tells of their point, so every point is a reason to ask for more.
import { useEffect, useRef } from "preact/hooks";
import { getLayers } from "../api.js";
import { attached, listen } from "../live.js";
import { LayerLog } from "../logic/layers.js";
import { useTicker } from "./ticker.js";

const PAUSE_MS = 400;
const RETRY_MS = 2000;

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks for what came since, one question at a time and with pauses in between. */
class LayerLoader {
  /** @param {number} id @param {() => void} changed */
  constructor(id, changed) {
    this.id = id;
    this.changed = changed;
    this.log = new LayerLog();
    /** @type {Error | null} */
    this.error = null;
    this.loaded = false;
    this.busy = false;
    this.wanted = false;
    this.closed = false;
  }

  async ask() {
    this.wanted = true;
    if (this.busy) return;
    this.busy = true;
    while (this.wanted && !this.closed) {
      this.wanted = false;
      await this.fetch();
      this.changed();
      await pause(this.error ? RETRY_MS : PAUSE_MS);
    }
    this.busy = false;
  }

  async fetch() {
    try {
      this.log.add(await getLayers(this.id, this.log.last));
      this.error = null;
      this.loaded = true;
    } catch (error) {
      this.error = /** @type {Error} */ (error);
      this.wanted = true;
    }
  }
}

/**
 * @param {number} id of a run
 * @returns {{log: LayerLog, loaded: boolean, error: Error | null}}
 */
export function useLayers(id) {
  const [, tick] = useTicker();
  const current = useRef(/** @type {LayerLoader | null} */ (null));
  if (current.current?.id !== id) current.current = new LayerLoader(id, tick);
  const loader = current.current;

  useEffect(() => {
    attached.then(() => loader.ask());
    const ignore = listen((message) => {
      const ours =
        (message.type === "point" && message.run === id) ||
        (message.type === "run" && message.run.id === id);
      if (ours || message.type === "resync") loader.ask();
    });
    return () => {
      loader.closed = true;
      ignore();
    };
  }, [id]);
  return loader;
}
