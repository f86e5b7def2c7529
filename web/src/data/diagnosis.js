// Why a run does not learn, asked for anew as its points come.
import { useEffect, useRef, useState } from "preact/hooks";
import { getDiagnosis } from "../api.js";
import { attached, listen } from "../live.js";
import { Asking } from "./asking.js";
import { useTicker } from "./ticker.js";

const PAUSE_MS = 2000;

/**
 * The newest answer. A page that nobody sees asks nothing, and catches up when seen.
 * @param {number} id of a run
 * @returns {{diagnosis: Diagnosis | null, error: Error | null}}
 */
export function useDiagnosis(id) {
  const [, tick] = useTicker();
  const answer = useRef(/** @type {Diagnosis | null} */ (null));
  const asking = useRef(/** @type {Asking | null} */ (null));

  useEffect(() => {
    let missed = false;
    const current = new Asking(
      async () => {
        missed = document.hidden;
        if (!missed) answer.current = await getDiagnosis(id);
      },
      tick,
      PAUSE_MS,
    );
    asking.current = current;
    attached.then(() => current.ask());
    const ignore = listen((message) => {
      const ours =
        (message.type === "point" && message.run === id) ||
        (message.type === "run" && message.run.id === id);
      if (ours || message.type === "resync") current.ask();
    });
    const seen = () => void (missed && !document.hidden && current.ask());
    document.addEventListener("visibilitychange", seen);
    return () => {
      current.close();
      ignore();
      document.removeEventListener("visibilitychange", seen);
    };
  }, [id]);
  const known = answer.current?.run === id ? answer.current : null;
  return { diagnosis: known, error: asking.current?.error ?? null };
}

/**
 * The first thing found that nothing can be learned with. Asked for once, when wanted,
 * and again only if the run was taken up and ended anew.
 * @param {Run} run @param {boolean} wanted
 * @returns {Finding | null}
 */
export function useFirstCause({ id, finished_at: ended }, wanted) {
  const [first, setFirst] = useState(/** @type {Finding | null} */ (null));
  const asked = useRef(/** @type {string | null} */ (""));

  useEffect(() => {
    if (!wanted || asked.current === ended) return;
    asked.current = ended;
    setFirst(null);
    // The page stands without it, so a failure needs no words.
    getDiagnosis(id).then(
      ({ findings }) =>
        setFirst(findings.find(({ severity }) => severity === "critical") ?? null),
      () => {},
    );
  }, [id, ended, wanted]);
  return first;
}
