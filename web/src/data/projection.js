// Where a run is going, asked for anew as its points come.
import { useEffect, useRef } from "preact/hooks";
import { getProjection } from "../api.js";
import { attached, listen } from "../live.js";
import { isNumber } from "../logic/format.js";
import { Asking } from "./asking.js";
import { useTicker } from "./ticker.js";

const PAUSE_MS = 1000;

/**
 * @param {Run} run
 * @returns {ProjectionAnswer | null} null: not known, or the run does not train
 */
export function useProjection(run) {
  const [, tick] = useTicker();
  const answer = useRef(/** @type {ProjectionAnswer | null} */ (null));
  const { id, state } = run;
  const target = run.config.target_accuracy;
  const trains = state === "running";

  useEffect(() => {
    answer.current = null;
    if (!trains) return;
    // Without a target of its own, where it levels off is all there is to ask.
    const query = isNumber(target) ? {} : { target: 1 };
    const asking = new Asking(
      async () => void (answer.current = await getProjection(id, query)),
      tick,
      PAUSE_MS,
    );
    attached.then(() => asking.ask());
    const ignore = listen((message) => {
      const ours = message.type === "point" && message.run === id;
      if (ours || message.type === "resync") asking.ask();
    });
    return () => {
      asking.close();
      ignore();
    };
  }, [id, trains, target]);
  return trains ? answer.current : null;
}
