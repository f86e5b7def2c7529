// What is known of the layers of one run, kept complete while it trains. Rows are stored
// before the stream tells of their point, so every point is a reason to ask for more.
import { useEffect, useRef } from "preact/hooks";
import { getLayers } from "../api.js";
import { attached, listen } from "../live.js";
import { LayerLog } from "../logic/layers.js";
import { Asking } from "./asking.js";
import { useTicker } from "./ticker.js";

const PAUSE_MS = 400;

/** What came so far, and what asks for what came since. */
class LayerLoader {
  /** @param {number} id @param {() => void} changed */
  constructor(id, changed) {
    this.id = id;
    this.log = new LayerLog();
    this.loaded = false;
    this.asking = new Asking(() => this.fetch(), changed, PAUSE_MS);
  }

  get error() {
    return this.asking.error;
  }

  async fetch() {
    this.log.add(await getLayers(this.id, this.log.last));
    this.loaded = true;
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
    attached.then(() => loader.asking.ask());
    const ignore = listen((message) => {
      const ours =
        (message.type === "point" && message.run === id) ||
        (message.type === "run" && message.run.id === id);
      if (ours || message.type === "resync") loader.asking.ask();
    });
    return () => {
      loader.asking.close();
      ignore();
    };
  }, [id]);
  return loader;
}
