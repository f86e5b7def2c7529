// What the engine makes of numbers that a person is changing: one question at a time, and
// answers to numbers that have changed since are only shown until newer ones come.
import { useEffect, useRef, useState } from "preact/hooks";
import { traceAnatomy } from "../api.js";
import { listen } from "../live.js";

/** @typedef {{answer: Trace | null, body: string, error: Error | null}} Answered */

/** Asks about the newest question once the one before is answered. */
class Tracer {
  /** @param {(change: (old: Answered) => Answered) => void} set */
  constructor(set) {
    this.set = set;
    this.busy = false;
    this.closed = false;
    /** @type {string | null} */
    this.wanted = null;
    this.asked = "";
  }

  /** @param {string} body */
  async ask(body) {
    this.wanted = body;
    if (this.busy) return;
    this.busy = true;
    while (this.wanted !== null && !this.closed) {
      this.asked = this.wanted;
      this.wanted = null;
      await this.askOnce(this.asked);
    }
    this.busy = false;
  }

  /** An answer that is out of date is still shown, a refusal is not. @param {string} body */
  async askOnce(body) {
    try {
      const answer = await traceAnatomy(JSON.parse(body));
      if (!this.closed) this.set(() => ({ answer, body, error: null }));
    } catch (error) {
      if (!this.closed && this.wanted === null)
        this.set((old) => ({ ...old, body, error: /** @type {Error} */ (error) }));
    }
  }
}

/**
 * @param {Record<string, unknown>} question the body of POST /anatomy
 * @param {number} [restMs] asked only when it has not changed for so long
 * @returns {{answer: Trace | null, fresh: boolean, error: Error | null}} the newest answer;
 *   `fresh`: it, or the error, is about this question
 */
export function useTrace(question, restMs = 0) {
  const body = JSON.stringify(question);
  const [state, set] = useState(
    /** @type {Answered} */ ({ answer: null, body: "", error: null }),
  );
  const tracer = useRef(/** @type {Tracer | null} */ (null));
  const first = useRef(true);

  useEffect(() => {
    const made = new Tracer(set);
    tracer.current = made;
    return () => void (made.closed = true);
  }, []);
  useEffect(() => {
    const wait = first.current ? 0 : restMs;
    first.current = false;
    if (!wait) return void tracer.current?.ask(body);
    const timer = setTimeout(() => tracer.current?.ask(body), wait);
    return () => clearTimeout(timer);
  }, [body]);
  useEffect(
    () => listen((message) => void (message.type === "resync" && tracer.current?.ask(body))),
    [body],
  );
  return { answer: state.answer, fresh: state.body === body, error: state.error };
}
