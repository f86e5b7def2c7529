// What a run's model answers to an input that keeps changing: one question at a time, and
// of those that come meanwhile only the newest.
import { useEffect, useRef, useState } from "preact/hooks";
import { predict } from "../api.js";

/** @template I, O */
export class Latest {
  /** @param {(input: I) => Promise<O>} question
   * @param {(answer: O | null, error: Error | null, input: I) => void} told */
  constructor(question, told) {
    this.question = question;
    this.told = told;
    /** @type {{input: I} | null} */
    this.next = null;
    this.busy = false;
    this.closed = false;
  }

  /** @param {I} input */
  async ask(input) {
    this.next = { input };
    if (this.busy) return;
    this.busy = true;
    while (this.next && !this.closed) await this.answer(this.next.input);
    this.busy = false;
  }

  /** @param {I} input */
  async answer(input) {
    this.next = null;
    try {
      const answer = await this.question(input);
      if (!this.closed) this.told(answer, null, input);
    } catch (error) {
      if (!this.closed) this.told(null, /** @type {Error} */ (error), input);
    }
  }

  close() {
    this.closed = true;
    this.next = null;
  }
}

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
  useEffect(() => {
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
  useEffect(() => void (input && latest.current?.ask(input)), [id, input, version]);
  return input ? state : { prediction: null, error: null };
}
