// Why a run does not learn, asked for anew as its points come.
import { useEffect, useRef } from "preact/hooks";
import { getDiagnosis } from "../api.js";
import { attached, listen } from "../live.js";
import { Asking } from "./asking.js";
import { useTicker } from "./ticker.js";

const PAUSE_MS = 2000;

/**
 * @param {number} id of a run
 * @param {boolean} wanted  nothing is asked otherwise
 * @returns {{diagnosis: Diagnosis | null, error: Error | null}}
 */
export function useDiagnosis(id, wanted = true) {
  const [, tick] = useTicker();
  const answer = useRef(/** @type {Diagnosis | null} */ (null));
  const asking = useRef(/** @type {Asking | null} */ (null));

  useEffect(() => {
    answer.current = null;
    if (!wanted) return;
    const current = new Asking(
      async () => void (answer.current = await getDiagnosis(id)),
      tick,
      PAUSE_MS,
    );
    asking.current = current;
    const ask = () => {
      if (!document.hidden) current.ask();
    };
    attached.then(ask);
    const ignore = listen((message) => {
      const ours =
        (message.type === "point" && message.run === id) ||
        (message.type === "run" && message.run.id === id);
      if (ours || message.type === "resync") ask();
    });
    document.addEventListener("visibilitychange", ask);
    return () => {
      current.close();
      ignore();
      document.removeEventListener("visibilitychange", ask);
    };
  }, [id, wanted]);
  const known = answer.current?.run === id ? answer.current : null;
  return { diagnosis: known, error: asking.current?.error ?? null };
}
