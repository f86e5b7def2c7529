// What a run's model answers to an input that keeps changing.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { predict } from "../api.js";
import { Latest } from "../logic/latest.js";

/** @typedef {{outputs: (number | null)[], label: number}} Prediction */

/**
 * @param {number} id of a run
 * @param {number[] | null} input null: nothing to ask
 * @param {unknown} version of the model: asks again when it changes
 * @returns {{prediction: Prediction | null, error: Error | null}}
 */
export function usePrediction(id, input, version) {
  const [state, setState] = useState(
    /** @type {{prediction: Prediction | null, error: Error | null}} */ ({
      prediction: null,
      error: null,
    }),
  );
  const latest = useRef(/** @type {Latest<number[], any> | null} */ (null));
  // Before the page is painted: a frame would be most of what an answer takes.
  useLayoutEffect(() => {
    const asking = new Latest(
      (/** @type {number[]} */ row) => predict(id, [row]),
      (answer, error) =>
        setState((old) => ({
          prediction: answer
            ? { outputs: answer.outputs[0], label: answer.labels[0] }
            : old.prediction,
          error,
        })),
    );
    latest.current = asking;
    return () => asking.close();
  }, [id]);
  useLayoutEffect(() => void (input && latest.current?.ask(input)), [id, input, version]);
  return input ? state : { prediction: null, error: null };
}
