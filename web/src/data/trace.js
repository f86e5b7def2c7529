// What the engine makes of numbers that a person is changing: asked once they rest a
// moment, and answers to older numbers are dropped.
import { useEffect, useState } from "preact/hooks";
import { traceAnatomy } from "../api.js";

const REST_MS = 60;

/** @typedef {{answer: any, body: string, error: Error | null}} Trace */

/**
 * @param {Record<string, unknown>} question the body of POST /anatomy
 * @returns {{answer: any, fresh: boolean, error: Error | null}} the newest answer; `fresh`:
 *   it is to this question
 */
export function useTrace(question) {
  const [trace, setTrace] = useState(
    /** @type {Trace} */ ({ answer: null, body: "", error: null }),
  );
  const body = JSON.stringify(question);

  useEffect(() => {
    let current = true;
    const ask = () =>
      traceAnatomy(question).then(
        (answer) => current && setTrace({ answer, body, error: null }),
        (error) => current && setTrace((old) => ({ ...old, error })),
      );
    const timer = setTimeout(ask, trace.answer ? REST_MS : 0);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [body]);
  return { answer: trace.answer, fresh: trace.body === body, error: trace.error };
}
