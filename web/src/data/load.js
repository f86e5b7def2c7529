// Fetched once, again after a break in the stream, and when asked to.
import { useCallback, useEffect, useState } from "preact/hooks";
import { attached, listen } from "../live.js";

/**
 * @template T
 * @typedef {{value: T | null, error: Error | null, reload: () => void}} Loaded
 */

/**
 * @template T
 * @param {() => Promise<T>} fetcher
 * @param {unknown[]} inputs what `fetcher` depends on
 * @param {number} [everyMs] again and again while the page is visible
 * @returns {Loaded<T>}
 */
export function useLoaded(fetcher, inputs, everyMs) {
  const [state, setState] = useState(
    /** @type {{value: T | null, error: Error | null}} */ ({ value: null, error: null }),
  );
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((n) => n + 1), []);

  useEffect(() => {
    let current = true;
    attached
      .then(fetcher)
      .then((value) => current && setState({ value, error: null }))
      .catch((error) => current && setState((old) => ({ value: old.value, error })));
    return () => void (current = false);
  }, [...inputs, round]);

  useEffect(() => listen((message) => void (message.type === "resync" && reload())), []);
  useEffect(() => {
    if (!everyMs) return;
    const timer = setInterval(() => document.hidden || reload(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return { ...state, reload };
}
